// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace AcctExporter.Web;

/// <summary>Sets the server up for what an exporter gets: small requests without bodies, from few clients.</summary>
internal static class WebServer
{
    private const int MaxConnections = 512;
    private const int MaxRequestLineBytes = 4 * 1024;
    private const int MaxHeaderBytes = 16 * 1024;
    private const int MaxHeaders = 64;

    private const int MaxStreams = 16;

    // On the average of an answer, as the buffers of the system take it: 2 Mbit/s. Slower readers would keep the few
    // places for scrapes. No answer takes longer than two minutes (MetricsEndpoint).
    private const double LeastBytesPerSecond = 256 * 1024;

    private static readonly TimeSpan SlowReaderGrace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    // Longer than any usual scrape interval, so that a server's connection lives from scrape to scrape.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromMinutes(3);

    /// <summary>
    /// Listens on every address of the options, or on the sockets that are open already, with limits on whatever a
    /// stranger can send.
    /// </summary>
    /// <param name="server">The server.</param>
    /// <param name="options">Where.</param>
    /// <param name="sockets">
    /// Descriptors of listening sockets, of TCP or Unix: with <see cref="WebOptions.SystemdSocket"/> these alone.
    /// </param>
    /// <param name="security">TLS, where it is spoken; null for plain HTTP.</param>
    /// <exception cref="ArgumentException">An address is faulty, as <see cref="WebOptions.Faults"/> says.</exception>
    public static void Configure(
        KestrelServerOptions server, WebOptions options, IReadOnlyList<int> sockets, WebSecurity? security = null)
    {
        server.AddServerHeader = false;
        server.Limits.MaxConcurrentConnections = MaxConnections;
        server.Limits.MaxRequestBodySize = 0;
        server.Limits.MaxRequestLineSize = MaxRequestLineBytes;
        server.Limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        server.Limits.MaxRequestHeaderCount = MaxHeaders;
        server.Limits.RequestHeadersTimeout = HeadersTimeout;
        server.Limits.KeepAliveTimeout = KeepAlive;
        server.Limits.MinResponseDataRate = new MinDataRate(LeastBytesPerSecond, SlowReaderGrace);
        server.Limits.MaxConcurrentUpgradedConnections = 0;
        server.Limits.Http2.MaxStreamsPerConnection = MaxStreams;
        server.Limits.Http2.MaxRequestHeaderFieldSize = MaxHeaderBytes;
        void Speak(ListenOptions listen) => ChooseProtocols(listen, security);
        if (options.SystemdSocket)
        {
            foreach (var socket in sockets)
            {
                server.ListenHandle((ulong)socket, Speak);
            }

            return;
        }

        foreach (var text in options.ListenAddresses)
        {
            if (!ListenAddress.TryParse(text, out var address, out var fault))
            {
                throw new ArgumentException(fault, nameof(options));
            }

            Listen(server, address, Speak);
        }
    }

    private static void Listen(KestrelServerOptions server, ListenAddress address, Action<ListenOptions> speak)
    {
        if (address.Address is { } ip)
        {
            server.Listen(ip, address.Port, speak);
        }
        else if (address.IsLocalhost)
        {
            server.ListenLocalhost(address.Port, speak);
        }
        else
        {
            // IPv6 with IPv4 mapped into it, and IPv4 alone where the host has no IPv6.
            server.ListenAnyIP(address.Port, speak);
        }
    }

    private static void ChooseProtocols(ListenOptions listen, WebSecurity? security)
    {
        if (security is not { SpeaksTls: true })
        {
            // Without TLS nobody speaks HTTP/2 to an exporter.
            listen.Protocols = HttpProtocols.Http1;
            return;
        }

        // Which of both it is to be is said anew in each handshake.
        listen.Protocols = HttpProtocols.Http1AndHttp2;
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = _ => security.HandshakeAsync(),
            HandshakeTimeout = HandshakeTimeout,
        });
    }
}
