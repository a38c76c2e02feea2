// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AcctExporter.Metrics;
using FsCheck;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Metrics;

public class TextNumberTests
{
    [Theory]
    [InlineData(10_000, true, "0.01")]
    [InlineData(1_000, true, "0.001")]
    [InlineData(100, true, "0.0001")]
    [InlineData(10, true, "0.00001")]
    [InlineData(2_500_000, true, "2.5")]
    [InlineData(312_500_000, true, "312.5")]
    [InlineData(1_562_500_000, true, "1562.5")]
    [InlineData(60_000_000, true, "60")]
    [InlineData(1_000_000_000_000, true, "1000000")]
    [InlineData(1 << 20, false, "1048576")]
    [InlineData(1L << 42, false, "4398046511104")]
    [InlineData(999_999, false, "999999")]
    [InlineData(1_000_000, false, "1000000")]
    [InlineData(20, false, "20")]
    public void Bound_IsSpelledInPlainDigits(long bound, bool microseconds, string expected) =>
        Assert.Equal(expected, BoundText.Of(bound, microseconds));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(10_000, "0.01")]
    [InlineData(12_500_000, "12.5")]
    [InlineData(1, "0.000001")]
    [InlineData(100_000, "0.1")]
    [InlineData(9_000_000, "9")]
    [InlineData(10_000_000, "10")]
    [InlineData(1_700_000_000_000_001, "1700000000.000001")]
    public void Microseconds_AreSecondsWithoutTrailingZeros(long value, string expected) =>
        Assert.Equal(expected, Written((ulong)value, FigureForm.Microseconds));

    [Fact]
    public void Microseconds_ReadBackAreTheSame() => Prop.ForAll<ulong>(value =>
    {
        var text = Written(value, FigureForm.Microseconds);
        return decimal.Parse(text, CultureInfo.InvariantCulture) * 1_000_000 == value && !text.EndsWith('.')
            && !(text.Contains('.', StringComparison.Ordinal) && text.EndsWith('0'));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0UL)]
    [InlineData(9UL)]
    [InlineData(10UL)]
    [InlineData(ulong.MaxValue)]
    public void Count_IsPlainDigits(ulong value) =>
        Assert.Equal(value.ToString(CultureInfo.InvariantCulture), Written(value, FigureForm.Count));

    [Theory]
    [InlineData(0.25, "0.25")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    [InlineData(-1.7976931348623157E+308, "-1.7976931348623157E+308")]
    public void Real_IsWhatServersRead(double value, string expected) => Assert.Equal(expected, Real(value));

    private static string Real(double value)
    {
        var bytes = new byte[LineWriter.LongestNumber];
        var line = new LineWriter(bytes);
        line.PutReal(value);
        return Encoding.UTF8.GetString(bytes, 0, line.Written);
    }

    /// <summary>1 MiB for 1 s is 1048576 byte-seconds; for 1 µs, 1.048576.</summary>
    [Theory]
    [InlineData("0", "0")]
    [InlineData("1", "1.048576")]
    [InlineData("1000000", "1048576")]
    [InlineData("500000", "524288")]
    [InlineData("18446744073709551615", "19342813113834066794.25024")]
    [InlineData("340282366920938463463374607", "356811923176489970264571491.909632")]
    public void ByteSeconds_AreExact(string mebibyteMicroseconds, string expected)
    {
        var value = UInt128.Parse(mebibyteMicroseconds, CultureInfo.InvariantCulture);
        Assert.Equal(expected, Written(value, FigureForm.MebibyteMicroseconds));
    }

    /// <summary>The largest figure that the longest number has room for: more than any host can count.</summary>
    [Fact]
    public void ByteSeconds_FitIntoTheLongestNumber() =>
        Assert.InRange(Written(UInt128.MaxValue >> 20, FigureForm.MebibyteMicroseconds).Length, 35,
            LineWriter.LongestNumber - 1);

    /// <summary>What a message says is what a server makes of the digits in text, down to the last bit.</summary>
    [Fact]
    public void RealFigures_AreWhatTextIsReadAs() => Prop.ForAll<ulong, ulong, byte>((high, low, bits) =>
    {
        var value = new UInt128(high, low) >> (20 + (bits % 108));
        foreach (var form in Enum.GetValues<FigureForm>())
        {
            var figure = form == FigureForm.MebibyteMicroseconds ? value : (ulong)value;
            if (double.Parse(Written(figure, form), CultureInfo.InvariantCulture) != RealFigure.Of(figure, form))
            {
                return false;
            }
        }

        return true;
    }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(2_000));

    /// <summary>Half way between two real numbers, and a little beside it: two roundings would err.</summary>
    [Theory]
    [InlineData("9007199254740992")]
    [InlineData("9007199254740993")]
    [InlineData("9007199254740995000000")]
    [InlineData("9007199254740993000000")]
    [InlineData("9007199254740993000001")]
    [InlineData("9007199254740992999999")]
    [InlineData("18446744073709551615")]
    public void RealFigures_AreRoundedOnce(string text)
    {
        var value = UInt128.Parse(text, CultureInfo.InvariantCulture);
        Assert.Equal(
            double.Parse(Written(value, FigureForm.MebibyteMicroseconds), CultureInfo.InvariantCulture),
            RealFigure.Of(value, FigureForm.MebibyteMicroseconds));
    }

    private static string Written(UInt128 value, FigureForm form)
    {
        var bytes = new byte[LineWriter.LongestNumber];
        var line = new LineWriter(bytes);
        line.PutFigure(value, form);
        return Encoding.UTF8.GetString(bytes, 0, line.Written);
    }
}
