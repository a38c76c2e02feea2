// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Records;

namespace AcctExporter.Doctor;

/// <summary>Where this process lives. It chooses the words of a mend and decides nothing.</summary>
internal enum Surroundings : byte
{
    /// <summary>A host: a shell, or a unit of systemd.</summary>
    Host,

    /// <summary>A container of docker, podman or the like.</summary>
    Container,

    /// <summary>A container in a pod.</summary>
    Kubernetes,
}

/// <summary>The same mend in the words of a shell, of a unit, of a container, of a pod.</summary>
/// <param name="Kind">Where we live.</param>
/// <param name="IsRoot">The effective user is root: then sudo mends nothing.</param>
internal readonly record struct Setting(Surroundings Kind, bool IsRoot)
{
    /// <summary>All that the unit may give the agent; to name one alone would take the others away.</summary>
    private const string UnitRights = "CAP_SYS_PACCT CAP_NET_ADMIN CAP_LEASE CAP_DAC_READ_SEARCH CAP_SYS_PTRACE";

    /// <summary>
    /// Looks at what container runtimes leave behind. A mark alone is none: an image may have become the disk of a
    /// machine. Who shares the root of the first process of the host is in no container.
    /// </summary>
    public static Setting Of(HostView host)
    {
        var isRoot = Capabilities.Of(host).Uid == 0;
        if (NamespaceId.Of(host, "pid") == NamespaceId.InitialPid && SharesRoot(host))
        {
            return new(Surroundings.Host, isRoot);
        }

        var group = CgroupPath.Parse(CgroupPath.OfProcess(
            Encoding.UTF8.GetBytes((host.Read("/proc/self/cgroup") ?? "") + "\n")));
        if (host.Variable("KUBERNETES_SERVICE_HOST") is { Length: > 0 } || group.PodLength > 0)
        {
            return new(Surroundings.Kubernetes, isRoot);
        }

        var marked = host.Exists("/.dockerenv") || host.Exists("/run/.containerenv");
        return new(marked || !group.Container.IsEmpty ? Surroundings.Container : Surroundings.Host, isRoot);
    }

    /// <summary>How to give a capability (<c>CAP_SYS_PACCT</c>).</summary>
    public IReadOnlyList<string> Grant(string capability)
    {
        var name = capability["CAP_".Length..];
        return Kind switch
        {
            Surroundings.Kubernetes =>
                [$"in the container of the DaemonSet: securityContext: {{capabilities: {{add: [{name}]}}}}"],
            Surroundings.Container => [$"docker run --cap-add {name} ..."],
            _ when IsRoot => [DropIn($"CapabilityBoundingSet={UnitRights}")],
            _ =>
            [
                "sudo acct-exporter serve",
                DropIn($"CapabilityBoundingSet={UnitRights}", $"AmbientCapabilities={UnitRights}"),
            ],
        };
    }

    /// <summary>How to live in a namespace of the host.</summary>
    /// <param name="field">Of a pod: <c>hostPID</c>.</param>
    /// <param name="flag">Of docker: <c>--pid=host</c>.</param>
    /// <param name="unitLine">Of a unit that has taken it away, or null.</param>
    /// <param name="program">Of util-linux, that gives it: <c>unshare --pid</c>.</param>
    public IReadOnlyList<string> Share(string field, string flag, string? unitLine, string program) => Kind switch
    {
        Surroundings.Kubernetes => [$"in the pod of the DaemonSet: {field}: true"],
        Surroundings.Container => [$"docker run {flag} ..."],
        _ when unitLine is null =>
            [$"start it without {program}; in a container: docker run {flag} ..., or {field}: true in the pod"],
        _ =>
        [
            $"start it without {program}; in a container: docker run {flag} ..., or {field}: true in the pod",
            DropIn(unitLine),
        ],
    };

    /// <summary>A command that adds lines to the unit, and takes effect.</summary>
    public static string DropIn(params ReadOnlySpan<string> lines) =>
        "mkdir -p /etc/systemd/system/acct-exporter.service.d && printf '[Service]\\n"
        + string.Join("\\n", lines) + "\\n' > /etc/systemd/system/acct-exporter.service.d/doctor.conf"
        + " && systemctl daemon-reload && systemctl restart acct-exporter";

    private static bool SharesRoot(HostView host) =>
        RootOf(host, "/proc/self/mountinfo") is { } ours && ours == RootOf(host, "/proc/1/mountinfo");

    /// <summary>Device and directory that the last mount on <c>/</c> shows.</summary>
    private static string? RootOf(HostView host, string table) =>
        MountTable.Read(host, table).Last("/") is { } mount ? $"{mount.Device} {mount.Root}" : null;
}
