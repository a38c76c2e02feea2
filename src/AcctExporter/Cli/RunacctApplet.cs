// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Config;
using AcctExporter.Reports;
using AcctExporter.Runacct;
using AcctExporter.Suite;

namespace AcctExporter.Cli;

/// <summary><c>acct-exporter runacct</c> and <c>monacct</c>: the day and the period of the accounting suite.</summary>
internal static class RunacctApplet
{
    private const string Anchor = "runacct-monacct";

    /// <summary>The settings of the agent that count for both.</summary>
    private static readonly string[] Settings =
    [
        .. SuitePlace.Settings, "suite.user-exit", "suite.page-log", "suite.groups", "suite.minimum-free",
        "suite.fiscal", "logins.source", "logins.wtmp", "logins.wtmpdb", "logins.holidays",
    ];

    /// <summary>The command <c>runacct</c>.</summary>
    public static AppletCommand CreateDay(ReportIo io)
    {
        var day = new Argument<string?>("MMDD")
        {
            Description = "Go on with this day, or do it again; none: what is not finished, and then today",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var state = new Argument<string?>("STATE")
        {
            Description = "From this state on: " + string.Join(", ", States),
            Arity = ArgumentArity.ZeroOrOne,
        };
        var rebuild = new Option<string?>("--rebuild")
        {
            Description = "Make this finished day anew from the journal and the logins, and compare",
            HelpName = "MMDD",
        };
        var replace = AppletFiles.Switch(
            "--replace", null, "With --rebuild: where they differ, the new figures take the place of the old");
        var command = new AppletCommand(
            DailyRun.Name, "Run the day: charge what was used since the last run, and report it", io)
        {
            HasFormat = false,
            Like = "runacct(8) of the System V accounting suite",
            Differences = Anchor,
            Examples =
            [
                new("runacct", "what is not finished, and then today"),
                new("runacct 0702", "go on with the 2nd of July where it failed"),
                new("runacct 0702 CONNECT", "do that day again from this state on"),
                new("runacct --rebuild 0702", "prove that day from the journal"),
            ],
        };
        command.Add(day);
        command.Add(state);
        var compat = AppletFiles.Switch(
            "--compat", null, "As the original: a state that is done twice counts twice, no holidays no charges");
        command.AddOurs([rebuild, replace, compat]);
        var flags = FlagsOf(command);
        command.SetWork((result, _) =>
        {
            var words = new[] { result.GetValue(day), result.GetValue(state), result.GetValue(rebuild) };
            return Fault(io, words, result.GetValue(replace)) is { } fault
                ? Usage(io, DailyRun.Name, fault)
                : SuitePlace.Options(flags, result, result.GetValue(compat)) is { } options
                ? (int)Run(options, io, words, result.GetValue(replace)) : ExitCode.Usage;
        });
        return command;
    }

    /// <summary>The command <c>monacct</c>.</summary>
    public static AppletCommand CreatePeriod(ReportIo io)
    {
        var period = new Argument<string?>("PERIOD")
        {
            Description = "Its name; none: the month of its days, as 2026-07",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new AppletCommand(
            PeriodClose.Name, "Close the fiscal period: its days become one file in fiscal", io)
        {
            HasFormat = false,
            Like = "monacct(8) of the System V accounting suite",
            Differences = Anchor,
            Examples =
            [
                new("monacct", "the days since the last close, named by their month"),
                new("monacct 2026-q3", "the same under a name of one's own"),
            ],
        };
        command.Add(period);
        var compat = AppletFiles.Switch(
            "--compat", null, "As the original: named by today's month, over what had that name before");
        command.AddOurs([compat]);
        var flags = FlagsOf(command);
        command.SetWork((result, _) =>
        {
            var name = result.GetValue(period);
            return name is not null && PeriodClose.FaultOf(name) is { } fault
                ? Usage(io, PeriodClose.Name, $"'{name}': {fault}")
                : SuitePlace.Options(flags, result, result.GetValue(compat)) is { } options
                ? (int)new PeriodClose(options, io).Run(name) : ExitCode.Usage;
        });
        return command;
    }

    private static IEnumerable<string> States =>
        Enum.GetValues<RunState>().Where(state => state != RunState.Complete).Select(RunMarks.WordOf);

    private static SettingFlags FlagsOf(AppletCommand command) =>
        new(command, [.. Settings.Where(key => SettingTable.Find(key) is not null)]);

    private static RunCode Run(RunOptions options, ReportIo io, string?[] words, bool replace)
    {
        var today = DateOnly.FromDateTime(io.Clock.GetLocalNow().DateTime);
        return words[2] is { } again ? new DayRebuild(options, io).Run(RunMarks.DayOf(again, today)!.Value, replace)
            : words[0] is { } day ? new DailyRun(options, io).Restart(
                RunMarks.DayOf(day, today)!.Value, words[1] is { } state ? RunMarks.StateOf(state) : null)
            : new DailyRun(options, io).Run();
    }

    private static string? Fault(ReportIo io, string?[] words, bool replace)
    {
        var today = DateOnly.FromDateTime(io.Clock.GetLocalNow().DateTime);
        foreach (var day in (ReadOnlySpan<string?>)[words[0], words[2]])
        {
            if (day is not null && RunMarks.DayOf(day, today) is not { } known)
            {
                return $"'{day}' is no day: 0702, or 2026-07-02";
            }
        }

        return words[1] is { } state && (RunMarks.StateOf(state) ?? RunState.Complete) == RunState.Complete
            ? $"'{state}' is no state{Suggestion.For(state, States)}; there are {string.Join(", ", States)}"
            : words[2] is not null && words[0] is not null ? "--rebuild takes a day, and no state"
            : replace && words[2] is null ? "--replace: only with --rebuild"
            : null;
    }

    private static int Usage(ReportIo io, string name, string fault)
    {
        io.Errors.WriteLine($"{name}: {fault}");
        return ExitCode.Usage;
    }
}
