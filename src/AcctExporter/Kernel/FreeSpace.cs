// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace AcctExporter.Kernel;

/// <summary>
/// What a file system has left, as the kernel counts it when it decides to suspend accounting (statvfs(3)).
/// </summary>
/// <param name="BlocksAvailable"><c>f_bavail</c>: free blocks that are not kept for root.</param>
/// <param name="Blocks"><c>f_blocks</c>: all blocks; 0 for a file system without a size, such as ramfs.</param>
/// <param name="BlockBytes"><c>f_frsize</c>: the size of a block.</param>
internal readonly record struct FreeSpace(ulong BlocksAvailable, ulong Blocks, ulong BlockBytes)
{
    /// <summary>
    /// <c>struct statvfs</c> of 64-bit glibc has 112 bytes, of musl 88; the first 5 words are the same in both.
    /// </summary>
    private const int Words = 32;

    /// <summary><c>f_favail</c>: files that can still be made; meaningless when <see cref="Files"/> is 0.</summary>
    public ulong FilesAvailable { get; init; }

    /// <summary><c>f_files</c>: all inodes; 0 for a file system that has no fixed number (btrfs).</summary>
    public ulong Files { get; init; }

    /// <summary>From 0 to 1; 0 for a file system without a size, where the kernel suspends.</summary>
    public double FreeRatio => Blocks == 0 ? 0 : (double)BlocksAvailable / Blocks;

    /// <summary>Bytes that are free; the largest number when there are more.</summary>
    public long FreeBytes
    {
        get
        {
            var bytes = (UInt128)BlocksAvailable * BlockBytes;
            return bytes > long.MaxValue ? long.MaxValue : (long)bytes;
        }
    }

    /// <summary>Of the file system that <paramref name="path"/> is on; false when it cannot be asked.</summary>
    public static unsafe bool TryRead(string path, out FreeSpace value)
    {
        var words = stackalloc ulong[Words];
        fixed (byte* bytes = CString.Of(path))
        {
            return Take(Libc.statvfs(bytes, words), words, out value);
        }
    }

    /// <summary>Of the file system that an open file or directory is on.</summary>
    public static unsafe bool TryRead(SafeHandle handle, out FreeSpace value)
    {
        var words = stackalloc ulong[Words];
        using var descriptor = new BorrowedDescriptor(handle);
        return Take(Libc.fstatvfs(descriptor.Number, words), words, out value);
    }

    private static unsafe bool Take(int result, ulong* words, out FreeSpace value)
    {
        // f_bsize, f_frsize, f_blocks, f_bfree, f_bavail, f_files, f_ffree, f_favail: sys/statvfs.h.
        value = result == 0
            ? new(words[4], words[2], words[1]) { Files = words[5], FilesAvailable = words[7] } : default;
        return result == 0;
    }
}
