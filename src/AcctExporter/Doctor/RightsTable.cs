// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;

namespace AcctExporter.Doctor;

/// <summary>One right that one feature needs.</summary>
/// <param name="Feature">What needs it.</param>
/// <param name="Name">The feature in a person's words.</param>
/// <param name="Capability">Its name: <c>CAP_SYS_PACCT</c>.</param>
/// <param name="Always">Needed as long as the agent runs; else at its start only, and given up then.</param>
/// <param name="Without">What is lost without it.</param>
/// <param name="Sign">How that is recognised: words of the log, or of <c>doctor</c>.</param>
internal sealed record RightsRow(
    Feature Feature, string Name, string Capability, bool Always, string Without, string Sign)
{
    /// <summary>The bit of the capability.</summary>
    public ulong Bit { get; } = 1UL << CapabilitySets.Number(Capability);
}

/// <summary>
/// Which feature needs which capability, and when: the one place that says so. The agent keeps by it what it goes on
/// needing; <c>doctor</c>, docs/privileges.md and the tests are held against it.
/// </summary>
internal static class RightsTable
{
    /// <summary>Every row.</summary>
    public static IReadOnlyList<RightsRow> Rows { get; } =
    [
        new(Feature.Accounting, "accounting of its own (without `--source`)", "CAP_SYS_PACCT", true,
            "the agent does not start", "switching process accounting on needs root (CAP_SYS_PACCT"),
        new(Feature.TaskStats, "taskstats (`--taskstats.mode`)", "CAP_NET_ADMIN", false,
            "CPU time in whole ticks of 10 ms; no I/O, memory and delays; threaded programs under a thread's name",
            "no exits from taskstats: Operation not permitted (EPERM)"),
        new(Feature.Units, "labels of units, containers and pods; rules by unit", "CAP_NET_ADMIN", false,
            "these labels are empty, and rules by unit match nothing", "no events of processes: "),
        new(Feature.HostMounts, "a container, or a unit with mounts of its own", "CAP_SYS_PTRACE", false,
            "accounting ends, without a word, when the agent's mounts do: a gap until its next start",
            "outlives this process's mount namespace"),
        new(Feature.ProgramPaths, "paths of programs in events, and rules by `exe`", "CAP_SYS_PTRACE", true,
            "a path is known only for programs in the usual directories (`/usr/bin` and the like)",
            "Events name no paths of programs"),
        new(Feature.HiddenProcesses, "labels of units, and ends of sessions, where /proc hides processes (`hidepid`)",
            "CAP_SYS_PTRACE", true, "labels of units are empty; a session without a logout stays open",
            "Events name no paths of programs"),
        new(Feature.OthersFiles, "files that the agent's user may not read (`--source`, btmp)", "CAP_DAC_READ_SEARCH",
            true, "that file is not read; the file's group, where it has one, does as well",
            "It must exist and be readable"),
        new(Feature.OthersLease, "a followed file of another user (`--source`)", "CAP_LEASE", true,
            "that another file has taken its place is noticed only after 3 s of silence", "CAP_LEASE is missing"),
        new(Feature.Disks, "what users' files take, looked for by the agent (`--suite.disk`)", "CAP_DAC_READ_SEARCH",
            true, "folders that the agent's user may not enter are not charged", "cannot look at "),
        new(Feature.LowPort, "a port below 1024 (`--web.listen-address`)", "CAP_NET_BIND_SERVICE", true,
            "the agent does not start", "a port that this user may have"),
        new(Feature.Delays, "delays, switched on by the agent (`--taskstats.enable-delays`)", "CAP_SYS_ADMIN", false,
            "they are measured only where the host does it: `sysctl kernel.task_delayacct=1`",
            "delay accounting cannot be switched on"),
        new(Feature.JournalGroup, "a group that the agent's user is not in (`--journal.group`)", "CAP_SETGID", false,
            "the group cannot read the journal", "only members may give files to a group"),
    ];

    /// <summary>The capabilities that these features need as long as the agent runs.</summary>
    public static ulong Always(Feature features) => Of(features, row => row.Always);

    /// <summary>The capabilities that these features need at the start, or always.</summary>
    public static ulong AtStart(Feature features) => Of(features, _ => true);

    private static ulong Of(Feature features, Func<RightsRow, bool> chosen) => Rows
        .Where(row => features.HasFlag(row.Feature) && chosen(row))
        .Aggregate(0UL, (bits, row) => bits | row.Bit);
}
