// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using OpenTelemetry.Metrics;
using static AcctExporter.Tests.Metrics.FakeSource;

namespace AcctExporter.Tests.Push;

/// <summary>Turns of the pairs' meter in trouble: no receiver, no certificate, no room, no time.</summary>
public class MeterTurnTests
{
    private const int PairLimit = 2;

    /// <summary>Four times the limit and "other", of which a quarter stays free.</summary>
    private const int UntilTurn = 3 * (PairLimit + 1);

    /// <summary>What the full meter said last is sent until the receiver takes it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void ReceiverThatIsAway_MissesNothingByATurn(int failures)
    {
        using var lab = new PushLab(PushLab.Fresh(PairLimit));
        var sums = new Sums();
        lab.Source.Count(Exit("stays"));
        sums.Add(lab.Values());
        lab.Request = _ => false;
        Come(lab, 0, UntilTurn);
        for (var i = 0; i < failures; i++)
        {
            lab.Source.Count(Exit("stays"));
            Assert.False(lab.Push.Push());
        }

        lab.Request = _ => true;
        sums.Add(lab.Values());
        sums.Add(lab.Values());
        Assert.Equal((3UL + (ulong)failures, (ulong)failures), (lab.Push.Figures.Exports, lab.Push.Figures.Failures));
        Assert.Equal(1 + failures, sums.Of("acct_process_duration_seconds_count{command=stays,user=root}"));
        for (var i = 0; i < UntilTurn; i++)
        {
            Assert.Equal(1, sums.Of($"acct_process_duration_seconds_count{{command=c{i},user=root}}"));
        }
    }

    /// <summary>A receiver that takes all but that is not asked for ever, and gets the rest.</summary>
    [Fact]
    public void WhatAReceiverRefuses_IsLetGo_WhenItTakesOthers()
    {
        using var lab = new PushLab(PushLab.Fresh(PairLimit));
        var refused = new HashSet<Metric>();
        lab.Request = metrics =>
        {
            var ofPairs = metrics.Where(metric => metric.Name.StartsWith("acct.process.", StringComparison.Ordinal));
            refused.UnionWith(ofPairs);
            return refused.Count == 0;
        };
        Come(lab, 0, UntilTurn);
        Assert.False(lab.Push.Push());
        lab.Request = metrics => !refused.Overlaps(metrics);
        lab.Source.Count(Exit("last"));
        Assert.False(lab.Push.Push());
        Assert.True(lab.Push.Push());
        Assert.Equal(1, lab.Series()["acct_process_exits_total{command=last,user=root}"]);
    }

    /// <summary>Certificates that are being written just then: the turn comes later, the old meter goes on.</summary>
    [Fact]
    public void NextMeterThatCannotBeMade_IsMadeLater()
    {
        using var lab = new PushLab(PushLab.Fresh(PairLimit));
        lab.BeforeMeter = () => throw new CryptographicException("half a certificate");
        Come(lab, 0, UntilTurn);
        Assert.False(lab.Push.Push());
        Assert.False(lab.Push.Push());
        Assert.Equal(2UL, lab.Push.Figures.Failures);
        Assert.Contains("half a certificate", Assert.Single(lab.Log.Messages), StringComparison.Ordinal);
        lab.BeforeMeter = () => throw new UnauthorizedAccessException("no longer");
        Assert.False(lab.Push.Push());
        lab.BeforeMeter = () => { };
        var sums = new Sums();
        sums.Add(lab.Values());
        lab.Source.Count(Exit("c0"));
        sums.Add(lab.Values());
        Assert.Equal(2, sums.Of("acct_process_duration_seconds_count{command=c0,user=root}"));
        Assert.Equal(1, sums.Of("acct_process_duration_seconds_count{command=c1,user=root}"));
    }

    /// <summary>More label sets between two pushes than the SDK has room for: together under its own mark.</summary>
    [Fact]
    public void LabelSetsWithoutRoom_AreCountedTogether()
    {
        const int labelSets = 50;
        using var lab = new PushLab(PushLab.Fresh(PairLimit));
        Come(lab, 0, labelSets);
        var sums = new Sums();
        sums.Add(lab.Values());
        Assert.InRange(
            sums.Of("acct_process_duration_seconds_count{otel.metric.overflow=true}"), 1, labelSets - UntilTurn);
        Assert.Equal(labelSets, sums.OfAll("acct_process_duration_seconds_count{"));
        Assert.Equal(0UL, lab.Push.Figures.Failures);
        Come(lab, labelSets, 1);
        sums.Add(lab.Values());
        Assert.Equal(1, sums.Of($"acct_process_duration_seconds_count{{command=c{labelSets},user=root}}"));
    }

    /// <summary>A pair that had gone and come back before the turn begins at zero behind it, and only once.</summary>
    [Fact]
    public void PairThatCameBack_BeginsAtZeroBehindTheTurn()
    {
        const string series = "acct_process_exits_total{command=back,user=root}";
        using var lab = new PushLab(PushLab.Fresh(PairLimit));
        var sums = new Sums();
        lab.Source.Count(Exit("back"));
        sums.Add(lab.Values());
        MetricsPushTests.Evict(lab.Source);
        Come(lab, 0, UntilTurn - 2);
        lab.Source.Count(Exit("back"), Exit("back"));
        sums.Add(lab.Values());
        Assert.Equal(3, sums.Of(series));
        lab.Source.Count(Exit("back"));
        sums.Add(lab.Values());
        Assert.Equal(2, sums.Starts(series));
        Assert.Equal(4, sums.Of(series));
    }

    /// <summary>Label sets that run short wake the push; who counts when it has ended is not troubled.</summary>
    [Fact]
    public async Task LabelSetsThatRunShort_WakeThePush()
    {
        using var pushed = new SemaphoreSlim(0);
        using var lab = new PushLab(PushLab.Fresh(PairLimit), interval: TimeSpan.FromDays(1));
        lab.Request = _ => pushed.Release() >= 0;
        lab.Push.Start();
        Come(lab, 0, UntilTurn);
        Assert.True(await pushed.WaitAsync(TimeSpan.FromSeconds(30)));
        await lab.Push.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));
        lab.Push.Dispose();
        Come(lab, UntilTurn, 2 * UntilTurn);
    }

    /// <summary>When the time of a push is over, no further request begins, and that is a failure.</summary>
    [Fact]
    public void TimeOfAPush_IsForAllRequestsTogether()
    {
        using var lab = new PushLab(PushLab.Fresh(), pushTimeout: TimeSpan.FromSeconds(1));
        lab.Source.Count(Exit("a"));
        lab.Request = _ =>
        {
            Thread.Sleep(1_100);
            return true;
        };
        lab.Values();
        Assert.Equal((1, 1UL), (lab.Requests, lab.Push.Figures.Failures));
    }

    /// <summary>Counts new names, which all go again.</summary>
    private static void Come(PushLab lab, int first, int count)
    {
        for (var i = first; i < first + count; i++)
        {
            lab.Source.Count(Exit($"c{i}"));
            MetricsPushTests.Evict(lab.Source);
        }
    }

    /// <summary>What a server adds up: the last value of each life of each series.</summary>
    private sealed class Sums
    {
        private readonly Dictionary<(string Series, DateTimeOffset Start), double> last = [];

        public void Add(IEnumerable<PushedValue> values)
        {
            foreach (var value in values)
            {
                last[(value.Series, value.Start)] = value.Value;
            }
        }

        public double Of(string series) => last.Where(one => one.Key.Series == series).Sum(one => one.Value);

        public double OfAll(string start) => last.Where(
            one => one.Key.Series.StartsWith(start, StringComparison.Ordinal)).Sum(one => one.Value);

        public int Starts(string series) => last.Keys.Count(one => one.Series == series);
    }
}
