// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Records;

/// <summary>
/// Reads a holidays file as the System V suite does: lines of 127 bytes at most, one fault and there is no table, and a
/// line that is no date stands for the date before it. Only a day of the year in front, which is AIX's form, is taken
/// for what it is.
/// </summary>
internal static class CompatHolidays
{
    private const int LineBytes = 127;

    /// <summary>Holidays of the classic table.</summary>
    private const int DaysMax = 200;

    /// <summary>Reads any bytes; the warnings are the classic messages, the last of which ended it.</summary>
    public static Holidays Parse(ReadOnlySpan<byte> text, HolidayRules rules)
    {
        Holidays? table = null;
        var days = new List<int>();
        var (number, month, day) = (0, 0, 0);
        while (!text.IsEmpty)
        {
            number++;
            var line = text[..Math.Min(text.Length, LineBytes)];
            var newLine = line.IndexOf((byte)'\n');
            line = newLine < 0 ? line : line[..(newLine + 1)];
            text = text[line.Length..];
            // The classic program stops at a NUL as at the end of the line.
            var nul = line.IndexOf((byte)0);
            line = nul < 0 ? line : line[..nul];
            if (line.StartsWith("*"u8) || SkipBlanks(line).IsEmpty)
            {
                continue;
            }

            var fault = table is null ? FirstLine(line, rules, out table)
                : Day(line, table.Year, days, ref month, ref day);
            if (fault.Length > 0)
            {
                return new() { Warnings = [new(number, fault, "mend the line")] };
            }
        }

        // The classic program then reads a table that was never set up.
        return table is null
            ? new() { Warnings = [new(0, "pnpsplit: no line with year and hours", "begin with: 2026 0800 1800")] }
            : new()
            {
                IsUsable = true, Year = table.Year, PrimeStartSeconds = table.PrimeStartSeconds,
                PrimeEndSeconds = table.PrimeEndSeconds, DaysOfYear = days,
            };
    }

    private static string FirstLine(ReadOnlySpan<byte> line, HolidayRules rules, out Holidays? table)
    {
        table = null;
        if (!TryNumber(ref line, 4, out var year) || !TryNumber(ref line, 4, out var start)
            || !TryNumber(ref line, 4, out var end))
        {
            return "pnpsplit: bad {yr ptime nptime} conversion";
        }

        if (year is < 1970 or > 2037)
        {
            return $"pnpsplit: invalid year: {year}";
        }

        if (!IsTime(start) || !IsTime(end))
        {
            return "pnpsplit: invalid p/np hours";
        }

        table = new()
        {
            IsUsable = true,
            Year = year,
            PrimeStartSeconds = (start / 100 % 24 * 3600) + (start % 100 * 60),
            PrimeEndSeconds = end / 100 != 24 ? (end / 100 * 3600) + (end % 100 * 60)
                : rules == HolidayRules.OldCompat ? end % 100 * 60 : 86_400,
        };
        return "";
    }

    private static string Day(ReadOnlySpan<byte> line, int year, List<int> days, ref int month, ref int day)
    {
        if (days.Count >= DaysMax - 1)
        {
            return "pnpsplit: too many holidays, recompile with larger NHOLIDAYS";
        }

        if (TryNumber(ref line, int.MaxValue, out var first))
        {
            if (!line.StartsWith("/"u8))
            {
                days.Add(first - 1);
                return "";
            }

            month = first;
            line = line[1..];
            if (TryNumber(ref line, int.MaxValue, out var second))
            {
                day = second;
            }
        }

        if (month is < 0 or > 12)
        {
            return $"pnpsplit: invalid month {month}";
        }

        if (day is < 0 or > 31)
        {
            return $"pnpsplit: invalid day {day}";
        }

        var before = 0;
        for (var earlier = 1; earlier < month; earlier++)
        {
            before += DateTime.DaysInMonth(year, earlier);
        }

        days.Add(before + day - 1);
        return "";
    }

    private static bool IsTime(int time) => time / 100 is >= 0 and <= 24 && time % 100 is >= 0 and < 60;

    private static ReadOnlySpan<byte> SkipBlanks(ReadOnlySpan<byte> text) => text.TrimStart(" \t\n\v\f\r"u8);

    /// <summary>What <c>%4d</c> and <c>%d</c> of scanf(3) take; too large a number is the largest.</summary>
    private static bool TryNumber(ref ReadOnlySpan<byte> text, int width, out int value)
    {
        value = 0;
        var rest = SkipBlanks(text);
        var at = rest.StartsWith("-"u8) || rest.StartsWith("+"u8) ? 1 : 0;
        var isNegative = rest.StartsWith("-"u8);
        var digits = 0;
        long sum = 0;
        for (; at < rest.Length && at < width && char.IsAsciiDigit((char)rest[at]); at++, digits++)
        {
            sum = Math.Min((sum * 10) + rest[at] - '0', int.MaxValue);
        }

        if (digits == 0)
        {
            return false;
        }

        value = (int)(isNegative ? -sum : sum);
        text = rest[at..];
        return true;
    }
}
