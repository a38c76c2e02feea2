// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Records;

/// <summary>
/// Divides time as the System V suite does: by the fields of the clock, every day 86,400 seconds long. So over a change
/// of the clocks the parts may be an hour too long together; whether two instants are of one day, and whether a day is
/// a holiday, is told by the number of the day in whatever year. Not for several threads.
/// </summary>
/// <param name="holidays">When time is prime.</param>
/// <param name="zone">Whose clocks count.</param>
internal sealed class CompatPrimeTime(Holidays holidays, TimeZoneInfo zone)
{
    private const int SecondsOfDay = 86_400;

    private readonly ZoneOffsets offsets = new(zone);

    /// <summary>The parts of an interval; nothing of one that ends before it begins.</summary>
    public PrimeSplit Split(long startUnixSeconds, long endUnixSeconds)
    {
        var (lastDay, endSecond, _) = LocalDay(endUnixSeconds);
        long prime = 0;
        long nonPrime = 0;
        for (var now = startUnixSeconds; now < endUnixSeconds;)
        {
            var (day, second, isWeekend) = LocalDay(now);
            var isLast = day == lastDay;
            if (isWeekend || IsHoliday(day))
            {
                var part = isLast ? endUnixSeconds - now : SecondsOfDay - second;
                nonPrime += part;
                now += part;
                continue;
            }

            var ends = false;
            for (var boundary = FirstBoundary(second); boundary < 3 && !ends; boundary++)
            {
                // On another day nothing is asked about the end, though a change of the clocks may have led past it.
                var at = SecondOf(boundary);
                ends = isLast && endSecond < at;
                var part = ends ? endUnixSeconds - now : at - second;
                prime += boundary == 1 ? part : 0;
                nonPrime += boundary == 1 ? 0 : part;
                now += part;
                second = at;
            }
        }

        return new(prime, nonPrime);
    }

    /// <summary>What a day is divided at: the start of prime time, its end, and midnight.</summary>
    private int SecondOf(int boundary) => boundary switch
    {
        0 => holidays.PrimeStartSeconds,
        1 => holidays.PrimeEndSeconds,
        _ => SecondsOfDay,
    };

    private int FirstBoundary(int second)
    {
        var boundary = 0;
        while (SecondOf(boundary) < second)
        {
            boundary++;
        }

        return boundary;
    }

    private bool IsHoliday(int dayOfYear)
    {
        foreach (var holiday in holidays.DaysOfYear)
        {
            if (holiday < 0 || holiday == dayOfYear)
            {
                return holiday == dayOfYear;
            }
        }

        return false;
    }

    private (int DayOfYear, int Second, bool IsWeekend) LocalDay(long instant)
    {
        var local = instant + offsets.SecondsAt(instant);
        var time = CivilTime.Of(local);
        var newYear = CivilTime.Seconds((int)time.Year, 1, 1, 0, 0, 0);
        return ((int)((local - newYear) / SecondsOfDay), time.SecondOfDay, time.DayOfWeek is 0 or 6);
    }
}
