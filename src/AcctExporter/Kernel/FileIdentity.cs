// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Kernel;

/// <summary>
/// Which file it is, and how it looks now (statx(2), whose layout is the same on every architecture). A name that leads
/// to another identity was renamed or replaced; an identity with no link was deleted. Inode numbers are used again.
/// </summary>
/// <param name="Device">The device, major number in the upper half.</param>
/// <param name="Inode">The inode number on it.</param>
/// <param name="SizeBytes">The file's length.</param>
/// <param name="ModifiedUnixNanoseconds">When its content last changed.</param>
/// <param name="LinkCount">How many names it has; 0 when it was deleted and is only held open.</param>
/// <param name="ChangedUnixNanoseconds">
/// When its content, owner, mode or names last changed: unlike the times above, nobody can set this back.
/// </param>
/// <param name="Mode">Kind and permissions (<c>st_mode</c>).</param>
internal readonly record struct FileIdentity(
    ulong Device, ulong Inode, long SizeBytes, long ModifiedUnixNanoseconds, uint LinkCount,
    long ChangedUnixNanoseconds, ushort Mode)
{
    private const int KindMask = 0xf000;
    private const int RegularKind = 0x8000;
    private const int CharacterKind = 0x2000;
    private const int PipeKind = 0x1000;

    /// <summary><c>sizeof(struct statx)</c> in linux/stat.h: fixed for ever.</summary>
    private const int StatxBytes = 256;

    /// <summary><c>STATX_BASIC_STATS</c>.</summary>
    private const uint BasicStats = 0x7ff;

    /// <summary>True when both are one file, however it has changed in between.</summary>
    public bool IsSameFile(FileIdentity other) => Device == other.Device && Inode == other.Inode;

    /// <summary>True for an ordinary file: no directory, device, pipe or socket.</summary>
    public bool IsRegular => (Mode & KindMask) == RegularKind;

    /// <summary>True for a device that takes bytes as they come: a terminal, /dev/null.</summary>
    public bool IsCharacterDevice => (Mode & KindMask) == CharacterKind;

    /// <summary>True for a pipe, with a name or without.</summary>
    public bool IsPipe => (Mode & KindMask) == PipeKind;

    /// <summary>
    /// Of a device: its own number, as the kernel packs it into 32 bits (136:1 is 34817); else 0.
    /// </summary>
    public uint OwnDevice { get; init; }

    /// <summary>Its owner.</summary>
    public uint Uid { get; init; }

    /// <summary>Of what <paramref name="path"/> leads to, through symbolic links.</summary>
    /// <param name="errno">When false: why. <see cref="Errno.ENOENT"/> says that the name is gone.</param>
    public static unsafe bool TryOfPath(string path, out FileIdentity value, out int errno)
    {
        fixed (byte* bytes = CString.Of(path))
        {
            return TryRead(Libc.CurrentDirectory, bytes, 0, out value, out errno);
        }
    }

    /// <summary>
    /// Of standard input; null when this process was started without one. Its number is then soon that of some file or
    /// pipe of the runtime, which is told by this: what is inherited is never to be closed when a program starts.
    /// </summary>
    public static FileIdentity? OfStandardInput()
    {
        const int getDescriptorFlags = 1;
        using var handle = new SafeFileHandle(0, ownsHandle: false);
        return Libc.fcntl(0, getDescriptorFlags, 0) == 0 && TryOfHandle(handle, out var value, out _) ? value : null;
    }

    /// <summary>Of an open file, whatever has become of its name.</summary>
    public static unsafe bool TryOfHandle(SafeHandle handle, out FileIdentity value, out int errno)
    {
        using var descriptor = new BorrowedDescriptor(handle);
        byte empty = 0;
        return TryRead(descriptor.Number, &empty, Libc.EmptyPath, out value, out errno);
    }

    private static unsafe bool TryRead(int directory, byte* path, int flags, out FileIdentity value, out int errno)
    {
        Span<byte> fields = stackalloc byte[StatxBytes];
        value = default;
        fixed (byte* result = fields)
        {
            if (Libc.statx(directory, path, flags, BasicStats, result) != 0)
            {
                errno = Errno.Last;
                return false;
            }
        }

        // The C library fills the structure in the machine's own order; so do these.
        var device = ((ulong)MemoryMarshal.Read<uint>(fields[136..]) << 32) | MemoryMarshal.Read<uint>(fields[140..]);
        value = new(
            device, MemoryMarshal.Read<ulong>(fields[32..]), MemoryMarshal.Read<long>(fields[40..]),
            Nanoseconds(fields[112..]), MemoryMarshal.Read<uint>(fields[16..]), Nanoseconds(fields[96..]),
            MemoryMarshal.Read<ushort>(fields[28..]))
        {
            Uid = MemoryMarshal.Read<uint>(fields[20..]),
            OwnDevice = Packed(MemoryMarshal.Read<uint>(fields[128..]), MemoryMarshal.Read<uint>(fields[132..])),
        };
        errno = 0;
        return true;
    }

    /// <summary><c>new_encode_dev()</c> of linux/kdev_t.h.</summary>
    private static uint Packed(uint major, uint minor) => (minor & 0xff) | (major << 8) | ((minor & ~0xffu) << 12);

    /// <summary>A <c>struct statx_timestamp</c>.</summary>
    private static long Nanoseconds(ReadOnlySpan<byte> field) =>
        (MemoryMarshal.Read<long>(field) * 1_000_000_000) + MemoryMarshal.Read<uint>(field[8..]);
}
