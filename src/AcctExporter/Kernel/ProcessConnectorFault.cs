// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Kernel;

/// <summary>Why no events come from the process connector.</summary>
internal enum ProcessConnectorObstacle : byte
{
    /// <summary>Nothing is in the way.</summary>
    None,

    /// <summary>The kernel has no connector, or none in this network namespace.</summary>
    NoConnector,

    /// <summary>CAP_NET_ADMIN is missing.</summary>
    NotPermitted,

    /// <summary>
    /// The kernel took the request and said nothing: so it does in another PID or user namespace, and without
    /// CONFIG_PROC_EVENTS.
    /// </summary>
    Silent,

    /// <summary>See the errno.</summary>
    Other,
}

/// <summary>Why no events come from the process connector, with the errno that said so.</summary>
/// <param name="Obstacle">What is in the way.</param>
/// <param name="Error">The errno; 0 for <see cref="ProcessConnectorObstacle.Silent"/>.</param>
internal readonly record struct ProcessConnectorFault(ProcessConnectorObstacle Obstacle, int Error)
{
    /// <summary>What, why, and what to do, in one sentence for a log.</summary>
    public string Message => Obstacle switch
    {
        ProcessConnectorObstacle.NoConnector => Say(
            "the kernel has no connector here: it was built without CONFIG_CONNECTOR, this is not the initial network "
            + "namespace (run the agent in the host's: hostNetwork, --network=host), or AF_NETLINK is missing in "
            + "RestrictAddressFamilies= of the unit"),
        ProcessConnectorObstacle.NotPermitted => Say(
            "it takes CAP_NET_ADMIN; add it to AmbientCapabilities= of the unit, or to the container's capabilities"),
        ProcessConnectorObstacle.Silent => Say(
            "the kernel took the request and sends nothing: this is not the initial PID namespace (run the agent in "
            + "the host's: hostPID, --pid=host), or the kernel was built without CONFIG_PROC_EVENTS"),
        ProcessConnectorObstacle.Other => Say("the connector documents no such error; please report it"),
        _ => "",
    };

    /// <summary>The obstacle that an errno of opening, binding or asking stands for.</summary>
    public static ProcessConnectorFault Of(int errno) => new(
        errno switch
        {
            Errno.EAFNOSUPPORT or Errno.EPROTONOSUPPORT or Errno.ENOENT or Errno.ECONNREFUSED
                => ProcessConnectorObstacle.NoConnector,
            Errno.EPERM or Errno.EACCES => ProcessConnectorObstacle.NotPermitted,
            _ => ProcessConnectorObstacle.Other,
        },
        errno);

    private string Say(string advice) => Error == 0
        ? $"no events of processes: {advice}"
        : $"no events of processes: {Errno.Describe(Error)}: {advice}";
}
