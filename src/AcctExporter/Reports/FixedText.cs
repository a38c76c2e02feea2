// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AcctExporter.Reports;

/// <summary>
/// Numbers as C's printf writes them, right-justified in a column: <c>%9.2f</c>, <c>%6.0f</c>, <c>%8d</c>. What is
/// wider than its column stands there whole. A double is rounded by its exact binary value, half to even.
/// </summary>
internal static class FixedText
{
    /// <summary>More than the longest number takes: the largest double with two decimals has 313 bytes.</summary>
    public const int LongestBytes = 320;

    private const int FractionBits = 52;
    private const int ExponentBias = 1023 + FractionBits;

    /// <summary>Doubles from here on are left to the runtime: 2^62.</summary>
    private const double FastLimit = 1UL << 62;

    private static ReadOnlySpan<ulong> Powers =>
    [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000,
        100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000,
        10_000_000_000_000_000, 100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
    ];

    /// <summary><c>%W.Df</c>.</summary>
    /// <param name="value">Any double; what is no number is <c>nan</c> or <c>inf</c> as in C, with its sign.</param>
    /// <param name="width">The column's width, up to 64.</param>
    /// <param name="decimals">0, 1 or 2.</param>
    /// <param name="destination">At least <see cref="LongestBytes"/>.</param>
    /// <returns>The bytes written.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Write(double value, int width, int decimals, Span<byte> destination)
    {
        if (!(Math.Abs(value) < FastLimit))
        {
            return WriteSlowly(value, width, decimals, destination);
        }

        var bits = BitConverter.DoubleToUInt64Bits(value);
        var exponent = (int)(bits >> FractionBits) & 0x7ff;
        var fraction = bits & ((1UL << FractionBits) - 1);
        (fraction, exponent) = exponent == 0 ? (fraction, 1) : (fraction | (1UL << FractionBits), exponent);
        var negative = (long)bits < 0;
        // The value is fraction * 2^-shift: 53 bits times 100 fit into 64, so all of this is exact.
        var shift = ExponentBias - exponent;
        if (shift <= 0)
        {
            return Put(fraction << -shift, 0, negative, width, decimals, destination);
        }

        var scaled = fraction * Powers[decimals];
        var rounded = shift >= 63 ? 0 : scaled >> shift;
        if (shift < 63)
        {
            var rest = scaled & ((1UL << shift) - 1);
            var half = 1UL << (shift - 1);
            rounded += rest > half || (rest == half && (rounded & 1) != 0) ? 1UL : 0;
        }

        var (whole, part) = Math.DivRem(rounded, Powers[decimals]);
        return Put(whole, (uint)part, negative, width, decimals, destination);
    }

    /// <summary><c>%W.2f</c> of a number of hundredths: ticks of 1/100 s as seconds, to the last digit.</summary>
    /// <param name="hundredths">The number, times 100.</param>
    /// <param name="width">The column's width, up to 64.</param>
    /// <param name="destination">At least 64 bytes.</param>
    /// <returns>The bytes written.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int WriteHundredths(ulong hundredths, int width, Span<byte> destination)
    {
        var whole = hundredths / 100;
        return Put(whole, (uint)(hundredths - (whole * 100)), false, width, 2, destination);
    }

    /// <summary><c>%W.2f</c> of a whole number: <c>12.00</c>.</summary>
    /// <inheritdoc cref="WriteHundredths"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int WriteWhole(ulong number, int width, Span<byte> destination) =>
        Put(number, 0, false, width, 2, destination);

    /// <summary><c>%Wlu</c>.</summary>
    /// <inheritdoc cref="WriteHundredths"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int WriteNumber(ulong number, int width, Span<byte> destination) =>
        Put(number, 0, false, width, 0, destination);

    /// <summary><c>%Wd</c>.</summary>
    /// <inheritdoc cref="WriteHundredths"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int WriteSigned(int number, int width, Span<byte> destination) =>
        Put((ulong)Math.Abs((long)number), 0, number < 0, width, 0, destination);

    /// <summary>Inlined, so that each caller has code for its own decimals.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Put(ulong whole, uint part, bool negative, int width, int decimals, Span<byte> destination)
    {
        var length = Digits(whole) + (decimals == 0 ? 0 : decimals + 1) + (negative ? 1 : 0);
        var padding = Math.Max(0, width - length);
        length += padding;
        // What is too much of it is written over.
        Vector128.Create((byte)' ').CopyTo(destination);
        if (padding > Vector128<byte>.Count)
        {
            destination[..padding].Fill((byte)' ');
        }

        var at = length;
        if (decimals == 2)
        {
            at -= 2;
            MemoryMarshal.Write(destination[at..], Two(part));
        }
        else if (decimals == 1)
        {
            destination[--at] = (byte)('0' + part);
        }

        if (decimals > 0)
        {
            destination[--at] = (byte)'.';
        }

        while (whole >= 100)
        {
            var rest = whole / 100;
            at -= 2;
            MemoryMarshal.Write(destination[at..], Two((uint)(whole - (rest * 100))));
            whole = rest;
        }

        if (whole >= 10)
        {
            at -= 2;
            MemoryMarshal.Write(destination[at..], Two((uint)whole));
        }
        else
        {
            destination[--at] = (byte)('0' + whole);
        }

        if (negative)
        {
            destination[--at] = (byte)'-';
        }

        return length;
    }

    /// <summary>Two digits of a number up to 99, the first one in the lower byte.</summary>
    private static ushort Two(uint number)
    {
        // 103 / 1024 is near enough to a tenth.
        var tens = (number * 103) >> 10;
        var digits = (ushort)(0x3030 | ((number - (10 * tens)) << 8) | tens);
        return BitConverter.IsLittleEndian ? digits : (ushort)((digits << 8) | (digits >> 8));
    }

    private static int Digits(ulong number)
    {
        // 1233 / 4096 is near enough to the decimal logarithm of 2.
        var digits = ((64 - BitOperations.LeadingZeroCount(number | 1)) * 1233) >> 12;
        return digits + (number >= Powers[digits] ? 1 : 0) + (number == 0 ? 1 : 0);
    }

    private static int WriteSlowly(double value, int width, int decimals, Span<byte> destination)
    {
        Span<byte> text = stackalloc byte[LongestBytes];
        int length;
        if (double.IsFinite(value))
        {
            value.TryFormat(
                text, out length, decimals switch { 0 => "F0", 1 => "F1", _ => "F2" }, CultureInfo.InvariantCulture);
        }
        else
        {
            var word = double.IsNegative(value) ? (double.IsNaN(value) ? "-nan"u8 : "-inf"u8)
                : double.IsNaN(value) ? "nan"u8 : "inf"u8;
            word.CopyTo(text);
            length = word.Length;
        }

        var padding = Math.Max(0, width - length);
        destination[..padding].Fill((byte)' ');
        text[..length].CopyTo(destination[padding..]);
        return padding + length;
    }
}
