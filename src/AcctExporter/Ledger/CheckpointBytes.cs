// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Binary;

namespace AcctExporter.Ledger;

/// <summary>Numbers in the ledger's sections of the checkpoint: little endian, or 7 bits a byte.</summary>
internal static class CheckpointBytes
{
    private const int VarintBytes = 10;

    /// <summary>Writes 4 bytes.</summary>
    public static void Put(IBufferWriter<byte> output, uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(output.GetSpan(4), value);
        output.Advance(4);
    }

    /// <summary>Writes 8 bytes.</summary>
    public static void Put(IBufferWriter<byte> output, ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(output.GetSpan(8), value);
        output.Advance(8);
    }

    /// <summary>Writes a small number in few bytes: 7 bits each, the lowest first, 0x80 on all but the last.</summary>
    public static void PutVarint(IBufferWriter<byte> output, ulong value)
    {
        var span = output.GetSpan(VarintBytes);
        var length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            span[length++] = (byte)(value | 0x80);
        }

        span[length++] = (byte)value;
        output.Advance(length);
    }

    /// <summary>Reads 4 bytes.</summary>
    /// <exception cref="InvalidDataException">There are fewer.</exception>
    public static uint TakeUInt32(ref ReadOnlySpan<byte> data) =>
        BinaryPrimitives.ReadUInt32LittleEndian(Take(ref data, 4));

    /// <summary>Reads 8 bytes.</summary>
    /// <exception cref="InvalidDataException">There are fewer.</exception>
    public static ulong TakeUInt64(ref ReadOnlySpan<byte> data) =>
        BinaryPrimitives.ReadUInt64LittleEndian(Take(ref data, 8));

    /// <summary>
    /// Reads how many things of a size follow. No more than there are bytes for: a damaged number asks for no memory.
    /// </summary>
    /// <exception cref="InvalidDataException">There are fewer bytes.</exception>
    public static int TakeCount(ref ReadOnlySpan<byte> data, int size)
    {
        var count = TakeUInt32(ref data);
        return count <= (uint)(data.Length / size) ? (int)count : throw CutShort();
    }

    /// <summary>Reads what <see cref="PutVarint"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It has no end, or is over 64 bits.</exception>
    public static ulong TakeVarint(ref ReadOnlySpan<byte> data)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = Take(ref data, 1)[0];
            if (shift == 63 && next > 1)
            {
                throw new InvalidDataException("the ledger in the checkpoint has a number of more than 64 bits");
            }

            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    /// <summary>The next bytes.</summary>
    /// <exception cref="InvalidDataException">There are fewer.</exception>
    public static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> data, int length)
    {
        if (length < 0 || length > data.Length)
        {
            throw CutShort();
        }

        var taken = data[..length];
        data = data[length..];
        return taken;
    }

    private static InvalidDataException CutShort() => new("the ledger in the checkpoint is cut short");
}
