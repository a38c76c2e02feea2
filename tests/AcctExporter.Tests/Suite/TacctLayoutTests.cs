// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Suite;

namespace AcctExporter.Tests.Suite;

/// <summary>
/// Records of others. The bytes are those of Python's struct and of gcc's layouts, with a value of its own in each
/// field.
/// </summary>
public class TacctLayoutTests
{
    private static readonly double[] Values =
        [0, 0, 0, 1.5, 0.25, 34.25, 1e10, 3, 4, 5, 6, 450, 630, 1240, 17, 7, 123456, 500, 3];

    [Theory]
    [InlineData("svr4",
        "71110100616c6963650000000000c03f0000803e00000942f90215500000e14300801d4400009b4440e20100f401030007000000")]
    [InlineData("svr4-be",
        "00011171616c6963650000003fc000003e80000042090000501502f943e10000441d8000449b00000001e24001f4000300070000")]
    [InlineData("illumos32",
        "71110100616c6963650000000000000000000000000000000000000000000000000000000000c03f0000803e00000942f9021550"
        + "0000e14300801d4400009b4440e20100f401030007000000")]
    [InlineData("illumos32-be",
        "00011171616c6963650000000000000000000000000000000000000000000000000000003fc000003e80000042090000501502f9"
        + "43e10000441d8000449b00000001e24001f4000300070000")]
    [InlineData("illumos64",
        "71110100616c6963650000000000000000000000000000000000000000000000000000000000c03f0000803e00000942f9021550"
        + "0000e14300801d4400009b4440e2010000000000f401030007000000")]
    [InlineData("illumos64-be",
        "00011171616c6963650000000000000000000000000000000000000000000000000000003fc000003e80000042090000501502f9"
        + "43e10000441d8000449b0000000000000001e24001f4000300070000")]
    [InlineData("aix",
        "71110100616c6963650000000000c03f0000803e00000942f902155000004040000080400000a0400000c0400000e14300801d44"
        + "00009b44110000000000e04040e20100f4010300")]
    [InlineData("aix-be",
        "00011171616c6963650000003fc000003e80000042090000501502f9404000004080000040a0000040c0000043e10000441d8000"
        + "449b00000000001140e000000001e24001f40003")]
    public void Record_IsReadAndWritten(string name, string hex)
    {
        var record = Convert.FromHexString(hex);
        Assert.True(TacctLayout.TryParse(name, out var layout));
        Assert.Equal(record.Length, layout.Size);
        Assert.Equal(70001u, layout.Uid(record));
        Assert.Equal("alice"u8, layout.Name(record));
        var figures = layout.Read(record);
        for (var field = TacctField.PrimeCpu; field <= TacctField.Count; field++)
        {
            var isThere = layout.IsAix || field is < TacctField.PrimeCharacters or > TacctField.NonPrimeBlocks
                && field != TacctField.Pages;
            Assert.Equal(isThere ? (float)Values[field] : 0, figures[field]);
        }

        foreach (var wraps in (bool[])[true, false])
        {
            var written = new byte[layout.Size];
            Assert.Equal(0, layout.Write(written, 70001, "alice"u8, figures, wraps));
            Assert.Equal(hex, Convert.ToHexStringLower(written));
        }
    }

    /// <summary>Any bytes are a record; written again they are the same, but for what is behind a name.</summary>
    [Fact]
    public void AnyBytes_AreARecord()
    {
        var random = new Random(20260702);
        foreach (var name in TacctLayout.Names)
        {
            Assert.True(TacctLayout.TryParse(name, out var layout));
            var (record, written) = (new byte[layout.Size], new byte[layout.Size]);
            for (var round = 0; round < 2000; round++)
            {
                random.NextBytes(record);
                var figures = layout.Read(record);
                layout.Write(written, layout.Uid(record), layout.Name(record), figures, wraps: false);
                var again = layout.Read(written);
                Assert.Equal(layout.Uid(record), layout.Uid(written));
                Assert.Equal(layout.Name(record), layout.Name(written));
                var isGood = figures.TrySums(out _);
                for (var field = TacctField.PrimeCpu; field <= TacctField.Count; field++)
                {
                    isGood &= double.IsFinite(figures[field]);
                    // Counts of 64 bits are doubles in between.
                    Assert.True(again[field].Equals(figures[field]) || double.IsNaN(figures[field])
                        || double.IsInfinity(figures[field]));
                }

                Assert.Equal(isGood, figures.TrySums(out _));
            }
        }
    }

    /// <summary>What is too much wraps as in C, or stays at the largest.</summary>
    [Fact]
    public void TooMuch_WrapsOrSaturates()
    {
        Assert.True(TacctLayout.TryParse("svr4", out var layout));
        var figures = default(ClassicTacct);
        figures[TacctField.Sessions] = 70_000;
        figures[TacctField.Fee] = -5;
        figures[TacctField.Processes] = 5_000_000_000;
        figures[TacctField.PrimeCpu] = 1e300;
        var record = new byte[layout.Size];
        Assert.Equal(5, layout.Write(record, 1, "nine-char"u8, figures, wraps: true));
        var wrapped = layout.Read(record);
        Assert.Equal((4464, 65531, 705_032_704), (
            wrapped[TacctField.Sessions], wrapped[TacctField.Fee], wrapped[TacctField.Processes]));
        Assert.Equal("nine-cha"u8, layout.Name(record));
        layout.Write(record, 1, "a"u8, figures, wraps: false);
        var nearest = layout.Read(record);
        Assert.Equal((65535, 0, int.MaxValue, float.MaxValue), (
            nearest[TacctField.Sessions], nearest[TacctField.Fee], nearest[TacctField.Processes],
            nearest[TacctField.PrimeCpu]));
    }
}
