// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using AcctExporter.Ledger;
using AcctExporter.Metrics;
using AcctExporter.Push;
using AcctExporter.Records;
using AcctExporter.Tests.Ledger;
using AcctExporter.Tests.Metrics;
using AcctExporter.Tests.Properties;
using static AcctExporter.Tests.Metrics.FakeSource;

namespace AcctExporter.Tests.Push;

/// <summary>What is pushed, next to what a scrape of the same ledger shows.</summary>
public class MetricsPushTests
{
    private const long Day = 86_400_000_000;

    /// <summary>From a fresh start, both doors give the same series with the same values.</summary>
    [Fact]
    public void Series_AreThoseOfAScrape_WithTheSameValues()
    {
        using var lab = new PushLab(PushLab.Fresh());
        ExpositionTests.Fill(lab.Source);
        AssertSame(Scraped(lab.Source), lab.Series());
    }

    /// <summary>And so after many exits of any kind, in many pairs, over pushes in between.</summary>
    [Fact]
    public void Series_AreThoseOfAScrape_AfterAnyExits()
    {
        const int exits = 4_000;
        using var lab = new PushLab(PushLab.Fresh(pairLimit: 40));
        var random = new Random(7);
        uint[] ends = [0, 0, 0x100, 9, 11 | 0x80, 11, 0x200 | 0x80];
        var figures = TestLedger.RandomFigures(11, exits);
        // Sums of these stay below 2^53, which is what a double holds.
        foreach (ref var one in figures.AsSpan())
        {
            one.ResidentMebibyteMicroseconds &= 0xff_ffff_ffff;
            for (var reason = 0; reason < DelayFigures.Count; reason++)
            {
                one.DelayMicroseconds[reason] &= 0xff_ffff_ffff;
            }
        }

        for (var i = 0; i < exits; i++)
        {
            var exit = Exit($"c{random.Next(60)}", (uint)random.Next(2), ends[random.Next(ends.Length)],
                (ulong)random.Next(1 << 30), (ulong)random.Next(1 << 20), (ulong)random.NextInt64(1L << 40),
                (ulong)random.NextInt64(1L << 43), (ulong)random.Next(1000));
            lab.Source.Count([exit], [figures[i]]);
            if (i % 1000 == 0)
            {
                lab.Values();
            }
        }

        AssertSame(Scraped(lab.Source), lab.Series());
    }

    /// <summary>What was counted before the agent pushes is not pushed; what comes then is, and gauges are as they
    /// are.</summary>
    [Fact]
    public void Counters_BeginAtZero_AndGaugesAsTheyAre()
    {
        using var lab = new PushLab(ExpositionTests.Small());
        var counters = Counters();
        var first = lab.Series();
        var before = Scraped(lab.Source);
        Assert.All(first, series => Assert.Equal(
            counters.TryGetValue(NameOf(series.Key), out var family) && !family.SinceStart ? 0 : before[series.Key],
            series.Value));
        Assert.DoesNotContain(first.Keys, series => series.Contains("_bucket{", StringComparison.Ordinal));
        lab.Source.Count(
            [Exit("sh", user: 30_000, elapsed: 10), Exit("java", 1000, exitCode: 11), Exit("fifth")],
            [TaskFiguresTests.Small, default, TaskFiguresTests.Small]);
        var second = lab.Series();
        foreach (var (series, value) in Scraped(lab.Source))
        {
            var isCounter = counters.TryGetValue(NameOf(series), out var family) && !family.SinceStart;
            if (isCounter || !second.TryGetValue(series, out var pushed))
            {
                var expected = value - before.GetValueOrDefault(series);
                Assert.True(Math.Abs(expected - second.GetValueOrDefault(series)) <= 1e-9 * Math.Abs(value),
                    $"{series}: {expected} {second.GetValueOrDefault(series)}");
            }
            else if (NameOf(series).EndsWith("_bytes_sum", StringComparison.Ordinal))
            {
                Assert.Equal(value - before.GetValueOrDefault(series), pushed);
            }
        }
    }

    /// <summary>A pair that gave its place up is pushed no more, and goes on where it ended when it returns.</summary>
    [Fact]
    public void APairThatReturns_GoesOnWhereItEnded()
    {
        using var lab = new PushLab(PushLab.Fresh(pairLimit: 2));
        lab.Source.Count(Exit("a", user: 1_000_000), Exit("a", exitCode: 9), Exit("b"));
        Assert.Equal(2, lab.Series()["acct_process_exits_total{command=a,user=root}"]);
        Evict(lab.Source);
        Assert.DoesNotContain("acct_process_exits_total{command=a,user=root}", lab.Series().Keys);
        // Another one may have the place.
        lab.Source.Count(Exit("c"), Exit("a", user: 500_000));
        var back = lab.Series();
        Assert.Equal(3, back["acct_process_exits_total{command=a,user=root}"]);
        Assert.Equal(1.5, back["acct_process_cpu_time_seconds_total{command=a,mode=user,user=root}"]);
        Assert.Equal(3, back["acct_process_duration_seconds_count{command=a,user=root}"]);
        Assert.Equal(1, back["acct_process_exits_total{command=c,user=root}"]);
        // It may have more than before at the first look.
        Evict(lab.Source);
        lab.Values();
        lab.Source.Count([.. Enumerable.Repeat(Exit("a"), 10)]);
        Assert.Equal(13, lab.Series()["acct_process_exits_total{command=a,user=root}"]);
    }

    /// <summary>
    /// Label sets without end, each of which the SDK keeps: the meter of the pairs is made anew, while exits are
    /// counted, and over all its lives nothing is missing and nothing is twice.
    /// </summary>
    [Fact]
    public void TurnsOfMeters_LoseNothing_AndDoubleNothing()
    {
        const int pairLimit = 5;
        const int rounds = 40;
        const int perRound = 200;
        using var lab = new PushLab(PushLab.Fresh(pairLimit));
        var sums = new Dictionary<(string Series, DateTimeOffset Start), double>();
        var pushes = 0;
        var counting = new Thread(() =>
        {
            for (var round = 0; round < rounds; round++)
            {
                for (var i = 0; i < perRound; i++)
                {
                    lab.Source.Count([Exit($"c{(round * pairLimit) + (i % pairLimit)}", user: 10_000,
                        exitCode: (uint)(i % 2 * 9), memory: 4096)], [TaskFiguresTests.Small]);
                }

                // What a pair counted is pushed before it goes: nobody is idle for shorter than a push takes.
                var seen = Volatile.Read(ref pushes);
                SpinWait.SpinUntil(() => Volatile.Read(ref pushes) >= seen + 2);
                Evict(lab.Source);
            }
        });
        counting.Start();
        var counts = true;
        while (counts)
        {
            counts = counting.IsAlive;
            foreach (var value in lab.Values())
            {
                var key = (value.Series, value.Start);
                Assert.True(value.Value >= sums.GetValueOrDefault(key) || !IsSum(value), value.ToString());
                Assert.DoesNotContain("overflow", value.Series, StringComparison.Ordinal);
                sums[key] = value.Value;
            }

            Interlocked.Increment(ref pushes);
        }

        counting.Join();
        var starts = sums.Keys.Where(key => key.Series.StartsWith("acct_process_exits", StringComparison.Ordinal))
            .Select(key => key.Start).Distinct().Count();
        Assert.InRange(starts, rounds / 6, rounds);
        for (var pair = 0; pair < rounds * pairLimit; pair++)
        {
            var labels = $"command=c{pair},user=root";
            Assert.Equal(perRound / pairLimit, Sum($"acct_process_exits_total{{{labels}}}"));
            Assert.Equal(perRound / pairLimit, Sum($"acct_process_duration_seconds_count{{{labels}}}"));
            Assert.Equal(perRound / pairLimit, Sum($"acct_process_peak_rss_bytes_count{{{labels}}}"));
            Assert.Equal(
                perRound / pairLimit * 2_100_000.0, Sum($"acct_process_peak_rss_bytes_sum{{{labels}}}"));
            Assert.Equal(0.4, Sum($"acct_process_cpu_time_seconds_total{{command=c{pair},mode=user,user=root}}"), 9);
            Assert.InRange(Sum($"acct_process_signals_total{{command=c{pair},signal=SIGKILL,user=root}}"), 20, 20);
        }

        Assert.Equal(rounds * perRound, Sum("acct_exits_total{}"));
        Assert.Equal(rounds * perRound, Sum("acct_duration_seconds_count{}"));

        double Sum(string series) => sums.Where(sum => sum.Key.Series == series).Sum(sum => sum.Value);
    }

    /// <summary>One death by each signal in each pair: more series than label sets, and all fit.</summary>
    [Fact]
    public void ManySignals_FindRoom()
    {
        using var lab = new PushLab(PushLab.Fresh(pairLimit: 3));
        for (var signal = 1U; signal < 60; signal++)
        {
            lab.Source.Count([.. Enumerable.Range(0, 3).Select(pair => Exit($"c{pair}", exitCode: signal))]);
        }

        var sum = lab.Values().Concat(lab.Values()).Where(value => value.Metric == "acct.process.signals")
            .GroupBy(value => (value.Series, value.Start)).Sum(series => series.Max(value => value.Value));
        Assert.Equal(3 * 59, sum);
        Assert.Equal(3 * 59, lab.Values().Count(value => value.Metric == "acct.process.signals"));
    }

    [Fact]
    public void Exponential_HasTheSameCountsAndSums()
    {
        using var lab = new PushLab(PushLab.Fresh(), PushHistograms.Exponential);
        ExpositionTests.Fill(lab.Source);
        var expected = Scraped(lab.Source).Where(series => !series.Key.Contains("_bucket{", StringComparison.Ordinal))
            .ToDictionary();
        AssertSame(expected, lab.Series());
    }

    [Fact]
    public void DroppedExits_AreTheHostsAlone()
    {
        using var lab = new PushLab(PushLab.Fresh());
        Assert.True(RulePattern.TryParse("secret", out var pattern, out _));
        lab.Source.Ledger.Reconfigure(new LedgerOptions
        {
            PairLimit = 4,
            Rules = [new CommandRule { Command = pattern, Action = RuleAction.Drop, Place = "a test" }],
        });
        lab.Source.Count(Exit("secret"), Exit("open"));
        var series = lab.Series();
        Assert.Equal(2, series["acct_duration_seconds_count{}"]);
        Assert.Equal(1, series["acct_process_duration_seconds_count{command=open,user=root}"]);
        Assert.DoesNotContain(series.Keys, key => key.Contains("secret", StringComparison.Ordinal));
    }

    /// <summary>In the steady state an exit costs no memory.</summary>
    [Fact]
    public void Recording_AllocatesNothing()
    {
        using var lab = new PushLab(PushLab.Fresh());
        ProcessExit[] exits = [Exit("a", elapsed: 5), Exit("b", 1000, exitCode: 9), Exit("c"), Exit("d"), Exit("e")];
        TaskFigures[] figures = [TaskFiguresTests.Small, default, TaskFiguresTests.Large, default, default];
        var pairs = new int[exits.Length];
        lab.Source.Ledger.Plan(exits, pairs, new ArrayBufferWriter<byte>(), Noon);
        Assert.Contains(ExitTable.Other, pairs);
        var observer = lab.Push.Observer;
        Assert.InRange(Allocated.By(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                observer.Counted(lab.Source.Ledger, exits, figures, pairs);
            }
        }), 0, 10_000);
    }

    internal static void Evict(FakeSource source)
    {
        var decisions = new ArrayBufferWriter<byte>();
        source.Ledger.PlanEvictions(decisions, Noon + (2 * Day));
        source.Ledger.Apply(decisions.WrittenSpan, birthsKnown: true);
    }

    private static bool IsSum(PushedValue value) =>
        Catalog.All.Single(family => family.OTelName == value.Metric).Kind != MetricKind.Gauge;

    private static Dictionary<string, MetricFamily> Counters() =>
        Catalog.All.Where(family => family.Kind == MetricKind.Counter).ToDictionary(family => family.Name);

    private static string NameOf(string series) => series[..series.IndexOf('{', StringComparison.Ordinal)];

    /// <summary>
    /// What a scrape shows and a push would: all but what is for scrapes alone, and histograms that have seen nothing.
    /// </summary>
    private static Dictionary<string, double> Scraped(FakeSource source)
    {
        var samples = ExpositionReader.Read(source.Scrape(allHistograms: true, process: ExpositionTests.Process));
        var hidden = Catalog.All.Where(family => family.ScrapeOnly).Select(family => family.Name).ToHashSet();
        var histograms = Catalog.All.Where(family => family.Kind == MetricKind.Histogram).Select(family => family.Name);
        var empty = samples.Where(sample => sample.Value == 0
            && histograms.Any(name => sample.Name == name + "_count")).Select(sample => sample.Name[..^6]).ToHashSet();
        return samples.Where(sample => !hidden.Contains(sample.Name)
            && !empty.Any(name => sample.Name.StartsWith(name + "_", StringComparison.Ordinal)))
            .ToDictionary(sample => sample.Series, sample => sample.Value);
    }

    private static void AssertSame(Dictionary<string, double> expected, Dictionary<string, double> actual)
    {
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), actual.Keys.Order(StringComparer.Ordinal));
        Assert.All(expected, series =>
        {
            // The SDK adds doubles where the ledger adds integers.
            var precision = NameOf(series.Key).EndsWith("_sum", StringComparison.Ordinal) ? 1e-9 * series.Value : 0;
            Assert.True(Math.Abs(series.Value - actual[series.Key]) <= precision,
                $"{series.Key}: {series.Value:R} {actual[series.Key]:R}");
        });
    }
}
