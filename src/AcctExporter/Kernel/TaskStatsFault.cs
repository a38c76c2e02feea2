// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Kernel;

/// <summary>Why no exits come from taskstats.</summary>
internal enum TaskStatsObstacle : byte
{
    /// <summary>Nothing is in the way.</summary>
    None,

    /// <summary>No netlink sockets for this process.</summary>
    NoNetlink,

    /// <summary>The kernel shows no family of that name here.</summary>
    NoTaskStats,

    /// <summary>CAP_NET_ADMIN is missing.</summary>
    NotPermitted,

    /// <summary>This process is not in the initial PID namespace.</summary>
    OtherPidNamespace,

    /// <summary>
    /// The kernel agreed, and yet nothing comes: it sends to the initial network namespace only. No system call tells;
    /// who has seen no message of a child of its own says so.
    /// </summary>
    OtherNetworkNamespace,

    /// <summary>The list of CPUs, which registering takes, cannot be read: there is no <c>/sys</c>.</summary>
    NoCpuList,

    /// <summary>See the errno.</summary>
    Other,
}

/// <summary>Why no exits come from taskstats, with the errno that said so.</summary>
/// <param name="Obstacle">What is in the way.</param>
/// <param name="Error">The errno; 0 for <see cref="TaskStatsObstacle.OtherNetworkNamespace"/>.</param>
internal readonly record struct TaskStatsFault(TaskStatsObstacle Obstacle, int Error)
{
    /// <summary>What, why, and what to do, in one sentence for a log.</summary>
    public string Message => Obstacle switch
    {
        TaskStatsObstacle.NoNetlink => Say(
            "this process may not open netlink sockets; add AF_NETLINK to RestrictAddressFamilies= of the unit, or "
            + "allow it in the container's seccomp profile"),
        TaskStatsObstacle.NoTaskStats => Say(
            "the kernel has no taskstats here: it was built without CONFIG_TASKSTATS, or is older than 5.19 and this "
            + "is not the initial network namespace; run the agent in the host's network namespace (hostNetwork)"),
        TaskStatsObstacle.NotPermitted => Say(
            "it takes CAP_NET_ADMIN in the initial user namespace (root of a rootless container has it only in its "
            + "own); add it to AmbientCapabilities= of the unit, or to the container's capabilities"),
        TaskStatsObstacle.OtherPidNamespace => Say(
            "this is not the initial PID namespace; run the agent in the host's (hostPID, --pid=host)"),
        TaskStatsObstacle.OtherNetworkNamespace => Say(
            "the kernel agreed to send exits and sends none: this is not the initial network namespace; run the agent "
            + "in the host's (hostNetwork, --network=host)"),
        TaskStatsObstacle.NoCpuList => Say(
            "the list of CPUs, /sys/devices/system/cpu/possible, cannot be read; mount sysfs in this root: "
            + "mount -t sysfs -o ro sysfs /sys"),
        TaskStatsObstacle.Other => Say("taskstats documents no such error; please report it"),
        _ => "",
    };

    /// <summary>The obstacle that an errno of opening or binding the socket stands for.</summary>
    public static TaskStatsFault OfOpening(int errno) => new(
        errno is Errno.EAFNOSUPPORT or Errno.EPROTONOSUPPORT ? TaskStatsObstacle.NoNetlink : TaskStatsObstacle.Other,
        errno);

    /// <summary>Likewise of asking for the family.</summary>
    public static TaskStatsFault OfFinding(int errno) => new(
        errno == Errno.ENOENT ? TaskStatsObstacle.NoTaskStats : TaskStatsObstacle.Other, errno);

    /// <summary>
    /// Likewise of registering (kernel/taskstats.c, add_del_listener: the list of CPUs is the kernel's own, so EINVAL
    /// leaves the namespace).
    /// </summary>
    public static TaskStatsFault OfRegistering(int errno) => new(
        errno switch
        {
            Errno.EPERM => TaskStatsObstacle.NotPermitted,
            Errno.EINVAL => TaskStatsObstacle.OtherPidNamespace,
            _ => TaskStatsObstacle.Other,
        },
        errno);

    private string Say(string advice) => Error == 0
        ? $"no exits from taskstats: {advice}"
        : $"no exits from taskstats: {Errno.Describe(Error)}: {advice}";
}
