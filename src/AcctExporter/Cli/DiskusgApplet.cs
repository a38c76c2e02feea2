// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Globalization;
using System.Text;
using AcctExporter.Kernel;
using AcctExporter.Reports;
using AcctExporter.Suite;

namespace AcctExporter.Cli;

/// <summary><c>acct-exporter diskusg</c>: disk usage by user, of whole file systems.</summary>
internal static class DiskusgApplet
{
    private const string Name = "diskusg";

    /// <summary>The command.</summary>
    public static AppletCommand Create(ReportIo io)
    {
        var named = new Argument<string[]>("FILE-SYSTEM")
        {
            Description = "Folders, or mounted devices; none: every local file system that can be written to",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var summed = AppletFiles.Switch(
            "--sum", "-s", "The arguments are files of what was written before: add them up");
        var told = AppletFiles.Switch("--verbose", "-v", "List on standard error what nobody is charged with");
        var ignored = new Option<string?>("--ignore", "-i")
        {
            Description = "Leave out these file systems, with commas between",
            HelpName = "LIST",
        };
        var command = new AppletCommand(Name, "Charge users with the files of whole file systems", io)
        {
            Like = "diskusg(8) of AIX and UnixWare",
            Differences = DiskFlags.Anchor,
            Examples =
            [
                new("diskusg", "every local file system"),
                new("diskusg --format csv /home", "one, as rows"),
                new("diskusg -s monday tuesday", "what was written before, added up"),
            ],
        };
        command.Add(named);
        foreach (var option in (Option[])[summed, told, ignored])
        {
            command.Add(option);
        }

        var flags = DiskFlags.AddTo(command);
        command.SetWork((result, format) =>
        {
            var files = new AppletFiles(Name, io);
            var names = result.GetValue(named) ?? [];
            if (result.GetValue(summed))
            {
                return Sum(io, files, names, format);
            }

            if (flags.Owners(result, files) is not var (owners, homes))
            {
                return ExitCode.CannotRead;
            }

            var roots = names.Length > 0 ? DiskRoots.Of(names.Select(Encoding.UTF8.GetBytes), crosses: false)
                : DiskRoots.Local();
            roots.Ignore([.. (result.GetValue(ignored) ?? "").Split([',', ' ']).Select(Encoding.UTF8.GetBytes)]);
            var walks = new DiskusgWalks(io, files, roots, owners, homes) { IsVerbose = result.GetValue(told) };
            return flags.Uncharged(result) is { } path
                ? files.WithOutput(path, list => walks.Run(format, new(list))) : walks.Run(format, null);
        });
        return command;
    }

    private static int Sum(ReportIo io, AppletFiles files, string[] names, ReportFormat format)
    {
        var table = new UserTable<long>();
        var code = ExitCode.Done;
        foreach (var name in names.DefaultIfEmpty(AppletFiles.Standard))
        {
            var read = files.With(name, null, (from, _) => ReadLines(from, files, name, table));
            code = Math.Max(code, read);
            if (read == ExitCode.CannotRead)
            {
                return read;
            }
        }

        DiskReport.Write(io.Output, format, table.Sorted().Select(user => (
            new DiskCharge(user.Uid, (long)((Int128)user.Sums * TacctSums.BlockBytes / DiskCharge.Parts), user.Sums),
            user.Name)));
        return code;
    }

    private static int ReadLines(Stream from, AppletFiles files, string name, UserTable<long> table)
    {
        var bad = new BadLines("is not a user's number, name and blocks");
        var lines = new TextLines(from);
        while (lines.TryRead(out var line))
        {
            if (DiskLines.TryRead(line, out var uid, out var user, out var milliBlocks))
            {
                ref var sum = ref table.Of(uid, user);
                sum = TacctSums.Sum(sum, milliBlocks);
            }
            else if (!line.Trim(" \t\r"u8).IsEmpty)
            {
                bad.Met(lines.Number);
            }
        }

        return bad.Told(files, name);
    }
}

/// <summary>The walks of <c>diskusg</c>, one behind the other.</summary>
internal sealed class DiskusgWalks(
    ReportIo io, AppletFiles files, DiskRoots roots, DiskOwners owners, HomeFolders? homes)
{
    private readonly DiskUsage usage = new();
    private byte[] special = [];

    /// <summary>What nobody is charged with is said, too.</summary>
    public bool IsVerbose { get; init; }

    /// <summary>Walks, and writes what was found.</summary>
    /// <param name="format">As lines or rows.</param>
    /// <param name="list">Gets what nobody is charged with: device, inode and owner; null for none.</param>
    public int Run(ReportFormat format, ReportText? list)
    {
        roots.Notes.ForEach(files.Say);
        if (roots.Paths.Count == 0)
        {
            files.Say("there is no file system to look at: name one");
            return ExitCode.Failure;
        }

        DiskVisit tell = (in entry) => Tell(entry, list);
        var scan = new DiskScan(homes)
        {
            IsCharged = uid => owners.NameOf(uid) != null,
            Uncharged = IsVerbose || list != null ? tell : null,
        };
        var code = ExitCode.Done;
        foreach (var root in roots.Paths)
        {
            special = roots.SourceOf(root);
            var walk = scan.Walk(root, usage, CancellationToken.None);
            if (walk.RootErrno != 0)
            {
                files.Say(DiskFaultText.OfRoot(root, walk.RootErrno));
                code = ExitCode.CannotRead;
            }

            var told = DiskFlags.Told(files, walk.Faults);
            code = code == ExitCode.Done ? told : code;
        }

        list?.Flush();
        var unknown = DiskReport.Write(io.Output, format, usage, owners);
        if (unknown > 0)
        {
            files.Say($"{unknown} {(unknown == 1 ? "owner has" : "owners have")} no name, and nobody is charged with "
                + "their files: -v and -u list them");
        }

        return code;
    }

    private void Tell(in DiskEntry entry, ReportText? list)
    {
        var state = entry.State;
        if (IsVerbose)
        {
            files.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"{PathText.Of(entry.Path())}: {state.Blocks} blocks of user {state.Uid} are charged to nobody"));
        }

        if (list != null)
        {
            DiskLines.WriteUncharged(list, special, state.Inode, state.Uid);
        }
    }
}
