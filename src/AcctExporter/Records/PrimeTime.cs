// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Records;

/// <summary>
/// Divides time between prime and non-prime by the clocks of a zone. Weekends and holidays are non-prime. The two parts
/// together are always the whole length, also over a change of the clocks: a boundary that the clocks skip is where
/// they go on, and one that they pass twice is the first time. Not for several threads.
/// </summary>
/// <remarks>
/// Each year is worked out once, when it is first asked about: the instants of its days and of their prime time, and
/// how much prime time there was before each. So a session of years is two lookups, as one of a second is. Time before
/// 1970 or after 2106, where no login record can be, is non-prime.
/// </remarks>
/// <param name="holidays">When time is prime.</param>
/// <param name="zone">Whose clocks count.</param>
internal sealed class PrimeTime(Holidays holidays, TimeZoneInfo zone)
{
    private const int FirstYear = 1970;
    private const int Years = 2107 - FirstYear;
    private const int SecondsOfDay = 86_400;

    private readonly ZoneOffsets offsets = new(zone);
    private readonly PrimeYear?[] years = new PrimeYear?[Years];

    /// <summary>The parts of an interval.</summary>
    /// <param name="startUnixSeconds">Its first second.</param>
    /// <param name="endUnixSeconds">The second behind its last; before the start, the parts are negative.</param>
    public PrimeSplit Split(long startUnixSeconds, long endUnixSeconds)
    {
        var length = endUnixSeconds - startUnixSeconds;
        if (!holidays.IsUsable || length == 0)
        {
            return new(0, length);
        }

        var prime = startUnixSeconds < endUnixSeconds ? Prime(startUnixSeconds, endUnixSeconds)
            : -Prime(endUnixSeconds, startUnixSeconds);
        return new(prime, length - prime);
    }

    /// <summary>
    /// What is around an instant, of one day and one kind: who asks about many intervals, most of them short, need not
    /// have each of them divided.
    /// </summary>
    /// <returns>Without a length for an instant in no year from 1970 to 2106.</returns>
    public PrimeStretch StretchAt(long unixSeconds)
    {
        if (!holidays.IsUsable)
        {
            return new(long.MinValue, long.MaxValue, false);
        }

        var instant = unixSeconds;
        var index = IndexOf(ref instant);
        return instant == unixSeconds ? Year(index).StretchAt(instant) : new(unixSeconds, unixSeconds, false);
    }

    private long Prime(long start, long end)
    {
        var first = IndexOf(ref start);
        var last = IndexOf(ref end);
        var prime = Year(last).PrimeBefore(end) - Year(first).PrimeBefore(start);
        for (; first < last; first++)
        {
            prime += Year(first).PrimeSeconds;
        }

        return prime;
    }

    /// <summary>Which year an instant is in; one beyond all years becomes the nearest that is not.</summary>
    private int IndexOf(ref long instant)
    {
        instant = Math.Clamp(instant, Year(0).Start, Year(Years - 1).End - 1);
        var index = Math.Clamp((int)CivilTime.Of(instant).Year - FirstYear, 0, Years - 1);
        while (instant < Year(index).Start)
        {
            index--;
        }

        while (instant >= Year(index).End)
        {
            index++;
        }

        return index;
    }

    private PrimeYear Year(int index) => years[index] ??= Built(FirstYear + index);

    private PrimeYear Built(int number)
    {
        var midnight = CivilTime.Seconds(number, 1, 1, 0, 0, 0);
        var days = (int)((CivilTime.Seconds(number + 1, 1, 1, 0, 0, 0) - midnight) / SecondsOfDay);
        var year = new PrimeYear(days);
        for (var day = 0; day < days; day++, midnight += SecondsOfDay)
        {
            var date = CivilTime.Of(midnight);
            var isWorkingDay = date.DayOfWeek is >= 1 and <= 5 && !holidays.IsHoliday(date.Month, date.Day);
            year.Set(
                day, InstantOf(midnight),
                isWorkingDay ? InstantOf(midnight + holidays.PrimeStartSeconds) : 0,
                isWorkingDay ? InstantOf(midnight + holidays.PrimeEndSeconds) : 0);
        }

        year.Close(InstantOf(midnight));
        return year;
    }

    /// <summary>The first instant at which the zone's clocks show a time or a later one.</summary>
    /// <param name="local">What they show, as seconds since 1970.</param>
    private long InstantOf(long local)
    {
        var before = offsets.SecondsAt(local - SecondsOfDay);
        var after = offsets.SecondsAt(local + SecondsOfDay);
        if (before == after)
        {
            return local - before;
        }

        // The clocks are set within these two days. ZoneOffsets knows that they are at quarters of an hour only.
        const int Block = ZoneOffsets.BlockSeconds;
        var block = (local - SecondsOfDay) / Block * Block;
        while (block + Block - 1 + offsets.SecondsAt(block) < local)
        {
            block += Block;
        }

        return Math.Max(block, local - offsets.SecondsAt(block));
    }
}

/// <summary>Seconds of both kinds.</summary>
internal readonly record struct PrimeSplit(long PrimeSeconds, long NonPrimeSeconds);

/// <summary>An interval of one kind of time.</summary>
/// <param name="From">Its first second since 1970.</param>
/// <param name="To">The second behind its last.</param>
/// <param name="IsPrime">Which kind.</param>
internal readonly record struct PrimeStretch(long From, long To, bool IsPrime);
