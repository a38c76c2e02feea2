// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace AcctExporter.Web;

/// <summary>
/// Where to listen, as exporters spell it: <c>:9810</c> for every address of the host, <c>127.0.0.1:9810</c>,
/// <c>[::1]:9810</c>, <c>localhost:9810</c> for both loopbacks. No other names: they are not looked up.
/// </summary>
internal sealed record ListenAddress
{
    private const string Localhost = "localhost";

    private ListenAddress(string host, IPAddress? address, int port) => (Host, Address, Port) = (host, address, port);

    /// <summary>The part before the port as it was written; empty for every address.</summary>
    public string Host { get; }

    /// <summary>The one address, or null for every address and for <c>localhost</c>.</summary>
    public IPAddress? Address { get; }

    /// <summary>1 to 65535, or 0 for any free port.</summary>
    public int Port { get; }

    /// <summary>True for both loopback addresses.</summary>
    public bool IsLocalhost => Address is null && Host.Length > 0;

    /// <summary>
    /// Reads an address; <paramref name="fault"/> says what is wrong with it, and what to write instead.
    /// </summary>
    public static bool TryParse(
        string text, [NotNullWhen(true)] out ListenAddress? address, [NotNullWhen(false)] out string? fault)
    {
        address = null;
        var colon = text.LastIndexOf(':');
        if (colon < 0)
        {
            var isNumber = text.Length > 0 && text.All(char.IsAsciiDigit);
            fault = $"'{text}' has no port: write {(isNumber ? $"':{text}'" : "ADDRESS:PORT, or :PORT")}";
            return false;
        }

        var host = text[..colon];
        if (!int.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port > IPEndPoint.MaxPort)
        {
            fault = $"'{text[(colon + 1)..]}' in '{text}' is not a port from 0 to {IPEndPoint.MaxPort}";
            return false;
        }

        if (!TryParseHost(host, port, out var ip, out fault))
        {
            fault = $"{fault} in '{text}'";
            return false;
        }

        address = new ListenAddress(host, ip, port);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    /// <summary>The address of the page for somebody on this host.</summary>
    public string PageUrl(int port)
    {
        var isAny = Address is null || Address.Equals(IPAddress.Any) || Address.Equals(IPAddress.IPv6Any);
        var host = isAny ? Localhost : Host;
        return string.Create(CultureInfo.InvariantCulture, $"http://{host}:{port}/");
    }

    private static bool TryParseHost(
        string host, int port, out IPAddress? address, [NotNullWhen(false)] out string? fault)
    {
        address = null;
        fault = null;
        if (host.Length == 0)
        {
            return true;
        }

        if (host.Equals(Localhost, StringComparison.OrdinalIgnoreCase))
        {
            // Two sockets cannot be given the same free port at once.
            fault = port == 0 ? $"{Localhost} is two addresses and needs a port above 0 (or write 127.0.0.1:0)" : null;
            return fault is null;
        }

        var bracketed = host.StartsWith('[') && host.EndsWith(']');
        if (!IPAddress.TryParse(bracketed ? host[1..^1] : host, out address))
        {
            fault = $"'{host}' is not an address (names other than {Localhost} are not looked up)";
        }
        else if (address.AddressFamily == AddressFamily.InterNetworkV6 != bracketed)
        {
            fault = bracketed ? $"'{host}' is not an IPv6 address, and only those stand in brackets"
                : $"an IPv6 address stands in brackets: '[{host}]', not '{host}',";
        }
        else if (!bracketed && host.Count(character => character == '.') != 3)
        {
            // IPAddress takes 127.1 and plain numbers; nobody who writes '80:9810' means 0.0.0.80.
            fault = $"'{host}' is not a whole IPv4 address";
        }

        return fault is null;
    }
}
