// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Reports;
using AcctExporter.Suite;

namespace AcctExporter.Cli;

/// <summary>
/// <c>acct-exporter acctprc</c>, and the same in two steps, <c>acctprc1</c> and <c>acctprc2</c>: what the processes of
/// each user cost, as total accounting.
/// </summary>
internal static class AcctprcApplets
{
    private const string Totals = "acctprc";
    private const string Lines = "acctprc1";
    private const string Sums = "acctprc2";
    private const string Anchor = "acctcms-acctprc-acctprc1-acctprc2";

    /// <summary>The command <c>acctprc</c>.</summary>
    public static AppletCommand CreateTotals(ReportIo io) => CreateTotals(io, UserNames.OfHost());

    /// <summary>The command <c>acctprc1</c>.</summary>
    public static AppletCommand CreateLines(ReportIo io) => CreateLines(io, UserNames.OfHost());

    /// <summary>The command <c>acctprc</c>, with the users of some other host.</summary>
    public static AppletCommand CreateTotals(ReportIo io, UserNames users)
    {
        var names = Files();
        var command = new AppletCommand(Totals, "Total what the processes of each user cost", io)
        {
            Like = "acctprc(8) of the System V accounting suite",
            Differences = Anchor,
            Examples =
            [
                new("acctprc < /var/log/account/pacct", "total accounting of a file"),
                new("acctprc --format csv --since yesterday", "CPU and memory by user, from the journal"),
            ],
        };
        command.Add(names);
        var flags = SuiteFlags.AddTo(command);
        command.SetWork((result, format) =>
        {
            var compat = flags.IsCompat(result);
            if (Contradicts(io, Totals, compat, format))
            {
                return ExitCode.Usage;
            }

            var from = io;
            var input = flags.Input(result, StandardInput.OrUsual(result.GetValue(names) ?? [], compat, ref from));
            using var exits = new DividedExits(input, flags.Selection(result), from, Totals);
            if (exits.Split(flags.Holidays(result), compat) is not { } split)
            {
                return ExitCode.Failure;
            }

            var totals = compat ? new UserTotals(compat) : UserTotals.Shared(exits, split, OrderedWork.Workers);
            if (compat)
            {
                exits.ReadAll((in entry, isSystemV) => totals.Add(entry, isSystemV, split));
            }

            totals.Write(io.Output, format, users);
            return SuiteFlags.CodeOf(exits.Result);
        });
        return command;
    }

    /// <summary>The command <c>acctprc1</c>, with the users of some other host.</summary>
    public static AppletCommand CreateLines(ReportIo io, UserNames users)
    {
        var sessions = new Argument<string?>("SESSIONS")
        {
            Description = "What acctcon1 listed: tells apart users who share a number",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var file = new Option<string[]>("--file", "-f")
        {
            Description = "An accounting file; else standard input, or the agent's journal",
            HelpName = "FILE",
        };
        var aix = AppletFiles.Switch("--aix", null, "Lines of seven columns, with I/O, as AIX has them");
        var command = new AppletCommand(Lines, "List processes with users and cost, a line for each", io)
        {
            Like = "acctprc1(8) of the System V accounting suite",
            Differences = Anchor,
            Examples =
            [
                new("acctprc1 < /var/log/account/pacct", "each process of a file"),
                new("acctprc1 sessions -f FILE", "with names from the sessions that acctcon1 listed"),
            ],
        };
        command.Add(sessions);
        command.AddOurs([file, aix]);
        var flags = SuiteFlags.AddTo(command);
        command.SetWork((result, format) =>
        {
            var compat = flags.IsCompat(result);
            if (Contradicts(io, Lines, compat, format))
            {
                return ExitCode.Usage;
            }

            var flawed = 0UL;
            var names = new SessionNames(users, compat);
            var files = new AppletFiles(Lines, io);
            if (result.GetValue(sessions) is { } path)
            {
                var told = files.With(path, null, (from, _) => ReadSessions(files, names, path, from, out flawed));
                if (told != ExitCode.Done)
                {
                    return told;
                }
            }

            var from = io;
            var input = flags.Input(result, StandardInput.OrUsual(result.GetValue(file) ?? [], compat, ref from));
            using var exits = new DividedExits(input, flags.Selection(result), from, Lines, isListing: true);
            if (exits.Split(flags.Holidays(result), compat) is not { } split)
            {
                return ExitCode.Failure;
            }

            var lines = new ProcessLines(io.Output, format, names, split)
            {
                Compat = compat,
                IsAix = result.GetValue(aix),
            };
            exits.ReadAll(lines.Add);
            lines.End();
            var code = SuiteFlags.CodeOf(exits.Result);
            return code == ExitCode.Done && flawed > 0 ? ExitCode.BadRecords : code;
        });
        return command;
    }

    /// <summary>The command <c>acctprc2</c>.</summary>
    public static AppletCommand CreateSums(ReportIo io)
    {
        var compat = AppletFiles.Switch("--compat", null, "As the original adds up: floats, names of eight letters");
        var command = new AppletCommand(
            Sums, "Total by user the processes that acctprc1 lists, from standard input", io)
        {
            Like = "acctprc2(8) of the System V accounting suite",
            Differences = Anchor,
            Examples =
            [
                new("acctprc1 < FILE | acct-exporter acctprc2", "what acctprc does, in two steps"),
                new("acctprc2 --format json < processes", "what acctprc1 listed, as rows"),
            ],
        };
        command.AddOurs([compat]);
        command.SetWork((result, format) =>
        {
            var isCompat = result.GetValue(compat);
            if (Contradicts(io, Sums, isCompat, format))
            {
                return ExitCode.Usage;
            }

            var totals = new UserTotals(isCompat);
            var bad = new BadLines("is not what acctprc1 writes");
            var lines = new TextLines(io.Input);
            while (lines.TryRead(out var line))
            {
                if (PtmpText.TryRead(line, out var uid, out var name, out var charge))
                {
                    totals.Add(uid, name, charge);
                }
                else if (!line.Trim(" \t\r"u8).IsEmpty)
                {
                    bad.Met(lines.Number);
                }
            }

            totals.Write(io.Output, format, names: null);
            return bad.Told(new(Sums, io), file: null);
        });
        return command;
    }


    private static Argument<string[]> Files() => new("FILE")
    {
        Description = "Accounting files; none: standard input, or the agent's journal",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static int ReadSessions(AppletFiles files, SessionNames names, string path, Stream from, out ulong flawed)
    {
        var bad = new BadLines("is not what acctcon1 writes");
        flawed = names.Read(from, bad.Met);
        bad.Told(files, path);
        return ExitCode.Done;
    }

    private static bool Contradicts(ReportIo io, string name, bool compat, ReportFormat format)
    {
        var isFault = compat && format != ReportFormat.Text;
        if (isFault)
        {
            io.Errors.WriteLine($"{name}: --compat: rows have the exact sums: leave it out, or --format");
        }

        return isFault;
    }
}
