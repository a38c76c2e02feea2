// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Doctor;

/// <summary>One line of a mount table (proc_pid_mountinfo(5)).</summary>
/// <param name="Id">Its number, unique in the whole kernel while it lives.</param>
/// <param name="Device">Major and minor number: <c>8:1</c>.</param>
/// <param name="Root">The directory of the file system that is shown.</param>
/// <param name="Point">Where it is mounted.</param>
/// <param name="IsReadOnly">The mount, or its whole file system, is read-only.</param>
/// <param name="Kind">Type of the file system: <c>ext4</c>.</param>
internal sealed record MountLine(
    string Id, string Device, string Root, string Point, bool IsReadOnly, string Kind);

/// <summary>The mounts that a process sees.</summary>
internal sealed class MountTable
{
    private readonly List<MountLine> mounts = [];

    /// <summary>Reads a table; lines that are none are passed over.</summary>
    public static MountTable Read(HostView host, string path = "/proc/self/mountinfo")
    {
        var table = new MountTable();
        foreach (var line in (host.Read(path) ?? "").Split('\n'))
        {
            var fields = line.Split(' ');
            var dash = Array.IndexOf(fields, "-");
            if (dash >= 6 && fields.Length > dash + 3)
            {
                var readOnly = HasReadOnly(fields[5]) || HasReadOnly(fields[dash + 3]);
                table.mounts.Add(new(
                    fields[0], fields[2], fields[3], Plain(fields[4]), readOnly, fields[dash + 1]));
            }
        }

        return table;
    }

    /// <summary>What is mounted on exactly this directory, on top; null for nothing.</summary>
    public MountLine? Last(string point) => mounts.FindLast(mount => mount.Point == point);

    /// <summary>What an absolute path without symbolic links is on; null when the table says nothing.</summary>
    public MountLine? Of(string path) => mounts
        .Where(mount => mount.Point == "/" || path == mount.Point
            || path.StartsWith(mount.Point + "/", StringComparison.Ordinal))
        .Select((mount, order) => (mount, order))
        .OrderBy(entry => entry.mount.Point.Length).ThenBy(entry => entry.order)
        .Select(entry => entry.mount).LastOrDefault();

    private static bool HasReadOnly(string options) => options.Split(',').Contains("ro");

    /// <summary>Blanks and the like are octal there.</summary>
    private static string Plain(string text) => text.Replace("\\040", " ", StringComparison.Ordinal)
        .Replace("\\011", "\t", StringComparison.Ordinal).Replace("\\012", "\n", StringComparison.Ordinal)
        .Replace("\\134", "\\", StringComparison.Ordinal);
}
