// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Runtime.InteropServices;
using AcctExporter.Capture;
using AcctExporter.Config;
using AcctExporter.Doctor;
using AcctExporter.Kernel;
using AcctExporter.Ledger;
using AcctExporter.Logins;
using AcctExporter.Web;

namespace AcctExporter.Cli;

/// <summary>What a configuration asks of the rights of the agent's user: features, places to read and write.</summary>
internal sealed class RightsPlan
{
    private const int FirstFreePort = 1024;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly AgentOptions options;
    private readonly string[] files;
    private readonly uint user = OwnIdentity.Uid;
    private readonly ulong held;

    private RightsPlan(AgentOptions options, IEnumerable<string?> readAgain, ulong held)
    {
        this.options = options;
        this.held = held;
        files = [.. FilesOf(options, readAgain)];
        Features = FeaturesOf(options) | FeaturesOfHost();
    }

    /// <summary>What is configured that needs a capability.</summary>
    public Feature Features { get; }

    /// <summary>The capabilities that are needed as long as the agent runs, of those that it has.</summary>
    public ulong Kept => RightsTable.Always(Features) & held;

    /// <summary>The plan of a configuration.</summary>
    /// <param name="options">What is configured.</param>
    /// <param name="readAgain">The files that a new start or a reload reads again; null for one that is not.</param>
    /// <param name="sets">What the process has.</param>
    public static RightsPlan Of(AgentOptions options, IEnumerable<string?> readAgain, CapabilitySets sets) =>
        new(options, readAgain, sets.Permitted);

    /// <summary>What a configuration asks for, on whatever host.</summary>
    public static Feature FeaturesOf(AgentOptions options)
    {
        var labels = options.Ledger.Labels
            | (CommandRules.NeedUnit(options.Ledger.Rules) ? OptionalLabels.Unit : OptionalLabels.None);
        var events = options.Capture.Events.File.Length > 0 || PushService.PushesEvents(options);
        return (options.Capture.SourceFile is null ? Feature.Accounting | Feature.HostMounts : Feature.None)
            | (options.Capture.TaskStats != TaskStatsMode.Off ? Feature.TaskStats : Feature.None)
            | ((labels & OptionalLabels.OfCgroup) != 0 ? Feature.Units : Feature.None)
            | (events || CommandRules.NeedExe(options.Ledger.Rules) ? Feature.ProgramPaths : Feature.None)
            | (options.Suite.Disk is not null ? Feature.Disks : Feature.None)
            | (options.Capture.EnableDelays ? Feature.Delays : Feature.None)
            | (options.Capture.JournalGroup is not null ? Feature.JournalGroup : Feature.None)
            | (!options.Web.SystemdSocket && options.Web.ListenAddresses.Any(IsLow) ? Feature.LowPort : Feature.None);
    }

    /// <summary>Files that are there and cannot be read with the rights of the moment.</summary>
    public IEnumerable<string> Unreadable() =>
        files.Where(file => DirectoryRights.ErrnoOfReading(file) == Errno.EACCES);

    /// <summary>
    /// True when others' processes are asked for and cannot be seen with the rights of the moment (<c>hidepid</c>).
    /// </summary>
    public bool LacksProcesses() =>
        (Features.HasFlag(Feature.Units) || options.Logins.Source != LoginSource.Off) && !LoginProcess.IsFirstSeen();

    /// <summary>
    /// Places to write in that are there and cannot be written to with the rights of the moment, each with the flag
    /// that names another.
    /// </summary>
    public IEnumerable<(string Path, string Flag)> Unwritable() =>
        Places().Where(place => DirectoryRights.ErrnoOfMaking(place.Path) == Errno.EACCES);

    /// <summary>What to say of such a place.</summary>
    public string FaultOf(string path, string flag) => string.Create(CultureInfo.InvariantCulture,
        $"user {user} may not write in {path}, which is another's, without CAP_DAC_OVERRIDE, and the agent gives that "
        + $"right up when it starts: give the folder to that user (chown), start the agent as its owner, or name "
        + $"another with {flag}");

    /// <summary>Why this program could not start again with the rights of the moment; null when it could.</summary>
    public static string? WhyNoNewStart()
    {
        var errno = DirectoryRights.ErrnoOfRunning(SameProgram.Path);
        if (errno != 0)
        {
            return $"{SameProgram.Path} could not be run: {Errno.Describe(errno)}";
        }

        string[] parts = [.. Parts()];
        var closed = Array.Find(parts, part => DirectoryRights.ErrnoOfReading(part) != 0);
        return closed is null ? null : $"{closed} could not be read";
    }

    /// <summary>Does what takes rights only once: a missing storage folder, delays, the journal's group.</summary>
    public void Prepare()
    {
        Directory.CreateDirectory(options.Capture.StoragePath, OwnerOnly);

        if (Features.HasFlag(Feature.Delays) && DelayAccounting.Read() == DelayAccountingState.Off)
        {
            _ = DelayAccounting.TryEnable(out _);
        }

        if (options.Capture.JournalGroup is { } group && JournalSharing.TryNumber(group, out var gid, out _))
        {
            _ = OwnIdentity.Join(gid);
        }
    }

    private Feature FeaturesOfHost()
    {
        var features = Feature.None;
        foreach (var file in AccountingFiles(options))
        {
            if (FileIdentity.TryOfPath(file, out var facts, out _) && facts.Uid != user)
            {
                features |= Feature.OthersLease;
            }
        }

        return features;
    }

    private static IEnumerable<string> FilesOf(AgentOptions options, IEnumerable<string?> readAgain)
    {
        string?[] all =
        [
            .. readAgain, options.Suite.RatesFile, .. AccountingFiles(options),
            .. options.Logins.Source == LoginSource.Off ? Array.Empty<string>()
                : [options.Logins.WtmpFile, options.Logins.BtmpFile, options.Logins.WtmpdbFile,
                    options.Logins.HolidaysFile],
            options.Suite.Daily is null ? null : options.Suite.PageLog,
        ];
        return all.OfType<string>().Where(file => file.Length > 0 && file != "-" && Path.Exists(file))
            .Select(Path.GetFullPath);
    }

    /// <summary>Of another program: the one that is followed, or those that one may be using.</summary>
    private static IEnumerable<string> AccountingFiles(AgentOptions options) =>
        options.Capture.SourceFile is { } followed ? [followed] : options.Capture.UsualFiles;

    private IEnumerable<(string Path, string Flag)> Wanted()
    {
        yield return (Path.GetFullPath(options.Capture.StoragePath), "--storage.path");
        if (options.Capture.Events.File is { Length: > 0 } events && events != ExitEventOptions.StandardOutput
            && Path.GetDirectoryName(Path.GetFullPath(events)) is { } folder)
        {
            yield return (folder, "--events.file");
        }

        if (options.Suite.Path.Length > 0)
        {
            yield return (Path.GetFullPath(options.Suite.Path), "--suite.path");
        }
    }

    private IEnumerable<(string Path, string Flag)> Places() => options.Capture.SourceFile is null
        ? Wanted().Append((Path.GetFullPath(options.Capture.AccountingPath), "--accounting.path")) : Wanted();

    private static IEnumerable<string> Parts()
    {
        yield return AppContext.BaseDirectory;
        if (Environment.ProcessPath is { } program)
        {
            yield return program;
        }

        // With a runtime of the host's: that, and the program's own library.
        var runtime = RuntimeEnvironment.GetRuntimeDirectory();
        if (runtime.Length > 0 && Directory.Exists(runtime))
        {
            yield return runtime;
        }
    }

    private static bool IsLow(string text) =>
        ListenAddress.TryParse(text, out var address, out _) && address.Port is > 0 and < FirstFreePort;
}
