// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Logins;

/// <summary>
/// Up to where a login file was read, and what tells it from every other: inode numbers are used again, so its first
/// record and the last one that was read are remembered too.
/// </summary>
/// <param name="Device">The device of the file.</param>
/// <param name="Inode">Its inode; with the device 0 when no file was ever seen.</param>
/// <param name="Offset">Bytes that were judged.</param>
/// <param name="First">Fingerprint of its first record; 0 while it has none.</param>
/// <param name="Last">Fingerprint of the bytes before <paramref name="Offset"/>; 0 at its beginning.</param>
internal readonly record struct LoginCursor(ulong Device, ulong Inode, long Offset, ulong First, ulong Last)
{
    /// <summary>Bytes of the smaller record: so much of a file's beginning is what it is known by.</summary>
    private const int Sample = Records.UtmpLayout.NarrowSize;

    /// <summary>A file was seen.</summary>
    public bool IsKnown => Device != 0 || Inode != 0;

    /// <summary>
    /// True when a file begins as the one of the cursor did, and what was read of it is still there.
    /// </summary>
    public bool Fits(SafeFileHandle file) =>
        RandomAccess.GetLength(file) >= Offset
        && (First == 0 || FirstOf(file) == First)
        && (Last == 0 || LastOf(file, Offset) == Last);

    /// <summary>The fingerprint of a file's first record; 0 while it has none.</summary>
    public static ulong FirstOf(SafeFileHandle file) =>
        RandomAccess.GetLength(file) < Sample ? 0 : Fingerprint(file, 0, Sample);

    /// <summary>The fingerprint of what stands before an offset; 0 for nothing.</summary>
    public static ulong LastOf(SafeFileHandle file, long offset) =>
        offset == 0 ? 0 : Fingerprint(file, Math.Max(0, offset - Sample), (int)Math.Min(offset, Sample));

    private static ulong Fingerprint(SafeFileHandle file, long offset, int length)
    {
        Span<byte> bytes = stackalloc byte[Sample];
        bytes = bytes[..length];
        if (RandomAccess.Read(file, bytes, offset) < length)
        {
            return 0;
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash) | 1;
    }
}
