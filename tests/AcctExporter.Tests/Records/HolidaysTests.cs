// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Records;

namespace AcctExporter.Tests.Records;

/// <summary>The forms of a holidays file, and what is wrong in one.</summary>
public class HolidaysTests
{
    private const string First = "2026 0800 1800\n";

    [Theory]
    [InlineData(2026, "2026-12-26", false)]
    [InlineData(2026, "2026-12-27", true)]
    [InlineData(2026, "2027-01-01", true)]
    [InlineData(2026, "2027-06-15", true)]
    [InlineData(2026, "2025-12-31", false)] // next year's table, put there early
    [InlineData(2028, "2028-12-25", false)]
    [InlineData(2028, "2028-12-26", true)] // a leap year
    public void IsStale_FromTheDayAfterChristmas(int year, string today, bool isStale) => Assert.Equal(
        isStale, Calendar.Of($"{year} 0800 1800").IsStale(DateOnly.Parse(today, CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("7/3/2026", 183)]
    [InlineData("184 Jul 3 Independence", 183)] // AIX
    [InlineData("143 May 28 Memorial Day", 142)] // the number decides: it is 23 May
    [InlineData("07/03 mm/dd of AIX", 183)]
    [InlineData("  12/25\tblanks before it", 358)]
    [InlineData("12/25\r", 358)]
    [InlineData("365 Dec 31", 364)]
    public void Parse_OneHoliday(string line, int dayOfYear)
    {
        Assert.Equal([dayOfYear], Calendar.Of(First + line + "\n").DaysOfYear);
        Assert.Equal([dayOfYear], Calendar.Of(First + line, HolidayRules.Compat).DaysOfYear);
        var date = new DateOnly(2026, 1, 1).AddDays(dayOfYear);
        Assert.True(Calendar.Of(First + line).IsHoliday(date.Month, date.Day));
    }

    [Theory]
    [InlineData("  2026  0800  1800\n", 8 * 3600, 18 * 3600)]
    [InlineData("* c\n\n \t \n2026\t0900 1730 text\n", 9 * 3600, (17 * 3600) + 1800)]
    [InlineData("2026 2400 2400\n", 0, 86400)] // all of a working day
    [InlineData("2026 0000 2400\n", 0, 86400)]
    [InlineData("2026 0800 0800\n", 28800, 28800)] // none of it
    public void Parse_FirstLine(string text, int start, int end)
    {
        foreach (var rules in (HolidayRules[])[HolidayRules.Sane, HolidayRules.Compat])
        {
            var table = Calendar.Of(text, rules);
            Assert.True(table.IsUsable);
            Assert.Equal((2026, start, end), (table.Year, table.PrimeStartSeconds, table.PrimeEndSeconds));
            Assert.Empty(table.Warnings);
        }
    }

    [Theory]
    [InlineData("", 0, "no line says")]
    [InlineData("* only a comment\n", 0, "no line says")]
    [InlineData("\n2026 0800\n", 2, "not a year and two times")]
    [InlineData(" * blanks before\n2026 0800 1800\n", 1, "not a year and two times")]
    [InlineData("20260 800 1800\n", 1, "not a year and two times")]
    [InlineData("1969 0800 1800\n", 1, "the year 1969")]
    [InlineData("2026 0860 1800\n", 1, "a time is not")]
    [InlineData("2026 0800 2401\n", 1, "a time is not")] // the classic programs take it
    [InlineData("2026 2200 0600\n", 1, "ends before it begins")] // a night shift
    public void Parse_WithoutAFirstLine_IsNoTable(string text, int line, string what)
    {
        var table = Calendar.Of(text + "7/3 behind it\n");
        if (line > 0)
        {
            Assert.False(table.IsUsable);
        }

        var warning = Calendar.Of(text).Warnings.Single();
        Assert.Equal(line, warning.Line);
        Assert.Contains(what, warning.What, StringComparison.Ordinal);
        Assert.NotEmpty(warning.Remedy);
    }

    [Theory]
    [InlineData("2/31 no such day")]
    [InlineData("2/29 not this year")]
    [InlineData("13/1")]
    [InlineData("0/5")]
    [InlineData("1/0 would end the classic table")]
    [InlineData("/")]
    [InlineData("1/")]
    [InlineData("366 not this year")]
    [InlineData("0")]
    [InlineData("New Year")]
    [InlineData("-5 Jan")]
    [InlineData("+7/4")]
    public void Parse_ABadLine_IsToldAndLeftOut(string line)
    {
        var table = Calendar.Of($"{First}1/1\n{line}\n12/25\n");
        Assert.True(table.IsUsable);
        Assert.Equal([0, 358], table.DaysOfYear);
        Assert.Equal(3, table.Warnings.Single().Line);
    }

    [Fact]
    public void Parse_OfSomethingElse_SaysNoMoreThanABookful()
    {
        var table = Calendar.Of(First + string.Concat(Enumerable.Repeat("no date\n", 1000)));
        Assert.Equal(51, table.Warnings.Count);
        Assert.Contains("lines behind it", table.Warnings[^1].What, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_LongLines()
    {
        // The classic programs read 127 bytes at once, so that the rest of a comment is a line of its own.
        var text = $"{First}*{new string('x', 126)}7/3\n12/25 {new string('y', 200)}\n";
        Assert.Equal([358], Calendar.Of(text).DaysOfYear);
        Assert.Equal([183, 358, 358], Calendar.Of(text, HolidayRules.Compat).DaysOfYear);
    }

    [Theory]
    [InlineData("7/3\nno date\n", new[] { 183, 183 })] // stands for the date before it
    [InlineData("2/31\n", new[] { 61 })] // 3 March
    [InlineData("1/0\n7/3\n", new[] { -1, 183 })] // the list ends there
    [InlineData("0/5\n", new[] { 4 })]
    [InlineData("3/0\n", new[] { 58 })]
    public void Parse_Compat_TakesWhatItCan(string lines, int[] days) =>
        Assert.Equal(days, Calendar.Of(First + lines, HolidayRules.Compat).DaysOfYear);

    [Theory]
    [InlineData("2026 0800\n", "pnpsplit: bad {yr ptime nptime} conversion")]
    [InlineData("2038 0800 1800\n", "pnpsplit: invalid year: 2038")]
    [InlineData("2026 0860 1800\n", "pnpsplit: invalid p/np hours")]
    [InlineData(First + "13/1\n", "pnpsplit: invalid month 13")]
    [InlineData(First + "1/32\n", "pnpsplit: invalid day 32")]
    [InlineData("", "pnpsplit: no line with year and hours")]
    public void Parse_Compat_OneFaultIsNoTable(string text, string message)
    {
        var table = Calendar.Of(text, HolidayRules.Compat);
        Assert.False(table.IsUsable);
        Assert.Equal(message, table.Warnings.Single().What);
    }

    [Fact]
    public void Parse_Compat_TwoHundredHolidays()
    {
        string Days(int count) => First + string.Concat(Enumerable.Range(1, count).Select(day => $"{day} day\n"));
        Assert.True(Calendar.Of(Days(199), HolidayRules.Compat).IsUsable);
        Assert.False(Calendar.Of(Days(200), HolidayRules.Compat).IsUsable);
        Assert.Equal(365, Calendar.Of(Days(365)).DaysOfYear.Count);
    }

    [Fact]
    public void Parse_Compat_HoursOfTheClassicForm()
    {
        var table = Calendar.Of("2026 2401 2401\n", HolidayRules.Compat);
        Assert.Equal((60, 86400), (table.PrimeStartSeconds, table.PrimeEndSeconds));
        var old = Calendar.Of("2026 0800 2400\n", HolidayRules.OldCompat);
        Assert.Equal((28800, 0), (old.PrimeStartSeconds, old.PrimeEndSeconds));
        var night = Calendar.Of("20260800 1800\n", HolidayRules.Compat); // four digits a number
        Assert.Equal((2026, 28800, 64800), (night.Year, night.PrimeStartSeconds, night.PrimeEndSeconds));
    }
}
