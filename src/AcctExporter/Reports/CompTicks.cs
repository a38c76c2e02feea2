// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Reports;

/// <summary>
/// Ticks with a fraction as <c>comp_t</c> and <c>comp2_t</c>, rounded half up at the last place that is kept: what
/// becomes of times that are put into another unit. For whole numbers these are the kernel's own encodings.
/// </summary>
internal static class CompTicks
{
    private const int FractionBits = 13;
    private const int FineFractionBits = 20;
    private const int ImpliedBit = 1 << (FineFractionBits - 1);

    /// <summary>As a <c>comp_t</c>; what is larger than any is 0xffff.</summary>
    public static ushort Encode(double ticks)
    {
        var bits = Bits(ticks);
        var exponent = bits <= FractionBits ? 0 : (bits - FractionBits + 2) / 3;
        var fraction = Cut(Math.ScaleB(ticks, -3 * exponent));
        if ((ushort)fraction >= 1 << FractionBits)
        {
            fraction = (ushort)fraction >> 3;
            exponent++;
        }

        return exponent > 7 ? ushort.MaxValue : (ushort)(fraction | (exponent << FractionBits));
    }

    /// <summary>As a <c>comp2_t</c>; what is larger than any is 0xffffff.</summary>
    public static uint EncodeFine(double ticks)
    {
        var bits = Bits(ticks);
        var exponent = Math.Max(0, bits - FineFractionBits);
        var fraction = (uint)Cut(Math.ScaleB(ticks, -exponent));
        if (fraction >= 1 << FineFractionBits)
        {
            fraction >>= 1;
            exponent++;
        }

        if (exponent >= 31)
        {
            return 0xffffff;
        }

        if (fraction >= ImpliedBit)
        {
            fraction &= ImpliedBit - 1;
            exponent++;
        }

        return fraction | ((uint)exponent << (FineFractionBits - 1));
    }

    /// <summary>Bits of the whole part; 0 for what is below 1, and for no number.</summary>
    private static int Bits(double ticks) => ticks == 0 || !double.IsFinite(ticks) ? 0 : Math.ILogB(ticks) + 1;

    /// <summary>The nearest whole number, the half up; some number for what has none.</summary>
    private static int Cut(double value) => double.ConvertToIntegerNative<int>(value + 0.5);
}
