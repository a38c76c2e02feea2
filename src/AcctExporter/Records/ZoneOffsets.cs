// SPDX-License-Identifier: Apache-2.0
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

    private const int Slots = 1024;

    /// <summary>Seconds since 1970 of what <see cref="DateTime"/> can say.</summary>
    private const long Earliest = -62_135_596_800 + 86_400;

    private const long Latest = 253_402_300_799 - 86_400;

    private readonly long[] blocks = Filled();
    private readonly int[] offsets = new int[Slots];

    /// <summary>The zone.</summary>
    public TimeZoneInfo Zone { get; } = zone;

    /// <summary>Seconds to add to UTC.</summary>
    /// <param name="unixSeconds">Any instant; beyond the years 1 to 9999 the nearest in them is asked about.</param>
    public int SecondsAt(long unixSeconds)
    {
        var block = unixSeconds >= 0 ? unixSeconds / BlockSeconds : (unixSeconds - BlockSeconds + 1) / BlockSeconds;
        var slot = (int)(block & (Slots - 1));
        if (blocks[slot] != block)
        {
            var instant = DateTimeOffset.FromUnixTimeSeconds(
                Math.Clamp(block * BlockSeconds, Earliest, Latest));
            offsets[slot] = (int)Zone.GetUtcOffset(instant).TotalSeconds;
            blocks[slot] = block;
        }

        return offsets[slot];
    }

    private static long[] Filled()
    {
        var blocks = new long[Slots];
        Array.Fill(blocks, long.MinValue);
        return blocks;
    }
}
