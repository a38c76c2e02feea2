// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// The suite's table of last logins (<c>sum/loginlog</c>): <c>yy-mm-dd  name</c>, sorted by date, then name; 00-00-00
/// says never, 00 to 68 are the years from 2000, 69 to 99 those from 1969.
/// </summary>
internal sealed class LoginlogFile
{
    private const int DateBytes = 8;
    private const int NameAt = DateBytes + 2;

    private readonly SortedDictionary<string, int> days = new(StringComparer.Ordinal);

    /// <summary>Lines that were none.</summary>
    public long BadLines { get; private set; }

    /// <summary>A date as one number that sorts: 20260301.</summary>
    public static int Day(CivilTime time) => (int)(time.Year * 10_000) + (time.Month * 100) + time.Day;

    /// <summary>A name's date, if it is newer than the one known.</summary>
    public void Add(string name, int day) => days[name] = Math.Max(day, days.GetValueOrDefault(name));

    /// <summary>Takes away the names that are not among these.</summary>
    public void Keep(IReadOnlySet<string> names)
    {
        foreach (var gone in days.Keys.Where(name => !names.Contains(name)).ToArray())
        {
            days.Remove(gone);
        }
    }

    /// <summary>Adds the lines of an existing table.</summary>
    public void AddLines(IEnumerable<string> lines)
    {
        foreach (var line in lines.Where(line => line.Length > 0))
        {
            if (line.Length > NameAt && line[2] == '-' && line[5] == '-' && line[8] == ' ' && line[9] == ' '
                && TryDay(line, out var day))
            {
                Add(line[NameAt..], day);
            }
            else
            {
                BadLines++;
            }
        }
    }

    /// <summary>The table.</summary>
    public void Write(ReportText text)
    {
        // OrderBy keeps the order of names within a day.
        foreach (var (name, day) in days.OrderBy(entry => entry.Value))
        {
            TwoDigits(text, day / 10_000 % 100);
            text.Add((byte)'-');
            TwoDigits(text, day / 100 % 100);
            text.Add((byte)'-');
            TwoDigits(text, day % 100);
            text.Add("  "u8);
            text.Add(Encoding.UTF8.GetBytes(name));
            text.Add((byte)'\n');
        }
    }

    private static void TwoDigits(ReportText text, int number)
    {
        text.Add((byte)('0' + (number / 10)));
        text.Add((byte)('0' + (number % 10)));
    }

    private static bool TryDay(string line, out int day)
    {
        Span<int> parts = stackalloc int[3];
        day = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            var (high, low) = (line[i * 3] - '0', line[(i * 3) + 1] - '0');
            if (high is < 0 or > 9 || low is < 0 or > 9)
            {
                return false;
            }

            parts[i] = (high * 10) + low;
        }

        day = parts is [0, 0, 0] ? 0
            : ((parts[0] < 69 ? 2000 : 1900) + parts[0]) * 10_000 + (parts[1] * 100) + parts[2];
        return parts is [0, 0, 0] or [_, >= 1 and <= 12, >= 1 and <= 31];
    }
}
