// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using Xunit.Abstractions;

namespace AcctExporter.Tests.RealSystem;

/// <summary>What a storm of exits does to scrapes, and what an idle agent costs.</summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class UnderLoadTests(ITestOutputHelper output) : IDisposable
{
    private readonly FaultLab lab = new();

    public void Dispose() => lab.Dispose();

    [Fact]
    public void Scrapes_AnswerDuringAStorm_AndNeverFall()
    {
        var agent = lab.Serve("--accounting.segment-size=64KiB");
        var earlier = agent.Scrape();
        var slowest = TimeSpan.Zero;
        var scrapes = 0;
        var truth = "";
        var storm = new Thread(() =>
            truth = lab.Inside.Run(Tools.Storm, "--count", "20000", "--parallel", "8", "--cores", "0"));
        storm.Start();
        while (storm.IsAlive)
        {
            var clock = Stopwatch.StartNew();
            var scrape = agent.Scrape();
            slowest = clock.Elapsed > slowest ? clock.Elapsed : slowest;
            scrapes++;
            Assert.Empty(scrape.FallenSince(earlier));
            earlier = scrape;
        }

        Assert.Contains("\"exits\":20000", truth);
        agent.HasCounted(20001);
        Assert.Equal(0, agent.Gaps());
        Assert.True(agent.Own("rotations") > 5);
        output.WriteLine($"{scrapes} scrapes, the slowest in {slowest.TotalMilliseconds:F0} ms");
        Assert.True(scrapes > 3, $"{scrapes} scrapes");
        // A scraper waits for 10 seconds.
        Assert.True(slowest < TimeSpan.FromSeconds(5), $"{slowest}");
    }

    [Fact]
    public void Idle_CostsNextToNothing()
    {
        const double seconds = 10;
        var agent = lab.Serve();
        lab.Exit(30);
        agent.HasCounted(30);
        var before = agent.Scrape()["process_cpu_seconds_total"];
        Thread.Sleep(TimeSpan.FromSeconds(seconds));
        var ratio = (agent.Scrape()["process_cpu_seconds_total"] - before) / seconds;
        output.WriteLine($"idle: {ratio:P2} of a CPU, with two scrapes");
        Assert.True(ratio < 0.05, $"{ratio:P2}");
    }
}
