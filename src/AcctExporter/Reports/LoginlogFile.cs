// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// The suite's table of last logins (<c>sum/loginlog</c>): <c>yyyy-mm-dd  name</c>, sorted by date, then name; or
/// <c>never</c>. In the classic one 00-00-00 says never, 00 to 68 are the years from 2000, 69 to 99 those from 1969.
/// Both are read.
/// </summary>
internal sealed class LoginlogFile
{
    private const int DateBytes = 8;
    private const int NameAt = DateBytes + 2;
    private const int CenturyBytes = 2;
    private const string Never = "never       ";

    private readonly SortedDictionary<string, int> days = new(StringComparer.Ordinal);

    /// <summary>Lines that were none.</summary>
    public long BadLines { get; private set; }

    /// <summary>A date as one number that sorts: 20260301.</summary>
    public static int Day(CivilTime time) => (int)(time.Year * 10_000) + (time.Month * 100) + time.Day;

    /// <summary>The names in it.</summary>
    public IEnumerable<string> Names => days.Keys;

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
        foreach (var whole in lines.Where(line => line.Length > 0))
        {
            // A date of four digits has the classic one behind its century.
            var isLong = whole.Length > CenturyBytes + NameAt && whole[2] != '-';
            var line = isLong ? whole[CenturyBytes..] : whole;
            if (whole.StartsWith(Never, StringComparison.Ordinal) && whole.Length > Never.Length)
            {
                Add(whole[Never.Length..], 0);
            }
            else if (line.Length > NameAt && line[2] == '-' && line[5] == '-' && line[8] == ' ' && line[9] == ' '
                && TryDay(line, isLong ? whole[..CenturyBytes] : null, out var day))
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
    /// <param name="text">Where it goes.</param>
    /// <param name="compat">With years of two digits.</param>
    public void Write(ReportText text, bool compat = true)
    {
        // OrderBy keeps the order of names within a day.
        foreach (var (name, day) in days.OrderBy(entry => entry.Value))
        {
            if (day == 0 && !compat)
            {
                text.Add(Encoding.UTF8.GetBytes(Never));
            }
            else
            {
                AddDate(text, day, compat);
            }

            text.Add(Encoding.UTF8.GetBytes(name));
            text.Add((byte)'\n');
        }
    }

    private static void AddDate(ReportText text, int day, bool compat)
    {
        if (!compat)
        {
            TwoDigits(text, day / 1_000_000 % 100);
        }

        TwoDigits(text, day / 10_000 % 100);
        text.Add((byte)'-');
        TwoDigits(text, day / 100 % 100);
        text.Add((byte)'-');
        TwoDigits(text, day % 100);
        text.Add("  "u8);
    }

    private static void TwoDigits(ReportText text, int number)
    {
        text.Add((byte)('0' + (number / 10)));
        text.Add((byte)('0' + (number % 10)));
    }

    private static bool TryDay(string line, string? century, out int day)
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

        var hundreds = parts[0] < 69 ? 20 : 19;
        if (century is not null && !int.TryParse(
            century, NumberStyles.None, CultureInfo.InvariantCulture, out hundreds))
        {
            return false;
        }

        day = parts is [0, 0, 0] ? 0 : (((hundreds * 100) + parts[0]) * 10_000) + (parts[1] * 100) + parts[2];
        return parts is [0, 0, 0] or [_, >= 1 and <= 12, >= 1 and <= 31];
    }
}
