// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Kernel;
using AcctExporter.Reports;

namespace AcctExporter.Cli;

/// <summary><c>acct-exporter acctcom</c>: exits one by one, as the System V suite lists them.</summary>
internal static class AcctcomApplet
{
    private const string Name = "acctcom";

    /// <summary>The command.</summary>
    public static AppletCommand Create(ReportIo io)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Accounting files; - is standard input. None: the agent's journal, or else "
                + ExitInputOptions.SystemFile,
            Arity = ArgumentArity.ZeroOrMore,
        };
        var columns = new AcctcomColumnFlags();
        var match = new AcctcomMatchFlags();
        var output = new Option<string?>("--output", "-o")
        {
            Description = "No list: put the records into this file, which is replaced",
            HelpName = "FILE",
            Arity = ArgumentArity.OneOrMore,
            CustomParser = result => result.Tokens[^1].Value,
        };
        var backwards = AppletFiles.Switch("--backwards", "-b", "The newest first");
        var systemV = AppletFiles.Switch("--svr4", null, "The files are of System V: records of 40 bytes, or of 32");
        var command = new AppletCommand(Name, "Exits one by one, with what each has cost", io)
        {
            Like = "acctcom(1) of the System V accounting suite",
            Examples =
            [
                new("acctcom", "what ended since the journal began"),
                new("acctcom -b -u alice", "what Alice ran, the newest first"),
                new("acctcom -htv -C 60", "more than a minute of CPU time: system, user, share of the time it ran"),
                new("acctcom -S 9:00 -E 17:00 -q FILE", "averages over a working day"),
            ],
        };
        command.Add(files);
        foreach (var option in columns.Options.Concat(match.Options).Append(output).Append(backwards))
        {
            command.Add(option);
        }

        command.AddOurs([systemV]);
        var flags = ProcessFlags.AddTo(command);
        command.Validators.Add(columns.Contradictions);
        command.SetWork((result, format) =>
        {
            var compat = flags.IsCompat(result);
            if (!match.TryRead(result, compat, out var matched, out var fault))
            {
                io.Errors.WriteLine($"{Name}: {fault}");
                return ExitCode.Usage;
            }

            var from = io;
            var named = result.GetValue(files) ?? [];
            var sources = StandardInput.OrUsual(named, compat, ref from);
            var options = columns.Read(result, new AcctcomOptions
            {
                Input = flags.Input(result, sources) with
                {
                    NewestFirst = result.GetValue(backwards),
                    SystemV = result.GetValue(systemV),
                },
                Selection = flags.Selection(result),
                Match = matched,
                Times = match.Times(result),
                Compat = compat,
                Format = format,
            });
            return result.GetValue(output) is { } records
                ? WriteRecords(records, options, from) : Code(AcctcomReport.Run(options, from));
        });
        return command;
    }

    private static int WriteRecords(string output, AcctcomOptions options, ReportIo io)
    {
        var files = new AppletFiles(Name, io);
        if (options.Format != ReportFormat.Text)
        {
            files.Say("--output and --format exclude each other: records are no rows");
            return ExitCode.Usage;
        }

        if (Keeps(output, options.Input) is { } why)
        {
            files.Say($"{output}: {why}; name another file");
            return ExitCode.Usage;
        }

        return files.WithOutput(output, stream => Code(AcctcomReport.Run(options, io, stream)));
    }

    /// <summary>Why a file may not be replaced; null when it may.</summary>
    private static string? Keeps(string output, ExitInputOptions input)
    {
        if (FileIdentity.TryOfPath(output, out var one, out _)
            && input.Files.Append(ExitInputOptions.SystemFile).Any(file =>
                FileIdentity.TryOfPath(file, out var other, out _) && one.IsSameFile(other)))
        {
            return "it is what is read, or what the kernel writes";
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(output)) ?? "/";
        return FileIdentity.TryOfPath(folder, out one, out _)
            && FileIdentity.TryOfPath(input.StoragePath, out var storage, out _) && one.IsSameFile(storage)
            ? "the agent keeps its journal there" : null;
    }

    private static int Code(ReadResult result) => result switch
    {
        ReadResult.Whole => ExitCode.Done,
        ReadResult.WithFlaws => ExitCode.BadRecords,
        _ => ExitCode.CannotRead,
    };
}
