// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using AcctExporter.Tests.Metrics;
using AcctExporter.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AcctExporter.Tests.Web;

/// <summary>A real server on a free port of the loopback, with a web configuration in front of it.</summary>
internal sealed class GuardedServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly FakeSource source = ExpositionTests.Small();

    private GuardedServer(WebConfig config, FakeSource? source)
    {
        this.source = source ?? this.source;
        Security = new WebSecurity(
            new WebConfigRead(config, [], [], []), () => WebConfigRead.None, TimeProvider.System, NullLogger.Instance);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server => WebServer.Configure(
            server, new WebOptions { ListenAddresses = ["127.0.0.1:0"] }, [], Security));
        app = builder.Build();
        RequestGuard.Use(app, Security);
        WebEndpoints.Map(
            app, this.source.Renderer(), new WebOptions(), () => null, _ => Task.FromResult<string?>(null));
    }

    public WebSecurity Security { get; }

    public Uri Address => new(app.Urls.First());

    public static async Task<GuardedServer> StartAsync(WebConfig config, FakeSource? source = null)
    {
        var server = new GuardedServer(config, source);
        await server.app.StartAsync();
        return server;
    }

    /// <summary>A request of its own connection; the name and password stand before the host, or nobody asks.</summary>
    public async Task<HttpResponseMessage> GetAsync(
        string path, string? login = null, X509Certificate2? certificate = null, Version? version = null,
        SslClientAuthenticationOptions? tls = null)
    {
        tls ??= new SslClientAuthenticationOptions();
        tls.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.Subject == "CN=server";
        if (certificate is not null)
        {
            tls.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true);
        }

        using var client = new HttpClient(new SocketsHttpHandler { SslOptions = tls, AllowAutoRedirect = false })
        {
            Timeout = TimeSpan.FromSeconds(60),
        };
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Address, path))
        {
            Version = version ?? HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (login is not null)
        {
            request.Headers.Authorization = new(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(login)));
        }

        return await client.SendAsync(request);
    }

    /// <summary>The status of such a request; 0 when the connection is refused in the handshake or cut.</summary>
    public async Task<int> StatusAsync(
        string path, string? login = null, X509Certificate2? certificate = null, Version? version = null,
        SslClientAuthenticationOptions? tls = null)
    {
        try
        {
            using var answer = await GetAsync(path, login, certificate, version, tls);
            return (int)answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    /// <summary>A connection for bytes as they are.</summary>
    public Socket Connect()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            ReceiveTimeout = 60_000,
            SendTimeout = 60_000,
        };
        socket.Connect(IPAddress.Loopback, Address.Port);
        return socket;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        source.Dispose();
    }
}
