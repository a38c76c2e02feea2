// SPDX-License-Identifier: Apache-2.0
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AcctExporter.Web;

/// <summary>Sets the server up for what an exporter gets: small requests without bodies, from few clients.</summary>
internal static class WebServer
{
    private const int MaxConnections = 512;
    private const int MaxRequestLineBytes = 4 * 1024;
    private const int MaxHeaderBytes = 16 * 1024;
    private const int MaxHeaders = 64;

    private static readonly TimeSpan HeadersTimeout = TimeSpan.FromSeconds(10);

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
    /// <exception cref="ArgumentException">An address is faulty, as <see cref="WebOptions.Faults"/> says.</exception>
    public static void Configure(KestrelServerOptions server, WebOptions options, IReadOnlyList<int> sockets)
    {
        server.AddServerHeader = false;
        server.Limits.MaxConcurrentConnections = MaxConnections;
        server.Limits.MaxRequestBodySize = 0;
        server.Limits.MaxRequestLineSize = MaxRequestLineBytes;
        server.Limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        server.Limits.MaxRequestHeaderCount = MaxHeaders;
        server.Limits.RequestHeadersTimeout = HeadersTimeout;
        server.Limits.KeepAliveTimeout = KeepAlive;
        if (options.SystemdSocket)
        {
            foreach (var socket in sockets)
            {
                server.ListenHandle((ulong)socket, OnlyHttp1);
            }

            return;
        }

        foreach (var text in options.ListenAddresses)
        {
            if (!ListenAddress.TryParse(text, out var address, out var fault))
            {
                throw new ArgumentException(fault, nameof(options));
            }

            Listen(server, address);
        }
    }

    private static void Listen(KestrelServerOptions server, ListenAddress address)
    {
        if (address.Address is { } ip)
        {
            server.Listen(ip, address.Port, OnlyHttp1);
        }
        else if (address.IsLocalhost)
        {
            server.ListenLocalhost(address.Port, OnlyHttp1);
        }
        else
        {
            // IPv6 with IPv4 mapped into it, and IPv4 alone where the host has no IPv6.
            server.ListenAnyIP(address.Port, OnlyHttp1);
        }
    }

    // Without TLS nobody speaks HTTP/2 to an exporter.
    private static void OnlyHttp1(ListenOptions listen) => listen.Protocols = HttpProtocols.Http1;
}
