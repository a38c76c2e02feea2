// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Numerics;

namespace AcctExporter.Metrics;

/// <summary>
/// Bytes of the protobuf format: one message, with its own length in front, as the delimited encoding has it. The
/// length is known only behind the last byte, so a message is written here first. It is used again and again: it grows
/// and stays.
/// </summary>
internal sealed class MessageBuffer
{
    /// <summary>Room in front for the length of the whole.</summary>
    private const int LongestLength = 5;

    private const int LongestVarint = 10;
    private const int LeastBytes = 16 * 1024;
    private const int Continued = 0x80;
    private const int VarintBits = 7;

    private byte[] bytes = new byte[LeastBytes];
    private int first = LongestLength;
    private int length = LongestLength;

    /// <summary>The message with its length in front; nothing before <see cref="Finish"/>.</summary>
    public ReadOnlySpan<byte> Written => bytes.AsSpan(first, length - first);

    /// <summary>The message alone.</summary>
    public ReadOnlySpan<byte> Body => bytes.AsSpan(LongestLength, length - LongestLength);

    /// <summary>Forgets what was written.</summary>
    public void Clear() => (first, length) = (LongestLength, LongestLength);

    /// <summary>Writes the length of the whole in front of it.</summary>
    public void Finish()
    {
        var size = (ulong)(length - LongestLength);
        first = LongestLength - LengthOf(size);
        PutVarint(bytes.AsSpan(first), size);
    }

    /// <summary>Copies what is encoded already.</summary>
    public void Put(scoped ReadOnlySpan<byte> encoded)
    {
        encoded.CopyTo(Room(encoded.Length));
        length += encoded.Length;
    }

    /// <summary>A field with text.</summary>
    public void PutText(byte tag, scoped ReadOnlySpan<byte> text)
    {
        var start = Begin(tag);
        Put(text);
        End(start);
    }

    /// <summary>A whole number.</summary>
    public void PutVarint(ulong value) => length += PutVarint(Room(LongestVarint), value);

    /// <summary>A field with a whole number.</summary>
    public void PutCount(byte tag, ulong value)
    {
        var room = Room(1 + LongestVarint);
        room[0] = tag;
        length += 1 + PutVarint(room[1..], value);
    }

    /// <summary>A whole number of either sign, near zero in few bytes (<c>sint32</c>, <c>sint64</c>).</summary>
    public void PutSigned(long value) => PutVarint(ZigZag(value));

    /// <summary>A field with a whole number of either sign.</summary>
    public void PutSigned(byte tag, long value) => PutCount(tag, ZigZag(value));

    /// <summary>A field with a real number.</summary>
    public void PutReal(byte tag, double value)
    {
        var room = Room(1 + sizeof(double));
        room[0] = tag;
        BinaryPrimitives.WriteDoubleLittleEndian(room[1..], value);
        length += 1 + sizeof(double);
    }

    /// <summary>A field with an instant, in microseconds since 1970: seconds and nanoseconds.</summary>
    public void PutInstant(byte tag, long unixMicroseconds)
    {
        var (seconds, microseconds) = Math.DivRem(unixMicroseconds, 1_000_000L);
        var start = Begin(tag);
        PutCount(ProtobufTag.InstantSeconds, (ulong)seconds);
        if (microseconds > 0)
        {
            PutCount(ProtobufTag.InstantNanoseconds, (ulong)microseconds * 1_000);
        }

        End(start);
    }

    /// <summary>Begins a message inside of this one; returns what <see cref="End"/> wants to know.</summary>
    public int Begin(byte tag)
    {
        var room = Room(2);
        room[0] = tag;
        room[1] = 0;
        length += 2;
        return length;
    }

    /// <summary>Ends it. A body that is too long for the one byte that was left for its length is moved.</summary>
    public void End(int start)
    {
        var size = length - start;
        var more = LengthOf((ulong)size) - 1;
        if (more > 0)
        {
            Room(more);
            bytes.AsSpan(start, size).CopyTo(bytes.AsSpan(start + more));
            length += more;
        }

        PutVarint(bytes.AsSpan(start - 1), (ulong)size);
    }

    private static int PutVarint(Span<byte> room, ulong value)
    {
        var at = 0;
        for (; value >= Continued; value >>= VarintBits)
        {
            room[at++] = (byte)(value | Continued);
        }

        room[at] = (byte)value;
        return at + 1;
    }

    private static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    private static int LengthOf(ulong value) => 1 + (BitOperations.Log2(value | 1) / VarintBits);

    private Span<byte> Room(int need)
    {
        if (need > bytes.Length - length)
        {
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, length + need));
        }

        return bytes.AsSpan(length);
    }
}
