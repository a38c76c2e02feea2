// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using AcctExporter.Kernel;
using Xunit.Abstractions;

namespace AcctExporter.Tests.RealSystem;

/// <summary>What becomes of the joined record when messages are dropped, and when the agent is killed.</summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class TrueRecordTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>No checkpoint of its own comes between: what a restart knows, the journal told it.</summary>
    private const string NoCheckpoint = "--storage.checkpoint-interval=1h";

    private readonly HostLab lab = new();

    public void Dispose() => lab.Dispose();

    /// <summary>
    /// A socket with room for a hundred messages in a storm: every exit is counted, those without messages exactly, and
    /// what was dropped is the kernel's own number.
    /// </summary>
    [Fact]
    public void Storm_WithASmallBuffer_LosesFiguresAndNoExit()
    {
        const int storms = 20_000;
        const int seconds = 5;
        var agent = lab.Serve(
            "--taskstats.buffer-size=64KiB", "--accounting.settle-time=100ms", "--events.select=core");
        var before = agent.Scrape();
        // Slowly, and joined to the last one before the storm begins: whatever is still open then is uncertain.
        HostLab.Run(Tools.Storm, "--fast", "--count", "300", "--rate", "100", "--name", "drizzle");
        agent.Until(
            () => agent.Scrape()["acct_peak_rss_bytes_count"] - before["acct_peak_rss_bytes_count"] >= 300,
            "the figures of the drizzle");
        var clock = Stopwatch.StartNew();
        HostLab.Run(
            Tools.Storm, "--fast", "--count", $"{storms * seconds}", "--rate", $"{storms}", "--name", "hail");
        var took = clock.Elapsed;

        agent.Until(() => Storms(agent.Scrape()) >= storms * seconds, "every exit");
        Thread.Sleep(1500);
        var after = agent.Scrape();
        Assert.Equal(storms * seconds, Storms(after));
        var joined = after["acct_peak_rss_bytes_count"] - before["acct_peak_rss_bytes_count"];
        var exits = after["acct_exits_total"] - before["acct_exits_total"];
        var unenriched = Grown("acct_exporter_exits_unenriched_total");
        output.WriteLine($"{exits} exits in {took.TotalSeconds:F1} s: {joined} joined, {unenriched} not; "
            + $"{Grown("acct_exporter_taskstats_drops_total")} messages dropped");
        Assert.True(unenriched > 0 && joined >= 300);
        Assert.Equal(exits, joined + unenriched);
        Assert.True(after["acct_exporter_taskstats_drops_total"] > 0);
        Assert.Equal(DropsByTheKernel(agent.Pid), after["acct_exporter_taskstats_drops_total"]);
        Assert.Equal(0, after.Sum("acct_exporter_gaps_total"));
        Assert.Contains("more room: --taskstats.buffer-size", agent.Log, StringComparison.OrdinalIgnoreCase);

        // And afterwards it is certain again.
        Thread.Sleep(3500);
        HostLab.Run(Tools.Crowd, "afterwards", "4", "1", "64", lab.State);
        Assert.Equal(1, agent.Scrape().Sum("acct_process_exits_total", ("command", "afterwards")));
        Assert.Equal(4 * 64 * 1024, agent.Scrape().Sum(
            "acct_process_io_bytes_total", ("command", "afterwards"), ("direction", "write")));

        double Grown(string series) => after[series] - before[series];
    }

    /// <summary>What a scrape has shown stands after a SIGKILL: names, CPU time, I/O, memory, buckets.</summary>
    [Fact]
    public void Sigkill_ChangesNoNameAndNoFigure()
    {
        string[] flags = [NoCheckpoint, "--taskstats.enable-delays", "--pairs.all-histograms"];
        var agent = lab.Serve(flags);
        for (var i = 0; i < 5; i++)
        {
            HostLab.Run(Tools.Crowd, "killed-over", "8", "2", "256", lab.State, i % 2 == 0 ? "leader-first" : "");
        }

        var shown = OfTheCrowd(agent.Scrape());
        Assert.Equal(5, shown["acct_process_exits_total{user=\"root\",command=\"killed-over\"}"]);
        agent.Kill();
        var next = lab.Serve(flags);
        Assert.Contains("exits counted again from the journal", next.Log, StringComparison.Ordinal);
        Assert.Equal(shown, OfTheCrowd(next.Scrape()));
        next.Kill();
    }

    /// <summary>
    /// Killed at any point of the way into the journal: what was in it is shown with all that was joined, what was not
    /// is counted once, from its record. No thread's name ever shows.
    /// </summary>
    [Fact]
    public void Sigkill_AtAnyPoint_KeepsWhatWasJournaled()
    {
        string[] flags = [NoCheckpoint, "--accounting.settle-time=1ms", "--accounting.canary-interval=off"];
        var crowds = 0;
        Scraped? last = null;
        foreach (var point in new[] { CrashPoint.BeforeBlock, CrashPoint.AfterBlock, CrashPoint.AfterCount })
        {
            using var agent = lab.Start($"{point}:200", flags);
            agent.WaitUntilReady();
            Thread.Sleep(HostLab.Certainty);
            if (last is not null)
            {
                Assert.Empty(agent.Scrape().FallenSince(last));
            }

            var clock = Stopwatch.StartNew();
            while (agent.IsRunning && clock.Elapsed < TimeSpan.FromSeconds(40))
            {
                HostLab.Run(Tools.Crowd, "crowded", "4", "1", "64", lab.State);
                crowds++;
                last = agent.IsRunning && agent.Get("/metrics") is (200, var body) ? Scraped.Parse(body) : last;
            }

            Assert.False(agent.IsRunning, $"{point} was not reached");
        }

        var end = lab.Serve(flags);
        var scrape = end.Scrape();
        Assert.Empty(scrape.FallenSince(last!));
        Assert.Equal(crowds, scrape.Sum("acct_process_exits_total", ("command", "crowded")));
        Assert.Equal(0, scrape.Sum("acct_process_signals_total", ("command", "crowded")));
        var bytes = scrape.Sum("acct_process_io_bytes_total", ("command", "crowded"), ("direction", "write"));

        // Of a crowd around a start threads may be missing (and it is counted as incomplete), never those of another.
        const int ofThread = 64 * 1024;
        Assert.Equal(0, bytes % ofThread);
        Assert.InRange(bytes / ofThread / 4, crowds / 4, crowds);
        output.WriteLine($"{bytes / ofThread / 4} of {crowds} crowds joined");
    }

    private static double Storms(Scraped scrape) => scrape.Sum("acct_process_exits_total", ("command", "hail"));

    private static Dictionary<string, double> OfTheCrowd(Scraped scrape) => scrape.Series
        .Where(series => series.Key.Contains("command=\"killed-over\"", StringComparison.Ordinal))
        .ToDictionary(series => series.Key, series => series.Value);

    /// <summary>
    /// What the kernel says of the agent's sockets of generic netlink: protocol 16, the port is its pid.
    /// </summary>
    private static double DropsByTheKernel(int pid) => File.ReadLines("/proc/net/netlink").Skip(1)
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Where(columns => columns[1] == "16" && columns[2] == $"{pid}")
        .Sum(columns => double.Parse(columns[8], CultureInfo.InvariantCulture));
}
