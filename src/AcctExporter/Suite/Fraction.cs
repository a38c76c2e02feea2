// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Numerics;

namespace AcctExporter.Suite;

/// <summary>
/// An exact number: a quantity of whole microseconds or bytes times a price, until it is rounded, once.
/// </summary>
/// <param name="Numerator">Any whole number.</param>
/// <param name="Denominator">Above 0.</param>
internal readonly record struct Fraction(BigInteger Numerator, BigInteger Denominator)
{
    /// <summary>Nothing.</summary>
    public static Fraction Zero => new(BigInteger.Zero, BigInteger.One);

    /// <summary>Below, equal to or above 0.</summary>
    public int Sign => Numerator.Sign;

    /// <summary>A decimal number, every digit of it.</summary>
    public static Fraction Of(decimal value)
    {
        var bits = decimal.GetBits(value);
        var digits = new decimal(bits[0], bits[1], bits[2], value < 0, scale: 0);
        return new(new BigInteger(digits), BigInteger.Pow(10, value.Scale));
    }

    /// <summary>The product.</summary>
    public static Fraction operator *(Fraction left, Fraction right) =>
        new(left.Numerator * right.Numerator, left.Denominator * right.Denominator);

    /// <summary>The difference.</summary>
    public static Fraction operator -(Fraction left, Fraction right) => new(
        (left.Numerator * right.Denominator) - (right.Numerator * left.Denominator),
        left.Denominator * right.Denominator);

    /// <summary>The nearest whole number of units of 10^-decimals; of two equally near ones the even one.</summary>
    public BigInteger Round(int decimals)
    {
        var scaled = Numerator * BigInteger.Pow(10, decimals);
        var whole = BigInteger.DivRem(scaled, Denominator, out var rest);
        var order = (BigInteger.Abs(rest) * 2).CompareTo(Denominator);
        return order > 0 || (order == 0 && !whole.IsEven) ? whole + scaled.Sign : whole;
    }

    /// <summary>A whole number of units of 10^-decimals in digits: <c>-0.05</c>.</summary>
    public static string Text(BigInteger units, int decimals)
    {
        var digits = BigInteger.Abs(units).ToString(CultureInfo.InvariantCulture).PadLeft(decimals + 1, '0');
        var sign = units.Sign < 0 ? "-" : "";
        return decimals == 0 ? sign + digits : $"{sign}{digits[..^decimals]}.{digits[^decimals..]}";
    }
}
