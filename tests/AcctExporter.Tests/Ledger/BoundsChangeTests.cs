// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;
using AcctExporter.Records;
using AcctExporter.Tests.Properties;
using AcctExporter.Tests.Records;
using FsCheck;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Ledger;

/// <summary>Other bounds of the classic histograms: counting with them, and a checkpoint that had others.</summary>
public sealed class BoundsChangeTests
{
    /// <summary>None to twelve, at most one between two powers of two.</summary>
    private static Gen<long[]> Lists { get; } =
        from kept in Gen.Choose(0, 1).ListOf(45)
        from seeds in RecordGen.Seeds.ListOf(45)
        select Enumerable.Range(1, 45).Where(power => kept[power - 1] == 1)
            .Select(power => (1L << power) + (long)(seeds[power - 1] % (1UL << power))).Take(12).ToArray();

    private static Gen<HistogramBounds> AnyBounds { get; } =
        from lists in Lists.ArrayOf(HistogramBounds.Lists)
        select HistogramBounds.Of(lists);

    /// <summary>Each value is in the bucket that plain comparing finds; the one behind the last bound has the rest.</summary>
    [Fact]
    public void AnyBounds_CountAsPlainComparingDoes() => Holds.ForAll(
        from bounds in AnyBounds
        from seed in RecordGen.Seeds
        select (bounds, seed),
        200,
        life =>
        {
            using var ledger = New(life.bounds);
            var (exits, figures) = Fill(ledger, life.seed);
            return Expected(exits, figures, (value, list) => NaiveLedger.BucketOf(list, value), life.bounds)
                == Buckets(ledger.Snapshot());
        });

    /// <summary>An old bucket's exits are in the new bucket of its bound, wherever they were: pairs, other, evicted.</summary>
    [Fact]
    public void AnyChange_MovesEachBucketToTheOneOfItsBound() => Holds.ForAll(
        from before in AnyBounds
        from after in AnyBounds
        from seed in RecordGen.Seeds
        select (before, after, seed),
        200,
        life =>
        {
            using var ledger = New(life.before);
            var (exits, figures) = Fill(ledger, life.seed);
            ledger.UnixSeconds += 60;
            ledger.Evict();
            using var loaded = New(life.after);
            loaded.Ledger.LoadCheckpoint(ledger.Checkpoint(), ledger.Natives());
            var moved = Enumerable.Range(0, HistogramBounds.Lists)
                .Any(list => !life.before.All[list].SequenceEqual(life.after.All[list]));
            return loaded.Ledger.BoundsChanged == moved
                && ledger.Natives().SequenceEqual(loaded.Natives())
                && Expected(exits, figures, life.before, life.after) == Buckets(loaded.Snapshot())
                && NaiveLedger.Describe(loaded.Snapshot()).Length > 0;
        });

    /// <summary>High halves move too, and meet.</summary>
    [Fact]
    public void BucketsOver32Bits_AreMoved()
    {
        using var table = new ExitTable(16, HistogramBounds.Default);
        ulong[] counts = [(1UL << 32) - 1, 1, 1UL << 40, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7];
        table.WriteBuckets(0, RowHistogram.Cpu, counts);
        var tasks = new TaskTable(HistogramBounds.Default);
        var merged = HistogramBounds.Default with { CpuMicroseconds = [2_500, 5_000] };
        Assert.True(new ClassicBuckets(table, tasks, 1).Move(HistogramBounds.Default, merged));
        var moved = new ulong[HistogramBounds.Buckets];
        table.ReadBuckets(0, RowHistogram.Cpu, moved);
        Assert.Equal([1UL << 32, 0, (1UL << 40) + 7], moved[..3]);
        Assert.All(moved[3..], count => Assert.Equal(0UL, count));
        Assert.Equal(2, table.Carries.Count);
    }

    [Fact]
    public void SameBounds_MoveNothing()
    {
        using var ledger = New(HistogramBounds.Default);
        Fill(ledger, 1);
        using var loaded = New(HistogramBounds.Of([.. HistogramBounds.Default.All.Select(list => list.ToArray())]));
        loaded.Ledger.LoadCheckpoint(ledger.Checkpoint(), ledger.Natives());
        Assert.False(loaded.Ledger.BoundsChanged);
        Assert.Equal(ledger.Checkpoint(), loaded.Checkpoint());
    }

    /// <summary>Only the start reads the bounds: what a reload brings is not mixed into what is counted.</summary>
    [Fact]
    public void Reload_KeepsTheBounds()
    {
        using var ledger = New(HistogramBounds.Default with { DurationMicroseconds = [] });
        ledger.Ledger.Reconfigure(new LedgerOptions { NativeHistograms = false });
        ledger.Count([TestLedger.Exit("a") with { ElapsedMicroseconds = 3_000_000 }], []);
        Assert.Equal(1UL, ledger.Snapshot().HostBucket(RowHistogram.Duration, 0));
        Assert.True(ledger.Snapshot().HasNatives);
        using var loaded = New(HistogramBounds.Default);
        loaded.Ledger.LoadCheckpoint(ledger.Checkpoint(), ledger.Natives());
        Assert.True(loaded.Ledger.BoundsChanged);
    }

    private static TestLedger New(HistogramBounds bounds) => new(
        new LedgerOptions { Bounds = bounds, PairLimit = 10, PairIdleTime = TimeSpan.FromSeconds(1) });

    private static (ProcessExit[] Exits, TaskFigures[] Figures) Fill(TestLedger ledger, ulong seed)
    {
        var generator = new AcctFileGenerator(seed) { BoundaryValues = true };
        ProcessExit[] exits = [.. Enumerable.Range(0, 100).Select(_ => generator.Next().ToExit())];
        var figures = TestLedger.RandomFigures(seed, exits.Length);
        ledger.Count(exits, figures);
        return (exits, figures);
    }

    private static string Expected(
        ProcessExit[] exits, TaskFigures[] figures, HistogramBounds before, HistogramBounds after) => Expected(
            exits, figures,
            (value, list) =>
            {
                var (old, wanted) = (before.All[list], after.All[list]);
                var bucket = NaiveLedger.BucketOf(old, value);
                return bucket < old.Length ? NaiveLedger.BucketOf(wanted, (ulong)old[bucket]) : wanted.Length;
            });

    private static string Expected(
        ProcessExit[] exits, TaskFigures[] figures, Func<ulong, long[], int> bucketOf, HistogramBounds bounds) =>
        Expected(exits, figures, (value, list) => bucketOf(value, bounds.All[list]));

    private static string Expected(ProcessExit[] exits, TaskFigures[] figures, Func<ulong, int, int> bucketOf)
    {
        var buckets = new ulong[NativeTable.Histograms, HistogramBounds.Buckets];
        for (var i = 0; i < exits.Length; i++)
        {
            buckets[0, bucketOf(exits[i].ElapsedMicroseconds, 0)]++;
            buckets[1, bucketOf(exits[i].UserMicroseconds + exits[i].SystemMicroseconds, 1)]++;
            buckets[2, bucketOf(exits[i].VirtualMemoryBytes, 2)]++;
            if (figures[i].IsKnown)
            {
                buckets[3, bucketOf(figures[i].PeakResidentBytes, 3)]++;
                buckets[4, bucketOf(figures[i].ReadBytes, 4)]++;
                buckets[5, bucketOf(figures[i].WrittenBytes, 4)]++;
            }
        }

        return string.Join(' ', buckets.Cast<ulong>());
    }

    private static string Buckets(LedgerSnapshot snapshot) => string.Join(' ',
        Enum.GetValues<NativeHistogram>().SelectMany(histogram => Enumerable.Range(0, HistogramBounds.Buckets)
            .Select(bucket => histogram < NativeHistogram.PeakResident
                ? snapshot.HostBucket((RowHistogram)histogram, bucket)
                : snapshot.HostTasks.Buckets((TaskHistogram)(histogram - NativeHistogram.PeakResident))[bucket])));
}
