// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace AcctExporter.Kernel;

/// <summary>A line of <c>/proc/self/mountinfo</c> (proc_pid_mountinfo(5)).</summary>
/// <param name="Id">The mount's number, as statx(2) gives it.</param>
/// <param name="Root">Which part of the file system is mounted.</param>
/// <param name="Point">Where.</param>
/// <param name="Kind">The file system's kind.</param>
/// <param name="Source">What is mounted: a device's path, as a rule.</param>
/// <param name="IsWritable">Neither the mount nor the file system is read-only.</param>
internal sealed record MountEntry(
    ulong Id, byte[] Root, byte[] Point, string Kind, byte[] Source, bool IsWritable)
{
    /// <summary>A line; null when it is none.</summary>
    internal static MountEntry? Parse(string line)
    {
        // Before a lone dash six fields and some options, behind it three.
        var words = line.Split(' ');
        var dash = Array.IndexOf(words, "-", Math.Min(6, words.Length));
        return dash > 0 && words.Length > dash + 3
            && ulong.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? new(id, Plain(words[3]), Plain(words[4]), words[dash + 1], Plain(words[dash + 2]),
                IsReadWrite(words[5]) && IsReadWrite(words[dash + 3]))
            : null;
    }

    private static bool IsReadWrite(string options) => !options.Split(',').Contains("ro");

    /// <summary>Blanks, line feeds and backslashes are written as <c>\040</c>: three octal digits.</summary>
    private static byte[] Plain(string field)
    {
        var plain = new List<byte>(field.Length);
        for (var i = 0; i < field.Length; i++)
        {
            var isCoded = field[i] == '\\' && i + 3 < field.Length
                && field.AsSpan(i + 1, 3).IndexOfAnyExceptInRange('0', '7') < 0;
            plain.Add(isCoded ? (byte)Convert.ToInt32(field.Substring(i + 1, 3), 8) : (byte)field[i]);
            i += isCoded ? 3 : 0;
        }

        return [.. plain];
    }
}

/// <summary>
/// The mounts that this process sees, and those of them that hold users' files on disks of this host.
/// </summary>
internal static class MountTable
{
    private const string Table = "/proc/self/mountinfo";

    /// <summary>
    /// Kinds that keep files with owners on a device of this host. Network and FUSE file systems, pseudo ones, memory,
    /// images and kinds without owners are not among them; an overlay is where it is the root of a container.
    /// </summary>
    private static readonly string[] OnDisk =
    [
        "ext2", "ext3", "ext4", "xfs", "btrfs", "zfs", "f2fs", "bcachefs", "jfs", "nilfs2", "reiserfs",
    ];

    /// <summary>All mounts; none when the table cannot be read.</summary>
    public static List<MountEntry> Read(string path = Table)
    {
        try
        {
            return [.. File.ReadLines(path, Encoding.Latin1).Select(MountEntry.Parse).OfType<MountEntry>()];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>
    /// The places to walk from so that each file system on a disk of this host that can be written to is walked once:
    /// of several mounts of one, those whose parts are in no other's.
    /// </summary>
    public static List<MountEntry> LocalDisks(IEnumerable<MountEntry> mounts)
    {
        var chosen = new List<(MountEntry Mount, ulong Device)>();
        foreach (var mount in mounts.Where(IsLocalDisk).OrderBy(mount => mount.Root.Length))
        {
            // One that another was mounted over is not to be seen any more.
            if (FileState.TryOfPath(mount.Point, out var state, out _)
                && (state.Mount == 0 || state.Mount == mount.Id)
                && !chosen.Any(other => other.Device == state.Device && IsBelow(mount.Root, other.Mount.Root)))
            {
                chosen.Add((mount, state.Device));
            }
        }

        return [.. chosen.Select(choice => choice.Mount).OrderBy(mount => Encoding.Latin1.GetString(mount.Point))];
    }

    /// <summary>Keeps users' files on a disk of this host, and may be written to.</summary>
    internal static bool IsLocalDisk(MountEntry mount) => mount.IsWritable
        && (OnDisk.Contains(mount.Kind) || (mount.Kind == "overlay" && mount.Point is [(byte)'/']));

    /// <summary>True for a path that is another, or in it.</summary>
    public static bool IsBelow(ReadOnlySpan<byte> path, ReadOnlySpan<byte> folder)
    {
        folder = folder.TrimEnd((byte)'/');
        return path.StartsWith(folder) && (path.Length == folder.Length || path[folder.Length] == '/');
    }
}
