// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;

namespace AcctExporter.Records;

/// <summary>
/// How far a zone's clocks are ahead of UTC, at any instant: <see cref="TimeZoneInfo"/> with the last answers kept, for
/// a report asks a million times, mostly about the same hours. Not for several threads.
/// </summary>
/// <param name="zone">The zone.</param>
internal sealed class ZoneOffsets(TimeZoneInfo zone)
{
    /// <summary>No zone has changed its offset within a quarter of an hour of UTC since 1972.</summary>
    public const int BlockSeconds = 900;

    /// <summary>
    /// Stretches of 36 hours, a power of two: no zone has changed its offset and back in one. So where both ends have
    /// the same, all of it has.
    /// </summary>
    private const int StretchBits = 17;

    private const int Slots = 256;

    /// <summary>In the place of an offset: there is a change in the stretch.</summary>
    private const int Changes = int.MinValue;

    /// <summary>Seconds since 1970 of what <see cref="DateTime"/> can say.</summary>
    private const long Earliest = -62_135_596_800 + 86_400;

    private const long Latest = 253_402_300_799 - 86_400;

    private readonly long[] stretches = Filled();
    private readonly int[] offsets = new int[Slots];
    private readonly long[] blocks = Filled();
    private readonly int[] blockOffsets = new int[Slots];

    /// <summary>The zone.</summary>
    public TimeZoneInfo Zone { get; } = zone;

    /// <summary>Seconds to add to UTC.</summary>
    /// <param name="unixSeconds">Any instant; beyond the years 1 to 9999 the nearest in them is asked about.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int SecondsAt(long unixSeconds)
    {
        var stretch = unixSeconds >> StretchBits;
        var slot = (int)(stretch & (Slots - 1));
        return stretches[slot] == stretch && offsets[slot] is var offset and not Changes ? offset : Ask(unixSeconds);
    }

    private int Ask(long unixSeconds)
    {
        var stretch = unixSeconds >> StretchBits;
        var slot = (int)(stretch & (Slots - 1));
        if (stretches[slot] != stretch)
        {
            var first = AskZone(stretch << StretchBits);
            var last = AskZone(((stretch + 1) << StretchBits) - 1);
            (stretches[slot], offsets[slot]) = (stretch, first == last ? first : Changes);
        }

        return offsets[slot] is var offset and not Changes ? offset : InBlock(unixSeconds);
    }

    private int InBlock(long unixSeconds)
    {
        var block = unixSeconds >= 0 ? unixSeconds / BlockSeconds : (unixSeconds - BlockSeconds + 1) / BlockSeconds;
        var slot = (int)(block & (Slots - 1));
        if (blocks[slot] != block)
        {
            (blocks[slot], blockOffsets[slot]) = (block, AskZone(block * BlockSeconds));
        }

        return blockOffsets[slot];
    }

    private int AskZone(long unixSeconds) => (int)Zone.GetUtcOffset(
        DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(unixSeconds, Earliest, Latest))).TotalSeconds;

    private static long[] Filled()
    {
        var blocks = new long[Slots];
        Array.Fill(blocks, long.MinValue);
        return blocks;
    }
}
