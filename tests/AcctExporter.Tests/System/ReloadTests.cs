// SPDX-License-Identifier: Apache-2.0
using Xunit.Abstractions;

namespace AcctExporter.Tests.RealSystem;

/// <summary>Rules and limits change while processes end by the thousand: none is lost, and no series falls.</summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class ReloadTests(ITestOutputHelper output) : IDisposable
{
    private const int Exits = 30_000;
    private const string Faulty = "pairs:\n  limit: many\n";

    /// <summary>Each moves exits to other pairs than the one before; none lets a pair go.</summary>
    private static readonly string[] Right =
    [
        "pairs:\n  limit: 40\n",
        "pairs:\n  limit: 400\nrules:\n  - command: 'n.*(\\d)'\n    replace: 'family-$1'\n",
        "pairs:\n  limit: 400\nrules:\n  - command: '.*[0-4]'\n    drop: true\n  - user: root\n    replace: of-root\n",
        "rules:\n  - command: '.*7'\n    keep: true\n  - command: '.*'\n    replace: all\n",
    ];

    private readonly FaultLab lab = new();
    private bool stormIsOver;

    public void Dispose() => lab.Dispose();

    [Fact]
    public async Task AStorm_LosesNothing_WhileRulesAndLimitsChange()
    {
        var file = lab.File("agent.yml");
        File.WriteAllText(file, Right[0]);
        var agent = lab.Serve(
            $"--config.file={file}", "--web.enable-lifecycle", "--accounting.segment-size=64KiB",
            "--storage.checkpoint-interval=500ms");
        var storm = Task.Run(() =>
        {
            var said = lab.Inside.Run(
                Tools.Storm, "--count", $"{Exits}", "--parallel", "8", "--cores", "0", "--names", "200");
            Volatile.Write(ref stormIsOver, true);
            return said;
        });
        var scraping = Task.Run(() => ScrapeThrough(agent));
        var (done, refused) = Reload(agent, file);

        Assert.Contains($"\"exits\":{Exits}", await storm);
        output.WriteLine($"{done} reloads, {refused} of faulty files, {await scraping} scrapes");
        Assert.True(done >= 20 && refused >= 5, $"{done} reloads, {refused} refused");
        agent.HasCounted(Exits + 1);
        Assert.Equal(0, agent.Gaps());
        var before = agent.Scrape();
        Assert.Equal(
            before["acct_exits_total"],
            before.Sum("acct_process_exits_total") + before["acct_exporter_exits_dropped_total"]);
        Assert.True(before["acct_exporter_exits_dropped_total"] > 0, "no rule dropped");
        Assert.True(before.Sum("acct_process_exits_total", ("command", "all")) > 0, "no rule replaced");
        Assert.True(before.Sum("acct_process_exits_total", ("command", "other")) > 0, "no limit was reached");

        // Each exit's pair is in the journal: no rule is asked again.
        agent.Kill();
        File.WriteAllText(file, "");
        var next = lab.Serve($"--config.file={file}", "--storage.checkpoint-interval=1h");
        var after = next.Scrape();
        Assert.Empty(after.FallenSince(before));
        // One exit more: that of the agent that was killed.
        var more = after.Series.Keys.Union(before.Series.Keys)
            .Where(series => series.StartsWith("acct_process_exits_total{", StringComparison.Ordinal))
            .Select(series => after[series] - before[series]).Where(difference => difference != 0);
        Assert.Equal([1], more);
    }

    /// <summary>SIGHUP and POST in turn, each third file faulty, until the storm is over.</summary>
    private (int Done, int Refused) Reload(AgentProcess agent, string file)
    {
        var (done, refused) = (0, 0);
        var success = agent.Scrape()["acct_exporter_config_last_reload_success_timestamp_seconds"];
        for (var turn = 0; !Volatile.Read(ref stormIsOver) || turn < 12; turn++)
        {
            var isFaulty = turn % 3 == 2;
            File.WriteAllText(file, isFaulty ? Faulty : Right[turn % Right.Length]);
            if (isFaulty)
            {
                var (code, said) = agent.Post("/-/reload");
                Assert.Equal(500, code);
                Assert.Contains("agent.yml:2:10: pairs.limit: 'many' is no whole number", said);
                Assert.Equal(0, agent.Scrape()["acct_exporter_config_last_reload_successful"]);
                refused++;
            }
            else if (turn % 2 == 0)
            {
                Assert.Equal(200, agent.Post("/-/reload").Code);
                done++;
            }
            else
            {
                agent.Signal("HUP");
                agent.Until(
                    () => agent.Scrape()["acct_exporter_config_last_reload_success_timestamp_seconds"] > success,
                    "reload by SIGHUP");
                done++;
            }

            var now = agent.Scrape();
            if (!isFaulty)
            {
                Assert.Equal(1, now["acct_exporter_config_last_reload_successful"]);
                Assert.True(now["acct_exporter_config_last_reload_success_timestamp_seconds"] > success);
            }

            success = now["acct_exporter_config_last_reload_success_timestamp_seconds"];
            Thread.Sleep(20);
        }

        File.WriteAllText(file, Right[3]);
        Assert.Equal(200, agent.Post("/-/reload").Code);
        return (done, refused);
    }

    private int ScrapeThrough(AgentProcess agent)
    {
        var scrapes = 0;
        var earlier = agent.Scrape();
        while (!Volatile.Read(ref stormIsOver))
        {
            var scrape = agent.Scrape();
            Assert.Empty(scrape.FallenSince(earlier));
            earlier = scrape;
            scrapes++;
        }

        return scrapes;
    }
}
