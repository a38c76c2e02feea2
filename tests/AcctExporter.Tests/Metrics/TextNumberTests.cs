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
    [InlineData(10, true, "1e-05")]
    [InlineData(2_500_000, true, "2.5")]
    [InlineData(312_500_000, true, "312.5")]
    [InlineData(1_562_500_000, true, "1562.5")]
    [InlineData(60_000_000, true, "60")]
    [InlineData(1_000_000_000_000, true, "1e+06")]
    [InlineData(1 << 20, false, "1.048576e+06")]
    [InlineData(1L << 42, false, "4.398046511104e+12")]
    [InlineData(999_999, false, "999999")]
    [InlineData(1_000_000, false, "1e+06")]
    [InlineData(20, false, "20")]
    public void Bound_IsSpelledAsGoSpellsIt(long bound, bool microseconds, string expected) =>
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
        Assert.Equal(expected, Written((ulong)value, microseconds: true));

    [Fact]
    public void Microseconds_ReadBackAreTheSame() => Prop.ForAll<ulong>(value =>
    {
        var text = Written(value, microseconds: true);
        return decimal.Parse(text, CultureInfo.InvariantCulture) * 1_000_000 == value && !text.EndsWith('.')
            && !(text.Contains('.', StringComparison.Ordinal) && text.EndsWith('0'));
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(0UL)]
    [InlineData(9UL)]
    [InlineData(10UL)]
    [InlineData(ulong.MaxValue)]
    public void Count_IsPlainDigits(ulong value) =>
        Assert.Equal(value.ToString(CultureInfo.InvariantCulture), Written(value, microseconds: false));

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

    private static string Written(ulong value, bool microseconds)
    {
        var bytes = new byte[LineWriter.LongestNumber];
        var line = new LineWriter(bytes);
        line.PutFigure(value, microseconds);
        return Encoding.UTF8.GetString(bytes, 0, line.Written);
    }
}
