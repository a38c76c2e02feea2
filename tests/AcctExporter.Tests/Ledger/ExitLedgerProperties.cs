// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;
using AcctExporter.Records;
using AcctExporter.Tests.Properties;
using AcctExporter.Tests.Records;
using FsCheck;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Ledger;

/// <summary>The ledger beside dictionaries that do the same.</summary>
public sealed class ExitLedgerProperties
{
    private const int IdleSeconds = 100;

    /// <summary>One step of a ledger's life: time passes, then exits are counted, or idle pairs leave.</summary>
    private sealed record Step(int Seconds, int Exits, ulong Seed)
    {
        public ProcessExit[] Make()
        {
            var generator = new AcctFileGenerator(Seed) { HostileNames = true, BoundaryValues = true };
            return [.. Enumerable.Range(0, Exits).Select(_ => generator.Next().ToExit())];
        }

        /// <summary>Figures for each exit, known of most of them; or none at all.</summary>
        public TaskFigures[] MakeFigures() => Seed % 3 == 0 ? [] : TestLedger.RandomFigures(Seed, Exits);
    }

    private static Gen<Step> Steps { get; } =
        from seconds in Gen.Choose(0, 80)
        from exits in Gen.Frequency((1, Gen.Constant(0)), (2, Gen.Choose(1, 40)), (1, Gen.Choose(100, 400)))
        from seed in RecordGen.Seeds
        select new Step(seconds, exits, seed);

    [Fact]
    public void AnyLife_IsCountedAsDictionariesCountIt() => Holds.ForAll(
        from limit in Gen.Choose(1, 60)
        from steps in Steps.ArrayOf()
        select (limit, steps),
        300,
        life =>
        {
            using var ledger = New(life.limit);
            var naive = new NaiveLedger(life.limit, UserName);
            Live(ledger, life.steps, naive);
            return NaiveLedger.Describe(ledger.Snapshot()) == naive.Describe()
                && ledger.Snapshot().PairCount == naive.Pairs;
        });

    [Fact]
    public void EveryExit_IsInOneRow() => Holds.ForAll(
        from limit in Gen.Choose(1, 60)
        from steps in Steps.ArrayOf()
        select (limit, steps),
        100,
        life =>
        {
            using var ledger = New(life.limit);
            var retired = 0UL;
            foreach (var step in life.steps)
            {
                Live(ledger, [step with { Seconds = 0 }], null);
                ledger.UnixSeconds += step.Seconds;
                var before = PairExits(ledger.Snapshot());
                ledger.Evict();
                retired += before - PairExits(ledger.Snapshot());
            }

            var snapshot = ledger.Snapshot();
            var host = snapshot.Host;
            var deaths = Enumerable.Range(1, 127).Aggregate(0UL,
                (sum, signal) => sum + snapshot.HostSignal(signal).Count);
            var counted = (ulong)life.steps.Sum(step => step.Exits);
            return host.Exits == counted && PairExits(snapshot) + snapshot.Dropped + retired == counted
                && deaths == host.Signals && host.Failures + host.Signals <= counted
                && Enum.GetValues<RowHistogram>().All(histogram => Enumerable.Range(0, HistogramBounds.Buckets)
                    .Aggregate(0UL, (sum, bucket) => sum + snapshot.HostBucket(histogram, bucket)) == counted);
        });

    /// <summary>While nothing was evicted, the pairs and <c>other</c> are the host.</summary>
    [Fact]
    public void PairsAndOther_AreTheHost_WhileNoPairWasEvicted() => Holds.ForAll(
        from limit in Gen.Choose(1, 60)
        from steps in Steps.ArrayOf()
        select (limit, steps),
        100,
        life =>
        {
            using var ledger = New(life.limit);
            foreach (var step in life.steps)
            {
                ledger.Count(step.Make());
            }

            var snapshot = ledger.Snapshot();
            var sum = default(ExitRow);
            foreach (ref readonly var row in snapshot.Rows)
            {
                sum.Exits += row.Exits;
                sum.Failures += row.Failures;
                sum.Signals += row.Signals;
                sum.UserMicroseconds += row.UserMicroseconds;
                sum.ElapsedMicroseconds += row.ElapsedMicroseconds;
            }

            var host = snapshot.Host;
            return sum.Exits + snapshot.Dropped == host.Exits
                && (sum.Failures, sum.Signals) == (host.Failures, host.Signals)
                && (sum.UserMicroseconds, sum.ElapsedMicroseconds) == (host.UserMicroseconds, host.ElapsedMicroseconds);
        });

    /// <summary>A ledger that was saved and loaded goes on like the one that was not.</summary>
    [Fact]
    public void SavedAndLoaded_GoesOnTheSame() => Holds.ForAll(
        from limit in Gen.Choose(1, 60)
        from before in Steps.ArrayOf()
        from after in Steps.ArrayOf()
        select (limit, before, after),
        200,
        life =>
        {
            using var one = New(life.limit);
            using var other = New(life.limit);
            Live(one, life.before, null);
            other.Ledger.LoadCheckpoint(one.Checkpoint(), one.Natives());
            other.UnixSeconds = one.UnixSeconds;
            if (!one.Checkpoint().SequenceEqual(other.Checkpoint()) || !one.Natives().SequenceEqual(other.Natives()))
            {
                return false;
            }

            Live(one, life.after, null);
            Live(other, life.after, null);
            return one.Checkpoint().SequenceEqual(other.Checkpoint())
                && one.Natives().SequenceEqual(other.Natives())
                && NaiveLedger.Describe(one.Snapshot()) == NaiveLedger.Describe(other.Snapshot());
        });

    /// <summary>More names than are remembered in front of the pairs, over and over.</summary>
    [Fact]
    public void MillionNames_CostOnlyLookUps()
    {
        var options = new LedgerOptions { PairLimit = 100 };
        using var ledger = new TestLedger(options, UserName);
        var naive = new NaiveLedger(options.PairLimit, UserName);
        var names = options.RawKeyLimit + 5_000;
        for (var round = 0; round < 2; round++)
        {
            ProcessExit[] exits =
            [
                .. Enumerable.Range(0, names).Select(i => TestLedger.Exit($"n{i}", (uint)(i % 4), (uint)(i % 12))),
            ];
            ledger.Count(exits);
            foreach (var exit in exits)
            {
                naive.Add(exit, ledger.UnixSeconds);
            }
        }

        Assert.Equal(naive.Describe(), NaiveLedger.Describe(ledger.Snapshot()));
    }

    private static ulong PairExits(LedgerSnapshot snapshot)
    {
        var exits = 0UL;
        foreach (ref readonly var row in snapshot.Rows)
        {
            exits += row.Exits;
        }

        return exits;
    }

    /// <summary>Some users share a name, some have none, one has an odd one.</summary>
    private static string UserName(uint uid) => uid switch
    {
        0 => "root",
        33 => @"www\x2ddata",
        < 1025 => "staff",
        _ => $"{uid}",
    };

    private static TestLedger New(int limit) =>
        new(new LedgerOptions { PairLimit = limit, PairIdleTime = TimeSpan.FromSeconds(IdleSeconds) }, UserName);

    private static void Live(TestLedger ledger, Step[] steps, NaiveLedger? naive)
    {
        foreach (var step in steps)
        {
            ledger.UnixSeconds += step.Seconds;
            var exits = step.Make();
            var figures = step.MakeFigures();
            ledger.Count(exits, figures);
            for (var i = 0; i < exits.Length; i++)
            {
                naive?.Add(exits[i], ledger.UnixSeconds, figures.Length > 0 ? figures[i] : default);
            }

            if (step.Exits == 0)
            {
                ledger.Evict();
                naive?.EvictIdle(ledger.UnixSeconds - IdleSeconds);
            }
        }
    }
}
