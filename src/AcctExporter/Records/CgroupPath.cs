// SPDX-License-Identifier: Apache-2.0
using System.Buffers;

namespace AcctExporter.Records;

/// <summary>
/// What the path of a control group says of the process in it (cgroups(7)): the systemd unit, the container, the pod. A
/// view of the path's bytes. Whoever may make groups may give them any name, so the path is a claim, not a proof; what
/// is not understood is empty, never a fault. Names stay as they are in the path: systemd's <c>\x2d</c> is not turned
/// back, for that is how systemctl takes and shows them.
/// </summary>
internal readonly ref struct CgroupPath
{
    /// <summary>How much of a container's id is its label: what docker and podman show.</summary>
    public const int ContainerDigits = 12;

    /// <summary>A pod's uid is a UUID, or 32 digits for a pod that the node itself defines.</summary>
    public const int LongestPod = 36;

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdef"u8);

    private const int IdDigits = 64;
    private const int StaticPodDigits = 32;

    /// <summary>NAME_MAX: what is longer was never the name of a group.</summary>
    private const int LongestName = 255;

    private readonly ReadOnlySpan<byte> pod;

    private CgroupPath(ReadOnlySpan<byte> unit, ReadOnlySpan<byte> container, ReadOnlySpan<byte> pod)
    {
        Unit = unit;
        Container = container;
        this.pod = pod;
    }

    /// <summary>
    /// The innermost part that ends in <c>.service</c> or <c>.scope</c>: of a user's service, the service and not the
    /// user's manager around it; of a container of systemd, its scope. Empty when there is none.
    /// </summary>
    public ReadOnlySpan<byte> Unit { get; }

    /// <summary>
    /// The first 12 digits of the id of the innermost container; empty outside of containers, and for runtimes whose
    /// groups bear no id of 64 digits (LXC, systemd-nspawn).
    /// </summary>
    public ReadOnlySpan<byte> Container { get; }

    /// <summary>Length of the pod's uid: 36, 32 for static pods, 0 outside of Kubernetes.</summary>
    public int PodLength => pod.Length;

    /// <summary>
    /// The path of the group of a process, from the bytes of <c>/proc/PID/cgroup</c>: that of the one hierarchy of
    /// cgroup v2, unless it says nothing (no such line, or <c>/</c>) and the hierarchy of systemd on a host with v1
    /// does. <c>/</c> when all lines there are say so; empty when there is no such line. Without the mark
    /// <c> (deleted)</c> of a group that is gone. A last line without an end is cut short, and passed over.
    /// </summary>
    public static ReadOnlySpan<byte> OfProcess(ReadOnlySpan<byte> file)
    {
        var unified = ReadOnlySpan<byte>.Empty;
        var systemd = ReadOnlySpan<byte>.Empty;
        for (int end; (end = file.IndexOf((byte)'\n')) >= 0; file = file[(end + 1)..])
        {
            var line = file[..end];
            if (line.StartsWith("0::/"u8))
            {
                unified = WithoutMark(line["0::".Length..]);
            }
            else if (line.IndexOf((byte)':') is > 0 and var colon && line[(colon + 1)..].StartsWith("name=systemd:/"u8))
            {
                systemd = WithoutMark(line[(colon + "name=systemd:".Length + 1)..]);
            }
        }

        return unified.Length > 1 || systemd.IsEmpty ? unified : systemd;
    }

    /// <summary>Reads a path.</summary>
    public static CgroupPath Parse(ReadOnlySpan<byte> path)
    {
        var unit = ReadOnlySpan<byte>.Empty;
        var container = ReadOnlySpan<byte>.Empty;
        var pod = ReadOnlySpan<byte>.Empty;
        while (!path.IsEmpty)
        {
            var end = path.IndexOf((byte)'/');
            var name = end < 0 ? path : path[..end];
            path = end < 0 ? [] : path[(end + 1)..];
            if (name.Length > LongestName)
            {
                continue;
            }

            if (IsUnit(name, ".service"u8) || IsUnit(name, ".scope"u8))
            {
                unit = name;
            }

            if (PodOf(name) is { IsEmpty: false } uid)
            {
                // A container outside of the pod (a node that is a container itself) is not the innermost one.
                pod = uid;
                container = default;
            }

            if (ContainerOf(name) is { IsEmpty: false } id)
            {
                container = id[..ContainerDigits];
            }
        }

        return new(unit, container, pod);
    }

    /// <summary>
    /// Writes the pod's uid as Kubernetes shows it: in the names of systemd's slices <c>_</c> stands for <c>-</c>.
    /// </summary>
    public int CopyPodTo(Span<byte> destination)
    {
        pod.CopyTo(destination);
        destination[..pod.Length].Replace((byte)'_', (byte)'-');
        return pod.Length;
    }

    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> path) =>
        path.EndsWith(" (deleted)"u8) ? path[..^" (deleted)".Length] : path;

    private static bool IsUnit(ReadOnlySpan<byte> name, ReadOnlySpan<byte> suffix) =>
        name.Length > suffix.Length && name.EndsWith(suffix);

    /// <summary>
    /// The id in <c>docker-ID.scope</c>, <c>libpod-ID</c>, <c>ID</c> (the drivers with and without systemd) and
    /// <c>SLICE:cri-containerd:ID</c>. A runtime's own watcher beside the container (<c>crio-conmon-ID.scope</c>) is
    /// not in it.
    /// </summary>
    private static ReadOnlySpan<byte> ContainerOf(ReadOnlySpan<byte> name)
    {
        if (name.EndsWith(".scope"u8))
        {
            name = name[..^".scope".Length];
        }

        if (name.Length < IdDigits)
        {
            return [];
        }

        var id = name[^IdDigits..];
        var runtime = name[..^IdDigits];
        var known = runtime.IsEmpty || runtime.SequenceEqual("docker-"u8) || runtime.SequenceEqual("libpod-"u8)
            || runtime.SequenceEqual("libpod-payload-"u8) || runtime.SequenceEqual("cri-containerd-"u8)
            || runtime.SequenceEqual("crio-"u8) || runtime.SequenceEqual("nerdctl-"u8)
            || runtime.EndsWith(":cri-containerd:"u8);
        return known && id.IndexOfAnyExcept(HexDigits) < 0 ? id : [];
    }

    /// <summary>
    /// The uid in <c>podUID</c> and <c>kubepods-burstable-podUID.slice</c> (the drivers without and with systemd), the
    /// latter perhaps with a container behind a colon.
    /// </summary>
    private static ReadOnlySpan<byte> PodOf(ReadOnlySpan<byte> name)
    {
        if (name.IndexOf(".slice"u8) is > 0 and var end && (end + 6 == name.Length || name[end + 6] == ':'))
        {
            name = name[..end];
            var at = name.LastIndexOf("-pod"u8);
            if (at < 0 || name.IndexOf("kubepods"u8) < 0)
            {
                return [];
            }

            name = name[(at + 1)..];
        }

        return name.StartsWith("pod"u8) && IsPod(name[3..]) ? name[3..] : [];
    }

    private static bool IsPod(ReadOnlySpan<byte> uid)
    {
        if (uid.Length == StaticPodDigits)
        {
            return uid.IndexOfAnyExcept(HexDigits) < 0;
        }

        for (var i = 0; i < uid.Length; i++)
        {
            var dash = i is 8 or 13 or 18 or 23;
            if (dash ? uid[i] is not ((byte)'-' or (byte)'_') : !char.IsAsciiHexDigitLower((char)uid[i]))
            {
                return false;
            }
        }

        return uid.Length == LongestPod;
    }
}
