// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// Midnights of a zone, as localtime(3) and mktime(3) of glibc find them: one that the clocks leave out is the instant
/// at which they go on, and of two the one is taken whose offset the search before ended with.
/// </summary>
/// <param name="zone">The zone.</param>
internal sealed class Midnights(TimeZoneInfo zone)
{
    private const int DaySeconds = 86_400;

    /// <summary>Offsets that mktime(3) tries before it gives up.</summary>
    private const int Tries = 6;

    private readonly ZoneOffsets offsets = new(zone);
    private int lastOffset;

    /// <summary>How far the zone's clocks are ahead of UTC.</summary>
    public ZoneOffsets Offsets => offsets;

    /// <summary>The next midnight, after an instant in seconds since 1970; always a later instant.</summary>
    public long After(long seconds)
    {
        var local = seconds + offsets.SecondsAt(seconds);
        var wanted = (FloorDivide(local, DaySeconds) + 1) * DaySeconds;
        var midnight = Find(wanted);
        lastOffset = (int)(wanted - midnight);
        // Clocks that go back from just after midnight to before it have two: glibc would give the one that is past.
        return midnight > seconds ? midnight : wanted - offsets.SecondsAt(seconds);
    }

    private static long FloorDivide(long value, long by) => (value - (((value % by) + by) % by)) / by;

    private long Find(long wanted)
    {
        long before = wanted - lastOffset, beforeThat = before, now = before;
        var wasSummer = false;
        for (var left = Tries; left > 0; left--)
        {
            var next = wanted - offsets.SecondsAt(now);
            if (next == now)
            {
                break;
            }

            var summer = IsSummer(now);
            // Back and forth between two: no clock shows this time.
            if (now == beforeThat && now != before && (summer || !wasSummer))
            {
                break;
            }

            (beforeThat, before, now, wasSummer) = (before, now, next, summer);
        }

        return now;
    }

    private bool IsSummer(long seconds) =>
        offsets.Zone.IsDaylightSavingTime(DateTimeOffset.FromUnixTimeSeconds(seconds));
}
