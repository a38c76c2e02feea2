// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Reports;
using AcctExporter.Suite;

namespace AcctExporter.Cli;

/// <summary><c>acct-exporter acctcms</c>: what the processes of each command cost.</summary>
internal static class AcctcmsApplet
{
    private const string Name = "acctcms";

    /// <summary>The command.</summary>
    public static AppletCommand Create(ReportIo io)
    {
        var names = new Argument<string[]>("FILE")
        {
            Description = "Accounting files; with -s summaries, without one standard input",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var report = AppletFiles.Switch("--ascii", "-a", "A report to read, not a summary to keep");
        var prime = AppletFiles.Switch("--prime", "-p", "With -a: prime time; with -p and -o both beside each other");
        var offshift = AppletFiles.Switch("--non-prime", "-o", "With -a: non-prime time");
        var cpu = AppletFiles.Switch("--by-cpu", "-c", "Sort by CPU time, not by kcore minutes");
        var count = AppletFiles.Switch("--by-count", "-n", "Sort by the number of processes");
        var lump = AppletFiles.Switch("--lump", "-j", "One command ***other for all that were used once");
        var summaries = AppletFiles.Switch("--summaries", "-s", "The files are summaries, which are added up");
        var old = AppletFiles.Switch("--total", "-t", "The columns of old: prime and non-prime time together");
        var readAs = Layout("--read-as", "With -s: files that are not ours are summaries of System V of this layout");
        var writeAs = Layout("--write-as", "Write the summary in this layout of System V");
        var holidays = new Option<string?>("--holidays")
        {
            Description = $"When prime time is, and on which days there is none; else {HolidayFile.UsualPath}",
            HelpName = "FILE",
        };
        var command = new AppletCommand(Name, "Sum up by command what processes cost", io)
        {
            names, report, prime, offshift, cpu, count, lump, summaries, old, readAs, writeAs, holidays,
        };
        var flags = ProcessFlags.AddTo(command);
        command.SetWork((result, format) =>
        {
            if (flags.Selection(result, io) is not { } selection)
            {
                return ExitCode.Usage;
            }

            var isOld = result.GetValue(old);
            var options = new CommandOptions
            {
                Input = flags.Input(result, result.GetValue(names) ?? []),
                Selection = selection,
                Format = format,
                IsReport = result.GetValue(report),
                View = (result.GetValue(prime), result.GetValue(offshift)) switch
                {
                    (true, true) => CommandView.Both,
                    (true, false) => CommandView.Prime,
                    (false, true) => CommandView.NonPrime,
                    _ => CommandView.Total,
                },
                IsOld = isOld,
                Order = result.GetValue(count) ? CommandOrder.Count
                    : result.GetValue(cpu) ? CommandOrder.Cpu : CommandOrder.Kcore,
                SinglesTogether = result.GetValue(lump),
                FromSummaries = result.GetValue(summaries),
                ReadAs = result.GetValue(readAs) ?? (flags.IsCompat(result) ? new(isOld, true, false) : null),
                WriteAs = result.GetValue(writeAs),
                Holidays = result.GetValue(holidays),
                Compat = flags.IsCompat(result),
            };
            if (Fault(options) is { } fault)
            {
                io.Errors.WriteLine($"{Name}: {fault}");
                return ExitCode.Usage;
            }

            return new CommandAccounting(io, options).Run() switch
            {
                ReadResult.Whole => ExitCode.Done,
                ReadResult.WithFlaws => ExitCode.BadRecords,
                ReadResult.NotRead => ExitCode.CannotRead,
                _ => ExitCode.Failure,
            };
        });
        return command;
    }

    private static string? Fault(CommandOptions options) =>
        options.Compat && options.Format != ReportFormat.Text
            ? "--compat: rows have the exact sums: leave it out, or --format"
        : options.FromSummaries && !options.Selection.IsAll
            ? "-s: a summary knows commands only, not their processes: choose when it is made"
        : null;

    private static Option<CmsLayout?> Layout(string name, string help) => new(name)
    {
        Description = help,
        HelpName = string.Join('|', CmsLayout.Names),
        CustomParser = result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (CmsLayout.TryParse(text, out var layout))
            {
                return layout;
            }

            result.AddError($"{name}: '{text}' is none of {string.Join(", ", CmsLayout.Names)}"
                + Config.Suggestion.For(text, CmsLayout.Names));
            return null;
        },
    };
}
