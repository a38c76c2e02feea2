// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Capture;
using AcctExporter.Config;
using AcctExporter.Kernel;
using AcctExporter.Reports;
using AcctExporter.Runacct;

namespace AcctExporter.Cli;

/// <summary>
/// <c>acct-exporter startup</c>, <c>shutacct</c> and <c>turnacct</c>: process accounting at the start and at the end of
/// the system, and when its file is to be another. An agent does all of that by itself.
/// </summary>
internal static class SwitchApplets
{
    private const string Anchor = "startup-shutacct-turnacct-remove-nulladm";
    private const string SystemV = "of the System V accounting suite";

    /// <summary>The command <c>startup</c>.</summary>
    public static AppletCommand CreateStartup(ReportIo io)
    {
        var command = new AppletCommand("startup", "Begin accounting when the system starts", io)
        {
            HasFormat = false,
            Like = $"startup(8) {SystemV}",
            Differences = Anchor,
            Examples =
            [
                new("startup", "Say so in the day's records, accounting to a new file, leftovers away"),
                new("startup --file /var/tmp/pacct", "To a file of one's own"),
            ],
        };
        var flags = new Flags(command, SuitePlace.Settings);
        flags.SetWork((result, agent) =>
        {
            var options = SuitePlace.Of(agent);
            var code = flags.AddReason(options, "acctg on");
            return Worse(Worse(code, flags.Switch(result, agent)), RemoveApplet.Remove(command, options.Paths));
        });
        return command;
    }

    /// <summary>The command <c>shutacct</c>.</summary>
    public static AppletCommand CreateShutdown(ReportIo io)
    {
        var reason = new Argument<string>("REASON")
        {
            Description = "Why; of more than 11 bytes, the first 11",
            Arity = ArgumentArity.ZeroOrOne,
            DefaultValueFactory = _ => "acctg off",
        };
        var command = new AppletCommand("shutacct", "End accounting when the system goes down", io)
        {
            HasFormat = false,
            Like = $"shutacct(8) {SystemV}",
            Differences = Anchor,
            Examples =
            [
                new("shutacct", "Say so in the day's records, and accounting off"),
                new("shutacct 'new disk'", "With another reason"),
            ],
        };
        command.Add(reason);
        var flags = new Flags(command, SuitePlace.Settings);
        flags.SetWork((result, agent) => Worse(
            flags.AddReason(SuitePlace.Of(agent), result.GetRequiredValue(reason)),
            flags.Turn(result, agent, on: false, isAgentFine: true)));
        return command;
    }

    /// <summary>The command <c>turnacct</c>.</summary>
    public static AppletCommand CreateTurn(ReportIo io)
    {
        var word = new Argument<string>("on|off|switch")
        {
            Description = "switch: to a new file; the old one is pacct1, pacct2 and so on then",
        };
        word.AcceptOnlyFromAmong("on", "off", "switch");
        var command = new AppletCommand("turnacct", "Switch process accounting on, off, or to a new file", io)
        {
            HasFormat = false,
            Like = $"turnacct(8) {SystemV}",
            Differences = Anchor,
            Examples =
            [
                new("turnacct on", $"To {ExitInputOptions.SystemFile}"),
                new("turnacct switch", "To a new file, without a gap"),
                new("turnacct off", "No records any more"),
            ],
        };
        command.Add(word);
        var flags = new Flags(command);
        flags.SetWork((result, agent) => result.GetRequiredValue(word) switch
        {
            "switch" => flags.Switch(result, agent),
            var state => flags.Turn(result, agent, state == "on", isAgentFine: state == "on"),
        });
        return command;
    }

    private static int Worse(int before, int now) => before == ExitCode.Done ? now : before;

    /// <summary>What the three share.</summary>
    private sealed class Flags
    {
        private readonly AppletCommand command;
        private readonly Option<bool> force = AppletFiles.Switch(
            "--force", null, "Take accounting from an agent, which counts nothing then");
        private readonly Option<string> file = new("--file")
        {
            Description = "The file of process accounting",
            HelpName = "FILE",
            DefaultValueFactory = _ => ExitInputOptions.SystemFile,
        };
        private readonly SettingFlags settings;

        public Flags(AppletCommand command, params string[] keys)
        {
            this.command = command;
            command.AddOurs([file, force]);
            settings = new(command, ["accounting.path", .. keys]);
        }

        /// <summary>What the command does with good settings; of faulty ones each fault is said.</summary>
        public void SetWork(Func<ParseResult, AgentOptions, int> work) => command.SetWork((result, _) =>
            settings.Load(result)?.Options is { } agent ? work(result, agent) : ExitCode.Usage);

        /// <summary>Writes down why, for the next daily run.</summary>
        public int AddReason(RunOptions options, string reason)
        {
            if (AcctWtmp.Reason(reason) is not { Length: > 0 } text)
            {
                Say("the reason is empty or has control characters: give letters, digits and blanks");
                return ExitCode.Usage;
            }

            try
            {
                if (new ReasonLog(options.Paths).Add(text, command.Io.Clock.GetUtcNow()) is not { } fault)
                {
                    return ExitCode.Done;
                }

                Say($"cannot write to {options.Paths.Reasons}: {fault}");
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                Say($"cannot write the reason: {FileFault.Tell(error)}");
            }

            return ExitCode.Failure;
        }

        /// <summary>On or off.</summary>
        public int Turn(ParseResult result, AgentOptions agent, bool on, bool isAgentFine)
        {
            var turn = TurnOf(result, agent);
            return isAgentFine && HasAgent(
                turn, result, on ? "accounting is on" : "it ends accounting by itself when it is stopped")
                ? ExitCode.Done : Done(turn, turn.To(on ? result.GetRequiredValue(file) : null));
        }

        /// <summary>To a new file.</summary>
        public int Switch(ParseResult result, AgentOptions agent)
        {
            var turn = TurnOf(result, agent);
            if (HasAgent(turn, result, "it begins new files by itself, and counts them without a gap"))
            {
                return ExitCode.Done;
            }

            var path = result.GetRequiredValue(file);
            var code = Done(turn, turn.ToNew(path, out var kept));
            if (code == ExitCode.Done && kept is not null)
            {
                Say($"what was recorded up to now is in {kept}");
            }

            return code;
        }

        private AccountingTurn TurnOf(ParseResult result, AgentOptions agent) =>
            new(agent.Capture.AccountingPath, result.GetValue(force));

        /// <summary>An agent has accounting, which is not to be taken from it: there is nothing to do.</summary>
        private bool HasAgent(AccountingTurn turn, ParseResult result, string so)
        {
            if (result.GetValue(force) || turn.Agent is not { } holder)
            {
                return false;
            }

            Say($"an agent (process {holder}) has process accounting: {so}; nothing was switched");
            return true;
        }

        private int Done(AccountingTurn turn, string? fault)
        {
            if (fault is not null)
            {
                Say(fault);
                return ExitCode.Failure;
            }

            foreach (var note in turn.Notes)
            {
                Say(note);
            }

            return ExitCode.Done;
        }

        private void Say(string message) => command.Io.Errors.WriteLine($"{command.Name}: {message}");
    }
}
