// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Logins;
using AcctExporter.Records;
using AcctExporter.Suite;

namespace AcctExporter.Reports;

/// <summary>
/// <c>utmpdump</c>: every record of a login file as a line of text, damaged ones too, and the lines back into records.
/// </summary>
/// <param name="output">Where the data go.</param>
/// <param name="format">The form of the data.</param>
internal sealed class UtmpDump(Stream output, ReportFormat format)
{
    /// <summary>Records that <c>--follow</c> begins with.</summary>
    public const int LastRecords = 10;

    private readonly ReportText text = new(output);
    private readonly UtmpText line = new();
    private readonly UtmpOutput? rows = format == ReportFormat.Text ? null : new(output, format);

    /// <summary>Writes all records.</summary>
    /// <param name="input">A login file or a pipe.</param>
    /// <returns>What was wrong, by <see cref="UtmpFlaw"/>.</returns>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    public ulong[] Dump(Stream input)
    {
        var reader = new UtmpReader(input, flawedToo: true);
        while (reader.TryRead(out var record))
        {
            Add(record);
        }

        End();
        return reader.Flaws.ToArray();
    }

    /// <summary>Writes the last records of a file, and what is appended to it until it is told to stop.</summary>
    /// <param name="tail">The file.</param>
    /// <param name="pause">How long between two looks.</param>
    /// <param name="stop">Ends it.</param>
    public void Follow(UtmpTail tail, TimeSpan pause, CancellationToken stop)
    {
        do
        {
            foreach (var slot in tail.Read())
            {
                Add(new(slot.Span, tail.Layout));
            }

            text.Flush();
            rows?.Flush();
        }
        while (!stop.WaitHandle.WaitOne(pause));
        End();
    }

    /// <summary>Lines back into records, in the layout of this host.</summary>
    /// <param name="input">The lines.</param>
    /// <param name="complain">Told of a line that is none, by its number.</param>
    /// <returns>How many lines were none.</returns>
    public static long Undump(Stream input, UtmpOutput output, Action<long> complain)
    {
        var lines = new TextLines(input);
        var layout = UtmpLayout.OfThisHost;
        Span<byte> record = stackalloc byte[UtmpLayout.WideSize];
        Span<byte> address = stackalloc byte[UtmpRecord.AddressSize];
        long bad = 0;
        while (lines.TryRead(out var line))
        {
            if (UtmpTextReader.TryRead(line, address, out var fields))
            {
                fields.Write(record, layout);
                output.Add(new(record[..layout.Size], layout));
            }
            else
            {
                bad++;
                complain(lines.Number);
            }
        }

        output.End();
        return bad;
    }

    private void Add(UtmpRecord record)
    {
        if (rows != null)
        {
            rows.Add(record);
            return;
        }

        text.Advance(line.Line(text.Room(UtmpText.LineRoom), record));
    }

    private void End()
    {
        if (rows != null)
        {
            rows.End();
        }
        else
        {
            text.Flush();
        }
    }
}
