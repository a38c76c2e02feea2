// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AcctExporter.Logins;

namespace AcctExporter.Reports;

/// <summary>The report of line use: how long each line was used of the time that the file spans.</summary>
internal static class LineUseText
{
    private const int LineColumn = 12;

    /// <summary>Writes it.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="format">As the classic report, or as rows.</param>
    /// <param name="lines">The lines, in their order.</param>
    /// <param name="durationSeconds">What the file spans.</param>
    /// <param name="compat">Lines' names are cut at twelve letters.</param>
    public static void Write(
        Stream output, ReportFormat format, IReadOnlyList<LineUse> lines, long durationSeconds, bool compat)
    {
        if (format != ReportFormat.Text)
        {
            WriteRows(output, format, lines, durationSeconds);
            return;
        }

        var text = new ReportText(output);
        var duration = durationSeconds / 60.0;
        text.Add("TOTAL DURATION IS "u8);
        Add(text, duration, 0);
        text.Add(" MINUTES\nLINE         MINUTES  PERCENT  # SESS  # ON  # OFF\n"u8);
        double minutes = 0;
        long sessions = 0;
        long logins = 0;
        long logouts = 0;
        foreach (var line in lines)
        {
            var used = line.Seconds / 60.0;
            text.AddLeft(Encoding.UTF8.GetBytes(line.Line), LineColumn, compat ? LineColumn : int.MaxValue);
            text.Add((byte)' ');
            Add(text, used, 7);
            text.Add("  "u8);
            Add(text, duration > 0 ? 100 * used / duration : 0, 7);
            text.Add("  "u8);
            Counts(text, line.Sessions, line.Logins, line.Logouts);
            minutes += used;
            sessions += line.Sessions;
            logins += line.Logins;
            logouts += line.Logouts;
        }

        text.Add("TOTALS       "u8);
        Add(text, minutes, 7);
        text.Add("  --       "u8);
        Counts(text, sessions, logins, logouts);
        text.Flush();
    }

    private static void WriteRows(
        Stream output, ReportFormat format, IReadOnlyList<LineUse> lines, long durationSeconds)
    {
        var rows = new ReportRows(
            new(output), format, "line", "connect_seconds", "ratio", "sessions", "logins", "logouts");
        foreach (var line in lines)
        {
            rows.Row();
            rows.Add(line.Line);
            rows.Add(line.Seconds);
            rows.Add(durationSeconds > 0 ? (double)line.Seconds / durationSeconds : 0);
            rows.Add(line.Sessions);
            rows.Add(line.Logins);
            rows.Add(line.Logouts);
        }

        rows.End();
    }

    private static void Counts(ReportText text, long sessions, long logins, long logouts)
    {
        Left(text, sessions, 6);
        text.Add("  "u8);
        Left(text, logins, 4);
        text.Add("  "u8);
        Left(text, logouts, 5);
        text.Add((byte)'\n');
    }

    private static void Left(ReportText text, long value, int width)
    {
        Span<byte> digits = stackalloc byte[20];
        value.TryFormat(digits, out var written, default, CultureInfo.InvariantCulture);
        text.AddLeft(digits[..written], width);
    }

    private static void Add(ReportText text, double value, int width)
    {
        Span<byte> digits = stackalloc byte[32];
        value.TryFormat(digits, out var written, "F0", CultureInfo.InvariantCulture);
        text.AddLeft(digits[..written], width);
    }
}
