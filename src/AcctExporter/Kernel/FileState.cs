// SPDX-License-Identifier: Apache-2.0

namespace AcctExporter.Kernel;

/// <summary>
/// What disk accounting asks of a file, of the name itself and not of what a symbolic link leads to (statx(2), with no
/// more than these fields asked for).
/// </summary>
internal struct FileState
{
    /// <summary><c>sizeof(struct statx)</c> in linux/stat.h.</summary>
    private const int StatxBytes = 256;

    private const int NoLink = 0x100; // AT_SYMLINK_NOFOLLOW
    private const int NoAutomount = 0x800; // AT_NO_AUTOMOUNT
    private const uint Wanted = 0x1 | 0x2 | 0x4 | 0x8 | 0x100 | 0x400 | MountField;
    private const uint MountField = 0x1000; // STATX_MNT_ID, since Linux 5.8
    private const int KindMask = 0xf000;
    private const int FolderKind = 0x4000;
    private const int CharacterKind = 0x2000;
    private const int BlockKind = 0x6000;

    /// <summary>The device it is on, major number in the upper half.</summary>
    public ulong Device;

    /// <summary>The inode number on it.</summary>
    public ulong Inode;

    /// <summary>The mount it was met in; 0 where the kernel does not say.</summary>
    public ulong Mount;

    /// <summary>Blocks of 512 bytes that are allocated to it; of a device none.</summary>
    public ulong Blocks;

    /// <summary>Its owner.</summary>
    public uint Uid;

    /// <summary>How many names it has.</summary>
    public uint Links;

    /// <summary>Kind and permissions.</summary>
    public ushort Mode;

    /// <summary>True for a folder.</summary>
    public readonly bool IsFolder => (Mode & KindMask) == FolderKind;

    /// <summary>True for what may be met again under another name: folders have one each.</summary>
    public readonly bool IsShared => Links > 1 && !IsFolder;

    /// <summary>Of a path, from the current folder when it does not begin with a slash.</summary>
    /// <param name="path">The path; one with a NUL inside is no file's.</param>
    /// <param name="value">What it is.</param>
    /// <param name="errno">When false: why.</param>
    public static unsafe bool TryOfPath(ReadOnlySpan<byte> path, out FileState value, out int errno)
    {
        value = default;
        var bytes = stackalloc byte[Libc.PathMax];
        if (path.Length >= Libc.PathMax || path.Contains((byte)0))
        {
            errno = path.Length >= Libc.PathMax ? Errno.ENAMETOOLONG : Errno.ENOENT;
            return false;
        }

        path.CopyTo(new Span<byte>(bytes, Libc.PathMax));
        bytes[path.Length] = 0;
        errno = Read(Libc.CurrentDirectory, bytes, 0, out value);
        return errno == 0;
    }

    /// <summary>Of a name in an open folder; of the folder itself for an empty name.</summary>
    /// <returns>0, or the errno.</returns>
    internal static unsafe int Read(int folder, byte* name, int flags, out FileState value)
    {
        var fields = stackalloc byte[StatxBytes];
        if (Libc.statx(folder, name, flags | NoLink | NoAutomount, Wanted, fields) != 0)
        {
            value = default;
            return Errno.Last;
        }

        // The C library fills the structure in the machine's own order; so do these.
        value.Mode = *(ushort*)(fields + 28);
        value.Links = *(uint*)(fields + 16);
        value.Uid = *(uint*)(fields + 20);
        value.Inode = *(ulong*)(fields + 32);
        value.Blocks = (value.Mode & KindMask) is CharacterKind or BlockKind ? 0 : *(ulong*)(fields + 48);
        value.Device = ((ulong)*(uint*)(fields + 136) << 32) | *(uint*)(fields + 140);
        value.Mount = (*(uint*)fields & MountField) != 0 ? *(ulong*)(fields + 144) : 0;
        return 0;
    }
}
