// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>Exits one by one, as System V's <c>acctcom</c> lists them.</summary>
internal sealed class AcctcomReport
{
    /// <summary><c>ACCTF</c>: what kind of record of System V it is; 0 is a process.</summary>
    private const int KindBits = 0xc0;

    private readonly AcctcomOptions options;
    private readonly ReportIo io;
    private readonly OwnerNames owners = new();
    private readonly ReportText text;
    private readonly AcctcomPage page;
    private readonly ExitRows? rows;
    private readonly AcctcomOutput? output;
    private readonly AcctcomTotals totals = new();
    private readonly ExitBatch batch = new();
    private AcctcomBounds bounds;
    private ReadResult result;

    private AcctcomReport(AcctcomOptions options, ReportIo io, Stream? records)
    {
        this.options = options;
        this.io = io;
        text = new ReportText(io.Output);
        page = new AcctcomPage(options, text, io.Clock.LocalTimeZone, owners);
        rows = options.Format == ReportFormat.Text ? null
            : new ExitRows(text, options.Format, owners, new TerminalNames());
        output = records is null ? null : new AcctcomOutput(records);
    }

    /// <summary>Reads the files and prints the list.</summary>
    /// <param name="options">What is asked for.</param>
    /// <param name="io">What is read and written besides.</param>
    /// <param name="records">Where the records go instead of into a list (<c>-o</c>), if they do.</param>
    public static ReadResult Run(AcctcomOptions options, ReportIo io, Stream? records = null)
    {
        var report = new AcctcomReport(options, io, records);
        var files = options.Input.Files;
        if (files.Count == 0)
        {
            report.Read(options.Input);
        }

        foreach (var file in files)
        {
            report.Read(options.Input with { Files = [file] });
        }

        report.End();
        return report.result;
    }

    /// <summary>A line that says how far it is would stand among the rows.</summary>
    private bool ListsOnTerminal => options.Rows && output is null && !Console.IsOutputRedirected;

    private void Read(ExitInputOptions source)
    {
        // The classic command cannot go backwards through standard input, and neither do we.
        source = source.Files is ["-"] ? source with { NewestFirst = false } : source;
        var first = source.NewestFirst ? FirstBegin(source) : null;
        using var input = ExitInput.Open(source, io, AcctcomNames.Applet);
        using var progress = ListsOnTerminal ? null : Progress.Of(AcctcomNames.Applet, io);
        for (var isFirst = true; input.Read(batch); isFirst = false)
        {
            if (isFirst)
            {
                Begin(first ?? batch.Records[0].BeginUnixSeconds, input.IsJournal);
            }

            progress?.Tell(batch.Count);
            if (!ShowBatch(source.NewestFirst))
            {
                break;
            }
        }

        result = input.Result > result ? input.Result : result;
    }

    /// <summary>When the process of a file's first record began; null when there is none.</summary>
    private long? FirstBegin(ExitInputOptions source)
    {
        // What is wrong with the file is said when it is read.
        using var input = ExitInput.Open(
            source with { NewestFirst = false }, io with { Errors = TextWriter.Null }, AcctcomNames.Applet);
        return input.Read(batch) ? batch.Records[0].BeginUnixSeconds : null;
    }

    private void Begin(long first, bool isJournal)
    {
        var zone = io.Clock.LocalTimeZone;
        var now = io.Clock.GetUtcNow();
        var offset = (int)zone.GetUtcOffset(now).TotalSeconds;
        bounds = options.Compat ? options.Times.WithOffset(first, offset)
            : options.Times.On(isJournal ? now.ToUnixTimeSeconds() : first, zone);
        // The classic command has it also above nothing but averages, or where no headings are wanted.
        if (rows is null && (options.Compat || (options.Headings && options.Rows && output is null)))
        {
            if (IsBeforeToday(first, now, zone))
            {
                page.RecordsFrom(first);
            }

            page.Bounds(bounds);
        }
    }

    /// <summary>The classic command means days of UTC.</summary>
    private bool IsBeforeToday(long first, DateTimeOffset now, TimeZoneInfo zone)
    {
        zone = options.Compat ? TimeZoneInfo.Utc : zone;
        return TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(first), zone).Date
            < TimeZoneInfo.ConvertTime(now, zone).Date;
    }

    /// <summary>False when no more is to be read of the file.</summary>
    private bool ShowBatch(bool newestFirst)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            var entry = batch[i];
            var end = entry.EndUnixSeconds;
            // Files are in the order of ends, the classic command believes.
            if (options.Compat && (newestFirst ? end < bounds.EndAfter : end > bounds.EndBefore))
            {
                return false;
            }

            if (bounds.Contain(entry.Record.BeginUnixSeconds, end)
                && !(batch.IsSystemV && (entry.Record.Flags & KindBits) != 0)
                && options.Selection.Matches(entry))
            {
                Show(entry);
            }
        }

        return true;
    }

    private void Show(in AcctEntry entry)
    {
        var figures = new AcctcomFigures(entry, batch.IsSystemV, options.Compat);
        if (!options.Match.Matches(entry, figures, owners))
        {
            return;
        }

        totals.Add(figures);
        if (output is not null)
        {
            output.Add(entry, batch.IsSystemV);
        }
        else if (rows is not null)
        {
            rows.Add(entry, batch.IsSystemV);
        }
        else
        {
            page.Row(entry, figures);
        }
    }

    private void End()
    {
        output?.Flush();
        rows?.End();
        if (options.Averages)
        {
            page.Averages(totals);
        }

        text.Flush();
    }
}
