// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using AcctExporter.Ledger;
using AcctExporter.Records;
using AcctExporter.Tests.Properties;
using AcctExporter.Tests.Records;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Ledger;

/// <summary>The section NATV as docs/formats/checkpoint.md gives it, and what stands in for it when it is not there.</summary>
public sealed class NativeCheckpointTests
{
    [Fact]
    public void Bytes_AreAsTheDocumentSays()
    {
        using var ledger = new TestLedger();
        var exit = TestLedger.Exit("ab");
        exit.UserMicroseconds = 1;
        exit.ElapsedMicroseconds = 1_000_001;
        var long2 = exit with { ElapsedMicroseconds = 1_100_000 };
        ledger.Count([exit, exit, long2], [new TaskFigures { ReadBytes = ulong.MaxValue, Knowledge = TaskKnowledge.Joined }, default, default]);
        // Row 3 is pair 0. Duration: buckets 1 and 2, counted from the one of a microsecond, -159. CPU: that one.
        // Address space and peak: zero. Read: the largest, 512.
        Assert.Equal(
            [
                1, 0, 0, 0, 3, 0, 0, 0, 6, 0, 0, 0,
                18, 0, 0, 0, 0, 160, 1, 2, 2, 1,
                19, 0, 0, 0, 0, 0, 1, 3,
                20, 0, 0, 0, 3, 0, 0,
                21, 0, 0, 0, 1, 0, 0,
                22, 0, 0, 0, 0, 0x9f, 5, 1, 1,
                23, 0, 0, 0, 1, 0, 0,
            ],
            ledger.Natives());
    }

    [Fact]
    public void AnyDamage_IsRefused_OrReadAsCountsThatFit() => Holds.ForAll(
        from seed in RecordGen.Seeds
        from at in Gen.Choose(0, 10_000)
        from value in Gen.Choose(0, 255)
        from cut in Gen.Choose(0, 3)
        select (seed, at, value, cut),
        2_000,
        damage =>
        {
            using var ledger = new TestLedger();
            Fill(ledger, damage.seed, 20);
            var natives = ledger.Natives();
            natives[damage.at % natives.Length] = (byte)damage.value;
            natives = damage.cut == 0 ? natives[..(damage.at % natives.Length)] : natives;
            using var other = new TestLedger();
            try
            {
                other.Ledger.LoadCheckpoint(ledger.Checkpoint(), natives);
            }
            catch (InvalidDataException error)
            {
                return error.Message.Contains("in the checkpoint", StringComparison.Ordinal);
            }

            // Describe looks whether the counts are those of the classic histograms.
            return NaiveLedger.Describe(other.Snapshot()).Length > 0;
        });

    [Fact]
    public void AnyDamageOfTheLedger_IsRefused_OrRead() => Holds.ForAll(
        from seed in RecordGen.Seeds
        from at in Gen.Choose(0, 100_000)
        from value in Gen.Choose(0, 255)
        select (seed, at, value),
        2_000,
        damage =>
        {
            using var ledger = new TestLedger();
            Fill(ledger, damage.seed, 3);
            var (bytes, natives) = (ledger.Checkpoint(), ledger.Natives());
            bytes[damage.at % bytes.Length] = (byte)damage.value;
            using var other = new TestLedger();
            try
            {
                other.Ledger.LoadCheckpoint(bytes, natives);
            }
            catch (InvalidDataException)
            {
            }

            return true;
        });

    [Theory]
    [InlineData(0, 2, "layout 2; this program knows 1")]
    [InlineData(4, 4, "schema 4; this program knows 3")]
    [InlineData(8, 100, "cut short")]
    [InlineData(8, 0, "hold 0 exits of a pair where its counters have 1")]
    [InlineData(12, 24, "24, of no pair or in the wrong place")]
    [InlineData(12, 19, "19, of no pair or in the wrong place")]
    public void OtherSection_IsRefused(int at, uint value, string message)
    {
        using var ledger = new TestLedger();
        ledger.Count("ab");
        var natives = ledger.Natives();
        BinaryPrimitives.WriteUInt32LittleEndian(natives.AsSpan(at), value);
        using var other = new TestLedger();
        var error = Assert.Throws<InvalidDataException>(
            () => other.Ledger.LoadCheckpoint(ledger.Checkpoint(), natives));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    /// <summary>One index too high, a number without an end.</summary>
    [Theory]
    [InlineData(new byte[] { 0, 0xa0, 5, 1, 1 }, "a bucket that no value falls into")]
    [InlineData(new byte[] { 0, 0, 0xa1, 5, 1 }, "a bucket that no value falls into")]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 2 }, "more than 64 bits")]
    public void HistogramOutOfRange_IsRefused(byte[] histogram, string message)
    {
        using var ledger = new TestLedger();
        ledger.Count("ab");
        byte[] natives = [1, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 18, 0, 0, 0, .. histogram];
        var error = Assert.Throws<InvalidDataException>(() => New(ledger.Checkpoint(), natives));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    /// <summary>A checkpoint of before: each exit at the bound of its classic bucket, the rest one bucket above.</summary>
    [Fact]
    public void WithoutTheSection_ExitsStandAtTheirClassicBounds()
    {
        using var ledger = new TestLedger();
        var exit = TestLedger.Exit("ab");
        ledger.Count(
            [
                exit, exit with { ElapsedMicroseconds = 15_000 }, exit with { ElapsedMicroseconds = 20_000 },
                exit with { ElapsedMicroseconds = 7_812_500_001 },
            ],
            [new TaskFigures { PeakResidentBytes = 3 << 20, Knowledge = TaskKnowledge.Joined }, default, default, default]);
        var bytes = ledger.Checkpoint();
        // As an older program writes it: layout 2 ends in front of the bounds.
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, 2);
        using var loaded = New(bytes[..^500], []);
        Assert.False(loaded.Ledger.BoundsChanged);
        var snapshot = loaded.Snapshot();
        var duration = snapshot.Native(0, NativeHistogram.Duration);
        Assert.Equal(0UL, duration.ZeroCount);
        Assert.Equal(ExactBuckets.Of(10_000, ExactBuckets.Second), duration.FirstIndex);
        Assert.Equal(1UL, duration.Counts[0]);
        Assert.Equal(2UL, duration.Counts[ExactBuckets.Of(20_000, ExactBuckets.Second) - duration.FirstIndex]);
        Assert.Equal(
            ExactBuckets.Of(7_812_500_000, ExactBuckets.Second) + 1, duration.FirstIndex + duration.Counts.Length - 1);
        Assert.Equal(1UL, duration.Counts[^1]);
        var peak = snapshot.HostNative(NativeHistogram.PeakResident);
        Assert.Equal((ExactBuckets.Of(4 << 20, 1), 1), (peak.FirstIndex, peak.Counts.Length));
        // The counts agree, and it goes on from here as any other.
        Assert.NotEmpty(NaiveLedger.Describe(snapshot));
        loaded.Count([exit], []);
        Assert.Equal(1UL, loaded.Snapshot().Native(0, NativeHistogram.Duration).ZeroCount);
        using var again = New(loaded.Checkpoint(), loaded.Natives());
        Assert.Equal(loaded.Natives(), again.Natives());
    }

    [Fact]
    public void LedgerWithoutNatives_WritesNone_AndShowsNone()
    {
        using var ledger = new TestLedger(new LedgerOptions { NativeHistograms = false });
        ledger.Count("ab");
        Assert.Empty(ledger.Natives());
        Assert.False(ledger.Snapshot().HasNatives);
        using var other = New(ledger.Checkpoint(), ledger.Natives());
        Assert.True(other.Snapshot().HasNatives);
    }

    private static TestLedger New(byte[] bytes, byte[] natives)
    {
        var ledger = new TestLedger();
        ledger.Ledger.LoadCheckpoint(bytes, natives);
        return ledger;
    }

    private static void Fill(TestLedger ledger, ulong seed, int exits)
    {
        var generator = new AcctFileGenerator(seed) { BoundaryValues = true };
        ledger.Count(
            [.. Enumerable.Range(0, exits).Select(_ => generator.Next().ToExit())], TestLedger.RandomFigures(seed, exits));
    }
}
