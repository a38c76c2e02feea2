// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AcctExporter.Metrics;
using AcctExporter.Push;
using AcctExporter.Tests.RealSystem;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using OpenTelemetry.Resources;

namespace AcctExporter.Tests.Push;

/// <summary>What requests bear on the wire, and whom they go to.</summary>
public sealed class OtlpConnectionTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("otlp-test");

    public void Dispose() => directory.Delete(recursive: true);

    [Theory]
    [InlineData(PushProtocol.HttpProtobuf, PushCompression.Gzip, "content-encoding")]
    [InlineData(PushProtocol.HttpProtobuf, PushCompression.None, "content-encoding")]
    [InlineData(PushProtocol.Grpc, PushCompression.Gzip, "grpc-encoding")]
    [InlineData(PushProtocol.Grpc, PushCompression.None, "grpc-encoding")]
    internal void Requests_AreSentAsTheSettingsSay(PushProtocol protocol, PushCompression compression, string encoding)
    {
        using var receiver = new OtlpReceiver();
        Assert.Equal("", ProblemOf(new OtlpSettings
        {
            Endpoint = new Uri(protocol == PushProtocol.Grpc
                ? receiver.GrpcEndpoint : $"{receiver.HttpEndpoint}/v1/metrics"),
            Protocol = protocol,
            Compression = compression,
            Headers = "x-tenant=a%20b,authorization=Bearer%20s",
            Timeout = TimeSpan.FromSeconds(30),
            PushTimeout = TimeSpan.FromSeconds(30),
        }));
        Assert.NotEmpty(receiver.Requests);
        Assert.All(receiver.Requests, request =>
        {
            Assert.Equal(("a b", "Bearer s"), (request.Headers["x-tenant"], request.Headers["authorization"]));
            Assert.Equal(compression == PushCompression.Gzip,
                request.Headers.GetValueOrDefault(encoding)?.Contains("gzip", StringComparison.Ordinal) == true);
            Assert.Equal(compression == PushCompression.Gzip, request.SentBytes < request.MessageBytes);
        });
    }

    /// <summary>The receiver is checked by the given authorities, and checks us by our certificate.</summary>
    [Fact]
    public async Task Certificates_AreUsed()
    {
        var (ours, key) = Write("ours");
        var (theirs, theirKey) = Write("theirs");
        using var certificate = X509CertificateLoader.LoadPkcs12(
            X509Certificate2.CreateFromPemFile(theirs, theirKey).Export(X509ContentType.Pkcs12), null);
        var presented = new List<string>();
        var (app, port) = await ListenAsync(context =>
        {
            presented.Add(context.Connection.ClientCertificate!.Subject);
            return Task.CompletedTask;
        }, certificate);
        await using (app)
        {
            var good = new OtlpSettings
            {
                Endpoint = new Uri($"https://127.0.0.1:{port}/v1/metrics"),
                Protocol = PushProtocol.HttpProtobuf,
                CertificateFile = theirs,
                ClientCertificateFile = ours,
                ClientKeyFile = key,
                Timeout = TimeSpan.FromSeconds(30),
                PushTimeout = TimeSpan.FromSeconds(30),
            };
            Assert.Equal("", ProblemOf(good));
            Assert.All(presented, subject => Assert.Equal("CN=ours", subject));
            var accepted = presented.Count;
            Assert.Contains("certificate", ProblemOf(good with { CertificateFile = null }), StringComparison.Ordinal);
            Assert.Contains("certificate", ProblemOf(good with { CertificateFile = ours }), StringComparison.Ordinal);
            Assert.NotEqual("", ProblemOf(good with { ClientCertificateFile = null, ClientKeyFile = null }));
            Assert.Equal(accepted, presented.Count);
        }
    }

    /// <summary>Whoever set the headers chose a receiver: they go nowhere else.</summary>
    [Fact]
    public async Task Redirects_AreNotFollowed()
    {
        using var other = new OtlpReceiver();
        var (app, port) = await ListenAsync(context =>
        {
            context.Response.Redirect($"{other.HttpEndpoint}/v1/metrics", permanent: false, preserveMethod: true);
            return Task.CompletedTask;
        });
        await using (app)
        {
            Assert.StartsWith("HTTP 307", ProblemOf(new OtlpSettings
            {
                Endpoint = new Uri($"http://127.0.0.1:{port}/v1/metrics"),
                Protocol = PushProtocol.HttpProtobuf,
                Headers = "authorization=secret",
                Timeout = TimeSpan.FromSeconds(30),
                PushTimeout = TimeSpan.FromSeconds(30),
            }), StringComparison.Ordinal);
        }

        Assert.Empty(other.Requests);
    }

    /// <summary>Pushes once; why it failed, or nothing.</summary>
    private static string ProblemOf(OtlpSettings settings)
    {
        var connection = new OtlpConnection(settings);
        using var source = PushLab.Fresh();
        using var push = new MetricsPush(
            new PushSources(source, null, null),
            new PushMeterOptions([.. Catalog.All.Where(family => !family.ScrapeOnly)], settings.Histograms,
                ResourceBuilder.CreateEmpty,
                () => new PushExporter(settings.ExporterOptions(connection), TimeProvider.System), "1"),
            settings, new PushBook("metrics", settings.Endpoint, TimeProvider.System, new Capture.RecordedLog()),
            () => connection.Problem, TimeProvider.System);
        return push.Push() ? "" : connection.Problem;
    }

    private static async Task<(WebApplication App, int Port)> ListenAsync(
        RequestDelegate answer, X509Certificate2? certificate = null)
    {
        var port = PeerServer.FreePort();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server => server.Listen(IPAddress.Loopback, port, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            if (certificate is not null)
            {
                listen.UseHttps(new HttpsConnectionAdapterOptions
                {
                    ServerCertificate = certificate,
                    ClientCertificateMode = ClientCertificateMode.RequireCertificate,
                    ClientCertificateValidation = (_, _, _) => true,
                });
            }
        }));
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync();
        return (app, port);
    }

    /// <summary>A certificate that vouches for itself, and its key.</summary>
    private (string Certificate, string Key) Write(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate =
            request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var (file, keyFile) = (
            Path.Combine(directory.FullName, $"{name}.pem"), Path.Combine(directory.FullName, $"{name}.key"));
        File.WriteAllText(file, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (file, keyFile);
    }
}
