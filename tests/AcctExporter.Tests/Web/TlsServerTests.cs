// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using AcctExporter.Web;

namespace AcctExporter.Tests.Web;

/// <summary>TLS as it is spoken: versions, ciphers, HTTP/2, and which certificates of clients are taken.</summary>
public sealed class TlsServerTests : IDisposable
{
    private readonly TestCertificate authority = TestCertificate.Authority("authority");
    private readonly TestCertificate stranger = TestCertificate.Authority("stranger");
    private readonly TestCertificate server;

    public TlsServerTests() => server = TestCertificate.Server(authority);

    public void Dispose()
    {
        server.Dispose();
        stranger.Dispose();
        authority.Dispose();
    }

    /// <summary>
    /// The five words against a client without a certificate, with one of a stranger's, one of ours, and one of ours
    /// that
    /// is for servers.
    /// </summary>
    [Theory]
    [InlineData("NoClientCert", 200, 200, 200, 200)]
    [InlineData("RequestClientCert", 200, 200, 200, 200)]
    [InlineData("RequireAnyClientCert", 0, 200, 200, 200)]
    [InlineData("VerifyClientCertIfGiven", 200, 0, 200, 0)]
    [InlineData("RequireAndVerifyClientCert", 0, 0, 200, 0)]
    public async Task ClientsAreTaken_AsTheWordSays(string word, int none, int strange, int own, int wrongUse)
    {
        await using var running = await StartAsync(tls => tls with
        {
            ClientAuthentication = Enum.Parse<ClientAuthentication>(word),
            ClientAuthorities = new X509Certificate2Collection(authority.Certificate),
        });
        using var ofStranger = TestCertificate.Client(stranger);
        using var ofOwn = TestCertificate.Client(authority);
        using var forServers = TestCertificate.WrongUse(authority);
        int[] statuses =
        [
            await running.StatusAsync("/-/healthy"),
            await running.StatusAsync("/-/healthy", certificate: ofStranger.Certificate),
            await running.StatusAsync("/-/healthy", certificate: ofOwn.Certificate),
            await running.StatusAsync("/-/healthy", certificate: forServers.Certificate),
        ];
        Assert.Equal([none, strange, own, wrongUse], statuses);
        // The client tries again by itself.
        Assert.Equal(statuses.Contains(0), running.Security.Refusals.Certificates > 0);
    }

    /// <summary>The file of issuers may hold the client's own certificate, which nobody else issued.</summary>
    [Fact]
    public async Task AClientThatIssuedItsOwn_IsTaken_WhenItIsNamed()
    {
        using var own = TestCertificate.Client(null);
        await using var running = await StartAsync(tls => tls with
        {
            ClientAuthentication = ClientAuthentication.RequireAndVerifyClientCert,
            ClientAuthorities = new X509Certificate2Collection(own.Certificate),
        });
        Assert.Equal(200, await running.StatusAsync("/-/healthy", certificate: own.Certificate));
        using var other = TestCertificate.Client(null);
        Assert.Equal(0, await running.StatusAsync("/-/healthy", certificate: other.Certificate));
    }

    [Theory]
    [InlineData("prometheus.example", 200)]
    [InlineData("ops@example.org", 200)]
    [InlineData("192.0.2.7", 200)]
    [InlineData("2001:db8::7", 200)]
    [InlineData("spiffe://example.org/prometheus", 200)]
    [InlineData("client", 0)]
    [InlineData("example", 0)]
    [InlineData("*.example", 0)]
    public async Task Names_AreComparedAsAWhole(string name, int status)
    {
        await using var running = await StartAsync(tls => tls with
        {
            ClientAuthentication = ClientAuthentication.RequireAndVerifyClientCert,
            ClientAuthorities = new X509Certificate2Collection(authority.Certificate),
            ClientNames = ["somebody.else", name],
        });
        using var client = TestCertificate.Client(authority);
        Assert.Equal(status, await running.StatusAsync("/-/healthy", certificate: client.Certificate));
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, 200, 0)]
    [InlineData(SslProtocols.Tls13, 0, 200)]
    [InlineData(SslProtocols.Tls12 | SslProtocols.Tls13, 200, 200)]
    public async Task Versions_AreThoseThatAreAllowed(SslProtocols allowed, int with12, int with13)
    {
        await using var running = await StartAsync(tls => tls with { Protocols = allowed });
        Assert.Equal((with12, with13),
            (await running.StatusAsync("/", tls: new() { EnabledSslProtocols = SslProtocols.Tls12 }),
            await running.StatusAsync("/", tls: new() { EnabledSslProtocols = SslProtocols.Tls13 })));
    }

    [Theory]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, 200)]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, 0)]
    public async Task Ciphers_AreThoseOfTheList(TlsCipherSuite suite, int status)
    {
        await using var running = await StartAsync(tls => tls with
        {
            // As the file is read: those of TLS 1.3 stay.
            CipherSuites =
                [TlsCipherSuite.TLS_AES_256_GCM_SHA384, TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256],
        });
        Assert.Equal(status, await running.StatusAsync("/", tls: new()
        {
            EnabledSslProtocols = SslProtocols.Tls12, CipherSuitesPolicy = new CipherSuitesPolicy([suite]),
        }));
    }

    [Fact]
    public async Task Http2_IsSpokenWithTls_UnlessItIsOff()
    {
        await using (var running = await StartAsync(tls => tls))
        {
            Assert.Equal(200, await running.StatusAsync("/metrics", version: HttpVersion.Version20));
            Assert.Equal(200, await running.StatusAsync("/metrics", version: HttpVersion.Version11));
        }

        await using var without = await StartAsync(tls => tls, http2: false);
        Assert.Equal(0, await without.StatusAsync("/metrics", version: HttpVersion.Version20));
        Assert.Equal(200, await without.StatusAsync("/metrics", version: HttpVersion.Version11));
    }

    private Task<GuardedServer> StartAsync(Func<TlsOptions, TlsOptions> change, bool http2 = true)
    {
        Assert.True(CertificateFiles.TryLoadServer(
            server.Pem + authority.Pem, server.KeyPem, out var context, out var fault), fault);
        return GuardedServer.StartAsync(new WebConfig
        {
            Tls = change(new TlsOptions { Certificate = context }), Http2 = http2,
        });
    }
}
