// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Tests.Properties;

/// <summary>What was found in a stream of login records: where each began, and what was wrong.</summary>
internal sealed record UtmpFindings(List<long> Offsets, ulong[] Flaws)
{
    public ulong Of(UtmpFlaw flaw) => Flaws[(int)flaw];

    public bool SameAs(UtmpFindings other) =>
        Offsets.SequenceEqual(other.Offsets) && Flaws.SequenceEqual(other.Flaws);

    public override string ToString() => $"{string.Join(',', Offsets)} flaws {string.Join(',', Flaws)}";
}

/// <summary>Reads a stream as it comes, as the follower of a file does: what was not judged is shown again.</summary>
internal static class UtmpFollower
{
    /// <summary>All of it in one call.</summary>
    public static UtmpFindings AtOnce(byte[] stream, UtmpLayout layout) =>
        InPieces(stream, layout, [], stream.Length + 1);

    /// <summary>First what ends at each of the cuts, which rise; then everything, as final.</summary>
    public static UtmpFindings InPieces(byte[] stream, UtmpLayout layout, IEnumerable<int> cuts, int room)
    {
        var found = new UtmpFindings([], new ulong[UtmpFlaws.Count]);
        var offsets = new int[room];
        var start = 0;
        foreach (var (end, final) in cuts.Select(cut => (cut, false)).Append((stream.Length, true)))
        {
            int count;
            do
            {
                count = UtmpScanner.Read(
                    stream.AsSpan(start..end), layout, final, offsets, found.Flaws, out var consumed);
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
