// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Journal;

/// <summary>Numbers in seven bits a byte, least significant first, the top bit set on all but the last byte.</summary>
internal static class Varint
{
    /// <summary>The most bytes that a 32-bit number takes.</summary>
    public const int MaxBytes = 5;

    /// <summary>The most bytes of a number of 64 bits.</summary>
    public const int MaxBytes64 = 10;

    /// <summary>Small magnitudes as small numbers: 0, -1, 1, -2, 2 ... become 0, 1, 2, 3, 4 ...</summary>
    public static uint ZigZag(int value) => (uint)((value << 1) ^ (value >> 31));

    /// <summary>Undoes <see cref="ZigZag"/>.</summary>
    public static int UnZigZag(uint value) => (int)(value >> 1) ^ -(int)(value & 1);

    /// <summary>Writes a number and returns how many bytes it took.</summary>
    public static int Write(Span<byte> destination, uint value) => Write64(destination, value);

    /// <summary>Reads a number and moves <paramref name="source"/> behind it; false when there is none.</summary>
    public static bool TryRead(ref ReadOnlySpan<byte> source, out uint value)
    {
        value = 0;
        for (var i = 0; i < MaxBytes && i < source.Length; i++)
        {
            value |= (uint)(source[i] & 0x7f) << (7 * i);
            if (source[i] < 0x80)
            {
                source = source[(i + 1)..];
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Writes a number of 64 bits and returns how many bytes it took, up to <see cref="MaxBytes64"/>.
    /// </summary>
    public static int Write64(Span<byte> destination, ulong value)
    {
        var length = 0;
        while (value >= 0x80)
        {
            destination[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        destination[length++] = (byte)value;
        return length;
    }

    /// <summary>
    /// Reads a number of 64 bits and moves <paramref name="source"/> behind it; false when there is none.
    /// </summary>
    public static bool TryRead64(ref ReadOnlySpan<byte> source, out ulong value)
    {
        value = 0;
        for (var i = 0; i < MaxBytes64 && i < source.Length; i++)
        {
            value |= (ulong)(source[i] & 0x7f) << (7 * i);
            if (source[i] < 0x80)
            {
                source = source[(i + 1)..];
                return true;
            }
        }

        return false;
    }
}
