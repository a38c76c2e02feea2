// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Reports;

/// <summary>What became of a report of <c>sa</c>.</summary>
internal enum SaOutcome
{
    /// <summary>All of it.</summary>
    Done,

    /// <summary>Something of the input is left out.</summary>
    WithFlaws,

    /// <summary>Something could not be read.</summary>
    NotRead,

    /// <summary>The summary files could not be written.</summary>
    NotWritten,

    /// <summary>What is asked for makes no sense.</summary>
    Refused,
}

/// <summary>Exits summed up by command, by user or by what one likes (GNU <c>sa</c>).</summary>
/// <param name="options">What is wanted.</param>
/// <param name="io">What it reads and writes besides its files.</param>
internal sealed class SaReport(SaOptions options, ReportIo io)
{
    /// <summary>What the rows of the classic table are for.</summary>
    public static readonly string[] ClassicKeys = ["command", "forked_without_exec"];

    private const string Name = "sa";

    private readonly SaSummaryFiles summaries = new(Name, io);

    /// <summary>Reads, and prints the report.</summary>
    public SaOutcome Run()
    {
        using var input = ExitInput.Open(options.Input, io, Name);
        if (options.Print == SaPrint.Summaries && input.IsJournal)
        {
            io.Errors.WriteLine($"{Name}: --merge (-s) adds an accounting file to the summaries, and the journal would "
                + "be added again and again; name the file: sa -s /var/log/account/pacct");
            return SaOutcome.Refused;
        }

        var written = options switch
        {
            { Print: SaPrint.Exits } => PrintExits(input),
            { Print: SaPrint.Summaries } => WriteSummaries(input),
            { Print: SaPrint.Keys } => PrintKeys(input, [.. options.By]),
            { Format: not ReportFormat.Text, Print: SaPrint.Users } => PrintKeys(input, "user"),
            { Format: not ReportFormat.Text, Print: SaPrint.Groups } => PrintKeys(input, "group"),
            { Format: not ReportFormat.Text } => PrintKeys(input, ClassicKeys),
            { Print: SaPrint.Commands } => PrintCommands(input),
            _ => PrintOwners(input),
        };
        var read = (ReadResult)Math.Max((int)input.Result, (int)summaries.Result);
        return written ?? read switch
        {
            ReadResult.Whole => SaOutcome.Done,
            ReadResult.WithFlaws => SaOutcome.WithFlaws,
            _ => SaOutcome.NotRead,
        };
    }

    private SaOutcome? PrintExits(ExitInput input)
    {
        if (options.Format == ReportFormat.Text)
        {
            ExitListing.Write(input, io.Output, long.MaxValue, options.Workers, () => new SaLines(options));
            return null;
        }

        var rows = new ExitRows(new ReportText(io.Output), options.Format, new OwnerNames(), new TerminalNames());
        ExitListing.Write(input, rows, long.MaxValue, new SaLines(options));
        rows.End();
        return null;
    }

    private SaOutcome? PrintCommands(ExitInput input)
    {
        var tally = new SaCommandTally();
        if (ReadsSummaries(input))
        {
            summaries.ReadCommands(options.SavacctFile, tally);
        }

        Count(input, tally);
        new SaClassicReport(options, io).Print(tally);
        return null;
    }

    private SaOutcome? PrintOwners(ExitInput input)
    {
        var tally = new SaOwnerTally(options.Print == SaPrint.Groups);
        if (ReadsSummaries(input))
        {
            summaries.ReadUsers(options.UsracctFile, tally);
        }

        Count(input, tally);
        // Without any GNU sa ends with an error, whether that is one or not.
        if (tally.Totals.Calls > 0)
        {
            new SaClassicReport(options, io).Print(tally);
        }

        return null;
    }

    private SaOutcome? WriteSummaries(ExitInput input)
    {
        var (commands, users) = (new SaCommandTally(), new SaOwnerTally(groups: false));
        if (ReadsSummaries(input))
        {
            summaries.ReadCommands(options.SavacctFile, commands);
            summaries.ReadUsers(options.UsracctFile, users);
        }

        Count(input, commands, users);
        if (input.Result == ReadResult.NotRead || summaries.Result == ReadResult.NotRead)
        {
            io.Errors.WriteLine($"{Name}: the summaries are left as they were");
            return SaOutcome.NotRead;
        }

        return summaries.Write(options, commands, users) ? null : SaOutcome.NotWritten;
    }

    private SaOutcome? PrintKeys(ExitInput input, params string[] names)
    {
        SaKeyPart[] parts = [.. names.Select(name => SaKeyParts.Of(name, io.Clock.LocalTimeZone))];
        var tally = new SaGroupTally(parts);
        tally.WatchEnds();
        Count(input, tally);
        new SaTable(options, parts, tally, io.Output).Write();
        return null;
    }

    /// <summary>Not with the journal: nobody knows whether its exits are among those that were summed up.</summary>
    private bool ReadsSummaries(ExitInput input) => options.ReadsSummaries && !input.IsJournal;

    private void Count(ExitInput input, params SaTally[] tallies)
    {
        using (input.ShowProgress())
        {
            new SaCounting(tallies, options.Selection).Run(input, options.Workers);
        }

        if (options.Debug)
        {
            foreach (var tally in tallies)
            {
                io.Errors.WriteLine($"{Name}: {tally.Totals.Calls} calls in {tally.Count} rows");
            }
        }
    }
}
