// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace AcctExporter.Records;

/// <summary>
/// <c>ac_comm</c>: up to 16 bytes chosen by anybody, padded with NUL. The kernel writes 15 at most. Any byte but NUL
/// can occur, so it stays bytes until it becomes a label.
/// </summary>
/// <param name="Low">Bytes 0 to 7, as a little-endian number.</param>
/// <param name="High">Bytes 8 to 15, likewise.</param>
internal readonly record struct CommandName(ulong Low, ulong High)
{
    /// <summary>How many bytes the field has.</summary>
    public const int Size = 16;

    /// <summary>The name in up to 16 bytes; what follows the first NUL is ignored.</summary>
    public static CommandName From(ReadOnlySpan<byte> name)
    {
        Span<byte> field = stackalloc byte[Size];
        field.Clear();
        var end = name.IndexOf((byte)0);
        name = end < 0 ? name : name[..end];
        name[..Math.Min(name.Length, Size)].CopyTo(field);
        return new(BinaryPrimitives.ReadUInt64LittleEndian(field), BinaryPrimitives.ReadUInt64LittleEndian(field[8..]));
    }

    /// <summary>Writes the name without its padding and returns its length, 0 to 16.</summary>
    public int CopyTo(Span<byte> destination)
    {
        Span<byte> field = stackalloc byte[Size];
        BinaryPrimitives.WriteUInt64LittleEndian(field, Low);
        BinaryPrimitives.WriteUInt64LittleEndian(field[8..], High);
        var length = field.IndexOf((byte)0);
        length = length < 0 ? Size : length;
        field[..length].CopyTo(destination);
        return length;
    }

    /// <summary>True when nothing follows the first NUL: the shape of every name that a kernel wrote.</summary>
    public static bool IsPadded(ulong low, ulong high)
    {
        const ulong ones = 0x0101010101010101;
        const ulong tops = 0x8080808080808080;
        var zero = (low - ones) & ~low & tops;
        if (zero != 0)
        {
            // Everything from the first NUL on must be 0, in this half and in the other.
            return high == 0 && low >> (System.Numerics.BitOperations.TrailingZeroCount(zero) & ~7) == 0;
        }

        zero = (high - ones) & ~high & tops;
        return zero == 0 || high >> (System.Numerics.BitOperations.TrailingZeroCount(zero) & ~7) == 0;
    }
}
