// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using System.Globalization;

namespace AcctExporter.Records;

/// <summary>
/// Reads a holidays file so that a bad line costs that line and is told; only without a good first line is there no
/// table.
/// </summary>
internal static class SaneHolidays
{
    /// <summary>Warnings kept; a file that is something else altogether has no more to say.</summary>
    private const int WarningsMax = 50;

    private const string FirstLineRemedy = "begin with the year and two times, such as: 2026 0800 1800";

    /// <summary>Reads any bytes.</summary>
    public static Holidays Parse(ReadOnlySpan<byte> text)
    {
        var warnings = new List<HolidayWarning>();
        var days = new uint[13];
        var list = new List<int>();
        Holidays? table = null;
        var number = 0;
        foreach (var range in text.Split((byte)'\n'))
        {
            number++;
            var line = text[range];
            if (line.StartsWith("*"u8) || line.Trim(Blanks).IsEmpty)
            {
                continue;
            }

            if (table is null)
            {
                table = FirstLine(line, number, warnings);
                if (!table.IsUsable)
                {
                    return new() { Warnings = warnings };
                }
            }
            else if (!TryDay(line, table.Year, out var month, out var day, out var what))
            {
                Warn(warnings, number, what,
                    "write month/day or the number of the day in its year; a comment begins with * in column 1");
            }
            else if ((days[month] >> day & 1) == 0)
            {
                days[month] |= 1u << day;
                list.Add(new DateOnly(table.Year, month, day).DayOfYear - 1);
            }
        }

        if (table is null)
        {
            return new() { Warnings = [new(0, "no line says when prime time is", FirstLineRemedy)] };
        }

        return new()
        {
            IsUsable = true, Year = table.Year, PrimeStartSeconds = table.PrimeStartSeconds,
            PrimeEndSeconds = table.PrimeEndSeconds, Warnings = warnings, DaysByMonth = days, DaysOfYear = list,
        };
    }

    private static ReadOnlySpan<byte> Blanks => " \t\r\v\f"u8;

    private static Holidays FirstLine(ReadOnlySpan<byte> line, int number, List<HolidayWarning> warnings)
    {
        Span<int> values = stackalloc int[3];
        for (var at = 0; at < values.Length; at++)
        {
            if (!TryNumber(Token(ref line), most: 4, out values[at]))
            {
                Warn(warnings, number, "the first line is not a year and two times", FirstLineRemedy);
                return Holidays.None;
            }
        }

        var (year, start, end) = (values[0], SecondOfDay(values[1]), SecondOfDay(values[2]));
        if (year is < 1970 or > 9999)
        {
            Warn(warnings, number, $"the year {year} is not between 1970 and 9999", FirstLineRemedy);
            return Holidays.None;
        }

        if (start < 0 || end < 0)
        {
            Warn(warnings, number, "a time is not between 0000 and 2400", FirstLineRemedy);
            return Holidays.None;
        }

        start = start == 86_400 ? 0 : start;
        if (start > end)
        {
            Warn(warnings, number, "prime time ends before it begins",
                "give times of one day: prime time cannot reach over midnight");
            return Holidays.None;
        }

        return new() { IsUsable = true, Year = year, PrimeStartSeconds = start, PrimeEndSeconds = end };
    }

    private static bool TryDay(ReadOnlySpan<byte> line, int year, out int month, out int day, out string what)
    {
        (month, day) = (0, 0);
        var token = Token(ref line);
        var slash = token.IndexOf((byte)'/');
        if (slash >= 0)
        {
            what = "that is no date of the table's year";
            var second = token[(slash + 1)..];
            var behind = second.IndexOf((byte)'/');
            second = behind < 0 ? second : second[..behind];
            return TryNumber(token[..slash], most: 2, out month) && TryNumber(second, most: 2, out day)
                && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month);
        }

        what = "the line begins with no date";
        if (!TryNumber(token, most: 3, out var dayOfYear))
        {
            return false;
        }

        var days = DateTime.IsLeapYear(year) ? 366 : 365;
        if (dayOfYear < 1 || dayOfYear > days)
        {
            what = string.Create(CultureInfo.InvariantCulture, $"day {dayOfYear} is none of the {days} of {year}");
            return false;
        }

        var date = new DateOnly(year, 1, 1).AddDays(dayOfYear - 1);
        (month, day) = (date.Month, date.Day);
        return true;
    }

    /// <summary>HHMM as seconds since midnight; -1 when it is no time.</summary>
    private static int SecondOfDay(int time) =>
        time <= 2400 && time % 100 < 60 ? (time / 100 * 3600) + (time % 100 * 60) : -1;

    private static ReadOnlySpan<byte> Token(ref ReadOnlySpan<byte> line)
    {
        line = line.TrimStart(Blanks);
        var end = line.IndexOfAny(Blanks);
        var token = end < 0 ? line : line[..end];
        line = line[token.Length..];
        return token;
    }

    private static bool TryNumber(ReadOnlySpan<byte> digits, int most, out int value)
    {
        value = 0;
        return digits.Length <= most && !digits.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            && Utf8Parser.TryParse(digits, out value, out _);
    }

    private static void Warn(List<HolidayWarning> warnings, int line, string what, string remedy)
    {
        if (warnings.Count < WarningsMax)
        {
            warnings.Add(new(line, what, remedy));
        }
        else if (warnings.Count == WarningsMax)
        {
            warnings.Add(new(line, "it and lines behind it are wrong", remedy));
        }
    }
}
