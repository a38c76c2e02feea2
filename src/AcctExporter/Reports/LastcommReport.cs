// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Reports;

/// <summary>Who ran what, and when it ended: <c>lastcomm</c> of GNU acct.</summary>
/// <param name="options">What to show.</param>
/// <param name="io">What it reads and writes.</param>
internal sealed class LastcommReport(LastcommOptions options, ReportIo io)
{
    private const string Name = "lastcomm";

    private readonly TerminalNames terminals = new();

    /// <summary>Writes it.</summary>
    /// <param name="token">Ends a live list.</param>
    public ReadResult Run(CancellationToken token = default)
    {
        using var input = ExitInput.Open(options.Input, io, Name);
        if (options.Format == ReportFormat.Text)
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

    private LastcommLines Lines() => new(options, terminals, io.Clock.LocalTimeZone);
}
