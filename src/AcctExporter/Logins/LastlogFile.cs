// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Records;
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Logins;

/// <summary>
/// Reads /var/log/lastlog: an entry for each uid at the uid's place, so that a file with one large uid seems to have
/// gigabytes and has a few blocks. Holes are passed over; the layout is found from the entries.
/// </summary>
internal static class LastlogFile
{
    /// <summary>Where login(1) and sshd keep it.</summary>
    public const string UsualPath = "/var/log/lastlog";

    /// <summary>No more is read of a file whose holes the file system does not know: 3.6 million users.</summary>
    private const long MostBytes = 1L << 30;

    /// <summary>1990: no login is older.</summary>
    private const long Earliest = 631_152_000;

    private const long DaySeconds = 86_400;
    private const int BlockEntries = 512;
    private const int SampleEntries = 256;

    private static readonly UtmpLayout[] Layouts =
        [UtmpLayout.Usual, new(IsWide: true, IsBigEndian: false), new(false, true), new(true, true)];

    /// <summary>Takes an entry that says something, and its uid.</summary>
    public delegate void Sink(uint uid, LastlogRecord entry);

    /// <summary>All entries that say something, by their uids.</summary>
    /// <param name="path">The file.</param>
    /// <param name="sink">Takes them.</param>
    /// <param name="damaged">Entries that cannot be.</param>
    /// <returns>False when it is so large that not all of it was read.</returns>
    /// <exception cref="IOException">It cannot be opened or read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static bool Read(string path, Sink sink, out long damaged)
    {
        damaged = 0;
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var layout = LayoutOf(file);
        var size = LastlogRecord.Size(layout);
        var block = new byte[size * BlockEntries];
        var left = MostBytes;
        for (long at = 0; SparseFile.TryNextPart(file, at, out var begin, out var end);)
        {
            // An entry may begin in the hole before its first byte that is not zero.
            at = Math.Max(at, begin / size * size);
            while (at < end)
            {
                var got = ReadFully(file, block, at) / size;
                if (got == 0)
                {
                    return true;
                }

                if ((left -= got * size) < 0)
                {
                    return false;
                }

                damaged += Take(block.AsSpan(0, got * size), layout, (uint)(at / size), sink);
                at += got * size;
            }
        }

        return true;
    }

    private static long Take(ReadOnlySpan<byte> entries, UtmpLayout layout, uint uid, Sink sink)
    {
        var damaged = 0L;
        for (var size = LastlogRecord.Size(layout); entries.Length >= size; entries = entries[size..], uid++)
        {
            var entry = new LastlogRecord(entries, layout);
            if (entry.IsPlausible)
            {
                sink(uid, entry);
            }
            else if (!entry.IsNever && entry.Seconds != 0)
            {
                damaged++;
            }
        }

        return damaged;
    }

    private static UtmpLayout LayoutOf(SafeFileHandle file)
    {
        var best = UtmpLayout.Usual;
        var bestScore = int.MinValue;
        var length = RandomAccess.GetLength(file);
        FileIdentity.TryOfHandle(file, out var identity, out _);
        var latest = (identity.ModifiedUnixNanoseconds / 1_000_000_000) + DaySeconds;
        foreach (var layout in Layouts)
        {
            var score = Score(file, layout, latest) + (length % LastlogRecord.Size(layout) == 0 ? 1 : 0);
            if (score > bestScore)
            {
                (best, bestScore) = (layout, score);
            }
        }

        return best;
    }

    private static int Score(SafeFileHandle file, UtmpLayout layout, long latest)
    {
        var size = LastlogRecord.Size(layout);
        var block = new byte[size * SampleEntries];
        var score = 0;
        // The first parts and, through them, entries of small and large uids.
        long at = 0;
        for (var parts = 0; parts < 8 && SparseFile.TryNextPart(file, at, out var begin, out var end); parts++)
        {
            begin = Math.Max(at, begin / size * size);
            var got = ReadFully(file, block, begin);
            for (ReadOnlySpan<byte> rest = block.AsSpan(0, got); rest.Length >= size; rest = rest[size..])
            {
                var entry = new LastlogRecord(rest, layout);
                // A time read in the wrong order is anywhere in 136 years, and most of those were no login's.
                score += entry.IsPlausible && entry.Seconds >= Earliest && entry.Seconds <= latest ? 2
                    : entry.IsNever ? 0 : -1;
            }

            at = Math.Max(end, begin + size);
        }

        return score;
    }

    private static int ReadFully(SafeFileHandle file, Span<byte> into, long offset)
    {
        var total = 0;
        while (total < into.Length && RandomAccess.Read(file, into[total..], offset + total) is > 0 and var got)
        {
            total += got;
        }

        return total;
    }
}
