// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;

namespace AcctExporter.Suite;

/// <summary>Where walks begin.</summary>
internal sealed class DiskRoots
{
    private readonly List<MountEntry> mounts = MountTable.Read();

    /// <summary>Paths of folders, each on a file system or a part of one that no other has.</summary>
    public List<byte[]> Paths { get; private set; } = [];

    /// <summary>Why some of what was named is left out, in words.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>
    /// What is mounted where a path is: a device's path, as a rule; the path itself when it is not known.
    /// </summary>
    public byte[] SourceOf(byte[] path) =>
        FileState.TryOfPath(Real(path), out var state, out _)
        && mounts.Find(mount => mount.Id == state.Mount) is { } found ? found.Source : path;

    /// <summary>Leaves out those of these names, of places or of what is mounted there.</summary>
    public void Ignore(IReadOnlyList<byte[]> names) => Paths.RemoveAll(path => names.Any(name =>
        path.AsSpan().SequenceEqual(name) || SourceOf(path).AsSpan().SequenceEqual(name)));

    /// <summary>Every file system on a disk of this host that is mounted to be written to.</summary>
    public static DiskRoots Local()
    {
        var roots = new DiskRoots();
        roots.Paths = [.. MountTable.LocalDisks(roots.mounts).Select(mount => mount.Point)];
        return roots;
    }

    /// <summary>What was named: folders, or devices that are mounted.</summary>
    /// <param name="named">The names.</param>
    /// <param name="crosses">Also the file systems on disks of this host that are mounted below.</param>
    public static DiskRoots Of(IEnumerable<byte[]> named, bool crosses)
    {
        var roots = new DiskRoots();
        var places = named.Select(name => (roots.PointOf(name) ?? name, IsNamed: true)).ToList();
        if (crosses)
        {
            places.AddRange(MountTable.LocalDisks(roots.mounts).Select(mount => mount.Point)
                .Where(point => places.Any(place => MountTable.IsBelow(point, Real(place.Item1))))
                .Select(point => (point, IsNamed: false)).ToArray());
        }

        roots.Choose(places);
        return roots;
    }

    /// <summary>Leaves out what a walk from another place meets anyway.</summary>
    private void Choose(List<(byte[] Path, bool IsNamed)> places)
    {
        var chosen = new List<(byte[] Path, byte[] Real, FileState State)>();
        foreach (var (path, isNamed) in places.OrderBy(place => Real(place.Path).Length))
        {
            var real = Real(path);
            _ = FileState.TryOfPath(real, out var state, out _);
            var (above, _, _) = chosen.FirstOrDefault(other => other.State.Device == state.Device
                && other.State.Mount == state.Mount && MountTable.IsBelow(real, other.Real));
            if (above is null)
            {
                chosen.Add((path, real, state));
            }
            else if (isNamed)
            {
                Notes.Add($"{PathText.Of(path)}: it is in {PathText.Of(above)}, which is named, too: counted there");
            }
        }

        Paths = [.. chosen.Select(place => place.Path)];
    }

    private byte[]? PointOf(byte[] name) => name is [] || name is not [(byte)'/', ..] ? null
        : mounts.LastOrDefault(mount => mount.Source.AsSpan().SequenceEqual(name))?.Point;

    private static byte[] Real(byte[] path) => UserEntry.RealPath(path) ?? path;
}
