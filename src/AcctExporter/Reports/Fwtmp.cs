// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Logins;
using AcctExporter.Records;
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary><c>fwtmp</c>: login records as lines of text, and lines as records, for an editor or a filter.</summary>
internal static class Fwtmp
{
    /// <summary>Records in, text out. Damaged records are written as they are; lost bytes are left out.</summary>
    /// <param name="input">A login file or a pipe.</param>
    /// <param name="output">Where the lines go.</param>
    /// <param name="zone">For the dates.</param>
    /// <returns>How often something was left out.</returns>
    public static ulong Write(Stream input, Stream output, TimeZoneInfo zone)
    {
        var reader = new UtmpReader(input, flawedToo: true);
        var text = new ReportText(output);
        var offsets = new ZoneOffsets(zone);
        while (reader.TryRead(out var record))
        {
            text.Advance(FwtmpText.Line(text.Room(FwtmpText.LineRoom), record, offsets));
        }

        text.Flush();
        return LeftOut(reader);
    }

    /// <summary>Records in, records out: what passes unchanged through other hands, or as rows.</summary>
    /// <param name="input">A login file or a pipe.</param>
    /// <param name="output">Where the records go.</param>
    /// <returns>How often something was left out.</returns>
    public static ulong Copy(Stream input, UtmpOutput output)
    {
        var reader = new UtmpReader(input, flawedToo: true);
        while (reader.TryRead(out var record))
        {
            output.Add(record);
        }

        output.End();
        return LeftOut(reader);
    }

    /// <summary>Lines in; records go to the caller in this host's layout.</summary>
    /// <param name="input">The lines.</param>
    /// <param name="take">Takes each record.</param>
    /// <param name="complain">Told of a line that is none, by its number.</param>
    /// <returns>How many lines were none.</returns>
    public static ulong Read(Stream input, TakeRecord take, Action<long> complain)
    {
        var lines = new TextLines(input);
        var layout = UtmpLayout.OfThisHost;
        Span<byte> record = stackalloc byte[UtmpLayout.WideSize];
        Span<byte> texts = stackalloc byte[FwtmpText.TextBytes];
        ulong bad = 0;
        while (lines.TryRead(out var line))
        {
            if (!FwtmpText.TryRead(line, texts, out var fields))
            {
                bad++;
                complain(lines.Number);
                continue;
            }

            fields.Write(record, layout);
            take(new(record[..layout.Size], layout));
        }

        return bad;
    }

    private static ulong LeftOut(UtmpReader reader) =>
        reader.Flaws[(int)UtmpFlaw.Partial] + reader.Flaws[(int)UtmpFlaw.Misaligned];
}

/// <summary>Takes a record that is good until it returns.</summary>
internal delegate void TakeRecord(UtmpRecord record);
