// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace AcctExporter.Records;

/// <summary>The bytes of an accounting record that is being written, with their byte order.</summary>
/// <param name="bytes">The record.</param>
/// <param name="bigEndian">Its byte order.</param>
internal readonly ref struct RecordFields(Span<byte> bytes, bool bigEndian)
{
    private readonly Span<byte> bytes = bytes;

    /// <summary>What begins at a place.</summary>
    public Span<byte> From(int offset) => bytes[offset..];

    /// <summary>A byte.</summary>
    public void U8(int offset, byte value) => bytes[offset] = value;

    /// <summary>A number of 16 bits.</summary>
    public void U16(int offset, ushort value)
    {
        if (bigEndian)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes[offset..], value);
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes[offset..], value);
        }
    }

    /// <summary>A number of 32 bits.</summary>
    public void U32(int offset, uint value)
    {
        if (bigEndian)
        {
            BinaryPrimitives.WriteUInt32BigEndian(bytes[offset..], value);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[offset..], value);
        }
    }

    /// <summary>A number as comp_t, rounded.</summary>
    public void Comp(int offset, ulong value) => U16(offset, CompT.Encode(value));
}
