// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Web;

namespace AcctExporter.Tests.Web;

public class ListenAddressTests
{
    [Theory]
    [InlineData(":9810", null, 9810, false, "http://localhost:9810/")]
    [InlineData("127.0.0.1:9810", "127.0.0.1", 9810, false, "http://127.0.0.1:9810/")]
    [InlineData("0.0.0.0:9810", "0.0.0.0", 9810, false, "http://localhost:9810/")]
    [InlineData("[::1]:9810", "::1", 9810, false, "http://[::1]:9810/")]
    [InlineData("[::]:9810", "::", 9810, false, "http://localhost:9810/")]
    [InlineData("[fe80::1%2]:80", "fe80::1%2", 80, false, "http://[fe80::1%2]:80/")]
    [InlineData("localhost:9810", null, 9810, true, "http://localhost:9810/")]
    [InlineData("LOCALHOST:1", null, 1, true, "http://localhost:1/")]
    [InlineData("127.0.0.1:0", "127.0.0.1", 0, false, "http://127.0.0.1:0/")]
    [InlineData(":65535", null, 65535, false, "http://localhost:65535/")]
    public void Address_IsRead(string text, string? ip, int port, bool localhost, string page)
    {
        Assert.True(ListenAddress.TryParse(text, out var address, out var fault), fault);
        Assert.Equal(ip, address.Address?.ToString());
        Assert.Equal(port, address.Port);
        Assert.Equal(localhost, address.IsLocalhost);
        Assert.Equal(page, address.PageUrl(port));
        Assert.Equal(text, address.ToString());
    }

    [Theory]
    [InlineData("", "has no port")]
    [InlineData("9810", "write ':9810'")]
    [InlineData("localhost", "has no port")]
    [InlineData("127.0.0.1", "has no port")]
    [InlineData(":", "is not a port")]
    [InlineData(":x", "'x' in ':x' is not a port from 0 to 65535")]
    [InlineData(":65536", "is not a port")]
    [InlineData(":-1", "is not a port")]
    [InlineData(": 80", "is not a port")]
    [InlineData("::1:9810", "in brackets: '[::1]'")]
    [InlineData("[127.0.0.1]:9810", "not an IPv6 address")]
    [InlineData("[::1:9810", "is not an address")]
    [InlineData("80:9810", "not a whole IPv4 address")]
    [InlineData("127.1:9810", "not a whole IPv4 address")]
    [InlineData("example.org:9810", "names other than localhost")]
    [InlineData("http://localhost:9810", "is not an address")]
    [InlineData("localhost:0", "needs a port above 0")]
    public void Fault_SaysWhatIsWrong(string text, string expected)
    {
        Assert.False(ListenAddress.TryParse(text, out _, out var fault));
        Assert.Contains(expected, fault, StringComparison.Ordinal);
    }
}
