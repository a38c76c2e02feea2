// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Reports;

/// <summary>
/// An instant as a person gives it to <c>last --since</c>: <c>2026-03-01 12:00:00</c> (also with a T, without seconds,
/// or the day alone; with a zone behind it, as RFC 3339 has it), <c>20260301120000</c>, <c>12:00</c>, <c>now</c>,
/// <c>today</c>, <c>yesterday</c>, <c>tomorrow</c>, <c>+5min</c>, <c>-5days</c>, <c>2 hours ago</c>,
/// <c>@1772366400</c>; the name of its weekday may stand in front. Local time, where no zone is said.
/// </summary>
internal static class TimeWords
{
    private static readonly string[] WithSeconds = ["%y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S"];

    private static readonly string[] WithMinutes = ["%y-%m-%d %H:%M", "%Y-%m-%d %H:%M"];

    private static readonly string[] WithDay = ["%y-%m-%d", "%Y-%m-%d"];

    private static readonly string[] Instants =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", "yyyy-MM-dd HH:mm:ss.FFFFFFFzzz",
        "yyyy-MM-dd HH:mm:ss.FFFFFFF'Z'",
    ];

    /// <summary>Units and their seconds; of two that fit, the first is meant, so longer names stand first.</summary>
    private static readonly (string Name, double Seconds)[] Units =
    [
        ("seconds", 1), ("second", 1), ("sec", 1), ("s", 1), ("minutes", 60), ("minute", 60), ("min", 60),
        ("months", 2_629_800), ("month", 2_629_800), ("msec", 1e-3), ("ms", 1e-3), ("m", 60), ("hours", 3600),
        ("hour", 3600), ("hr", 3600), ("h", 3600), ("days", 86_400), ("day", 86_400), ("d", 86_400),
        ("weeks", 604_800), ("week", 604_800), ("w", 604_800), ("years", 31_557_600), ("year", 31_557_600),
        ("y", 31_557_600), ("usec", 1e-6), ("us", 1e-6), ("", 1),
    ];

    /// <summary>Reads one.</summary>
    /// <param name="text">What was given.</param>
    /// <param name="now">What time it is.</param>
    /// <param name="zone">Whose local time it is.</param>
    /// <param name="unixSeconds">The instant, not before 1970.</param>
    public static bool TryRead(string text, DateTimeOffset now, TimeZoneInfo zone, out long unixSeconds)
    {
        var local = TimeZoneInfo.ConvertTime(now, zone).DateTime;
        var nowSeconds = now.ToUnixTimeSeconds();
        double length;
        switch (text)
        {
            case "now":
                return In1970OrLater(nowSeconds, out unixSeconds);
            case "today":
                return Of(local.Date, zone, out unixSeconds);
            case "yesterday":
                return Of(local.Date.AddDays(-1), zone, out unixSeconds);
            case "tomorrow":
                return Of(local.Date.AddDays(1), zone, out unixSeconds);
            case ['+', ..]:
                return TryReadLength(text.AsSpan(1), out length) & In1970OrLater(nowSeconds + length, out unixSeconds);
            case ['-', ..]:
                return TryReadLength(text.AsSpan(1), out length) & In1970OrLater(nowSeconds - length, out unixSeconds);
            case ['@', ..]:
                return long.TryParse(text.AsSpan(1), out unixSeconds) && unixSeconds >= 0;
        }

        if (text.EndsWith(" ago", StringComparison.Ordinal))
        {
            return TryReadLength(text.AsSpan(0, text.Length - 4), out length)
                & In1970OrLater(nowSeconds - length, out unixSeconds);
        }

        return TryReadInstant(text, out unixSeconds) || TryReadDate(text, local, zone, out unixSeconds);
    }

    /// <summary>
    /// RFC 3339, whose zone is said: <c>2026-03-01T12:00:00Z</c>, <c>2026-03-01T13:00:00.5+01:00</c>.
    /// </summary>
    private static bool TryReadInstant(string text, out long unixSeconds)
    {
        unixSeconds = 0;
        return DateTimeOffset.TryParseExact(
                text, Instants, System.Globalization.CultureInfo.InvariantCulture,
                System.Globalization.DateTimeStyles.AssumeUniversal, out var instant)
            && In1970OrLater(instant.ToUnixTimeSeconds(), out unixSeconds);
    }

    private static bool TryReadDate(string text, DateTime local, TimeZoneInfo zone, out long unixSeconds)
    {
        unixSeconds = 0;
        var weekday = WeekdayOf(ref text);
        var minute = local.AddSeconds(-local.Second);
        var date = FirstMatch(text, local, WithSeconds) ?? FirstMatch(text, minute, WithMinutes)
            ?? FirstMatch(text, local.Date, WithDay) ?? Match(text, local, "%H:%M:%S") ?? Match(text, minute, "%H:%M")
            ?? Match(text, local, "%Y%m%d%H%M%S");
        return date is { } found && Of(found, zone, out unixSeconds)
            && (weekday is null || found.DayOfWeek == weekday);
    }

    private static DayOfWeek? WeekdayOf(ref string text)
    {
        foreach (var day in Enum.GetValues<DayOfWeek>())
        {
            foreach (var name in new[] { $"{day} ", $"{day.ToString()[..3]} " })
            {
                if (text.StartsWith(name, StringComparison.OrdinalIgnoreCase))
                {
                    text = text[name.Length..];
                    return day;
                }
            }
        }

        return null;
    }

    private static DateTime? FirstMatch(string text, DateTime start, string[] forms)
    {
        foreach (var form in forms)
        {
            if (Match(text, start, form) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>strptime(3), as far as it is needed: each number may have blanks before it, and fewer digits.</summary>
    private static DateTime? Match(ReadOnlySpan<char> text, DateTime start, string form)
    {
        int year = start.Year, month = start.Month, day = start.Day;
        int hour = start.Hour, minute = start.Minute, second = start.Second;
        for (var i = 0; i < form.Length; i++)
        {
            if (form[i] == ' ')
            {
                text = text.TrimStart();
                continue;
            }

            if (form[i] != '%')
            {
                if (text.IsEmpty || text[0] != form[i])
                {
                    return null;
                }

                text = text[1..];
                continue;
            }

            var isNumber = form[++i] switch
            {
                'y' => Number(ref text, 0, 99, 2, ref year) && (year += year < 69 ? 2000 : 1900) > 0,
                'Y' => Number(ref text, 0, 9999, 4, ref year),
                'm' => Number(ref text, 1, 12, 2, ref month),
                'd' => Number(ref text, 1, 31, 2, ref day),
                'H' => Number(ref text, 0, 23, 2, ref hour),
                'M' => Number(ref text, 0, 59, 2, ref minute),
                _ => Number(ref text, 0, 61, 2, ref second),
            };
            if (!isNumber)
            {
                return null;
            }
        }

        // A 31st of February is the third day after the 28th, as mktime(3) has it.
        return (text.IsEmpty || IsFraction(text)) && year is > 1900 and < 9999
            ? new DateTime(year, month, 1).AddDays(day - 1).AddHours(hour).AddMinutes(minute).AddSeconds(second)
            : null;
    }

    private static bool IsFraction(ReadOnlySpan<char> text) =>
        text is ['.' or ',', _, ..] and { Length: <= 7 } && !text[1..].ContainsAnyExceptInRange('0', '9');

    private static bool Number(ref ReadOnlySpan<char> text, int least, int most, int digits, ref int value)
    {
        text = text.TrimStart(' ');
        if (text.IsEmpty || !char.IsAsciiDigit(text[0]))
        {
            return false;
        }

        value = 0;
        do
        {
            value = (value * 10) + (text[0] - '0');
            text = text[1..];
        }
        while (--digits > 0 && value * 10 <= most && !text.IsEmpty && char.IsAsciiDigit(text[0]));

        return value >= least && value <= most;
    }

    /// <summary><c>1h 30min</c>, <c>2.5 days</c>; no unit is seconds.</summary>
    private static bool TryReadLength(ReadOnlySpan<char> text, out double seconds)
    {
        seconds = 0;
        text = text.Trim();
        if (text.IsEmpty)
        {
            return false;
        }

        while (!text.IsEmpty)
        {
            var digits = 0;
            while (digits < text.Length && text[digits] is '.' or >= '0' and <= '9')
            {
                digits++;
            }

            var number = text[..digits];
            if (!double.TryParse(
                number, System.Globalization.NumberStyles.AllowDecimalPoint,
                System.Globalization.CultureInfo.InvariantCulture, out var count))
            {
                return false;
            }

            text = text[number.Length..].TrimStart();
            foreach (var (name, unit) in Units)
            {
                if (text.StartsWith(name, StringComparison.Ordinal))
                {
                    seconds += count * unit;
                    text = text[name.Length..].TrimStart();
                    break;
                }
            }
        }

        return true;
    }

    /// <summary>
    /// Of an hour that comes twice, mktime(3) finds the first one west of Greenwich and the second one east of it; one
    /// that is left out is as much after the change.
    /// </summary>
    private static bool Of(DateTime local, TimeZoneInfo zone, out long unixSeconds)
    {
        var offset = zone.GetUtcOffset(local);
        if (zone.IsAmbiguousTime(local))
        {
            var both = zone.GetAmbiguousTimeOffsets(local);
            offset = zone.BaseUtcOffset > TimeSpan.Zero ? both.Min() : both.Max();
        }

        return In1970OrLater((local - DateTime.UnixEpoch - offset).TotalSeconds, out unixSeconds);
    }

    private static bool In1970OrLater(double seconds, out long unixSeconds)
    {
        unixSeconds = (long)Math.Floor(Math.Clamp(seconds, 0, uint.MaxValue * 2.0));
        return true;
    }
}
