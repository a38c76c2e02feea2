// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Kernel;
using AcctExporter.Logins;
using AcctExporter.Records;
using AcctExporter.Reports;

namespace AcctExporter.Cli;

/// <summary><c>acct-exporter utmpdump</c>: login files as text and back, as util-linux does it.</summary>
internal static class UtmpDumpApplet
{
    private const string Name = "utmpdump";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>The command.</summary>
    public static AppletCommand Create(ReportIo io)
    {
        var file = new Argument<string?>("FILE")
        {
            Description = "A utmp, wtmp or btmp file; with --reverse the text of one; none or - is standard input",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var follow = AppletFiles.Switch("--follow", "-f", "Show the last ten records, and what is appended");
        var reverse = AppletFiles.Switch("--reverse", "-r", "Make records of the text again");
        var version = AppletFiles.Switch("--version", "-V", "The version");
        var output = AppletFiles.OutputOption();
        var command = new AppletCommand(Name, "Show login files (wtmp, btmp, utmp) as text, or make them of it", io)
        {
            file, follow, reverse, output, version,
        };
        command.SetWork((result, format) =>
        {
            if (result.GetValue(version))
            {
                io.Output.Write(System.Text.Encoding.UTF8.GetBytes($"{Name}: acct-exporter {Agent.Build.Version}\n"));
                return ExitCode.Done;
            }

            var files = new AppletFiles(Name, io);
            var input = result.GetValue(file);
            var what = input is null or AppletFiles.Standard ? "/dev/stdin" : input;
            if (result.GetValue(reverse))
            {
                return files.With(input, result.GetValue(output), (from, to) =>
                {
                    io.Errors.WriteLine($"Utmp undump of {what}");
                    var bad = UtmpDump.Undump(from, new(to, format), line => files.Say(
                        $"{AppletFiles.NameOf(input)}: line {line} is not what utmpdump writes: left out"));
                    return bad == 0 ? ExitCode.Done : ExitCode.BadRecords;
                });
            }

            if (result.GetValue(follow))
            {
                return input is null or AppletFiles.Standard
                    ? Unfit(files) : Follow(io, files, input, result.GetValue(output), format);
            }

            return files.With(input, result.GetValue(output), (from, to) =>
            {
                io.Errors.WriteLine($"Utmp dump of {what}");
                var flaws = new UtmpDump(to, format).Dump(from);
                return files.Told(
                    input, flaws[(int)UtmpFlaw.Partial] + flaws[(int)UtmpFlaw.Misaligned], "left out");
            });
        });
        return command;
    }

    private static int Unfit(AppletFiles files)
    {
        files.Say("following standard input is unsupported; name a file");
        return ExitCode.Usage;
    }

    private static int Follow(ReportIo io, AppletFiles files, string input, string? output, ReportFormat format)
    {
        if (output != null && files.Refuses(output, input))
        {
            return ExitCode.Usage;
        }

        // What is not there yet is more often a name misspelt than a log to be.
        if (!Path.Exists(input))
        {
            files.Say($"cannot read {input}: No such file or directory");
            return ExitCode.CannotRead;
        }

        try
        {
            using var tail = new UtmpTail(input, UtmpDump.LastRecords);
            return files.WithOutput(output, to =>
            {
                io.Errors.WriteLine($"Utmp dump of {input}");
                new UtmpDump(to, format).Follow(tail, Pause, CancellationToken.None);
                return ExitCode.Done;
            });
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException
            or UnauthorizedAccessException)
        {
            files.Say($"cannot read {input}: {FileFault.Why(error, input)}");
            return ExitCode.CannotRead;
        }
    }
}
