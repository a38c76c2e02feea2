// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Reports;
using AcctExporter.Suite;

namespace AcctExporter.Cli;

/// <summary><c>acct-exporter acctdusg</c>: disk usage by user, of files whose names are read.</summary>
internal static class AcctdusgApplet
{
    private const string Name = "acctdusg";

    /// <summary>The command.</summary>
    public static AppletCommand Create(ReportIo io)
    {
        var nul = AppletFiles.Switch(
            "--null", "-0", "A NUL ends each name, as find -print0 writes it, not a line feed");
        var command = new AppletCommand(Name, "Charge users with the files whose path names it reads", io)
        {
            Like = "acctdusg(8) of the System V accounting suite",
            Differences = DiskFlags.Anchor,
            Examples =
            [
                new("acctdusg -0 < names", "names that find -print0 wrote"),
                new("acctdusg -u uncharged < names", "also a list of files whose owners have no name"),
            ],
        };
        var flags = DiskFlags.AddTo(command);
        command.AddOurs([nul]);
        command.SetWork((result, format) =>
        {
            var files = new AppletFiles(Name, io);
            if (flags.Owners(result, files) is not var (owners, homes))
            {
                return ExitCode.CannotRead;
            }

            var scan = new DiskScan(homes) { IsCharged = uid => owners.NameOf(uid) != null };
            var end = result.GetValue(nul) ? (byte)0 : (byte)'\n';
            int Charge(Stream? list)
            {
                var lines = list is null ? null : new ReportText(list);
                var named = new NamedFiles(scan, homes != null)
                {
                    Uncharged = lines is null ? null
                        : (path, state) => DiskLines.WriteUncharged(lines, state.Uid, (long)state.Blocks, path),
                };
                named.Read(new(io.Input, end));
                lines?.Flush();
                DiskReport.Write(io.Output, format, named.Usage, owners);
                if (named.Gone > 0)
                {
                    files.Say($"{named.Gone} {(named.Gone == 1 ? "name leads" : "names lead")} to no file: left out");
                }

                if (named.Unclaimed > 0 && lines is null)
                {
                    var are = named.Unclaimed == 1 ? "file is" : "files are";
                    files.Say($"{named.Unclaimed} {are} charged to nobody: -u lists them");
                }

                return DiskFlags.Told(files, named.Faults);
            }

            return flags.Uncharged(result) is { } path ? files.WithOutput(path, Charge) : Charge(null);
        });
        return command;
    }
}
