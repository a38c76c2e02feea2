// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using System.Text;
using AcctExporter.Tests.Metrics;
using AcctExporter.Web;

namespace AcctExporter.Tests.Web;

/// <summary>What a stranger can send, byte by byte: nothing of it holds a place for long.</summary>
public sealed class RequestLimitTests
{
    private const string Begin = "GET /-/healthy HTTP/1.1\r\nHost: x\r\n";

    /// <summary>Everything that is answered at once, with the status that it gets.</summary>
    public static TheoryData<string, string, string> Requests => new()
    {
        { "a long line", $"GET /{new string('a', 5000)} HTTP/1.1\r\nHost: x\r\n\r\n", "414" },
        { "a large header", $"{Begin}X: {new string('a', 17_000)}\r\n\r\n", "431" },
        { "many headers", Begin + string.Concat(Enumerable.Range(0, 70).Select(i => $"X{i}: 1\r\n")) + "\r\n", "431" },
        { "a body", "POST /-/reload HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nabcde", "403" },
        { "no host", "GET / HTTP/1.1\r\n\r\n", "400" },
        { "two lengths", $"{Begin}Content-Length: 1\r\nContent-Length: 2\r\n\r\n", "400" },
        { "an old version", "GET / HTTP/3.9\r\nHost: x\r\n\r\n", "505" },
        { "no protocol", "\x16\x03\x01 hello\r\n\r\n", "400" },
        { "an upgrade", $"{Begin}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n", "200" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task WhatIsTooMuchOrWrong_IsRefusedAtOnce(string what, string request, string status)
    {
        await using var server = await GuardedServer.StartAsync(new WebConfig());
        using var socket = server.Connect();
        await socket.SendAsync(Encoding.Latin1.GetBytes(request));
        var answer = ReadUntil(socket, text => text.Contains("\r\n\r\n", StringComparison.Ordinal));
        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.False(answer.Contains("acct_", StringComparison.Ordinal), what);
    }

    /// <summary>Headers that drip (slow loris): the connection ends, however often a byte comes.</summary>
    [Fact]
    public async Task HeadersThatDrip_EndTheConnection()
    {
        await using var server = await GuardedServer.StartAsync(new WebConfig());
        using var socket = server.Connect();
        await socket.SendAsync(Encoding.ASCII.GetBytes(Begin));
        var end = Task.Run(() => ReadUntil(socket, _ => false));
        for (var i = 0; i < 600 && !end.IsCompleted; i++)
        {
            try
            {
                await socket.SendAsync("X"u8.ToArray());
            }
            catch (SocketException)
            {
                break;
            }

            await Task.WhenAny(end, Task.Delay(100));
        }

        var said = await end.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.True(said.Length == 0 || said.StartsWith("HTTP/1.1 408 ", StringComparison.Ordinal), said);
    }

    /// <summary>A handshake that never comes.</summary>
    [Fact]
    public async Task AHandshakeThatNeverComes_EndsTheConnection()
    {
        using var certificate = TestCertificate.Server();
        Assert.True(CertificateFiles.TryLoadServer(certificate.Pem, certificate.KeyPem, out var context, out _));
        await using var server = await GuardedServer.StartAsync(
            new WebConfig { Tls = new TlsOptions { Certificate = context } });
        using var socket = server.Connect();
        await socket.SendAsync(new byte[] { 0x16, 3, 1 });
        var said = await Task.Run(() => ReadUntil(socket, _ => false)).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.DoesNotContain("HTTP", said, StringComparison.Ordinal);
    }

    /// <summary>Who asks for much and reads nothing is cut off; its place for scrapes is free again.</summary>
    [Fact]
    public async Task AReaderThatDoesNotRead_IsCutOff()
    {
        // More than all buffers on the way hold.
        using var source = new FakeSource(pairLimit: 1500);
        for (var i = 0; i < 1500; i++)
        {
            source.Count(FakeSource.Exit($"command-{i}", (uint)i % 7));
        }

        await using var server = await GuardedServer.StartAsync(new WebConfig(), source);
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            ReceiveBufferSize = 4096,
        };
        await socket.ConnectAsync(global::System.Net.IPAddress.Loopback, server.Address.Port);
        await socket.SendAsync("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        // Writing to it becomes an error only when the server has given up.
        var ended = false;
        for (var i = 0; i < 600 && !ended; i++)
        {
            await Task.Delay(100);
            try
            {
                ended = (await socket.SendAsync("\r\n"u8.ToArray())) == 0;
            }
            catch (SocketException)
            {
                ended = true;
            }
        }

        Assert.True(ended, "the server goes on writing to who does not read");
    }

    private static string ReadUntil(Socket socket, Func<string, bool> enough)
    {
        var text = new StringBuilder();
        var bytes = new byte[8192];
        try
        {
            int length;
            while (!enough(text.ToString()) && (length = socket.Receive(bytes)) > 0)
            {
                text.Append(Encoding.Latin1.GetString(bytes, 0, length));
            }
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionReset)
        {
            // An end as any other.
        }

        return text.ToString();
    }
}
