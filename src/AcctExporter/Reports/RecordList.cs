// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Logins;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary><c>acctcon1 -p</c>: login records as lines of their line, user and time.</summary>
internal static class RecordList
{
    /// <summary>Writes them all.</summary>
    /// <param name="input">A login file or a pipe.</param>
    /// <param name="output">Where the lines go; by the classic rules, those about bad records too.</param>
    /// <param name="format">As such lines, or as rows.</param>
    /// <param name="zone">For the dates.</param>
    /// <param name="compat">By the classic rules.</param>
    /// <returns>How many records were bad.</returns>
    public static ulong Write(Stream input, Stream output, ReportFormat format, TimeZoneInfo zone, bool compat)
    {
        var text = new ReportText(output);
        var rows = format == ReportFormat.Text ? null : new ReportRows(text, format, "line", "user", "time");
        var offsets = new ZoneOffsets(zone);
        var reader = new UtmpReader(input, flawedToo: compat);
        ulong bad = 0;
        for (long records = 0; reader.TryRead(out var record); records++)
        {
            var isValid = !compat || CompatLoginRecord.IsValid(record, withDots: false);
            bad += isValid ? 0UL : 1UL;
            if (rows is null)
            {
                if (!isValid)
                {
                    text.Add("bad wtmpx: offset "u8);
                    text.Add(records * reader.Layout.Size);
                    text.Add(".\nbad record is:  "u8);
                }

                Add(text, record, offsets);
            }
            else if (isValid)
            {
                rows.Row();
                rows.Add(record.Line);
                rows.Add(record.User);
                rows.AddInstant(record.Seconds);
            }
        }

        rows?.End();
        text.Flush();
        return compat ? bad : reader.Flawed;
    }

    private static void Add(ReportText text, UtmpRecord record, ZoneOffsets offsets)
    {
        text.Add(record.Line);
        text.Add((byte)'\t');
        text.Add(record.User);
        text.Add((byte)'\t');
        text.Add(record.Seconds);
        text.Add((byte)'\t');
        text.Advance(FwtmpText.Date(text.Room(64), record.Seconds + offsets.SecondsAt(record.Seconds)));
        text.Add((byte)'\n');
    }
}
