// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>
/// When the clocks of a zone show a time. One that a change of the clocks leaves out comes with the first that there is
/// behind it; of one that comes twice, the first counts. So every day has each time once.
/// </summary>
internal static class LocalTimes
{
    private const int DaysOfWeek = 7;

    /// <summary>More than any zone ever left out: a whole day, as Samoa did.</summary>
    private const int MostMinutes = 2 * 24 * 60;

    /// <summary>The instant of a time of a day.</summary>
    public static DateTimeOffset InstantOf(DateOnly day, TimeOnly time, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(time, DateTimeKind.Unspecified);
        for (var minute = 0; minute < MostMinutes && zone.IsInvalidTime(local); minute++)
        {
            // The change is at a whole minute: what comes behind it begins there.
            local = local.AddMinutes(1);
        }

        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset);
    }

    /// <summary>The last day whose time has come, and when that was.</summary>
    public static (DateOnly Day, DateTimeOffset At) LastDay(DateTimeOffset now, TimeOnly time, TimeZoneInfo zone)
    {
        var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime).AddDays(1);
        var at = InstantOf(day, time, zone);
        while (at > now)
        {
            day = day.AddDays(-1);
            at = InstantOf(day, time, zone);
        }

        return (day, at);
    }

    /// <summary>When the time of a week last came.</summary>
    public static DateTimeOffset LastOfWeek(DateTimeOffset now, WeeklyTime time, TimeZoneInfo zone)
    {
        var (day, at) = LastDay(now, time.Time, zone);
        var back = (day.DayOfWeek - time.Day + DaysOfWeek) % DaysOfWeek;
        return back == 0 ? at : InstantOf(day.AddDays(-back), time.Time, zone);
    }
}
