// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;

namespace AcctExporter.Doctor;

/// <summary>Of which processes, and for how long, accounting that is switched on from here tells.</summary>
internal static class NamespaceFindings
{
    /// <summary>All but the user namespace, which is one of rights.</summary>
    public static IEnumerable<Finding> Of(HostView host, DoctorOptions options)
    {
        var setting = Setting.Of(host);
        yield return Pid(host, options, setting);
        yield return Network(host, setting);
        yield return Mount(host, options, setting);
        yield return Time(host, setting);
    }

    private static Finding Pid(HostView host, DoctorOptions options, Setting setting)
    {
        const string id = "namespace-pid";
        var number = NamespaceId.Of(host, "pid");
        if (number == NamespaceId.InitialPid)
        {
            return Finding.Ok(id, "This is the initial PID namespace: every process of the host is seen.");
        }

        return number is null
            ? new(id, FindingState.Unknown, "/proc/self/ns/pid cannot be read.")
            : new(id, options.Capture.SourceFile is null ? FindingState.Warning : FindingState.Note,
                $"This is a PID namespace of its own (pid:[{number}]), not the host's.")
            {
                Means = "Accounting that is switched on here tells only of the processes in this namespace, and "
                    + "taskstats and events of processes are sent to the initial one alone.",
                Mend = setting.Share("hostPID", "--pid=host", "PrivatePIDs=no", "unshare --pid"),
                Lacks = options.Capture.SourceFile is null ? "processes outside of this PID namespace" : "",
            };
    }

    private static Finding Network(HostView host, Setting setting)
    {
        const string id = "namespace-network";
        var number = NamespaceId.Of(host, "net");

        // In the initial PID namespace process 1 is the host's; to look at it takes CAP_SYS_PTRACE.
        var first = NamespaceId.Of(host, "pid") == NamespaceId.InitialPid ? NamespaceId.Of(host, "net", "1") : null;
        if (number is not null && (number == NamespaceId.InitialNetwork || number == first))
        {
            return Finding.Ok(id, "This is the host's network namespace: taskstats are sent to it.");
        }

        if (number is null || (first is null && !IsNumberedSince618(host)))
        {
            return new(id, FindingState.Unknown,
                "Whether this is the host's network namespace cannot be seen; taskstats themselves answer below.");
        }

        return new(id, FindingState.Warning, $"This is a network namespace of its own (net:[{number}]).")
        {
            Means = "Registering for taskstats succeeds, and nothing ever arrives: the kernel sends to the host's "
                + "network namespace only. There are no events of processes either.",
            Mend = setting.Share("hostNetwork", "--network=host", "PrivateNetwork=no", "unshare --net"),
        };
    }

    private static bool IsNumberedSince618(HostView host) =>
        Version.TryParse((host.Read("/proc/sys/kernel/osrelease") ?? "").Split('-')[0], out var version)
        && version >= new Version(6, 18);

    private static Finding Mount(HostView host, DoctorOptions options, Setting setting)
    {
        const string id = "namespace-mount";
        if (options.Capture.SourceFile is not null)
        {
            return Finding.Ok(id, "Nothing is switched on from here, so it does not matter whose mounts these are.");
        }

        var own = MountNamespace.IsOwn(host.PathOf("/proc/self/ns/mnt"), host.PathOf("/proc/1/ns/mnt"))
            ?? HasOwnMounts(host);
        var path = options.Capture.AccountingPath;
        if (own == false)
        {
            return Finding.Ok(id, "These are the mounts of process 1: accounting outlives the agent.");
        }

        if (own is null)
        {
            return new(id, FindingState.Unknown, "Whose mounts these are cannot be seen: neither /proc/1/ns/mnt nor "
                + "/proc/1/mountinfo may be read.")
            {
                Means = "If they are our own, accounting ends silently with them.",
                Mend = setting.Grant("CAP_SYS_PTRACE"),
            };
        }

        if (host.WhyAccountingEnds(path) is not { } why)
        {
            return Finding.Note(id, $"This is a mount namespace of its own; {path} is reached through "
                + $"{HostDirectory.FirstProcessRoot}, so accounting outlives it.");
        }

        return new(id, FindingState.Warning, "This is a mount namespace of its own, and accounting ends with it.")
        {
            Means = why + " What ends between two runs of the agent is then not counted.",
            Mend = MountMends(path, setting),
            Lacks = "what ends while no agent runs",
        };
    }

    /// <summary>The mount tables tell it, too, to whoever may not look at the namespaces.</summary>
    private static bool? HasOwnMounts(HostView host) =>
        MountTable.Read(host).Last("/") is { } ours
        && MountTable.Read(host, "/proc/1/mountinfo").Last("/") is { } first ? ours.Id != first.Id : null;

    private static string[] MountMends(string path, Setting setting) => setting.Kind switch
    {
        Surroundings.Kubernetes =>
        [
            "in the pod of the DaemonSet: hostPID: true, and a hostPath volume mounted at its own path: " + path,
            .. setting.Grant("CAP_SYS_PTRACE"),
        ],
        Surroundings.Container => [$"docker run --pid=host --cap-add SYS_PTRACE -v {path}:{path} ..."],
        _ =>
        [
            "start it without unshare --mount",
            .. setting.Grant("CAP_SYS_PTRACE"),
            Setting.DropIn(
                "PrivateTmp=no", "PrivateDevices=no", "ProtectSystem=no", "ProtectHome=no", "ProtectProc=default",
                "ProtectKernelTunables=no", "ProtectKernelModules=no", "ProtectKernelLogs=no",
                "ProtectControlGroups=no", "ReadWritePaths=", "ReadOnlyPaths=", "InaccessiblePaths=", "BindPaths=",
                "BindReadOnlyPaths=", "TemporaryFileSystem=", "PrivateMounts=no", "DynamicUser=no"),
        ],
    };

    private static Finding Time(HostView host, Setting setting)
    {
        const string id = "namespace-time";
        var number = NamespaceId.Of(host, "time");
        if (number is null or NamespaceId.InitialTime)
        {
            // Kernels before 5.6 have none of them.
            return Finding.Ok(id, "The monotonic clock is the host's.");
        }

        var offsets = string.Join("; ", (host.Read("/proc/self/timens_offsets") ?? "").Split('\n')
            .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
        return Finding.Note(id, $"This is a time namespace of its own ({offsets}).") with
        {
            Means = "Only the monotonic clocks differ from the host's; records and messages tell of the wall clock and "
                + "of spans, which do not.",
            Mend = setting.Kind == Surroundings.Host ? ["start it without unshare --time"] : [],
        };
    }
}
