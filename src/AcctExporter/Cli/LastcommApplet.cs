// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using System.Text;
using AcctExporter.Reports;

namespace AcctExporter.Cli;

/// <summary>
/// <c>acct-exporter lastcomm</c>: who ran what, the newest first, as GNU <c>lastcomm</c> prints it; or live.
/// </summary>
internal static class LastcommApplet
{
    private const string Name = "lastcomm";
    private const long LinesBeforeLive = 10;

    /// <summary>The command.</summary>
    public static AppletCommand Create(ReportIo io)
    {
        var words = new Argument<string[]>("NAME")
        {
            Description = "Only exits of these commands, users or terminals",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var files = Texts(
            "--file", "FILE", "An accounting file; several one after the other; - is standard input", "-f");
        var forwards = AppletFiles.Switch("--forwards", null, "The oldest first, as always from standard input");
        var strict = AppletFiles.Switch("--strict-match", null, "All that is asked for must hold, not only one thing");
        var controls = AppletFiles.Switch("--print-controls", null, "Names as they are, with control characters");
        var users = Texts("--user", "NAME", "Only exits of this user");
        var terminals = Texts("--tty", "NAME", "Only exits on this terminal");
        var commands = Texts("--command", "NAME", "Only exits of this command, by its first 15 letters");
        var ahz = GnuFlags.Ahz();
        var paging = AppletFiles.Switch("--show-paging", "-p", "Page faults instead of user and terminal");
        var pid = AppletFiles.Switch("--pid", null, "The ids of the process and its parent, too");
        var debug = AppletFiles.Switch("--debug", null, "Nothing more: for scripts that give it");
        var version = AppletFiles.Switch("--version", "-V", "The version");
        var follow = AppletFiles.Switch("--follow", null, "The last exits, then each as it comes, until Ctrl-C");
        var lines = GnuFlags.Count(
            "--lines", "-n", $"No more than so many exits; with --follow so many before, else {LinesBeforeLive}", 0);
        var command = new AppletCommand(Name, "Who ran what: ended processes, the newest first", io)
        {
            Like = "lastcomm(1) of GNU acct",
            Examples =
            [
                new("lastcomm", "All that ended, from the agent's journal"),
                new("lastcomm alice", "What alice ran (or what ran as a command, or on a terminal, of that name)"),
                new("lastcomm --follow --pid", "Each exit as it comes"),
                new("lastcomm --user root --since -1hour -f /var/log/account/pacct", "Root's last hour, of a file"),
            ],
        };
        command.Add(words);
        foreach (var option in new Option[]
        {
            files, forwards, strict, controls, users, terminals, commands, ahz, paging, pid, debug, version,
        })
        {
            command.Add(option);
        }

        command.AddOurs([follow, lines]);
        var flags = ProcessFlags.AddTo(command);
        command.Validators.Add(result =>
        {
            if (Fault(result, strict, [users, terminals, commands], follow, files) is { } fault)
            {
                result.AddError(fault);
            }
        });
        command.SetWork((result, format) =>
        {
            if (result.GetValue(version))
            {
                GnuFlags.WriteVersion(Name, io);
                return ExitCode.Done;
            }

            var names = result.GetValue(files) ?? [];
            var isLive = result.GetValue(follow);
            var most = result.GetValue(lines);
            return Run(io, new LastcommOptions
            {
                Input = flags.Input(result, names) with
                {
                    NewestFirst = !isLive && !result.GetValue(forwards) && !names.Contains(AppletFiles.Standard),
                    AssumedTicksPerSecond = result.GetValue(ahz),
                },
                Selection = flags.Selection(result),
                Words = Bytes(result.GetValue(words)),
                Users = Bytes(result.GetValue(users)),
                Terminals = Bytes(result.GetValue(terminals)),
                Commands = Bytes(result.GetValue(commands)),
                Strict = result.GetValue(strict),
                StrictAsGnu = flags.IsCompat(result),
                PrintControls = result.GetValue(controls),
                ShowPaging = result.GetValue(paging),
                ShowPid = result.GetValue(pid),
                Most = isLive && most == long.MaxValue ? LinesBeforeLive : most,
                Follow = isLive,
                Format = format,
            });
        });
        return command;
    }

    /// <summary>A live list ends well when it is told to end.</summary>
    private static int Run(ReportIo io, LastcommOptions options)
    {
        if (!options.Follow)
        {
            return GnuFlags.CodeOf(new LastcommReport(options, io).Run(CancellationToken.None));
        }

        using var end = new CancellationTokenSource();
        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            end.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        return GnuFlags.CodeOf(new LastcommReport(options, io).Run(end.Token));
    }

    private static string? Fault(
        CommandResult result, Option<bool> strict, Option<string[]>[] categories, Option<bool> follow,
        Option<string[]> files)
    {
        if (result.GetValue(strict)
            && categories.FirstOrDefault(one => result.GetValue(one)?.Distinct().Count() > 1) is { } several)
        {
            return $"--strict-match goes with one {several.Name} only: no exit has two";
        }

        return result.GetValue(follow) && result.GetValue(files)?.Length > 1
            ? "--follow goes with one file only" : null;
    }

    private static byte[][] Bytes(string[]? words) => [.. (words ?? []).Select(Encoding.UTF8.GetBytes)];

    private static Option<string[]> Texts(string name, string form, string help, params string[] letters) =>
        new(name, letters) { Description = help, HelpName = form, Arity = ArgumentArity.OneOrMore };
}
