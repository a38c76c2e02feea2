// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Tests.Properties;

/// <summary>All that was found in a stream: where each exit began, the exits, and what was rejected.</summary>
internal sealed record Findings(List<long> Offsets, List<ProcessExit> Exits, ulong[] Rejected)
{
    public bool SameAs(Findings other) =>
        Offsets.SequenceEqual(other.Offsets) && Exits.SequenceEqual(other.Exits)
        && Rejected.SequenceEqual(other.Rejected);

    public ulong Rejections => Rejected.Aggregate(0UL, (sum, next) => sum + next);

    public override string ToString() => $"{string.Join(',', Offsets)} rejected {string.Join(',', Rejected)}";
}

/// <summary>Reads a stream as it comes, as the follower of a file does: what was not judged is shown again.</summary>
internal static class Follower
{
    /// <summary>All of it in one call.</summary>
    public static Findings AtOnce(byte[] stream) => InPieces(stream, [], stream.Length + 1);

    /// <summary>
    /// First what ends at each of <paramref name="cuts"/>, which rise; then everything, as final.
    /// </summary>
    /// <param name="room">How many exits a call may give.</param>
    public static Findings InPieces(byte[] stream, IEnumerable<int> cuts, int room)
    {
        var found = new Findings([], [], new ulong[RejectReason.Count]);
        var exits = new ProcessExit[room];
        var offsets = new int[room];
        var start = 0;
        foreach (var (end, final) in cuts.Select(cut => (cut, false)).Append((stream.Length, true)))
        {
            int count;
            do
            {
                count = AcctScanner.Read(
                    stream.AsSpan(start..end), final, exits, offsets, found.Rejected, out var consumed);
                found.Exits.AddRange(exits.AsSpan(0, count));
                foreach (var offset in offsets.AsSpan(0, count))
                {
                    found.Offsets.Add(start + offset);
                }

                start += consumed;
            }
            while (count == room);
        }

        Assert.Equal(stream.Length, start);
        return found;
    }
}
