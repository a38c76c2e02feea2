// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using AcctExporter.Ledger;
using AcctExporter.Records;
using AcctExporter.Tests.Properties;
using AcctExporter.Tests.Records;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Ledger;

public sealed class ExitTableTests
{
    /// <summary>
    /// However few raw keys are remembered, and however often they are forgotten: the same pairs are found.
    /// </summary>
    [Fact]
    public void FindPairs_DoesNotDependOnWhatIsRemembered() => Holds.ForAll(
        from seed in RecordGen.Seeds
        from remembered in Gen.Choose(1, 200)
        from limit in Gen.Choose(1, 300)
        select (seed, remembered, limit),
        100,
        of =>
        {
            var generator = new AcctFileGenerator(of.seed) { HostileNames = true };
            var exits = Enumerable.Range(0, 2_000)
                .Select(i => generator.Next().ToExit() with { Context = (uint)(i * 7 % 3) }).ToArray();
            var everything = Pairs(exits, remembered: 1 << 16, of.limit);
            return Pairs(exits, of.remembered, of.limit).SequenceEqual(everything) && everything.Max() < of.limit;
        });

    [Fact]
    public void FindPairs_FindsThemAgain_AfterManyMoreThanItRemembers()
    {
        var exits = Enumerable.Range(0, 50_000).Select(i => TestLedger.Exit($"c{i}", (uint)(i % 3))).ToArray();
        var once = Pairs(exits, remembered: 1 << 16, limit: 40_000);
        Assert.Equal(Enumerable.Range(0, 40_000), once[..40_000]);
        Assert.All(once[40_000..], pair => Assert.Equal(ExitTable.Other, pair));
        var twice = Pairs([.. exits, .. exits], remembered: 777, limit: 40_000);
        Assert.Equal([.. once, .. once], twice);
    }

    [Theory]
    [InlineData((int)RowHistogram.Duration)]
    [InlineData((int)RowHistogram.Cpu)]
    [InlineData((int)RowHistogram.VirtualMemory)]
    public void Bucket_CarriesOn_After32Bits(int which)
    {
        var histogram = (RowHistogram)which;
        using var table = new ExitTable(16, HistogramBounds.Default);
        Pair pair = new(0, 0, "root", "sh", 0);
        BucketOf(ref table.Row(0), histogram) = uint.MaxValue - 1;
        ProcessExit[] exits = [TestLedger.Exit("sh"), TestLedger.Exit("sh"), TestLedger.Exit("sh")];
        table.Count(exits, [0, 0, 0], 0);

        var snapshot = new LedgerSnapshot();
        snapshot.Fill(table, new TaskTable(HistogramBounds.Default), null, [pair], 1, 300, []);
        Assert.Equal((1UL << 32) + 1, snapshot.Bucket(0, histogram, 0));
        Assert.Equal((1UL << 32) + 1, snapshot.HostBucket(histogram, 0));

        // It survives the end of the pair, and meets what is there of others.
        BucketOf(ref table.Row(ExitTable.Retired), histogram) = uint.MaxValue;
        table.Retire(0);
        snapshot.Fill(table, new TaskTable(HistogramBounds.Default), null, [null], 0, 300, []);
        Assert.Equal(1UL << 33, snapshot.HostBucket(histogram, 0));
        Assert.Empty(snapshot.Pairs);
        Assert.Equal(0UL, table.Row(0).Exits);
        Assert.All(table.Carries.Keys, key => Assert.Equal(ExitTable.CarryKey(ExitTable.Retired, histogram, 0), key));
    }

    [Fact]
    public void SignalKey_AndBack_IsTheSame() => Assert.All(
        from pair in (int[])[ExitTable.Retired, ExitTable.Dropped, ExitTable.Other, 0, 1, 999_999]
        from signal in Enumerable.Range(1, 127)
        from core in (bool[])[false, true]
        select (pair, signal, core),
        key => Assert.Equal(key, ExitTable.SignalOf(ExitTable.SignalKey(key.pair, key.signal, key.core))));

    private static int[] Pairs(ProcessExit[] exits, int remembered, int limit)
    {
        using var table = new ExitTable(remembered, HistogramBounds.Default);
        var labels = new PairLabels(new LedgerOptions { PairLimit = limit }, uid => $"u{uid}", gid => $"g{gid}",
            context => new ExitContext("", $"{context}.service", "", ""), _ => RuleInputs.None, new Lock())
        {
            Output = new ArrayBufferWriter<byte>(),
        };
        var pairs = new int[exits.Length];
        // In pieces, as they come.
        for (var at = 0; at < exits.Length; at += 300)
        {
            var length = Math.Min(300, exits.Length - at);
            table.FindPairs(exits.AsSpan(at, length), pairs.AsSpan(at, length), labels);
            table.EnsurePairs(labels.Places.Count);
            Assert.InRange(table.RawKeys, 1, remembered);
        }

        return pairs;
    }

    private static ref uint BucketOf(ref ExitRow row, RowHistogram histogram)
    {
        switch (histogram)
        {
            case RowHistogram.Duration: return ref row.Duration[0];
            case RowHistogram.Cpu: return ref row.Cpu[0];
            default: return ref row.VirtualMemory[0];
        }
    }
}
