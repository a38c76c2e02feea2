// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Net.Sockets;
using System.Text;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// Names of remote addresses, each asked for once. A server of names that does not answer holds a list up for a
/// limited time in all; after that, addresses stay numbers.
/// </summary>
/// <param name="ask">Gives an address's name; throws <see cref="SocketException"/> when it has none.</param>
/// <param name="patience">How long to wait in all.</param>
/// <param name="clock">Measures that.</param>
internal sealed class HostNames(
    Func<IPAddress, CancellationToken, Task<string>> ask, TimeSpan patience, TimeProvider clock)
{
    /// <summary>How long a list waits for names in all.</summary>
    public static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(20);

    /// <summary>Names that are kept; beyond it they are asked for again.</summary>
    private const int KeptMost = 65_536;

    private readonly Dictionary<UInt128, byte[]> names = [];
    private readonly byte[] number = new byte[AddressText.LongestBytes];
    private TimeSpan left = patience;

    /// <summary>As the system resolves them: nsswitch.conf(5).</summary>
    public static HostNames OfSystem() => new(
        async (address, cancellation) =>
            (await Dns.GetHostEntryAsync(address.ToString(), cancellation).ConfigureAwait(false)).HostName,
        UsualPatience, TimeProvider.System);

    /// <summary>True when the time is used up: what was not known by then is a number.</summary>
    public bool GaveUp => left <= TimeSpan.Zero;

    /// <summary>The name of an address, or the address. Good until the next call.</summary>
    /// <param name="address">16 bytes as <c>ut_addr_v6</c> has them.</param>
    public ReadOnlySpan<byte> Of(ReadOnlySpan<byte> address)
    {
        var key = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(address);
        if (names.TryGetValue(key, out var name))
        {
            return name;
        }

        // No address at all is none to ask about.
        if (key != 0 && !GaveUp && Ask(address) is { } found)
        {
            name = Encoding.UTF8.GetBytes(found);
        }
        else
        {
            name = number[..AddressText.Write(address, number)];
        }

        if (names.Count >= KeptMost)
        {
            names.Clear();
        }

        return names[key] = name;
    }

    private string? Ask(ReadOnlySpan<byte> address)
    {
        var four = AddressText.IPv4(address);
        var asked = new IPAddress(four.IsEmpty ? address[..16] : four);
        var start = clock.GetTimestamp();
        using var limit = new CancellationTokenSource(left, clock);
        try
        {
            // The resolver itself does not look at the limit: it is left to end by itself.
            var answer = Task.Run(() => ask(asked, limit.Token), limit.Token);
            return answer.WaitAsync(limit.Token).GetAwaiter().GetResult();
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            return null;
        }
        finally
        {
            left -= clock.GetElapsedTime(start);
        }
    }
}
