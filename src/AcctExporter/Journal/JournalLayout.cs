// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using AcctExporter.Records;

namespace AcctExporter.Journal;

/// <summary>Sizes, marks and limits of a journal file, all little endian. Layout: docs/formats/journal.md.</summary>
internal static class JournalLayout
{
    /// <summary>The version that this release writes, and the newest that it reads.</summary>
    public const uint Version = 1;

    /// <summary>Size of what a file begins with.</summary>
    public const int FileHeaderSize = 64;

    /// <summary>Size of what a block begins with.</summary>
    public const int BlockHeaderSize = 80;

    /// <summary>Size of what a block ends with.</summary>
    public const int TrailerSize = 12;

    /// <summary>Size of what a part begins with: its tag and its length.</summary>
    public const int PartHeaderSize = 5;

    /// <summary>The longest payload before compression: every limit of <see cref="JournalBlock"/> at once.</summary>
    public const int MaxPayloadBytes = (3 * PartHeaderSize) + (JournalBlock.MaxExits * ExitPacker.MaxBytesPerExit)
        + JournalBlock.MaxExtensionBytes + (JournalBlock.MaxExits * 2 * Varint.MaxBytes)
        + JournalBlock.MaxDecisionBytes;

    /// <summary>The shortest block: no exits, no decisions.</summary>
    public const int MinBlockBytes = BlockHeaderSize + TrailerSize;

    /// <summary>The longest block that this version writes.</summary>
    public const int MaxBlockBytes = MinBlockBytes + MaxPayloadBytes;

    /// <summary>Form of a payload: as it is.</summary>
    public const uint Plain = 0;

    /// <summary>Form of a payload: compressed with Brotli, as earlier releases did. Only read.</summary>
    public const uint Brotli = 1;

    /// <summary>Form of a payload: one frame of zstd. Those above are of newer releases.</summary>
    public const uint Zstd = 2;

    /// <summary>The first four bytes of a block: "ACJB".</summary>
    public const uint BlockMagic = 0x424a4341;

    /// <summary>The last four bytes of a block: "ACJE".</summary>
    private const uint TrailerMagic = 0x454a4341;

    private static ReadOnlySpan<byte> FileMagic => "ACCTJRNL"u8;

    /// <summary>Writes what a file begins with.</summary>
    public static void WriteFileHeader(Span<byte> destination, ulong firstSequence, long createdUnixMicroseconds)
    {
        destination = destination[..FileHeaderSize];
        destination.Clear();
        FileMagic.CopyTo(destination);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[8..], Version);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[12..], FileHeaderSize);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[16..], firstSequence);
        BinaryPrimitives.WriteInt64LittleEndian(destination[24..], createdUnixMicroseconds);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[60..], Crc32C.Of(destination[..60]));
    }

    /// <summary>Reads what a file begins with; false when it is torn or damaged.</summary>
    public static bool TryReadFileHeader(ReadOnlySpan<byte> source, out uint version, out ulong firstSequence)
    {
        version = 0;
        firstSequence = 0;
        if (source.Length < FileHeaderSize || !source.StartsWith(FileMagic)
            || BinaryPrimitives.ReadUInt32LittleEndian(source[60..]) != Crc32C.Of(source[..60]))
        {
            return false;
        }

        version = BinaryPrimitives.ReadUInt32LittleEndian(source[8..]);
        firstSequence = BinaryPrimitives.ReadUInt64LittleEndian(source[16..]);
        return true;
    }

    /// <summary>Writes what a block begins and ends with around a payload that is in its place.</summary>
    public static void Seal(Span<byte> frame, in BlockHeader header)
    {
        header.Write(frame);
        var body = frame[..^TrailerSize];
        var trailer = frame[^TrailerSize..];
        BinaryPrimitives.WriteUInt32LittleEndian(trailer, Crc32C.Of(body));
        BinaryPrimitives.WriteInt32LittleEndian(trailer[4..], frame.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(trailer[8..], TrailerMagic);
    }

    /// <summary>True when trailer and checksum of a whole block are right.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> frame) =>
        TryReadTrailer(frame, out var length) && length == frame.Length
        && BinaryPrimitives.ReadUInt32LittleEndian(frame[^TrailerSize..]) == Crc32C.Of(frame[..^TrailerSize]);

    /// <summary>Reads from its last bytes how long a block is.</summary>
    public static bool TryReadTrailer(ReadOnlySpan<byte> source, out int length)
    {
        length = source.Length < TrailerSize ? 0 : BinaryPrimitives.ReadInt32LittleEndian(source[^8..]);
        return length is >= MinBlockBytes and <= MaxBlockBytes
            && BinaryPrimitives.ReadUInt32LittleEndian(source[^4..]) == TrailerMagic;
    }
}

/// <summary>What a block begins with: 80 bytes with their own checksum, so that the length can be trusted.</summary>
internal readonly record struct BlockHeader(
    int Length, ulong Sequence, long UnixMicroseconds, SourcePosition Position, int Count, uint Form,
    int PayloadLength)
{
    private const int CrcOffset = JournalLayout.BlockHeaderSize - sizeof(uint);

    /// <summary>Reads a header; false when it is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out BlockHeader header)
    {
        header = default;
        if (source.Length < JournalLayout.BlockHeaderSize
            || BinaryPrimitives.ReadUInt32LittleEndian(source) != JournalLayout.BlockMagic
            || BinaryPrimitives.ReadUInt32LittleEndian(source[CrcOffset..]) != Crc32C.Of(source[..CrcOffset]))
        {
            return false;
        }

        header = new BlockHeader(
            BinaryPrimitives.ReadInt32LittleEndian(source[4..]),
            BinaryPrimitives.ReadUInt64LittleEndian(source[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(source[16..]),
            new SourcePosition(
                new Guid(source[24..40], bigEndian: true),
                BinaryPrimitives.ReadUInt64LittleEndian(source[40..]),
                BinaryPrimitives.ReadUInt64LittleEndian(source[48..]),
                BinaryPrimitives.ReadUInt64LittleEndian(source[56..])),
            BinaryPrimitives.ReadInt32LittleEndian(source[64..]),
            BinaryPrimitives.ReadUInt32LittleEndian(source[68..]),
            BinaryPrimitives.ReadInt32LittleEndian(source[72..]));
        return header.Length is >= JournalLayout.MinBlockBytes and <= JournalLayout.MaxBlockBytes
            && header.Count is >= 0 and <= JournalBlock.MaxExits
            && header.PayloadLength is >= 0 and <= JournalLayout.MaxPayloadBytes;
    }

    /// <summary>Writes the header.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(destination, JournalLayout.BlockMagic);
        BinaryPrimitives.WriteInt32LittleEndian(destination[4..], Length);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], Sequence);
        BinaryPrimitives.WriteInt64LittleEndian(destination[16..], UnixMicroseconds);
        Position.BootId.TryWriteBytes(destination[24..], bigEndian: true, out _);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[40..], Position.Segment);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[48..], Position.Fingerprint);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[56..], Position.Offset);
        BinaryPrimitives.WriteInt32LittleEndian(destination[64..], Count);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[68..], Form);
        BinaryPrimitives.WriteInt32LittleEndian(destination[72..], PayloadLength);
        BinaryPrimitives.WriteUInt32LittleEndian(destination[CrcOffset..], Crc32C.Of(destination[..CrcOffset]));
    }
}
