// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AcctExporter.Kernel;

namespace AcctExporter.Capture;

/// <summary>
/// Makes the journal readable to a group, so that its members can run the process reports: the storage folder may be
/// passed through by the group, the journal's folder and files read. Everything else stays the owner's. When no group
/// is wanted any more, what was given is taken back.
/// </summary>
internal sealed class JournalSharing
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerFolder = Owner | UnixFileMode.UserExecute;
    private const UnixFileMode PassedThrough = OwnerFolder | UnixFileMode.GroupExecute;

    /// <summary>New files in it get its group, and the bit says that it was this that shared it.</summary>
    private const UnixFileMode SharedFolder =
        PassedThrough | UnixFileMode.GroupRead | UnixFileMode.SetGroup;

    private readonly uint? gid;

    private JournalSharing(uint? gid, string? fault)
    {
        this.gid = gid;
        Fault = fault;
    }

    /// <summary>Why the group cannot read the journal, and what to do; null when it can, or none is to.</summary>
    public string? Fault { get; }

    /// <summary>Shares what is there, or takes it back.</summary>
    /// <param name="storagePath">The storage folder.</param>
    /// <param name="journalPath">The journal's folder in it.</param>
    /// <param name="group">Name or number of the group; null for none.</param>
    public static JournalSharing Of(string storagePath, string journalPath, string? group)
    {
        try
        {
            if (group is null)
            {
                TakeBack(storagePath, journalPath);
                return new(null, null);
            }

            if (!TryNumber(group, out var gid, out var why))
            {
                return new(null, why);
            }

            Give(storagePath, gid, PassedThrough);
            Give(journalPath, gid, SharedFolder);
            foreach (var file in Directory.EnumerateFiles(journalPath, "*.acj"))
            {
                Give(file, gid, Owner | UnixFileMode.GroupRead);
            }

            return new(gid, null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new(null, error.Message + (FileFault.ErrnoOf(error) == Errno.EPERM
                ? ": only members may give files to a group. Under systemd, SupplementaryGroups= makes the agent one"
                : ""));
        }
    }

    /// <summary>Shares a journal file that was just made.</summary>
    public void Share(string file)
    {
        // The folder could be given; should this file not be, the next start says why.
        if (gid is { } number && FileGroup.TrySet(file, number, out _))
        {
            File.SetUnixFileMode(file, Owner | UnixFileMode.GroupRead);
        }
    }

    /// <summary>The number of a group that is given by name or number.</summary>
    /// <param name="group">Name or number.</param>
    /// <param name="gid">The number.</param>
    /// <param name="why">When false: what to do.</param>
    public static bool TryNumber(string group, out uint gid, out string why)
    {
        why = "";
        if (uint.TryParse(group, NumberStyles.None, CultureInfo.InvariantCulture, out gid)
            || UserDatabase.TryGetGid(Encoding.UTF8.GetBytes(group), out gid, out var errno))
        {
            return true;
        }

        why = errno == 0
            ? $"there is no such group: make it (groupadd {group}), or name another"
            : $"its number cannot be found out: {Errno.Describe(errno)}; the number itself may be given";
        return false;
    }

    private static void Give(string path, uint gid, UnixFileMode mode)
    {
        if (!FileGroup.TrySet(path, gid, out var errno))
        {
            throw Errno.Fault("give to it", path, errno);
        }

        File.SetUnixFileMode(path, mode);
    }

    private static void TakeBack(string storagePath, string journalPath)
    {
        if ((File.GetUnixFileMode(journalPath) & UnixFileMode.SetGroup) != 0)
        {
            File.SetUnixFileMode(journalPath, OwnerFolder);
            File.SetUnixFileMode(storagePath, OwnerFolder);
        }
    }
}
