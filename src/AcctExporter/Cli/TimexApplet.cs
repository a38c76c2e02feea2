// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text;
using AcctExporter.Kernel;
using AcctExporter.Reports;

namespace AcctExporter.Cli;

/// <summary><c>acct-exporter timex</c>: how long a command takes, and what it and its descendants cost.</summary>
internal static class TimexApplet
{
    private const string Name = "timex";

    /// <summary>What shells say of a command that is there and cannot be run.</summary>
    private const int CannotRun = 126;

    /// <summary>What they say of one that there is not.</summary>
    private const int NotFound = 127;

    private const char BadLetter = '\ufffd';

    /// <summary>The command.</summary>
    public static AppletCommand Create(ReportIo io)
    {
        var words = new Argument<string[]>("COMMAND")
        {
            Description = "The command and its arguments",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var exits = AppletFiles.Switch("--processes", "-p", "The exits of the command and its descendants");
        var totals = AppletFiles.Switch("--totals", "-o", "The characters and blocks of all of them");
        var system = AppletFiles.Switch("--system", "-s", "What the whole system did: not ours, see sysstat's sar");
        var state = AppletFiles.Switch("--state", "-f", "With -p: flags and exit status, in octal");
        (Option<bool> Option, AcctcomColumns Column)[] columns =
        [
            (AppletFiles.Switch("--hog-factor", "-h", "With -p: CPU time as a part of the time it ran"),
                AcctcomColumns.HogFactor),
            (AppletFiles.Switch("--kcore", "-k", "With -p: KiB of memory times minutes of CPU time"),
                AcctcomColumns.KcoreMinutes),
            (AppletFiles.Switch("--mean-size", "-m", "With -p: memory in KiB; the default"), AcctcomColumns.MeanSize),
            (AppletFiles.Switch("--cpu-factor", "-r", "With -p: user time as a part of CPU time"),
                AcctcomColumns.CpuFactor),
            (AppletFiles.Switch("--times", "-t", "With -p: system and user CPU time by themselves"),
                AcctcomColumns.Times),
        ];
        var file = new Option<string?>("--file")
        {
            Description = "The accounting file that the kernel writes; otherwise the journal of the running agent",
            HelpName = "FILE",
            Arity = ArgumentArity.OneOrMore,
            CustomParser = result => result.Tokens[^1].Value,
        };
        AppletCommand command = null!;
        command = new AppletCommand(Name, "Run a command; say how long it took and what its processes cost", io)
        {
            Like = "timex(1) of System V",
            RunsCommand = true,
            Rewrite = arguments => Plain(command, arguments),
            Examples =
            [
                new("timex make", "real, user and system time of a build"),
                new("timex -p make", "each process of it, too"),
                new("timex -o make", "the bytes and blocks that all of them read and wrote"),
            ],
        };
        command.Add(words);
        foreach (var option in (Option[])[exits, totals, system, state, .. columns.Select(column => column.Option)])
        {
            command.Add(option);
        }

        command.AddOurs([file]);
        var flags = ProcessFlags.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(system))
            {
                result.AddError("--system: sysstat has it; run 'sar -A 1' beside the command, or leave -s out");
            }
            else if (result.GetValue(words) is [['-', _, ..] flag, ..])
            {
                // No command is called so.
                result.AddError($"{flag}: there is no such flag, or more than one that begins so");
            }
            else if (result.GetValue(words) is not { Length: > 0 })
            {
                result.AddError("name a command to run");
            }
        });
        command.SetWork((result, format) =>
        {
            var named = result.GetRequiredValue(words);
            var program = ProgramPath.Find(named[0], Environment.GetEnvironmentVariable("PATH"), out var errno);
            if (program is null)
            {
                return CannotBeRun(io, named[0], errno);
            }

            var chosen = columns.Where(column => result.GetValue(column.Option))
                .Aggregate(AcctcomColumns.None, (all, column) => all | column.Column);
            var options = new TimexOptions
            {
                Program = program,
                Words = Bytes(named),
                Input = flags.Input(result, result.GetValue(file) is { } path ? [path] : []),
                Selection = flags.Selection(result),
                Exits = result.GetValue(exits),
                Totals = result.GetValue(totals),
                Columns = AcctcomColumns.Io | (chosen == AcctcomColumns.None ? AcctcomColumns.MeanSize : chosen),
                Flags = result.GetValue(state),
                Compat = flags.IsCompat(result),
                Format = format,
            };
            var code = TimexReport.Run(options, io, out errno);
            return errno == 0 ? code : CannotBeRun(io, named[0], errno);
        });
        return command;
    }

    private static int CannotBeRun(ReportIo io, string name, int errno)
    {
        io.Errors.WriteLine(errno == Errno.ECHILD
            ? $"{Name}: whoever started it ignores SIGCHLD, so nothing is known of how {name} ended"
            : $"{Name}: cannot run {name}: {Errno.Describe(errno)}");
        return errno switch
        {
            Errno.ENOENT => NotFound,
            Errno.ECHILD => ExitCode.Failure,
            _ => CannotRun,
        };
    }

    /// <summary>The words as they came: .NET loses bytes that are no UTF-8.</summary>
    private static byte[][] Bytes(string[] words)
    {
        if (!words.Any(word => word.Contains(BadLetter, StringComparison.Ordinal)))
        {
            return [.. words.Select(Encoding.UTF8.GetBytes)];
        }

        var line = File.ReadAllBytes("/proc/self/cmdline");
        var all = new List<byte[]>();
        for (var rest = line.AsSpan(); rest.IndexOf((byte)0) is >= 0 and var end; rest = rest[(end + 1)..])
        {
            all.Add(rest[..end].ToArray());
        }

        return [.. all[^Math.Min(words.Length, all.Count)..]];
    }

    /// <summary>Options end where the command begins, as with getopt(3) of System V.</summary>
    private static IEnumerable<string> Plain(Command command, IReadOnlyList<string> arguments)
    {
        var at = 0;
        while (at < arguments.Count && arguments[at] is ['-', _, ..] and not "--")
        {
            var text = arguments[at++];
            var takesNext = text.StartsWith("--", StringComparison.Ordinal)
                && !text.Contains('=', StringComparison.Ordinal)
                && command.Options.Where(option => option.Name.StartsWith(text, StringComparison.Ordinal))
                    .OrderBy(option => option.Name.Length).FirstOrDefault() is { Arity.MaximumNumberOfValues: > 0 };
            at = Math.Min(arguments.Count, takesNext ? at + 1 : at);
        }

        var words = arguments.Skip(at < arguments.Count && arguments[at] == "--" ? at + 1 : at);
        return [.. GetoptForms.Of(command).Plain([.. arguments.Take(at)]), "--", .. words];
    }
}
