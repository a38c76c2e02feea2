// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Reports;

namespace AcctExporter.Cli;

/// <summary>The options that acctcms, acctprc and acctprc1 share beside those of all process reports.</summary>
internal sealed class SuiteFlags
{
    private readonly Option<string?> holidays = new("--holidays")
    {
        Description = $"When prime time is, and on which days there is none; else {HolidayFile.UsualPath}",
        HelpName = "FILE",
        // Of several the last.
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => result.Tokens[^1].Value,
    };

    private readonly Option<bool> systemV = AppletFiles.Switch(
        "--svr4", null, "The files are of System V: records of 40 bytes, or of 32");

    private readonly ProcessFlags process;

    private SuiteFlags(AppletCommand command)
    {
        command.AddOurs([holidays, systemV]);
        process = ProcessFlags.AddTo(command);
    }

    /// <summary>Gives a command the options. Call it when the command has all its own.</summary>
    public static SuiteFlags AddTo(AppletCommand command) => new(command);

    /// <summary>The original's faults are wanted.</summary>
    public bool IsCompat(ParseResult result) => process.IsCompat(result);

    /// <summary>The holidays file; null for the usual one.</summary>
    public string? Holidays(ParseResult result) => result.GetValue(holidays);

    /// <summary>Where to read from.</summary>
    public ExitInputOptions Input(ParseResult result, IReadOnlyList<string> files) =>
        process.Input(result, files) with { SystemV = result.GetValue(systemV) };

    /// <summary>What to show.</summary>
    public ExitSelection Selection(ParseResult result) => process.Selection(result);

    /// <summary>The exit code of a reading.</summary>
    public static int CodeOf(ReadResult? result) => result switch
    {
        ReadResult.Whole => ExitCode.Done,
        ReadResult.WithFlaws => ExitCode.BadRecords,
        ReadResult.NotRead => ExitCode.CannotRead,
        _ => ExitCode.Failure,
    };
}
