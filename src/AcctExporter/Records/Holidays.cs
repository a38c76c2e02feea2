// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Records;

/// <summary>
/// The table of prime time: from when to when a working day is prime, and which days are holidays
/// (<c>/etc/acct/holidays</c>).
/// </summary>
internal sealed class Holidays
{
    /// <summary>No table: all time is non-prime.</summary>
    public static readonly Holidays None = new();

    /// <summary>It says from when to when time is prime; when false, all time is non-prime.</summary>
    public bool IsUsable { get; private init; }

    /// <summary>The year of its first line; 0 when it is not usable.</summary>
    public int Year { get; private init; }

    /// <summary>When prime time begins, in seconds since midnight.</summary>
    public int PrimeStartSeconds { get; private init; }

    /// <summary>When prime time ends, in seconds since midnight.</summary>
    public int PrimeEndSeconds { get; private init; }

    /// <summary>What is wrong with the file, in its order.</summary>
    public IReadOnlyList<HolidayWarning> Warnings { get; private init; } = [];

    /// <summary>Reads the file's text: any bytes.</summary>
    public static Holidays Parse(ReadOnlySpan<byte> text, HolidayRules rules = HolidayRules.Sane) => None;

    /// <summary>That day of any year is a holiday.</summary>
    public bool IsHoliday(int month, int day) => IsUsable && month + day == 0;

    /// <summary>The table is to be renewed: its year is over, or its last holiday has passed.</summary>
    public bool IsStale(DateOnly today) => IsUsable && today.Year > Year;
}

/// <summary>Something wrong in a holidays file.</summary>
/// <param name="Line">The number of the line, from 1; 0 for the file as a whole.</param>
/// <param name="What">What is wrong.</param>
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
