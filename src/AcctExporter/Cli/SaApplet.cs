// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Reports;
using static AcctExporter.Cli.AppletFiles;

namespace AcctExporter.Cli;

/// <summary><c>acct-exporter sa</c>: exits summed up, as GNU <c>sa</c> does it, and by whatever one likes.</summary>
internal sealed partial class SaApplet
{
    private static readonly SaOptions Defaults = new() { Input = new() { StoragePath = "" } };

    private readonly Argument<string[]> files = new("FILE")
    {
        Description = "Accounting files; - is standard input. None: the journal, and without one "
            + ExitInputOptions.SystemFile,
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<bool> all = Switch(
        "--list-all-names", "-a", "A row for every command: none goes to ***other");
    private readonly Option<bool> perCallCpu = Switch("--sort-sys-user-div-calls", "-b", "Sort by CPU time a call");
    private readonly Option<bool> percentages = Switch("--percentages", "-c", "Percentages of the totals");
    private readonly Option<bool> averageIo = Switch("--sort-avio", "-d", "Sort by I/O a call");
    private readonly Option<bool> totalIo = Switch("--sort-tio", "-D", "Show and sort by I/O in all");
    private readonly Option<bool> yes = Switch("--not-interactive", "-f", "With -v, put all into **junk** unasked");
    private readonly Option<bool> noSummaries = Switch(
        "--dont-read-summary-files", "-i", "Without the sums in savacct and usracct");
    private readonly Option<bool> seconds = Switch("--print-seconds", "-j", "Seconds a call instead of minutes in all");
    private readonly Option<bool> averageMemory = Switch("--sort-cpu-avmem", "-k", "Sort by memory a call");
    private readonly Option<bool> storage = Switch("--sort-ksec", "-K", "Show and sort by memory times CPU time");
    private readonly Option<bool> separate = Switch("--separate-times", "-l", "User and system time apart");
    private readonly Option<bool> users = Switch("--user-summary", "-m", "A row for each user");
    private readonly Option<bool> groups = Switch("--group-summary", "-M", "A row for each group");
    private readonly Option<bool> byCalls = Switch("--sort-num-calls", "-n", "Sort by calls");
    private readonly Option<bool> paging = Switch("--show-paging", "-p", "Page faults instead of I/O and memory");
    private readonly Option<bool> averagePaging = Switch("--show-paging-avg", "-P", "Page faults a call, likewise");
    private readonly Option<bool> reverse = Switch("--reverse-sort", "-r", "The smallest first");
    private readonly Option<bool> merge = Switch(
        "--merge", "-s", "Write the sums to savacct and usracct, print nothing");
    private readonly Option<bool> ratio = Switch("--print-ratio", "-t", "Elapsed time over CPU time");
    private readonly Option<bool> exits = Switch("--print-users", "-u", "A line for each exit");
    private readonly Option<int> threshold = Number(
        "--threshold", "-v", "Ask whether commands of so many calls or fewer are junk");
    private readonly Option<bool> elapsed = Switch("--sort-real-time", null, "Sort by elapsed time; a call with -j");
    private readonly Option<bool> forks = Switch(
        "--separate-forks", null, "Nothing: rows of forks without exec are apart in any case");
    private readonly Option<ushort> ticks = GnuFlags.Ahz();
    private readonly Option<string?> file = Text("--other-acct-file", "An accounting file", null);
    private readonly Option<string?> savacct = Text(
        "--other-savacct-file", "The sums by command", Defaults.SavacctFile);
    private readonly Option<string?> usracct = Text("--other-usracct-file", "The sums by user", Defaults.UsracctFile);
    private readonly Option<bool> debug = Switch("--debug", null, "Say on standard error how much was read");
    private readonly Option<bool> version = Switch("--version", "-V", "The version");

    private readonly Option<string[]> by = new("--by")
    {
        Description = $"A row for each combination of {string.Join(", ", SaKeyParts.Names)}",
        HelpName = "KEY,...",
        Arity = ArgumentArity.OneOrMore,
        DefaultValueFactory = _ => [],
        CustomParser = KeysOf,
    };
    private readonly Option<string?> sort = Text("--sort", "Sort --by's rows by this column, the largest first", null);
    private readonly Option<int> top = Number("--top", null, "Only so many rows");
    private readonly Option<bool> controls = Switch(
        "--print-controls", null, "Names as they are: what is no letter is a ? otherwise");

    private readonly ReportIo io;
    private readonly ProcessFlags flags;

    private SaApplet(AppletCommand command)
    {
        io = command.Io;
        command.Add(files);
        foreach (var option in new Option[]
        {
            all, perCallCpu, percentages, averageIo, totalIo, yes, noSummaries, seconds, averageMemory, storage,
            separate, users, groups, byCalls, paging, averagePaging, reverse, merge, ratio, exits, threshold, elapsed,
            forks, ticks, file, savacct, usracct, debug, version,
        })
        {
            command.Add(option);
        }

        command.AddOurs([by, sort, top, controls]);
        flags = ProcessFlags.AddTo(command);
        command.SetWork(Work);
    }

    /// <summary>The command.</summary>
    public static AppletCommand Create(ReportIo io)
    {
        var command = new AppletCommand("sa", "What commands or users cost: exits summed up", io)
        {
            Like = "sa(8) of GNU acct",
            Examples =
            [
                new("sa", "Commands by CPU time, from the journal"),
                new("sa -m /var/log/account/pacct", "Users, from a file of the kernel"),
                new("sa --by user,command --sort cpu_seconds --top 10", "Who used the most CPU time, and with what"),
                new("sa --by day,exit_code --command cc1 --format csv", "How a command ended day by day, for programs"),
            ],
        };
        _ = new SaApplet(command);
        return command;
    }

    private int Work(ParseResult result, ReportFormat format)
    {
        if (result.GetValue(version))
        {
            GnuFlags.WriteVersion("sa", io);
            return ExitCode.Done;
        }

        if (FaultOf(result, format) is { } fault)
        {
            io.Errors.WriteLine($"sa: {fault}");
            return ExitCode.Usage;
        }

        return new SaReport(OptionsOf(result, format), io).Run() switch
        {
            SaOutcome.Done => ExitCode.Done,
            SaOutcome.WithFlaws => ExitCode.BadRecords,
            SaOutcome.NotRead => ExitCode.CannotRead,
            SaOutcome.Refused => ExitCode.Usage,
            _ => ExitCode.Failure,
        };
    }
}
