// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Records;

/// <summary>
/// The table of prime time: from when to when a working day is prime, and which days are holidays
/// (<c>/etc/acct/holidays</c>). Its text is that of System V (<c>7/3 Independence Day</c>) or of AIX, with the day of
/// the year in front (<c>184 Jul 3 Independence Day</c>).
/// </summary>
internal sealed class Holidays
{
    /// <summary>The day of the year, from 0, behind which this year's table is to be renewed.</summary>
    private const int LastFreshDay = 359;

    /// <summary>No table: all time is non-prime.</summary>
    public static readonly Holidays None = new();

    /// <summary>It says from when to when time is prime; when false, all time is non-prime.</summary>
    public bool IsUsable { get; init; }

    /// <summary>The year of its first line; 0 when it is not usable.</summary>
    public int Year { get; init; }

    /// <summary>When prime time begins, in seconds since midnight.</summary>
    public int PrimeStartSeconds { get; init; }

    /// <summary>When prime time ends, in seconds since midnight; before its start only by the oldest rules.</summary>
    public int PrimeEndSeconds { get; init; }

    /// <summary>What is wrong with the file, in its order.</summary>
    public IReadOnlyList<HolidayWarning> Warnings { get; init; } = [];

    /// <summary>
    /// The holidays as days of the table's year, from 0, in the file's order; any numbers, by the rules of old.
    /// </summary>
    public IReadOnlyList<int> DaysOfYear { get; init; } = [];

    /// <summary>A bit for each holiday: day of the month, by month.</summary>
    public uint[] DaysByMonth { private get; init; } = new uint[13];

    /// <summary>Reads the file's text: any bytes.</summary>
    public static Holidays Parse(ReadOnlySpan<byte> text, HolidayRules rules = HolidayRules.Sane) =>
        rules == HolidayRules.Sane ? SaneHolidays.Parse(text) : CompatHolidays.Parse(text, rules);

    /// <summary>That day of any year is a holiday.</summary>
    public bool IsHoliday(int month, int day) => (DaysByMonth[month] >> day & 1) != 0;

    /// <summary>
    /// The table is to be renewed: its year is over, or nearly (27 December, in leap years the 26th). AIX says so from
    /// the day after the last holiday, which may be in November, when next year's table would be too early.
    /// </summary>
    /// <param name="today">The date, where the clocks of the table count.</param>
    public bool IsStale(DateOnly today) =>
        IsUsable && (today.Year > Year || (today.Year == Year && today.DayOfYear - 1 > LastFreshDay));
}

/// <summary>Something wrong in a holidays file.</summary>
/// <param name="Line">The number of the line, from 1; 0 for the file as a whole.</param>
/// <param name="What">What is wrong; by the classic rules, what the classic programs say.</param>
/// <param name="Remedy">What to do.</param>
internal readonly record struct HolidayWarning(int Line, string What, string Remedy);

/// <summary>How a holidays file is read.</summary>
internal enum HolidayRules
{
    /// <summary>Each bad line is told and left out.</summary>
    Sane,

    /// <summary>As the System V suite of today does (illumos).</summary>
    Compat,

    /// <summary>As its older releases did: prime time that ends at 2400 ends at 0000.</summary>
    OldCompat,
}
