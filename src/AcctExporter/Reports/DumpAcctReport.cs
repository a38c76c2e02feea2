// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Reports;

/// <summary>Every field of every record: <c>dump-acct</c> of GNU acct.</summary>
/// <param name="options">What to show.</param>
/// <param name="io">What it reads and writes.</param>
internal sealed class DumpAcctReport(DumpAcctOptions options, ReportIo io)
{
    private const string Name = "dump-acct";

    private readonly TerminalNames terminals = new();

    /// <summary>Writes it.</summary>
    public ReadResult Run()
    {
        using var input = ExitInput.Open(options.Input, io, Name);
        if (options.Records is { } form)
        {
            WriteRecords(input, form);
        }
        else if (options.Format == ReportFormat.Text)
        {
            ExitListing.Write(input, io.Output, options.Most, options.Workers, Lines);
        }
        else
        {
            var rows = new ExitRows(new ReportText(io.Output), options.Format, new OwnerNames(), terminals);
            ExitListing.Write(input, rows, options.Most, Lines());
            rows.End();
        }

        return input.Result;
    }

    private DumpAcctLines Lines() => new(options, terminals, io.Clock.LocalTimeZone);

    private void WriteRecords(ExitInput input, RecordForm form)
    {
        // Workers are made one by one, on this thread.
        var workers = new List<RecordLines>();
        ExitListing.Write(input, io.Output, options.Most, options.Workers, () =>
        {
            workers.Add(new(options.Selection, form));
            return workers[^1];
        });
        Tell(workers.Sum(lines => lines.OtherVersions), "of a version that is not written: they became v3");
        Tell(workers.Sum(lines => lines.CutOwners), "with a user or group above 65535, which v0 cuts to 16 bits");
    }

    private void Tell(long records, string what)
    {
        if (records > 0)
        {
            io.Errors.WriteLine($"{Name}: {records} {(records == 1 ? "record" : "records")} {what}");
        }
    }
}
