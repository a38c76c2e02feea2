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
        if (options.Follow)
        {
            return Follow(token);
        }

        using var input = ExitInput.Open(options.Input, io, Name);
        if (options.Format == ReportFormat.Text)
        {
            ExitListing.Write(input, io.Output, options.Most, options.Workers, Lines);
        }
        else
        {
            var rows = Rows();
            ExitListing.Write(input, rows, options.Most, Lines());
            rows.End();
        }

        return input.Result;
    }

    private ReadResult Follow(CancellationToken token)
    {
        var lines = Lines();
        var live = new LiveExits(options.Input, io, Name, lines.Shows);
        if (options.Format == ReportFormat.Text)
        {
            return live.Run(options.Most, lines.Add, () =>
            {
                io.Output.Write(lines.Bytes);
                lines.Clear();
            }, token);
        }

        var rows = Rows();
        var result = live.Run(options.Most, (in entry) => rows.Add(entry), rows.Flush, token);
        rows.End();
        return result;
    }

    private ExitRows Rows() => new(new ReportText(io.Output), options.Format, new OwnerNames(), terminals);

    private LastcommLines Lines() => new(options, terminals, io.Clock.LocalTimeZone);
}
