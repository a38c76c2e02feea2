// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;
using AcctExporter.Tests.Properties;
using AcctExporter.Tests.Records;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Ledger;

/// <summary>The buckets beside <see cref="ExactBuckets"/>.</summary>
public sealed class NativeBucketsTests
{
    [Fact]
    public void Bounds_AreRight_AtEveryBucket()
    {
        for (var index = NativeBuckets.LeastIndex; index <= NativeBuckets.LargestIndex; index++)
        {
            CheckAround(index, ExactBuckets.Second, NativeBuckets.OfMicroseconds);
            CheckAround(index, 1, NativeBuckets.OfBytes);
        }
    }

    [Fact]
    public void AnyValue_IsInTheBucketThatWholeNumbersSay() => Holds.ForAll(
        from bits in Gen.Choose(0, 63)
        from value in RecordGen.Seeds
        select (value >> bits) | 1,
        5_000,
        value => ExactBuckets.Of(value, ExactBuckets.Second) == NativeBuckets.OfMicroseconds(value)
            && ExactBuckets.Of(value, 1) == NativeBuckets.OfBytes(value));

    /// <summary>What a logarithm of doubles gets wrong first: the powers themselves.</summary>
    [Theory]
    [InlineData(1_000_000, 0)]
    [InlineData(1_000_001, 1)]
    [InlineData(2_000_000, 8)]
    [InlineData(2_000_001, 9)]
    [InlineData(500_000, -8)]
    [InlineData(500_001, -7)]
    [InlineData(1, NativeBuckets.LeastIndex)]
    [InlineData(15_625, -48)]
    [InlineData(15_626, -47)]
    public void Times_AreInTheBucketOfTheirSeconds(ulong microseconds, int index) =>
        Assert.Equal(index, NativeBuckets.OfMicroseconds(microseconds));

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 8)]
    [InlineData(3, 13)]
    [InlineData(1UL << 20, 160)]
    [InlineData((1UL << 20) + 1, 161)]
    [InlineData(1UL << 63, 504)]
    [InlineData(ulong.MaxValue, NativeBuckets.LargestIndex)]
    public void Bytes_AreInTheBucketOfTheirBound(ulong bytes, int index) =>
        Assert.Equal(index, NativeBuckets.OfBytes(bytes));

    /// <summary>It is a power of two, so a double holds it, and a server that reads it gets the same.</summary>
    [Fact]
    public void ZeroBucket_HoldsNothingButZero()
    {
        Assert.Equal(Math.ScaleB(1, -128), NativeBuckets.ZeroThreshold);
        Assert.True(NativeBuckets.ZeroThreshold < 1e-6);
    }

    [Fact]
    public void Histograms_AreNumberedAsTheClassicOnes()
    {
        Assert.Equal(
            Enum.GetNames<NativeHistogram>(), Enum.GetNames<RowHistogram>().Concat(Enum.GetNames<TaskHistogram>()));
        Assert.All(Enum.GetValues<RowHistogram>(), one => Assert.Equal($"{one}", $"{NativeBuckets.Of(one)}"));
        Assert.All(Enum.GetValues<TaskHistogram>(), one => Assert.Equal($"{one}", $"{NativeBuckets.Of(one)}"));
        Assert.Equal(Enum.GetValues<NativeHistogram>().Length, NativeTable.Histograms);
    }

    private static void CheckAround(int index, ulong unit, Func<ulong, int> indexOf)
    {
        var bound = ExactBuckets.Floor(index, unit);
        foreach (var value in new[] { bound - 1, bound, bound + 1 })
        {
            if (value > 0 && value <= ulong.MaxValue)
            {
                Assert.Equal(ExactBuckets.Of((ulong)value, unit), indexOf((ulong)value));
            }
        }
    }
}
