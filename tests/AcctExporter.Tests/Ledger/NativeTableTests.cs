// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;
using AcctExporter.Records;
using AcctExporter.Tests.Properties;
using AcctExporter.Tests.Records;

namespace AcctExporter.Tests.Ledger;

/// <summary>The counts are held by <see cref="ExitLedgerProperties"/>; here is what they cost.</summary>
public sealed class NativeTableTests
{
    [Fact]
    public void Count_AllocatesNothing_OnceTheRangesAreMet()
    {
        var natives = new NativeTable();
        var generator = new AcctFileGenerator(3) { BoundaryValues = true };
        ProcessExit[] exits = [.. Enumerable.Range(0, 10_000).Select(_ => generator.Next().ToExit())];
        var figures = TestLedger.RandomFigures(3, exits.Length);
        var pairs = Enumerable.Range(0, exits.Length).Select(i => (i % 300) + ExitTable.Retired).ToArray();
        natives.Count(exits, figures, pairs);
        Assert.Equal(0, Allocated.By(() => natives.Count(exits, figures, pairs)));
    }

    [Fact]
    public void Snapshot_AllocatesNothing_OnceItIsLargeEnough()
    {
        using var ledger = new TestLedger();
        Fill(ledger, 500);
        var snapshot = new LedgerSnapshot { WithNatives = true };
        ledger.Ledger.CopyTo(snapshot);
        Assert.True(snapshot.HasNatives);
        Assert.Equal(0, Allocated.By(() =>
        {
            ledger.Ledger.CopyTo(snapshot);
            for (var pair = 0; pair < snapshot.Pairs.Count; pair++)
            {
                Assert.False(snapshot.Native(pair, NativeHistogram.Duration).Counts.IsEmpty);
            }
        }));
    }

    [Fact]
    public void Snapshot_CopiesNone_UnlessAsked()
    {
        using var ledger = new TestLedger();
        Fill(ledger, 10);
        var snapshot = new LedgerSnapshot();
        ledger.Ledger.CopyTo(snapshot);
        Assert.False(snapshot.HasNatives);
        snapshot.WithNatives = true;
        ledger.Ledger.CopyTo(snapshot);
        Assert.True(snapshot.HasNatives);
    }

    /// <summary>Growth keeps what is counted, to both sides, and views are trimmed.</summary>
    [Fact]
    public void Run_GrowsToBothSides()
    {
        var counts = default(NativeCounts);
        Assert.True(counts.IsEmpty);
        counts.AddBytes(1 << 20);
        counts.AddBytes(1);
        counts.AddBytes(ulong.MaxValue);
        counts.AddMicroseconds(1);
        counts.AddBytes(0);
        Assert.Equal((NativeBuckets.LeastIndex, 1UL, 5UL), (TrimmedFirst(counts), counts.Zero, counts.Total));
        Assert.Equal(NativeBuckets.LargestIndex - NativeBuckets.LeastIndex + 1, counts.Trimmed(out _).Length);
        Assert.Equal(1UL, counts.Trimmed(out _)[160 - NativeBuckets.LeastIndex]);
    }

    /// <summary>A pair with one exit takes little, whatever its values are.</summary>
    [Fact]
    public void Run_TakesRoomForItsRangeOnly()
    {
        var counts = default(NativeCounts);
        counts.AddBytes(5 << 20);
        Assert.InRange(counts.Counts.Length, 1, NativeBuckets.PerDoubling);
        counts.AddBytes(6 << 20);
        Assert.InRange(counts.Counts.Length, 1, 2 * NativeBuckets.PerDoubling);
    }

    private static int TrimmedFirst(in NativeCounts counts)
    {
        counts.Trimmed(out var first);
        return first;
    }

    private static void Fill(TestLedger ledger, int exits)
    {
        var generator = new AcctFileGenerator(7);
        ledger.Count([.. Enumerable.Range(0, exits).Select(_ =>
            generator.Next().ToExit() with { ElapsedMicroseconds = 1 + (generator.Next().ToExit().ElapsedMicroseconds) })]);
    }
}
