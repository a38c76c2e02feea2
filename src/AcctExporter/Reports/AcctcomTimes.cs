// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace AcctExporter.Reports;

/// <summary>Times of day between which <c>acctcom</c> shows exits, in seconds since midnight by the clock.</summary>
internal sealed record AcctcomTimes
{
    private const int DaySeconds = 86_400;

    /// <summary><c>-S</c>: started then or later.</summary>
    public int? StartAfter { get; init; }

    /// <summary><c>-e</c>: started then or earlier.</summary>
    public int? StartBefore { get; init; }

    /// <summary><c>-s</c>: ended then or later.</summary>
    public int? EndAfter { get; init; }

    /// <summary><c>-E</c>: ended then or earlier.</summary>
    public int? EndBefore { get; init; }

    /// <summary>Reads <c>hh[:mm[:ss]]</c>, up to 24:00.</summary>
    public static bool TryRead(string text, out int seconds)
    {
        var parts = text.Split(':');
        seconds = 0;
        for (var i = 0; i < 3; i++)
        {
            var part = 0;
            if (i < parts.Length && !(parts[i].Length is 1 or 2 && int.TryParse(
                parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out part) && part <= (i == 0 ? 24 : 59)))
            {
                return false;
            }

            seconds = (seconds * 60) + part;
        }

        return parts.Length <= 3 && seconds <= DaySeconds;
    }

    /// <summary>The instants that are meant, on a local day.</summary>
    /// <param name="dayOf">An instant of that day, in seconds since 1970.</param>
    /// <param name="zone">The zone.</param>
    public AcctcomBounds On(long dayOf, TimeZoneInfo zone)
    {
        var day = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(dayOf), zone).DateTime.Date;
        var endDay = StartAfter > EndBefore ? day.AddDays(1) : day;
        return new AcctcomBounds(
            StartAfter is { } startAfter ? Instant(day.AddSeconds(startAfter), zone, first: true) : null,
            StartBefore is { } startBefore ? Instant(day.AddSeconds(startBefore), zone, first: false) : null,
            EndAfter is { } endAfter ? Instant(day.AddSeconds(endAfter), zone, first: true) : null,
            EndBefore is { } endBefore ? Instant(endDay.AddSeconds(endBefore), zone, first: false) : null);
    }

    /// <summary>The same as the classic command has them: by how far the clocks are ahead of UTC now.</summary>
    /// <param name="dayOf">An instant of the day.</param>
    /// <param name="offset">Seconds that the clocks are ahead now.</param>
    public AcctcomBounds WithOffset(long dayOf, int offset)
    {
        var midnight = ((dayOf + offset) / DaySeconds * DaySeconds) - offset;
        return new AcctcomBounds(
            midnight + StartAfter, midnight + StartBefore, midnight + EndAfter,
            midnight + EndBefore + (StartAfter > EndBefore ? DaySeconds : 0));
    }

    /// <summary>
    /// When the clocks show a time: of a time that comes twice the first or the last, and for one that is left out the
    /// first that is there again.
    /// </summary>
    private static long Instant(DateTime local, TimeZoneInfo zone, bool first)
    {
        if (zone.IsInvalidTime(local))
        {
            local = local.AddSeconds(-local.Second);
            while (zone.IsInvalidTime(local))
            {
                local = local.AddMinutes(1);
            }
        }

        var offset = !zone.IsAmbiguousTime(local) ? zone.GetUtcOffset(local)
            : first ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetAmbiguousTimeOffsets(local).Min();
        return new DateTimeOffset(local, offset).ToUnixTimeSeconds();
    }
}

/// <summary>Instants between which exits are shown, in seconds since 1970; null: no such bound.</summary>
/// <param name="StartAfter">Started then or later.</param>
/// <param name="StartBefore">Started then or earlier.</param>
/// <param name="EndAfter">Ended then or later.</param>
/// <param name="EndBefore">Ended then or earlier.</param>
internal readonly record struct AcctcomBounds(long? StartAfter, long? StartBefore, long? EndAfter, long? EndBefore)
{
    /// <summary>True when a process that lived between these instants is shown.</summary>
    public bool Contain(long begin, long end) =>
        !(begin < StartAfter) && !(begin > StartBefore) && !(end < EndAfter) && !(end > EndBefore);
}
