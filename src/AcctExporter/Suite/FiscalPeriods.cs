// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace AcctExporter.Suite;

/// <summary>
/// When fiscal periods begin: with each month, never, or on days of a list, each of every year (<c>04-01</c>) or of one
/// (<c>2026-04-01</c>). The run of a period's first day is the last of the period before: at four in the morning it
/// charges what was done on the day before.
/// </summary>
internal sealed class FiscalPeriods
{
    private const string Date = "yyyy-MM-dd";

    private readonly string[] words;

    private FiscalPeriods(string[] words) => this.words = words;

    /// <summary>Each month is a period.</summary>
    public static FiscalPeriods Monthly { get; } = new(["monthly"]);

    /// <summary>Periods end when somebody ends them.</summary>
    public static FiscalPeriods Off { get; } = new(["off"]);

    /// <summary>Somebody ends them.</summary>
    public bool IsOff => words[0] == "off";

    /// <summary>Reads <c>monthly</c>, <c>off</c>, or days with commas between.</summary>
    /// <param name="text">The text.</param>
    /// <param name="fault">The word that is no day; null when there is none.</param>
    /// <returns>Null when a word is no day, or stands twice.</returns>
    public static FiscalPeriods? Parse(string text, out string? fault)
    {
        fault = null;
        if (text is "monthly" or "off")
        {
            return text == "off" ? Off : Monthly;
        }

        var days = text.Split(',', StringSplitOptions.TrimEntries);
        // A day of no year is looked for in one without a 29 February: not every year has that day.
        fault = Array.Find(days, day => !TryDate(day, out _) && !TryDate("2001-" + day, out _));
        return fault is null && days.Distinct().Count() == days.Length
            ? new FiscalPeriods([.. days.Order(StringComparer.Ordinal)]) : null;
    }

    /// <summary>
    /// The period that the run of a day belongs to: <c>2026-07</c>, or its first day, <c>2026-04-01</c>; before the
    /// first of all days of a list, <c>before-2026-04-01</c>. Null when periods are off.
    /// </summary>
    public string? Of(DateOnly run)
    {
        if (IsOff)
        {
            return null;
        }

        // What it charges is of the day before, mostly.
        var day = run.AddDays(-1);
        if (words[0] == "monthly")
        {
            return day.ToString("yyyy-MM", CultureInfo.InvariantCulture);
        }

        var begins = Begins(day.Year - 1).Concat(Begins(day.Year)).Where(begin => begin <= day)
            .DefaultIfEmpty(DateOnly.MinValue).Max();
        return begins > DateOnly.MinValue
            ? begins.ToString(Date, CultureInfo.InvariantCulture)
            : "before-" + words.Select(word => TryDate(word, out var date) ? date : DateOnly.MaxValue).Min()
                .ToString(Date, CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(',', words);

    /// <summary>The first days of periods in a year; those that name their year, in any.</summary>
    private IEnumerable<DateOnly> Begins(int year) => words.Select(word =>
        TryDate(word, out var date) || TryDate(string.Create(CultureInfo.InvariantCulture, $"{year:0000}-{word}"),
            out date) ? date : DateOnly.MaxValue);

    private static bool TryDate(string text, out DateOnly date) => DateOnly.TryParseExact(
        text, Date, CultureInfo.InvariantCulture, DateTimeStyles.None, out date);
}
