// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Doctor;

/// <summary>What of the agent needs a capability.</summary>
[Flags]
internal enum Feature
{
    None = 0,

    /// <summary>Accounting of its own: acct(2).</summary>
    Accounting = 1,

    /// <summary>Taskstats.</summary>
    TaskStats = 1 << 1,

    /// <summary>Labels of units, containers and pods, or rules that ask for units.</summary>
    Units = 1 << 2,

    /// <summary>Segments that outlive a mount namespace of the agent's own.</summary>
    HostMounts = 1 << 3,

    /// <summary>Paths of programs in events, or in rules.</summary>
    ProgramPaths = 1 << 4,

    /// <summary>Processes of others in a /proc that hides them (<c>hidepid</c>).</summary>
    HiddenProcesses = 1 << 5,

    /// <summary>Files of others that their modes keep from the agent's user.</summary>
    OthersFiles = 1 << 6,

    /// <summary>Whether the kernel writes to a file of another user.</summary>
    OthersLease = 1 << 7,

    /// <summary>What the users' files take on the disks.</summary>
    Disks = 1 << 8,

    /// <summary>A port below 1024.</summary>
    LowPort = 1 << 9,

    /// <summary>Delay accounting, switched on by the agent.</summary>
    Delays = 1 << 10,

    /// <summary>A journal that a group may read which the agent's user is not in.</summary>
    JournalGroup = 1 << 11,
}
