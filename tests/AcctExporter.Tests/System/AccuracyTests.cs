// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Json;
using Xunit.Abstractions;

namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// How right the figures of ended processes are (docs/accuracy.md), against what wait4(2) and the CPU counter of a
/// control group say of the same processes.
/// </summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class AccuracyTests(ITestOutputHelper output) : IDisposable
{
    private const string RejectedBlockIo = "acct_exporter_taskstats_rejected_delays_total{reason=\"block_io\"}";

    private readonly HostLab lab = new();

    public void Dispose() => lab.Dispose();

    /// <summary>
    /// Sums within 5 % at 2 ms and 3 % from 9 ms on. Below, the exit itself, which no message tells, weighs.
    /// </summary>
    [Fact]
    public void CpuTime_AgreesWithTheControlGroup()
    {
        var agent = lab.Serve();
        (string Mode, int Microseconds, int Count, int Threads, double Least)[] runs =
        [
            ("mixed", 1_000, 2_000, 1, 0.92), ("mixed", 2_000, 5_000, 1, 0.95), ("user", 2_000, 1_500, 1, 0.95),
            ("system", 2_000, 1_500, 1, 0.95), ("mixed", 5_000, 1_000, 1, 0.96), ("mixed", 9_000, 700, 1, 0.97),
            ("user", 9_000, 300, 1, 0.97), ("mixed", 15_000, 300, 1, 0.97), ("mixed", 100_000, 40, 1, 0.97),
            ("mixed", 5_000, 40, 16, 0.97), ("mixed", 5_000, 100, 4, 0.97),
        ];
        foreach (var run in runs)
        {
            var burnt = Burn(agent, $"--count={run.Count}", $"--cpu-us={run.Microseconds}", $"--mode={run.Mode}",
                $"--threads={run.Threads}");
            output.WriteLine($"{run}: {burnt.Ratio:P2} of {burnt.TruthMicroseconds / 1e6:F3} s, half within "
                + $"{burnt.MedianErrorMicroseconds:F0} us");
            Assert.Equal((run.Count, 0, 0), (burnt.Enriched, burnt.Unenriched, burnt.Incomplete));
            Assert.InRange(burnt.Ratio, run.Least, 1.03);
            if (run.Threads == 1)
            {
                // Samples of the tick would be 1 to 2 ms off here: the estimator is worth its code.
                Assert.InRange(burnt.MedianErrorMicroseconds, 0, 500);
            }
        }

        // What the page shows is what the events were, to the microsecond.
        agent.Until(() => agent.Own("events_dropped") == 0, "no event dropped");
        Assert.Equal(0, agent.Own("taskstats_drops"));
        var scrape = agent.Scrape();
        Assert.Equal(
            AllEvents().Where(exit => exit.Command() == "burn").Sum(exit => Math.Round(exit.CpuMicroseconds())),
            Math.Round(scrape.Sum("acct_process_cpu_time_seconds_total", ("command", "burn")) * 1e6));
    }

    /// <summary>
    /// Sixteen named threads: one exit, under the program's name, with the CPU time and I/O of them all.
    /// </summary>
    [Theory]
    [InlineData(null)]
    [InlineData("leader-first")]
    public void ThreadedProgram_IsOneExit_WithAllItsThreads(string? order)
    {
        var agent = lab.Serve();
        var ratios = 0.0;
        const int runs = 8;
        for (var run = 0; run < runs; run++)
        {
            // 16 threads write 6.25 MiB each: 100 MiB.
            string[] arguments = ["sixteen", "16", "5", "6400", lab.State, .. order is null ? [] : new[] { order }];
            var said = HostLab.Run(Tools.Crowd, arguments)[0].Split(' ').Select(long.Parse).ToArray();
            Assert.Equal(0, said[3]);
            var exit = Wait(agent, (int)said[0]);
            Assert.True(exit.IsEnriched(), exit.GetRawText());
            Assert.False(exit.GetProperty("incomplete").GetBoolean());
            Assert.Equal("sixteen", exit.Command());
            Assert.Equal((0, false), (exit.GetProperty("exit_code").GetInt32(), exit.GetProperty("core").GetBoolean()));
            Assert.Equal(100 << 20, exit.Number("io_write_bytes"));
            ratios += exit.CpuMicroseconds() / (said[1] + said[2]);
        }

        Assert.InRange(ratios / runs, 0.95, 1.05);
        var scrape = agent.Scrape();
        Assert.Equal(runs, scrape.Sum("acct_process_exits_total", ("command", "sixteen")));
        Assert.Equal(0, scrape.Sum("acct_process_signals_total", ("command", "sixteen")));
        Assert.Equal(0, scrape.Sum("acct_process_failures_total", ("command", "sixteen")));
        Assert.Equal((double)runs * (100 << 20),
            scrape.Sum("acct_process_io_bytes_total", ("command", "sixteen"), ("direction", "write")));
        Assert.DoesNotContain(
            scrape.Series.Keys, series => series.Contains("command=\"worker-", StringComparison.Ordinal));
    }

    /// <summary>
    /// 100 MiB are 100 MiB, less 1 KiB at most; resident memory is what was touched; delays are measured.
    /// </summary>
    [Fact]
    public void IoMemoryAndDelays_AreWhatWasDone()
    {
        var agent = lab.Serve("--taskstats.enable-delays");
        Assert.Equal("1", File.ReadAllText("/proc/sys/kernel/task_delayacct").Trim());
        HostLab.Run("dd", "if=/dev/zero", $"of={lab.Of("zeros")}", "bs=1M", "count=100", "status=none");
        HostLab.Run(Tools.Burn, "--count", "3", "--cpu-us", "1000", "--touch", $"{100 << 20}");
        agent.Until(() => AllEvents().Count(exit => exit.Command() == "burn") == 4, "all burnt");

        var dd = AllEvents().Single(exit => exit.Command() == "dd");
        Assert.InRange(dd.Number("io_write_bytes"), (100 << 20) - 1024, 100 << 20);
        Assert.InRange(dd.Number("io_read_bytes"), 100 << 20, (100 << 20) + (64 << 10));
        var touched = AllEvents()
            .Where(exit => exit.Command() == "burn" && exit.Number("ppid") != Environment.ProcessId);
        Assert.All(touched, exit => Assert.InRange(exit.Number("peak_rss_bytes"), 100 << 20, (100 << 20) + (4 << 20)));
        var scrape = agent.Scrape();
        Assert.Contains("acct_delay_time_seconds_total{reason=\"block_io\"}", scrape.Series.Keys);
        Assert.Equal(0, agent.Stop());
        // The right to switch it off again is given up at the start.
        Assert.Equal("1", File.ReadAllText("/proc/sys/kernel/task_delayacct").Trim());
    }

    /// <summary>
    /// Linux 6.18 adds the host's uptime to some waits for block I/O, most where CPUs are short: none of it is shown.
    /// </summary>
    [Fact]
    public void NoDelay_IsLongerThanTheProcessLived()
    {
        const int writers = 4;
        const int runs = 60;
        var agent = lab.Serve("--taskstats.enable-delays");
        Parallel.For(0, writers, new ParallelOptions { MaxDegreeOfParallelism = writers }, writer => HostLab.Run(
            "sh", "-c", $"i=0; while [ $i -lt {runs} ]; do dd if=/dev/zero of={lab.Of($"synced{writer}")} bs=4k "
            + "count=16 conv=fsync status=none; i=$((i + 1)); done"));
        agent.Until(() => AllEvents().Count(exit => exit.Command() == "dd") >= writers * runs, "all written");

        var ended = AllEvents().Where(exit => exit.Command() == "dd" && exit.IsEnriched()).ToArray();
        Assert.NotEmpty(ended);
        Assert.All(ended, exit => Assert.All(exit.GetProperty("delay_seconds").EnumerateObject(), delay =>
            Assert.True(delay.Value.GetDouble() <= exit.Number("elapsed_seconds") + 0.001, exit.GetRawText())));
        var scrape = agent.Scrape();
        var waited = scrape.Sum("acct_process_delay_time_seconds_total", ("command", "dd"), ("reason", "block_io"));
        var unknown = ended.Count(exit => !exit.GetProperty("delay_seconds").TryGetProperty("block_io", out _));
        Assert.InRange(waited, 0.000_001, ended.Sum(exit => exit.Number("elapsed_seconds")));
        Assert.InRange(unknown, 0, scrape.Series[RejectedBlockIo]);
        output.WriteLine($"{ended.Length} waited {waited:F3} s for block I/O; of {unknown} that is not known");
    }

    private Burnt Burn(AgentProcess agent, params string[] arguments)
    {
        var groups = File.ReadLines("/proc/mounts").Select(line => line.Split(' '))
            .Where(mount => mount[2] == "cgroup2").Select(mount => mount[1]).FirstOrDefault();
        string[] all = groups is null ? arguments : [.. arguments, $"--cgroup={groups}"];
        var lines = HostLab.Run(Tools.Burn, [.. all.SelectMany(argument => argument.Split('=', 2))]);
        var children = lines[..^1].Select(line => line.Split(' ').Select(Number).ToArray()).ToArray();
        var total = lines[^1].Split(' ').Skip(1).Select(Number).ToArray();
        Assert.Equal(children.Length, total[0]);
        Wait(agent, (int)children[^1][0]);
        var events = lab.Events();
        var errors = new List<double>();
        var (sum, enriched, incomplete) = (0.0, 0, 0);
        foreach (var child in children)
        {
            var exit = events[(int)child[0]];
            sum += exit.CpuMicroseconds();
            enriched += exit.IsEnriched() ? 1 : 0;
            incomplete += exit.IsEnriched() && exit.GetProperty("incomplete").GetBoolean() ? 1 : 0;
            errors.Add(Math.Abs(exit.CpuMicroseconds() - child[1] - child[2]));
        }

        errors.Sort();
        var truth = total[2] > 0 ? total[2] : total[1];
        return new(sum / truth, truth, errors[errors.Count / 2], enriched, children.Length - enriched, incomplete);
    }

    private JsonElement Wait(AgentProcess agent, int pid)
    {
        agent.Scrape();
        agent.Until(() => lab.Events().ContainsKey(pid), $"the event of {pid}");
        return lab.Events()[pid];
    }

    private List<JsonElement> AllEvents() =>
        [.. File.ReadLines(lab.Of("events")).Select(line => JsonDocument.Parse(line).RootElement)];

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private sealed record Burnt(
        double Ratio, double TruthMicroseconds, double MedianErrorMicroseconds, int Enriched, int Unenriched,
        int Incomplete);
}
