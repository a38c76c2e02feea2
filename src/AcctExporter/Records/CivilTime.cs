// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Records;

/// <summary>
/// Date and time of day of an instant, in the Gregorian calendar carried on both ways: for any number of seconds, where
/// <see cref="DateTime"/> ends with the year 9999.
/// </summary>
/// <param name="Year">The year.</param>
/// <param name="Month">1 to 12.</param>
/// <param name="Day">1 to 31.</param>
/// <param name="SecondOfDay">0 to 86,399.</param>
/// <param name="DayOfWeek">0 for Sunday to 6.</param>
internal readonly record struct CivilTime(long Year, int Month, int Day, int SecondOfDay, int DayOfWeek)
{
    private const int SecondsOfDay = 86_400;

    /// <summary>Days of 400 years.</summary>
    private const int DaysOfEra = 146_097;

    /// <summary>From 1 March of the year 0 to 1970.</summary>
    private const int DaysTo1970 = 719_468;

    /// <summary>Of seconds since 1970; for local time the zone's offset is in them.</summary>
    public static CivilTime Of(long seconds)
    {
        var days = Math.DivRem(seconds, SecondsOfDay, out var second);
        if (second < 0)
        {
            (days, second) = (days - 1, second + SecondsOfDay);
        }

        // Years begin in March, so that a leap day is the last of its year.
        var since = days + DaysTo1970;
        var era = (since >= 0 ? since : since - DaysOfEra + 1) / DaysOfEra;
        var day = (int)(since - (era * DaysOfEra));
        var year = (day - (day / 1_460) + (day / 36_524) - (day / 146_096)) / 365;
        var dayOfYear = day - ((365 * year) + (year / 4) - (year / 100));
        var month = ((5 * dayOfYear) + 2) / 153;
        var weekday = (int)((days + 4) % 7);
        return new(
            (era * 400) + year + (month >= 10 ? 1 : 0), month < 10 ? month + 3 : month - 9,
            dayOfYear - (((153 * month) + 2) / 5) + 1, (int)second, weekday < 0 ? weekday + 7 : weekday);
    }

    /// <summary>Seconds since 1970 of a date and time of day, any numbers: what is too much goes over.</summary>
    public static long Seconds(int year, int month, int day, int hour, int minute, int second)
    {
        var months = (year * 12L) + month - 3;
        var marchYear = months >= 0 ? months / 12 : (months - 11) / 12;
        var marchMonth = (int)(months - (marchYear * 12));
        var century = marchYear >= 0 ? marchYear / 100 : (marchYear - 99) / 100;
        var leap = (marchYear >= 0 ? marchYear / 4 : (marchYear - 3) / 4) - century
            + (marchYear >= 0 ? marchYear / 400 : (marchYear - 399) / 400);
        var days = (marchYear * 365) + leap + (((153 * marchMonth) + 2) / 5) + day - 1 - DaysTo1970;
        return (((((days * 24) + hour) * 60) + minute) * 60) + second;
    }
}
