// SPDX-License-Identifier: Apache-2.0
using static AcctExporter.Tests.Metrics.FakeSource;

namespace AcctExporter.Tests.Push;

/// <summary>Pushes that are large, that fail, that hang; and the thread that makes them.</summary>
public class MetricsPushTroubleTests
{
    /// <summary>10,000 pairs are more than a receiver takes in one message.</summary>
    [Fact]
    public void LargePushes_AreSplit()
    {
        using var lab = new PushLab(PushLab.Fresh(pairLimit: 10_000));
        for (var i = 0; i < 10_000; i++)
        {
            lab.Source.Count(Exit($"command-{i:00000}"));
        }

        var values = lab.Values();
        Assert.InRange(lab.Requests, 6, 40);
        Assert.Equal(10_000, values.Count(value => value.Metric == "acct.process.exits"));
        // One of them that is not taken is a failure, also when those behind it are.
        lab.Request = metrics => metrics.All(metric => metric.Name != "acct.process.exits");
        Assert.False(lab.Push.Push());
    }

    [Fact]
    public void AFailure_IsCounted_AndSaidOnce_AndSoIsItsEnd()
    {
        using var lab = new PushLab(PushLab.Fresh());
        lab.Source.Count(Exit("a"));
        Assert.True(lab.Push.Push());
        lab.Request = _ => false;
        Assert.False(lab.Push.Push());
        Assert.False(lab.Push.Push());
        Assert.Equal((3UL, 2UL), (lab.Push.Figures.Exports, lab.Push.Figures.Failures));
        var said = Assert.Single(lab.Log.Messages);
        Assert.Contains("metrics could not be pushed to http://127.0.0.1:9/v1/metrics: it is a test.", said,
            StringComparison.Ordinal);
        lab.Source.Count(Exit("a"));
        lab.Request = _ => true;
        Assert.Equal(2, lab.Series()["acct_process_exits_total{command=a,user=root}"]);
        Assert.Equal(["metrics are pushed to http://127.0.0.1:9/v1/metrics again"], lab.Log.Messages.Skip(1));
        Assert.True(lab.Push.Figures.LastSuccessUnixMicroseconds > Noon);
    }

    /// <summary>Its own thread pushes by itself, and once more at the end.</summary>
    [Fact]
    public async Task Thread_PushesEveryInterval_AndAtTheEnd()
    {
        using var lab = new PushLab(PushLab.Fresh(), interval: TimeSpan.FromMilliseconds(20));
        using var pushed = new CountdownEvent(3);
        var last = 0.0;
        lab.Request = metrics =>
        {
            last = metrics.SelectMany(PushLab.Read)
                .SingleOrDefault(value => value.Series == "acct_exits_total{}")?.Value ?? last;
            pushed.Signal(pushed.IsSet ? 0 : 1);
            return true;
        };
        lab.Push.Start();
        Assert.True(pushed.Wait(TimeSpan.FromSeconds(30)));
        lab.Source.Count(Exit("a"));
        await lab.Push.StopAsync().WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(1, last);
    }

    /// <summary>A receiver that never answers: exits are counted, scrapes answered, the end does not wait.</summary>
    [Fact]
    public async Task AHangingReceiver_HoldsUpNothing()
    {
        using var hangs = new SemaphoreSlim(0);
        using var isIn = new SemaphoreSlim(0);
        using var lab = new PushLab(PushLab.Fresh(), interval: TimeSpan.FromMilliseconds(1));
        lab.Request = _ =>
        {
            isIn.Release();
            return hangs.Wait(TimeSpan.FromSeconds(60));
        };
        lab.Push.Start();
        Assert.True(await isIn.WaitAsync(TimeSpan.FromSeconds(30)));
        lab.Source.Count(Exit("a"), Exit("b"));
        Assert.Contains("acct_exits_total 2", lab.Source.Scrape(), StringComparison.Ordinal);
        var end = lab.Push.StopAsync();
        Assert.False(end.IsCompleted);
        Assert.Equal(1UL, lab.Push.Figures.Exports);
        hangs.Release(1000);
        await end.WaitAsync(TimeSpan.FromSeconds(30));
    }
}
