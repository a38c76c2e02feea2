// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.RegularExpressions;

namespace AcctExporter.Reports;

/// <summary>The reports of line use and of reboots, read again from their text (<c>nite/lineuse</c>).</summary>
/// <param name="DurationMinutes">The time that the report is about; null when it does not say.</param>
/// <param name="Lines">A line of the host each: name, minutes, percent, sessions, logins, logouts.</param>
internal sealed partial record LineUseLines(long? DurationMinutes, IReadOnlyList<LineUseLine> Lines)
{
    /// <summary>Reads one; what is no row of it is left out.</summary>
    public static LineUseLines Of(byte[] lineuse)
    {
        long? duration = null;
        var lines = new List<LineUseLine>();
        foreach (var line in LoginlogText.Split(lineuse).Select(Encoding.UTF8.GetString))
        {
            if (Duration().Match(line) is { Success: true } title
                && long.TryParse(title.Groups[1].Value, out var minutes))
            {
                duration = minutes;
            }
            else if (Row().Match(line) is { Success: true } row
                && Numbers(row) is [var used, var percent, var sessions, var logins, var logouts])
            {
                lines.Add(new(row.Groups[1].Value, used, percent, sessions, logins, logouts));
            }
        }

        return new(duration, lines);
    }

    private static long[] Numbers(Match row) =>
        [.. row.Groups.Values.Skip(2).Select(group => long.TryParse(group.Value, out var number) ? number : 0)];

    [GeneratedRegex(@"^TOTAL DURATION IS (-?\d+) MINUTES$")]
    private static partial Regex Duration();

    /// <summary>A name may have blanks in it; the numbers are what stands at the end.</summary>
    [GeneratedRegex(@"^(.*?) +(-?\d+) +(-?\d+) +(\d+) +(\d+) +(\d+) *$", RegexOptions.Singleline)]
    private static partial Regex Row();
}

/// <summary>A row of the report of line use.</summary>
/// <param name="Line">The line's name.</param>
/// <param name="Minutes">Minutes of sessions on it.</param>
/// <param name="Percent">Of the whole time.</param>
/// <param name="Sessions">Sessions.</param>
/// <param name="Logins">Logins.</param>
/// <param name="Logouts">Logouts, also those without a session.</param>
internal sealed record LineUseLine(string Line, long Minutes, long Percent, long Sessions, long Logins, long Logouts);
