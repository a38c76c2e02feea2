// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Security.Cryptography;
using AcctExporter.Kernel;
using AcctExporter.Records;
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Capture;

/// <summary>An accounting file that is being read, and how far everything in it is counted.</summary>
internal sealed class AcctFile(SafeFileHandle handle, string name, SourcePosition position) : IDisposable
{
    /// <summary>The open file: it stays the same one when its name is given to another.</summary>
    public SafeFileHandle Handle { get; } = handle;

    /// <summary>The name under which it was opened, for messages.</summary>
    public string Name { get; } = name;

    /// <summary>Everything up to here is in the journal.</summary>
    public SourcePosition Position { get; set; } = position;

    /// <summary>
    /// Records before this offset were written when nobody listened to taskstats: a message that fits one is another's.
    /// </summary>
    public long JoinFrom { get; set; }

    /// <summary>Size now, in bytes.</summary>
    public long Length => RandomAccess.GetLength(Handle);

    /// <summary>Bytes that are not yet counted.</summary>
    public long BytesBehind => Math.Max(0, Length - (long)Position.Offset);

    /// <summary>
    /// Null while everything before the position stands. When somebody cut the file: where to go on. With the same
    /// first record, what is left of it was counted; with another, all of it is new.
    /// </summary>
    public SourcePosition? AfterCut()
    {
        var length = (ulong)Length;
        var isSame = Position.Fingerprint == 0 || FingerprintOf(Handle) == Position.Fingerprint;
        return length >= Position.Offset && isSame ? null
            : isSame ? Position with { Offset = length }
            : Position with { Fingerprint = 0, Offset = 0 };
    }

    /// <summary>True when <paramref name="path"/> leads to this very file.</summary>
    public bool HasName(string path) =>
        FileIdentity.TryOfHandle(Handle, out var open, out _)
        && FileIdentity.TryOfPath(path, out var named, out _) && named.IsSameFile(open);

    /// <summary>
    /// Knows a file by its first record: the first 8 bytes of the SHA-256 of its first 64 bytes; 0 while it has fewer.
    /// </summary>
    public static ulong FingerprintOf(SafeFileHandle handle)
    {
        Span<byte> first = stackalloc byte[AcctRecord.Size];
        return RandomAccess.Read(handle, first, 0) < first.Length ? 0 : FingerprintOf(first);
    }

    /// <inheritdoc cref="FingerprintOf(SafeFileHandle)"/>
    public static ulong FingerprintOf(ReadOnlySpan<byte> firstRecord)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(firstRecord, hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash) | 1;
    }

    /// <inheritdoc/>
    public void Dispose() => Handle.Dispose();
}
