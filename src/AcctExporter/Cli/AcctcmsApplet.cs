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
        var command = new AppletCommand(Name, "Sum up by command what processes cost", io)
        {
            Like = "acctcms(8) of the System V accounting suite",
            Differences = "acctcms-acctprc-acctprc1-acctprc2",
            Examples =
            [
                new("acctcms -a", "what each command cost, from the agent's journal"),
                new("acctcms -apo --holidays holidays FILE", "the same in prime and in non-prime time"),
                new("acctcms FILE > today", "a summary to keep"),
                new("acctcms -s today before > total", "two summaries as one"),
            ],
        };
        command.Add(names);
        foreach (var option in (Option[])[report, prime, offshift, cpu, count, lump, summaries, old])
        {
            command.Add(option);
        }

        command.AddOurs([readAs, writeAs]);
        var flags = SuiteFlags.AddTo(command);
        command.SetWork((result, format) =>
        {
            var isOld = result.GetValue(old);
            var options = new CommandOptions
            {
                Input = flags.Input(result, result.GetValue(names) ?? []),
                Selection = flags.Selection(result),
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
                Holidays = flags.Holidays(result),
                Compat = flags.IsCompat(result),
            };
            if (Fault(options) is { } fault)
            {
                io.Errors.WriteLine($"{Name}: {fault}");
                return ExitCode.Usage;
            }

            return SuiteFlags.CodeOf(new CommandAccounting(io, options).Run());
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
