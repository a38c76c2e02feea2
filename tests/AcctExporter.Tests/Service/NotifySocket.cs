// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using System.Text;

namespace AcctExporter.Tests.Service;

/// <summary>What a service manager listens on (sd_notify(3)), with everything that was said to it.</summary>
internal sealed class NotifySocket : IDisposable
{
    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly string name;
    private readonly List<(DateTime Time, string Text)> said = [];

    /// <param name="name">A path, or <c>@</c> and an abstract name.</param>
    public NotifySocket(string name)
    {
        this.name = name;
        socket.Bind(new UnixDomainSocketEndPoint(name[0] == '@' ? '\0' + name[1..] : name));
    }

    /// <summary>Every assignment so far, in order.</summary>
    public IReadOnlyList<string> Said => [.. Heard().SelectMany(datagram => datagram.Text.Split('\n'))];

    /// <summary>When an assignment was last heard; null for never.</summary>
    public DateTime? Last(string text) => Heard().Where(datagram => datagram.Text.Split('\n').Contains(text))
        .Select(datagram => (DateTime?)datagram.Time).LastOrDefault();

    /// <summary>Waits for an assignment that begins so, and returns the newest.</summary>
    public string Await(string start, int seconds = 30)
    {
        string? found = null;
        var came = SpinWait.SpinUntil(
            () => (found = Said.LastOrDefault(text => text.StartsWith(start, StringComparison.Ordinal))) is not null,
            TimeSpan.FromSeconds(seconds));
        Assert.True(came, $"no {start}, only: {string.Join(" | ", Said)}");
        return found!;
    }

    public void Dispose()
    {
        socket.Dispose();
        if (name[0] != '@')
        {
            File.Delete(name);
        }
    }

    private List<(DateTime Time, string Text)> Heard()
    {
        var buffer = new byte[4096];
        while (socket.Available > 0)
        {
            said.Add((DateTime.UtcNow, Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer))));
        }

        return [.. said];
    }
}
