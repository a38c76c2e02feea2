// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Kernel;
using AcctExporter.Reports;
using AcctExporter.Suite;

namespace AcctExporter.Cli;

/// <summary>
/// <c>acct-exporter remove</c> and <c>nulladm</c>: away with what runs that were killed have left; and empty files.
/// </summary>
internal static class RemoveApplet
{
    private const string Anchor = "startup-shutacct-turnacct-remove-nulladm";

    /// <summary>The command <c>remove</c>.</summary>
    public static AppletCommand Create(ReportIo io)
    {
        var command = new AppletCommand("remove", "Remove files that runs of the suite have left when killed", io)
        {
            HasFormat = false,
            Like = "remove(8) of the System V accounting suite",
            Differences = Anchor,
            Examples =
            [
                new("remove", "Unfinished files, and those of other systems"),
                new("remove --storage.path /srv/acct", "In another place"),
            ],
        };
        var flags = new SettingFlags(command, SuitePlace.Settings);
        command.SetWork((result, _) =>
            SuitePlace.Read(command, flags, result, options => Remove(command, options.Paths)));
        return command;
    }

    /// <summary>The command <c>nulladm</c>.</summary>
    public static AppletCommand CreateNull(ReportIo io)
    {
        var names = new Argument<string[]>("FILE")
        {
            Description = "Files to make, or to empty",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new AppletCommand("nulladm", "Make files that are empty and only for accounting", io)
        {
            HasFormat = false,
            Like = "nulladm(8) of the System V accounting suite",
            Differences = Anchor,
            Examples =
            [
                new("nulladm my.wtmp", "An empty login file"),
                new("nulladm fee dtmp", "Two files that are empty then"),
            ],
        };
        command.Add(names);
        command.SetWork((result, _) =>
        {
            var files = new AppletFiles("nulladm", io);
            var code = ExitCode.Done;
            foreach (var name in result.GetRequiredValue(names))
            {
                code = Empty(files, name) is var its && code == ExitCode.Done ? its : code;
            }

            return code;
        });
        return command;
    }

    /// <summary>Removes what is nobody's any more, when no run is at work.</summary>
    public static int Remove(AppletCommand command, SuitePaths paths)
    {
        if (!Directory.Exists(paths.Nite))
        {
            return ExitCode.Done;
        }

        try
        {
            using var held = AccountingLock.TryTake(paths.Lock, out var holder);
            if (held is null)
            {
                command.Io.Errors.WriteLine(
                    $"{command.Name}: a run (process {holder ?? "unknown"}) is at work: nothing was removed");
                return ExitCode.Failure;
            }

            foreach (var file in Leftovers(paths))
            {
                SuiteFile.Delete(file);
            }

            return ExitCode.Done;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            command.Io.Errors.WriteLine($"{command.Name}: {FileFault.Tell(error)}");
            return ExitCode.Failure;
        }
    }

    /// <summary>
    /// Files that were being written when a run was killed, and the saved files of other systems. Those of the days of
    /// this period are needed, and locks end with who has them.
    /// </summary>
    private static IEnumerable<string> Leftovers(SuitePaths paths) =>
        new[] { paths.Root, paths.Nite, paths.Sum, paths.Fiscal }.Where(Directory.Exists)
            .SelectMany(folder => Directory.GetFiles(folder, "*.new"))
            .Concat(Directory.Exists(paths.Sum)
                ? Directory.GetFiles(paths.Sum, "wtmp.*").Concat(Directory.GetFiles(paths.Sum, "pacct*")) : [])
            .Distinct();

    private static int Empty(AppletFiles files, string name)
    {
        if (files.Refuses(name))
        {
            return ExitCode.Usage;
        }

        try
        {
            if (new FileInfo(name).LinkTarget is not null
                || (FileIdentity.TryOfPath(name, out var identity, out _) && !identity.IsRegular))
            {
                files.Say($"{name}: it is no plain file: left as it is");
                return ExitCode.Failure;
            }

            using var file = new FileStream(name, FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
            File.SetUnixFileMode(file.SafeFileHandle, SuiteFile.ModeIn(Path.GetDirectoryName(Path.GetFullPath(name))!));
            return ExitCode.Done;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            files.Say($"cannot write {name}: {FileFault.Why(error, name)}");
            return ExitCode.Failure;
        }
    }
}
