// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using AcctExporter.Kernel;
using Xunit.Abstractions;

namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// The promise of the product, on the real kernel: every exit counted once, whatever happens to the agent. The truth is
/// what the storms learned from wait(2).
/// </summary>
[Trait("Lane", "kernel")]
[Collection("kernel")]
public sealed class ExactlyOnceTests(ITestOutputHelper output)
{
    private const int Processes = 100_000;
    private const int RandomKills = 20;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan LifeLimit = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Segments of 320 records, a checkpoint every 0.3 s: everything that can be interrupted happens all the time.
    /// </summary>
    private static readonly string[] Restless =
    [
        "--accounting.segment-size=20KiB", "--storage.checkpoint-interval=300ms", "--pairs.limit=2000",
        "--accounting.on-exit=keep", "--journal.retention-age=off", "--accounting.canary-interval=off",
    ];

    [Fact]
    public async Task Totals_EqualWhatWasSpawned_WhateverKillsTheAgent()
    {
        using var inside = new AccountingNamespace();
        using var state = new Kernel.TemporaryDirectory();
        var truth = new StormTruth();
        var clock = Stopwatch.StartNew();
        Scraped? last = null;

        // Accounting is on before the first process of the storm, and stays on: the agent may come and go.
        using (var first = new AgentProcess(inside, state.Path, null, Restless))
        {
            first.WaitUntilReady();
            last = first.Scrape();
            first.Kill();
            truth.AddKilledAgent();
        }

        _ = Tools.Storm;
        var done = false;
        var storms = Task.Run(() =>
        {
            for (ulong seed = 1; truth.Pairs.Count == 0 || !Volatile.Read(ref done) || seed * 5000 <= Processes; seed++)
            {
                truth.Run(inside, "--count", "5000", "--parallel", "4", "--seed", $"{seed}");
            }
        });

        var killed = 0;
        foreach (var point in CrashPoint.All)
        {
            // A life that no scrape saw proves little: the next goes on for longer before it is ended at the same
            // point.
            Scraped? seen = null;
            for (var times = TimesReached(point); !(seen?["acct_exits_total"] > last["acct_exits_total"]); times *= 2)
            {
                Assert.True(times < 2000, $"no scrape before {point}");
                seen = await Live(inside, state.Path, $"{point}:{times}", null, last);
                Assert.False(storms.IsFaulted, $"{storms.Exception}");
                killed++;
            }

            last = seen;
            output.WriteLine($"{clock.Elapsed}: killed at {point}, {last["acct_exits_total"]} exits seen");
        }

        var random = new Random(20261122);
        for (var i = 0; i < RandomKills; i++)
        {
            last =
                await Live(inside, state.Path, null, TimeSpan.FromMilliseconds(random.Next(100, 1500)), last) ?? last;
            killed++;
        }

        Volatile.Write(ref done, true);
        await storms.WaitAsync(Limit - clock.Elapsed);
        for (var i = 0; i < killed; i++)
        {
            truth.AddKilledAgent();
        }

        using var final = new AgentProcess(inside, state.Path, null, Restless);
        final.WaitUntilReady();
        var scraped = final.Scrape();
        output.WriteLine($"{clock.Elapsed}: {truth.Exits} exits, {killed + 1} agents killed, {final.Log}");
        Assert.Empty(scraped.FallenSince(last));
        AssertEqual(truth, scraped);
        Assert.True(truth.Exits > Processes);
        Assert.Equal(0, final.Stop());
    }

    [Fact]
    public void Storm_OfTwentyThousandASecond_LosesNothing()
    {
        const int exits = 200_000;
        using var inside = new AccountingNamespace();
        using var state = new Kernel.TemporaryDirectory();
        using var agent = new AgentProcess(inside, state.Path, null, "--accounting.on-exit=off");
        agent.WaitUntilReady();
        var before = agent.Scrape();
        var truth = new StormTruth();
        var clock = Stopwatch.StartNew();
        truth.Run(inside, "--fast", "--count", $"{exits}", "--parallel", "4", "--rate", "20000");
        var seconds = clock.Elapsed.TotalSeconds;
        var after = agent.Scrape();
        var cpu = after["process_cpu_seconds_total"] - before["process_cpu_seconds_total"];
        output.WriteLine($"{truth.Exits} exits in {seconds:0.0} s: {truth.Exits / seconds:0} a second; "
            + $"{cpu / truth.Exits * 1e6:0.00} microseconds of agent CPU an exit");
        Assert.Equal(truth.Exits, after["acct_exits_total"]);
        Assert.Equal(0, after.Sum("acct_exporter_gaps_total") + after.Sum("acct_exporter_records_rejected_total"));
        Assert.Equal(0, agent.Stop());
    }

    /// <summary>
    /// How often a point is passed before it kills: the backlog of the start passes some of them without a scrape, and
    /// a storm, with scrapes that have seen what no checkpoint has, is where it hurts.
    /// </summary>
    private static int TimesReached(string point) => point switch
    {
        CrashPoint.BeforeBlock or CrashPoint.AfterBlock or CrashPoint.AfterCount => 90,
        CrashPoint.BeforeSwitch or CrashPoint.AfterSwitch => 15,
        CrashPoint.BeforeUnlink or CrashPoint.AfterUnlink => 40,
        _ => 6,
    };

    /// <summary>
    /// One life of an agent, scraped all the time until it is killed; the last scrape, or null if there was none.
    /// </summary>
    private static async Task<Scraped?> Live(
        AccountingNamespace inside, string state, string? crashAt, TimeSpan? killAfter, Scraped? earlier)
    {
        using var agent = new AgentProcess(inside, state, crashAt, Restless);
        var clock = Stopwatch.StartNew();
        Scraped? last = null;
        try
        {
            while (agent.IsRunning && clock.Elapsed < LifeLimit)
            {
                if (clock.Elapsed > killAfter)
                {
                    agent.Kill();
                    break;
                }

                if (agent.HasAddress && agent.Get("/metrics") is (200, var body))
                {
                    var scraped = Scraped.Parse(body);
                    Assert.Empty(scraped.FallenSince(last ?? earlier ?? scraped));
                    last = scraped;
                }

                await Task.Delay(15);
            }
        }
        catch (InvalidOperationException)
        {
            // It ended between two questions.
        }

        Assert.False(agent.IsRunning, $"not killed at {crashAt}, at {last?["acct_exits_total"]} exits: {agent.Log}");
        Assert.True(agent.WaitForEnd() is 137, $"exit code {agent.WaitForEnd()}: {agent.Log}");
        return last;
    }

    private static void AssertEqual(StormTruth truth, Scraped scraped)
    {
        Assert.Equal(truth.Exits, scraped["acct_exits_total"]);
        Assert.Equal(truth.Failures, scraped["acct_failures_total"]);
        foreach (var (signal, deaths) in truth.Signals)
        {
            Assert.Equal((signal, deaths), (signal, (ulong)scraped.Sum("acct_signals_total", ("signal", signal))));
        }

        Assert.Equal((double)truth.Signals.Values.Aggregate((a, b) => a + b), scraped.Sum("acct_signals_total"));
        Assert.Equal((double)truth.Cores.Values.Aggregate((a, b) => a + b), scraped.Sum("acct_core_dumps_total"));
        Assert.Equal(0, scraped["acct_exporter_exits_folded_total"]);
        Assert.Equal(0, scraped.Sum("acct_exporter_gaps_total") + scraped.Sum("acct_exporter_records_rejected_total"));
        Assert.Equal(scraped["acct_exits_total"], scraped.Sum("acct_process_exits_total"));

        var seen =
            new Dictionary<(string User, string NameHex), (double Exits, double Failures, double Signals,
                double Cores)>();
        foreach (var (series, exits) in scraped.Series.Where(entry => entry.Key.StartsWith(
            "acct_process_exits_total", StringComparison.Ordinal)))
        {
            var labels = Scraped.Labels(series);
            (string, string)[] pair = [("user", labels["user"]), ("command", labels["command"])];
            seen.Add((labels["user"], StormTruth.NameHexOf(labels["command"])), (exits,
                scraped.Sum("acct_process_failures_total", pair), scraped.Sum("acct_process_signals_total", pair),
                scraped.Sum("acct_process_core_dumps_total", pair)));
        }

        foreach (var group in truth.Pairs.GroupBy(pair => (StormTruth.UserOf(pair.Key.Uid), pair.Key.NameHex)))
        {
            var expected = group.Aggregate((0.0, 0.0, 0.0, 0.0), (sum, pair) => (sum.Item1 + pair.Value.Exits,
                sum.Item2 + pair.Value.Failures, sum.Item3 + pair.Value.Signals, sum.Item4 + pair.Value.Cores));
            Assert.Equal((group.Key, expected), (group.Key, seen.GetValueOrDefault(group.Key)));
        }
    }
}
