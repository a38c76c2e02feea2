// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;

namespace AcctExporter.Doctor;

/// <summary>One right that one feature needs.</summary>
/// <param name="Feature">What needs it.</param>
/// <param name="Name">The feature in a person's words.</param>
/// <param name="Capability">Its name: <c>CAP_SYS_PACCT</c>.</param>
/// <param name="Always">Needed as long as the agent runs; else at its start only, and given up then.</param>
/// <param name="Without">What is lost without it.</param>
/// <param name="Sign">How that is recognised: words of the log.</param>
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
            "CPU time in whole 10 ms ticks; no I/O, memory and delays; no names of threaded programs",
            "no exits from taskstats: Operation not permitted"),
        new(Feature.Units, "labels of units, containers and pods; rules by unit", "CAP_NET_ADMIN", false,
            "these labels are empty, and rules by unit match nothing",
            "no events of processes: "),
        new(Feature.HostMounts, "a container, or a unit with mounts of its own", "CAP_SYS_PTRACE", false,
            "accounting ends, without a word, when the agent's mounts do: what ends until its next start is a gap",
            "CAP_SYS_PTRACE"),
        new(Feature.ProgramPaths, "paths of programs in events and rules (`exe`)", "CAP_SYS_PTRACE", true,
            "no paths of programs outside of the usual directories, nor of those in containers", "\"exe\":null"),
        new(Feature.HiddenProcesses, "labels and sessions where /proc hides processes (`hidepid`)", "CAP_SYS_PTRACE",
            true, "labels of units stay empty for processes that lived at the start; ends of sessions come late",
            "hidepid"),
        new(Feature.OthersFiles, "files that the agent's user may not read (`--source`, btmp, ...)",
            "CAP_DAC_READ_SEARCH", true, "that file is not read; better is the file's group", "Permission denied"),
        new(Feature.OthersLease, "a followed file of another user (`--source`)", "CAP_LEASE", true,
            "that accounting was switched away from a file is noticed after 3 s of silence", "right-lease"),
        new(Feature.Disks, "what users' files take, by the agent (`--suite.disk-at`)", "CAP_DAC_READ_SEARCH", true,
            "folders that the agent's user may not enter are not counted", "may not be entered"),
        new(Feature.LowPort, "a port below 1024 (`--web.listen-address`)", "CAP_NET_BIND_SERVICE", true,
            "the agent does not start", "choose a port"),
        new(Feature.Delays, "delays, switched on by the agent (`--taskstats.enable-delays`)", "CAP_SYS_ADMIN", false,
            "delays are measured only if the host does: `sysctl kernel.task_delayacct=1`",
            "delay accounting cannot be switched on"),
        new(Feature.JournalGroup, "a group that the agent's user is not in (`--journal.group`)", "CAP_SETGID", false,
            "the group cannot read the journal", "only members may give files to a group"),
    ];

    /// <summary>The capabilities that these features need as long as the agent runs.</summary>
    public static ulong Always(Feature features) => Rows
        .Where(row => row.Always && features.HasFlag(row.Feature))
        .Aggregate(0UL, (bits, row) => bits | row.Bit);
}
