// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AcctExporter.Records;

namespace AcctExporter.Tests.Records;

/// <summary>Holidays files and instants for tests.</summary>
internal static class Calendar
{
    /// <summary>The holidays of the examples.</summary>
    public const string H =
        "* comment\n  2026  0800  1800\n1/1     New Years Day\n7/3     Independence Day\n12/25   Christmas\n";

    public static readonly TimeZoneInfo NewYork = Zone("America/New_York");

    public static TimeZoneInfo Zone(string name) => TimeZoneInfo.FindSystemTimeZoneById(name);

    public static Holidays Of(string text, HolidayRules rules = HolidayRules.Sane) =>
        Holidays.Parse(Encoding.UTF8.GetBytes(text), rules);

    /// <summary>Seconds since 1970 of <c>2026-07-02 07:30:00</c> by the clocks of a zone.</summary>
    public static long At(string local, TimeZoneInfo? zone = null)
    {
        var time = DateTime.Parse(local, CultureInfo.InvariantCulture, DateTimeStyles.None);
        return new DateTimeOffset(time, (zone ?? TimeZoneInfo.Utc).GetUtcOffset(time)).ToUnixTimeSeconds();
    }

    /// <summary>How a table divides an interval, by the rules that it was read by.</summary>
    public static (long Prime, long NonPrime) Split(
        string holidays, HolidayRules rules, TimeZoneInfo zone, long from, long to)
    {
        var table = Of(holidays, rules);
        var split = rules == HolidayRules.Sane ? new PrimeTime(table, zone).Split(from, to)
            : new CompatPrimeTime(table, zone).Split(from, to);
        return (split.PrimeSeconds, split.NonPrimeSeconds);
    }
}
