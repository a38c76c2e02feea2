// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using AcctExporter.Ledger;
using AcctExporter.Metrics;
using AcctExporter.Tests.Properties;
using AcctExporter.Tests.Records;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Ledger;

public sealed class HistogramBoundsTests
{
    private static readonly long[][] All =
    [
        HistogramBounds.Default.DurationMicroseconds, HistogramBounds.Default.CpuMicroseconds,
        HistogramBounds.Default.VirtualMemoryBytes, HistogramBounds.Default.PeakResidentBytes,
        HistogramBounds.Default.IoBytes,
    ];

    [Fact]
    public void Bounds_AreAsManyAsTheRowHasRoomFor_AndRise() => Assert.All(All, bounds =>
    {
        Assert.Equal(HistogramBounds.Bounds, bounds.Length);
        Assert.Equal(bounds.Distinct().Order(), bounds);
    });

    /// <summary>
    /// <c>le="1"</c> and <c>le="1.0"</c> differ between writers of text, and would be two series. Bytes are whole.
    /// </summary>
    [Fact]
    public void Bounds_AreNoSmallIntegers_AsTextSpellsThem() => Assert.All(All, bounds => Assert.All(bounds, bound =>
    {
        var ofTime = bounds == All[0] || bounds == All[1];
        var text = BoundText.Of(bound, microseconds: ofTime);
        Assert.True(!long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var whole)
            || whole >= 1_000_000, text);
        Assert.Equal(ofTime ? bound / 1e6 : bound, double.Parse(text, CultureInfo.InvariantCulture));
    }));

    [Fact]
    public void BucketOf_EqualsTheLoop_NextToEveryBound() => Assert.All(All, bounds =>
    {
        foreach (var bound in bounds)
        {
            for (var value = bound - 2; value <= bound + 2; value++)
            {
                var bucket = NaiveLedger.BucketOf(bounds, (ulong)value);
                Assert.Equal(bucket, HistogramBounds.BucketOf(bounds, (ulong)value));
            }
        }
    });

    [Fact]
    public void BucketOf_EqualsTheLoop() => Holds.ForAll(
        from bits in RecordGen.Seeds
        from shift in Gen.Choose(0, 63)
        from which in Gen.Choose(0, 4)
        // The seeds have 62 bits: their product has them all.
        select (value: (bits * 0x9e3779b97f4a7c15) >> shift, which),
        20_000,
        of => HistogramBounds.BucketOf(All[of.which], of.value) == NaiveLedger.BucketOf(All[of.which], of.value));

    [Theory]
    [InlineData(0, 0)]
    [InlineData(10_000, 0)]
    [InlineData(10_001, 1)]
    [InlineData(7_812_500_000, 11)]
    [InlineData(7_812_500_001, 12)]
    [InlineData(long.MaxValue, 12)]
    [InlineData(ulong.MaxValue, 12)]
    public void BucketOf_HasABoundInTheBucketBelowIt(ulong microseconds, int bucket) =>
        Assert.Equal(bucket, HistogramBounds.BucketOf(HistogramBounds.Default.DurationMicroseconds, microseconds));

    /// <summary>The program counts the same on a processor that has none of the instructions it likes.</summary>
    [Fact]
    public void Replay_CountsTheSame_WithoutVectors()
    {
        var file = Path.GetTempFileName();
        try
        {
            var generator = new AcctFileGenerator(17) { HostileNames = true, BoundaryValues = true };
            File.WriteAllBytes(file, generator.File(20_000));
            var usual = Replay(file, "1");
            Assert.Contains("\nacct_exits_total 20000\n", usual, StringComparison.Ordinal);
            Assert.Equal(usual, Replay(file, "0"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Replay(string file, string intrinsics)
    {
        var start = new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, "acct-exporter"), ["replay", "--pairs.all-histograms", file])
        {
            RedirectStandardOutput = true,
        };
        start.Environment["DOTNET_EnableHWIntrinsic"] = intrinsics;
        using var process = Process.Start(start)!;
        var lines = process.StandardOutput.ReadToEnd().Split('\n')
            .Where(line => !line.Contains("exporter_", StringComparison.Ordinal));
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return string.Join('\n', lines);
    }
}
