// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Numerics;
using System.Text;
using AcctExporter.Reports;

namespace AcctExporter.Tests.Reports;

/// <summary>Numbers in columns, beside what the runtime and exact arithmetic make of them.</summary>
public sealed class FixedTextTests
{
    [Theory]
    [InlineData(0, "0.00")]
    [InlineData(0.005, "0.01")] // A little above.
    [InlineData(0.015, "0.01")] // A little below.
    [InlineData(0.125, "0.12")] // In the middle: to the even one.
    [InlineData(0.375, "0.38")]
    [InlineData(0.995, "0.99")]
    [InlineData(99.995, "100.00")]
    [InlineData(1234567.5, "1234567.50")]
    [InlineData(-0.001, "-0.00")]
    [InlineData(-1.5, "-1.50")]
    [InlineData(4503599627370495.5, "4503599627370495.50")]
    [InlineData(9007199254740993, "9007199254740992.00")]
    [InlineData(17177772032, "17177772032.00")]
    [InlineData(3.4028234663852886e38, "340282346638528859811704183484516925440.00")]
    [InlineData(double.NaN, "-nan")] // The sign of .NET's own is set.
    [InlineData(double.PositiveInfinity, "inf")]
    [InlineData(double.NegativeInfinity, "-inf")]
    [InlineData(double.Epsilon, "0.00")]
    public void TwoDecimals_AreThoseOfC(double value, string expected)
    {
        Assert.Equal(expected, Of(value, 0, 2));
        Assert.Equal(expected.PadLeft(12), Of(value, 12, 2));
    }

    [Fact]
    public void AnyDouble_IsRoundedExactly()
    {
        var random = new Random(20_261_123);
        for (var i = 0; i < 300_000; i++)
        {
            var value = (i % 4) switch
            {
                0 => BitConverter.Int64BitsToDouble(random.NextInt64()),
                1 => random.Next(1 << 24) / 8.0 / 100,
                2 => random.NextDouble() * Math.Pow(2, random.Next(-60, 64)),
                _ => (random.NextInt64(1L << 50) + 0.5) / Math.Pow(2, random.Next(0, 50)),
            };
            if (!double.IsFinite(value))
            {
                continue;
            }

            var decimals = i % 3;
            var width = random.Next(0, 20);
            Assert.Equal(Exact(value, decimals).PadLeft(width), Of(value, width, decimals));
        }
    }

    [Fact]
    public void WholeNumbers_AreThemselves()
    {
        ulong[] numbers =
        [
            0, 1, 9, 10, 11, 99, 100, 101, 999, 1000, 8191, 8192, 99_999, 100_000, 4_294_967_295, 1UL << 62,
            ulong.MaxValue,
        ];
        Span<byte> room = stackalloc byte[64];
        foreach (var number in numbers)
        {
            var digits = number.ToString(CultureInfo.InvariantCulture);
            Assert.Equal(digits.PadLeft(6), Text(room[..FixedText.WriteNumber(number, 6, room)]));
            Assert.Equal((digits + ".00").PadLeft(9), Text(room[..FixedText.WriteWhole(number, 9, room)]));
            var hundredths = $"{number / 100}.{number % 100:00}";
            Assert.Equal(hundredths.PadLeft(6), Text(room[..FixedText.WriteHundredths(number, 6, room)]));
        }

        foreach (var number in (int[])[0, -1, 1, int.MaxValue, int.MinValue])
        {
            var digits = number.ToString(CultureInfo.InvariantCulture);
            Assert.Equal(digits.PadLeft(8), Text(room[..FixedText.WriteSigned(number, 8, room)]));
        }
    }

    /// <summary>By whole numbers of any size: the double's own value, scaled, and rounded half to even.</summary>
    private static string Exact(double value, int decimals)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)(bits >> 52) & 0x7ff;
        var fraction = (bits & ((1L << 52) - 1)) | (exponent == 0 ? 0 : 1L << 52);
        var power = Math.Max(exponent, 1) - 1075;
        var scale = BigInteger.Pow(10, decimals);
        var scaled = fraction * scale << Math.Max(power, 0);
        var unit = BigInteger.One << Math.Max(-power, 0);
        var rounded = BigInteger.DivRem(scaled, unit, out var rest);
        rounded += rest * 2 > unit || (rest * 2 == unit && !rounded.IsEven) ? 1 : 0;
        var whole = BigInteger.DivRem(rounded, scale, out var part);
        return (bits < 0 ? "-" : "") + whole
            + (decimals == 0 ? "" : "." + part.ToString(CultureInfo.InvariantCulture).PadLeft(decimals, '0'));
    }

    private static string Of(double value, int width, int decimals)
    {
        Span<byte> room = stackalloc byte[FixedText.LongestBytes];
        return Text(room[..FixedText.Write(value, width, decimals, room)]);
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.ASCII.GetString(bytes);
}
