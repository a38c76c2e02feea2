// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace AcctExporter.Suite;

/// <summary>A time of the week by the clocks of the host: <c>Sun 22:30</c>.</summary>
/// <param name="Day">The day.</param>
/// <param name="Time">The time of that day.</param>
internal readonly record struct WeeklyTime(DayOfWeek Day, TimeOnly Time)
{
    /// <summary>Times of a day as they are written: <c>04:00</c>.</summary>
    public const string TimeForm = "HH:mm";

    private static readonly string[] Names = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

    /// <summary>Reads one.</summary>
    public static bool TryParse(string text, out WeeklyTime time)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var day = parts.Length == 2
            ? Array.FindIndex(Names, name => name.Equals(parts[0], StringComparison.OrdinalIgnoreCase)) : -1;
        time = default;
        if (day < 0 || !TryParseTime(parts[1], out var at))
        {
            return false;
        }

        time = new((DayOfWeek)day, at);
        return true;
    }

    /// <summary>Reads the time of a day.</summary>
    public static bool TryParseTime(string text, out TimeOnly time) =>
        TimeOnly.TryParseExact(text, TimeForm, CultureInfo.InvariantCulture, DateTimeStyles.None, out time);

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Names[(int)Day]} {Time.ToString(TimeForm, CultureInfo.InvariantCulture)}";
}
