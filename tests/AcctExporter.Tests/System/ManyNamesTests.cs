// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using Xunit.Abstractions;

namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// A hundred thousand processes with a name each that never comes again, far faster than in a minute: what somebody
/// does who wants the agent's memory, or all of its series.
/// </summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class ManyNamesTests(ITestOutputHelper output) : IDisposable
{
    private const int Limit = 100;

    private const StringComparison Full = StringComparison.Ordinal;

    private readonly FaultLab lab = new();

    public void Dispose() => lab.Dispose();

    [Fact]
    public void NamesWithoutEnd_CostNeitherMemoryNorSeries_NorAnExit()
    {
        var agent = lab.Serve($"--pairs.limit={Limit}");
        lab.Inside.Run("true");
        lab.Inside.Run("sh", "-c", ":");
        var before = agent.Scrape();
        var all = 2;
        all += Spawn(agent, 0, 10_000);
        var (warm, quick) = (Resident(agent), ScrapeTime(agent));
        all += Spawn(agent, 10_000, 40_000);
        var half = Resident(agent);
        var journal = agent.Scrape()["acct_exporter_journal_bytes"];
        all += Spawn(agent, 50_000, 50_000);
        agent.HasCounted(all);
        var (full, slow) = (Resident(agent), ScrapeTime(agent));

        var scrape = agent.Scrape();
        Assert.Empty(scrape.FallenSince(before));
        // true, sh, the first names, and all else as one: each exit is in exactly one place.
        Assert.Equal(Limit, scrape["acct_exporter_pairs"]);
        Assert.Equal(Limit + 1, scrape.Series.Count(one => one.Key.StartsWith("acct_process_exits_total{", Full)));
        Assert.Equal(all, scrape["acct_exits_total"]);
        Assert.Equal(all, scrape.Sum("acct_process_exits_total"));
        Assert.Equal(all - Limit, scrape["acct_exporter_exits_folded_total"]);
        Assert.Equal(all - Limit, scrape.Sum("acct_process_exits_total", ("user", "other"), ("command", "other")));
        Assert.Equal(0, agent.Gaps());

        // Who had a place has it still.
        lab.Inside.Run("true");
        agent.HasCounted(all + 1);
        Assert.Equal(2, agent.Scrape().Sum("acct_process_exits_total", ("user", "root"), ("command", "true")));

        var perExit = (scrape["acct_exporter_journal_bytes"] - journal) / 50_000;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"VmRSS {warm} KiB after 10,000 names, {half} after 50,000, {full} after 100,000; a scrape "
            + $"{quick.TotalMilliseconds:F1} ms, then {slow.TotalMilliseconds:F1}; {perExit:F1} bytes of journal"));
        // 65,536 raw keys are remembered, of 32 bytes and 16 of index; the rest is what the collector leaves.
        Assert.InRange(full - half, int.MinValue, 8 << 10);
        Assert.InRange(full - warm, int.MinValue, 24 << 10);
        // A record has 64 bytes; those of a storm are much alike.
        Assert.InRange(perExit, 1, 64);
        Assert.True(slow < (quick * 5) + TimeSpan.FromMilliseconds(50), $"{quick}, then {slow}");
    }

    private int Spawn(AgentProcess agent, int from, int count)
    {
        var clock = Stopwatch.StartNew();
        var before = agent.Exits();
        lab.Inside.Run(Tools.Named, "each", $"{from}", $"{count}");
        output.WriteLine($"{count} names in {clock.Elapsed.TotalSeconds:F1} s");
        agent.Until(() => agent.Exits() >= before + count + 1, $"{count} names");
        return count + 1;
    }

    /// <summary>The agent's resident memory, in KiB, by the kernel.</summary>
    private static int Resident(AgentProcess agent) => int.Parse(
        File.ReadLines($"/proc/{agent.Pid}/status").Single(line => line.StartsWith("VmRSS:", Full)).Split(' ')[^2],
        CultureInfo.InvariantCulture);

    /// <summary>The median of nine.</summary>
    private static TimeSpan ScrapeTime(AgentProcess agent) => Enumerable.Range(0, 9).Select(_ =>
    {
        var clock = Stopwatch.StartNew();
        agent.Scrape();
        return clock.Elapsed;
    }).Order().ElementAt(4);
}
