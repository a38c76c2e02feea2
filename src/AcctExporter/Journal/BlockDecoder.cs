// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using ZstdSharp;

namespace AcctExporter.Journal;

/// <summary>What came of reading the payload of a block whose checksum is right.</summary>
internal enum PayloadStatus : byte
{
    /// <summary>Read.</summary>
    Ok,

    /// <summary>Its parts do not fit together: written by a program with a fault.</summary>
    Malformed,

    /// <summary>A form of payload or a part that may not be skipped, from a newer release.</summary>
    Newer,
}

/// <summary>Reads the bytes of a block. Keeps its buffers, so nothing is allocated once they have grown.</summary>
internal sealed class BlockDecoder : IDisposable
{
    private readonly ExitPacker packer = new();
    private byte[] plain = [];

    /// <summary>There once a block was compressed with zstd.</summary>
    private Decompressor? decompressor;

    /// <summary>Where each exit's extension stands in the payload, while a block is read.</summary>
    private readonly (int Start, int Length)[] extensions = new (int, int)[JournalBlock.MaxExits];

    /// <summary>Fills <paramref name="block"/> from a whole block. Any bytes give a status.</summary>
    public PayloadStatus Decode(in BlockHeader header, ReadOnlySpan<byte> frame, JournalBlock block)
    {
        block.Clear();
        if (header.Form > JournalLayout.Zstd)
        {
            return PayloadStatus.Newer;
        }

        var payload = frame[JournalLayout.BlockHeaderSize..^JournalLayout.TrailerSize];
        if (header.Form != JournalLayout.Plain)
        {
            if (plain.Length < header.PayloadLength)
            {
                plain = new byte[header.PayloadLength * 2];
            }

            // What the payload itself says of its length counts for nothing: there is room for the header's.
            var whole = plain.AsSpan(0, header.PayloadLength);
            if (!TryDecompress(header.Form, payload, whole))
            {
                return PayloadStatus.Malformed;
            }

            payload = whole;
        }

        var status = payload.Length == header.PayloadLength
            ? ReadParts(header, payload, block) : PayloadStatus.Malformed;
        block.Sequence = header.Sequence;
        block.UnixMicroseconds = header.UnixMicroseconds;
        block.Position = header.Position;
        return status;
    }

    /// <inheritdoc/>
    public void Dispose() => decompressor?.Dispose();

    /// <summary>False unless it becomes exactly as many bytes as there is room for.</summary>
    private bool TryDecompress(uint form, ReadOnlySpan<byte> packed, Span<byte> whole)
    {
        int written;
        if (form == JournalLayout.Brotli)
        {
            return BrotliDecoder.TryDecompress(packed, whole, out written) && written == whole.Length;
        }

        decompressor ??= new Decompressor();
        try
        {
            return decompressor.TryUnwrap(packed, whole, out written) && written == whole.Length;
        }
        catch (ZstdException)
        {
            // The library's way to say that this is no frame. The next one begins anew.
            return false;
        }
    }

    private PayloadStatus ReadParts(in BlockHeader header, ReadOnlySpan<byte> payload, JournalBlock block)
    {
        ReadOnlySpan<byte> exits = [];
        ReadOnlySpan<byte> extensionPart = [];
        while (!payload.IsEmpty)
        {
            if (payload.Length < JournalLayout.PartHeaderSize)
            {
                return PayloadStatus.Malformed;
            }

            var tag = payload[0];
            var length = BinaryPrimitives.ReadUInt32LittleEndian(payload[1..]);
            payload = payload[JournalLayout.PartHeaderSize..];
            if (length > payload.Length)
            {
                return PayloadStatus.Malformed;
            }

            var part = payload[..(int)length];
            payload = payload[(int)length..];
            switch (tag)
            {
                case PayloadPart.Exits: exits = part; break;
                case PayloadPart.Extensions: extensionPart = part; break;
                case PayloadPart.Decisions when length <= JournalBlock.MaxDecisionBytes:
                    block.Decisions.Write(part);
                    break;
                case PayloadPart.Decisions: return PayloadStatus.Malformed;
                default:
                    if ((tag & PayloadPart.Skippable) == 0)
                    {
                        return PayloadStatus.Newer;
                    }

                    break;
            }
        }

        return ReadExits(header.Count, exits, extensionPart, block) ? PayloadStatus.Ok : PayloadStatus.Malformed;
    }

    private bool ReadExits(int count, ReadOnlySpan<byte> exits, ReadOnlySpan<byte> extensionPart, JournalBlock block)
    {
        var extended = !extensionPart.IsEmpty;
        if (extended && !FindExtensions(count, extensionPart))
        {
            return false;
        }

        packer.Reset();
        for (var i = 0; i < count; i++)
        {
            if (!packer.TryUnpack(ref exits, block.NextRecord(), out var size, out var pair))
            {
                return false;
            }

            var extension = extended ? extensionPart.Slice(extensions[i].Start, extensions[i].Length) : [];
            block.AddNext(size, pair, extension);
        }

        return exits.IsEmpty;
    }

    private bool FindExtensions(int count, ReadOnlySpan<byte> part)
    {
        Array.Clear(extensions, 0, count);
        var rest = part;
        var next = 0u;
        var total = 0L;
        while (!rest.IsEmpty)
        {
            if (!Varint.TryRead(ref rest, out var skipped) || !Varint.TryRead(ref rest, out var length)
                || skipped >= count - next || length > rest.Length
                || (total += length) > JournalBlock.MaxExtensionBytes)
            {
                return false;
            }

            next += skipped;
            extensions[next++] = (part.Length - rest.Length, (int)length);
            rest = rest[(int)length..];
        }

        return true;
    }
}
