// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Metrics;

/// <summary>
/// Figures as real numbers, for a format that has no decimals: the nearest there is to the exact value, so the same that
/// a server makes of the decimals in text.
/// </summary>
internal static class RealFigure
{
    private const uint Million = 1_000_000;
    private const double BytesOfMebibyte = 1 << 20;

    /// <summary>Whole numbers up to here are real numbers, and one division rounds only once.</summary>
    private const ulong Exact = 1UL << 53;

    /// <summary>A figure in its form.</summary>
    public static double Of(UInt128 value, FigureForm form) => form switch
    {
        FigureForm.Microseconds => Millionths(value),
        // A power of two changes the exponent alone.
        FigureForm.MebibyteMicroseconds => Millionths(value) * BytesOfMebibyte,
        _ => (double)(ulong)value,
    };

    /// <summary>A number of millionths, rounded once.</summary>
    private static double Millionths(UInt128 value)
    {
        if (value <= Exact)
        {
            return (ulong)value / (double)Million;
        }

        // The quotient of the value moved all the way up has more than a hundred bits. The upper 64 decide, with
        // whatever is below them as one bit that keeps a tie from being none.
        var up = (int)UInt128.LeadingZeroCount(value);
        var (quotient, rest) = UInt128.DivRem(value << up, Million);
        var down = 64 - (int)UInt128.LeadingZeroCount(quotient);
        var upper = (ulong)(quotient >> down);
        var isBelow = rest != 0 || (UInt128)upper << down != quotient;
        return Math.ScaleB((double)(upper | (isBelow ? 1UL : 0)), down - up);
    }
}
