// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Logins;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// The report of reboots (<c>reboots</c>): from when to when a login file reaches, how often the clock was set, and how
/// often the system started or something else happened.
/// </summary>
internal static class RebootText
{
    /// <summary>Writes it.</summary>
    /// <param name="output">Where it goes.</param>
    /// <param name="format">As the classic report, or as rows.</param>
    /// <param name="reasons">What happened.</param>
    /// <param name="zone">For the dates.</param>
    public static void Write(Stream output, ReportFormat format, LoginReasons reasons, TimeZoneInfo zone)
    {
        var text = new ReportText(output);
        if (format != ReportFormat.Text)
        {
            WriteRows(text, format, reasons);
            return;
        }

        var offsets = new ZoneOffsets(zone);
        text.Add("from "u8);
        Date(text, reasons.FromSeconds, offsets);
        text.Add("to   "u8);
        Date(text, reasons.ToSeconds, offsets);
        if (reasons.ClockChanges > 0)
        {
            text.Add(reasons.ClockChanges);
            text.Add(reasons.ClockChanges == 1 ? "\tdate change\n"u8 : "\tdate changes\n"u8);
        }

        foreach (var (reason, count) in reasons.Counts)
        {
            text.Add(count);
            text.Add((byte)'\t');
            text.Add(Encoding.UTF8.GetBytes(reason));
            text.Add((byte)'\n');
        }

        text.Flush();
    }

    private static void WriteRows(ReportText text, ReportFormat format, LoginReasons reasons)
    {
        var rows = new ReportRows(text, format, "reason", "count", "from", "to");
        var all = reasons.ClockChanges > 0 ? reasons.Counts.Prepend(("date change", reasons.ClockChanges))
            : reasons.Counts;
        foreach (var (reason, count) in all)
        {
            rows.Row();
            rows.Add(reason);
            rows.Add(count);
            rows.AddInstant(reasons.FromSeconds);
            rows.AddInstant(reasons.ToSeconds);
        }

        rows.End();
    }

    private static void Date(ReportText text, long seconds, ZoneOffsets offsets)
    {
        text.Advance(FwtmpText.Date(text.Room(64), seconds + offsets.SecondsAt(seconds)));
        text.Add((byte)'\n');
    }
}
