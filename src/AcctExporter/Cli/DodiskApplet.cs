// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text;
using AcctExporter.Reports;
using AcctExporter.Runacct;
using AcctExporter.Suite;

namespace AcctExporter.Cli;

/// <summary><c>acct-exporter dodisk</c>: what each user has on the disks, for the next daily run.</summary>
internal static class DodiskApplet
{
    private const string Name = "dodisk";

    /// <summary>The command.</summary>
    public static AppletCommand Create(ReportIo io)
    {
        var named = new Argument<string[]>("PATH")
        {
            Description = "Folders, or mounted devices; none: suite.disk-paths, else each local file system",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var others = AppletFiles.Switch(
            "--others", "-o", "Also the local file systems that are mounted below; without a PATH all below /");
        var share = AppletFiles.Switch("--link-share", null, DiskFlags.LinkShareHelp);
        var compat = AppletFiles.Switch("--compat", null, "Owners without a name are charged with nothing");
        var command = new AppletCommand(Name, "Charge each user with the disk space of files", io)
        {
            Like = "dodisk(8) of the System V accounting suite",
            Differences = DiskFlags.Anchor,
            Examples =
            [
                new("dodisk", "every local file system, for the next daily run"),
                new("dodisk /home /srv", "these, each without what is mounted below"),
                new("dodisk --link-share --format csv /home", "shares of files by their names, and a list of them"),
            ],
        };
        command.Add(named);
        command.Add(others);
        command.AddOurs([share, compat]);
        var flags = new SettingFlags(command, [.. SuitePlace.Settings, "suite.disk-paths"]);
        command.SetWork((result, format) =>
        {
            if (SuitePlace.Options(flags, result) is not { } options)
            {
                return ExitCode.Usage;
            }

            var run = new DiskRun(
                options,
                new DiskRunOptions
                {
                    Paths = [.. (result.GetValue(named) ?? []).Select(Encoding.UTF8.GetBytes)],
                    CrossesMounts = result.GetValue(others),
                    LinkShare = result.GetValue(share),
                    Compat = result.GetValue(compat),
                },
                io.Clock, line => io.Errors.WriteLine($"{Name}: {line}"));
            var ended = run.Run(CancellationToken.None);
            if (format != ReportFormat.Text && ended is DiskRunResult.Done or DiskRunResult.WithFaults)
            {
                WriteRows(io.Output, format, run.Samples);
            }

            return ended switch
            {
                DiskRunResult.Done => ExitCode.Done,
                DiskRunResult.WithFaults => ExitCode.BadRecords,
                _ => ExitCode.Failure,
            };
        });
        return command;
    }

    private static void WriteRows(Stream output, ReportFormat format, IEnumerable<DiskSample> samples)
    {
        var rows = new ReportRows(
            new(output), format, "time", "file_system", "uid", "user", "disk_bytes");
        foreach (var sample in samples)
        {
            rows.Row();
            rows.AddInstant(sample.TakenUnixSeconds);
            rows.Add(sample.FileSystem);
            rows.Add(sample.Uid);
            rows.Add(sample.Name);
            rows.Add(sample.Bytes);
        }

        rows.End();
    }
}
