// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;

namespace AcctExporter.Doctor;

/// <summary>
/// A directory of the agent, or the nearest parent that is there: it answers for what will be made in it.
/// </summary>
internal sealed class Place
{
    private readonly MountLine? mount;

    /// <summary>Looks at it.</summary>
    /// <param name="id"><c>accounting</c> or <c>storage</c>.</param>
    /// <param name="flag">What sets it.</param>
    /// <param name="path">Absolute.</param>
    /// <param name="host">The host.</param>
    /// <param name="mounts">Its mounts.</param>
    public Place(string id, string flag, string path, HostView host, MountTable mounts)
    {
        Id = id;
        Flag = flag;
        Path = path;
        Host = host;
        Nearest = path;
        while (!host.Exists(Nearest) && Nearest.Length > 1)
        {
            Nearest = System.IO.Path.GetDirectoryName(Nearest) ?? "/";
        }

        mount = mounts.Of(Resolved(host, Nearest));
        ErrnoOfMaking = host.ErrnoOfMaking(host.PathOf(Nearest));
        Space = host.SpaceOf(host.PathOf(Nearest));
    }

    public string Id { get; }

    public string Flag { get; }

    public string Path { get; }

    public HostView Host { get; }

    /// <summary>It, or the nearest parent that is there.</summary>
    public string Nearest { get; }

    /// <summary>Segments need more than storage: the kernel writes them.</summary>
    public bool IsAccounting => Id == "accounting";

    public bool Exists => Nearest == Path;

    public bool NearestIsDirectory => Directory.Exists(Host.PathOf(Nearest));

    /// <summary>Type of its file system; a question mark when the table says nothing.</summary>
    public string Kind => mount?.Kind ?? "?";

    /// <summary>Where that is mounted.</summary>
    public string Point => mount?.Point ?? "/";

    public bool IsReadOnly => mount?.IsReadOnly ?? false;

    /// <summary>0, or why this process can make nothing there.</summary>
    public int ErrnoOfMaking { get; }

    /// <summary>Null when it cannot be asked.</summary>
    public FreeSpace? Space { get; }

    /// <summary>The mount table has no symbolic links in it; /var/run is one.</summary>
    private static string Resolved(HostView host, string path)
    {
        try
        {
            for (var part = path; part.Length > 1; part = System.IO.Path.GetDirectoryName(part) ?? "/")
            {
                if (Directory.ResolveLinkTarget(host.PathOf(part), returnFinalTarget: true) is { } target
                    && target.FullName.StartsWith(host.Root, StringComparison.Ordinal))
                {
                    return target.FullName[host.Root.Length..] + path[part.Length..];
                }
            }
        }
        catch (IOException)
        {
            // A loop, or gone meanwhile: the path as it is will do.
        }

        return path;
    }
}
