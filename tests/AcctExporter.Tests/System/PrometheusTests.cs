// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text.Json;
using AcctExporter.Ledger;

namespace AcctExporter.Tests.RealSystem;

/// <summary>A real Prometheus and its promtool, a real agent, real processes.</summary>
[Trait("Lane", "peers")]
public sealed class PrometheusTests : IDisposable
{
    private readonly string state = Directory.CreateTempSubdirectory("acct-prometheus-test").FullName;
    private readonly AccountingNamespace inside = new();
    private readonly int port = PrometheusServer.FreePort();
    private readonly List<IDisposable> started = [];

    public void Dispose()
    {
        // Each is ended, whatever the end of another says.
        foreach (var one in started)
        {
            one.Dispose();
        }

        inside.Dispose();
        Directory.Delete(state, recursive: true);
    }

    [Fact]
    public void Promtool_FindsNoFault_InARealScrape()
    {
        var agent = StartAgent("--pairs.all-histograms");
        inside.Run(Tools.Storm, "--count", "500", "--cores", "20");
        var (code, text) = agent.Get("/metrics");
        Assert.Equal(200, code);
        Assert.Contains("acct_process_exits_total{", text, StringComparison.Ordinal);
        Assert.Equal((0, ""), CheckMetrics(text));

        // The tool finds what is wrong.
        var (result, said) = CheckMetrics(text + "# TYPE bad_count counter\nbad_count 1\n");
        Assert.NotEqual(0, result);
        Assert.Contains("bad_count", said, StringComparison.Ordinal);
    }

    /// <summary>
    /// Prometheus asks for the format that it likes best, and reads from it what the other one says, too.
    /// </summary>
    [Fact]
    public void Prometheus_ReadsOpenMetrics_AndTheSameValuesAsText()
    {
        var agent = StartAgent("--pairs.all-histograms");
        var prometheus = StartPrometheus();
        inside.Run(Tools.Storm, "--count", "1000", "--cores", "20");
        // Nothing ends inside now: all scrapes from here on are alike.
        var text = Counted(agent.Scrape());
        Assert.Equal(1001, text["acct_exits_total"]);
        Assert.True(text.Keys.Count(series => series.StartsWith("acct_process_duration_seconds_bucket ", Full)) > 500);
        Assert.True(text.Keys.Count(series => series.StartsWith("acct_process_signals_total ", Full)) > 20);
        Assert.Contains("acct_signals_total signal=\"SIGKILL\"", text.Keys);
        Assert.Contains("acct_virtual_memory_bytes_bucket le=\"+Inf\"", text.Keys);

        prometheus.UntilScraped();
        var ingested = Counted(prometheus.Series("""{__name__=~"acct_.*"}"""));
        Assert.Equal(text.Keys.Order(Ordinal), ingested.Keys.Order(Ordinal));
        Assert.All(text, series => Assert.Equal(series.Value, ingested[series.Key]));

        // Only OpenMetrics names a counter's family without its suffix, and tells units.
        Assert.Equal(("counter", ""), prometheus.Metadata("acct_exits"));
        Assert.Equal(("", ""), prometheus.Metadata("acct_exits_total"));
        Assert.Equal(("counter", "seconds"), prometheus.Metadata("acct_cpu_time_seconds"));
        Assert.Equal(("histogram", "seconds"), prometheus.Metadata("acct_process_duration_seconds"));
    }

    /// <summary>A series that began with its first event would have no increase: the host's are there from 0.</summary>
    [Fact]
    public void Increase_SeesTheFirstCoreDumpEver()
    {
        StartAgent();
        var prometheus = StartPrometheus();
        const string cores = """acct_core_dumps_total{signal="SIGSEGV"}""";
        prometheus.UntilScraped();
        Assert.Equal(0, prometheus.Value(cores));
        Assert.Equal(0, prometheus.Value($"increase({cores}[1m])"));

        var directory = Directory.CreateDirectory($"{state}/core").FullName;
        inside.Run("sh", "-c", $"cd {directory}; (ulimit -c unlimited; sh -c 'kill -SEGV $$'); true");
        prometheus.Until(() => prometheus.Value(cores) == 1, "one core dump");
        Assert.True(prometheus.Value($"increase({cores}[1m])") > 0);
        Assert.True(prometheus.Value("""increase(acct_signals_total{signal="SIGSEGV"}[1m])""") > 0);
        Assert.Equal(0, prometheus.Value("""increase(acct_core_dumps_total{signal="SIGABRT"}[1m])"""));
    }

    [Fact]
    public void Restart_IsNoReset()
    {
        var agent = StartAgent("--storage.checkpoint-interval=1h");
        var prometheus = StartPrometheus();
        inside.Run(Tools.Storm, "--count", "200");
        prometheus.UntilScraped();
        Assert.Equal(201, prometheus.Value("acct_exits_total"));
        for (var restart = 1; restart <= 2; restart++)
        {
            agent.Kill();
            inside.Run(Tools.Storm, "--count", "99");
            prometheus.Until(() => prometheus.Value("up") == 0, "down");
            agent = StartAgent();
            prometheus.UntilScraped();
            // The agent that was killed ended inside as well.
            Assert.Equal(201 + (restart * 101), prometheus.Value("acct_exits_total"));
        }

        // Each start was seen, and none of what counts exits fell.
        Assert.Equal(2, prometheus.Value("changes(process_start_time_seconds[5m])"));
        var counters = prometheus.Series("""
            count by (__name__) ({__name__=~"acct_.*_(total|bucket|count|sum)", __name__!~"acct_exporter_.*"})
            """).Keys;
        Assert.Contains("acct_exits_total", counters);
        Assert.Contains("acct_process_duration_seconds_bucket", counters);
        Assert.All(counters, name => Assert.Equal(0, prometheus.Value($"sum(resets({name}[5m]))")));
        Assert.True(prometheus.Value("increase(acct_exits_total[5m])") > 0);
    }

    [Fact]
    public void HostileNames_ArriveAsTheLabelsThatTheyAre()
    {
        StartAgent();
        var prometheus = StartPrometheus();
        using var truth = JsonDocument.Parse(inside.Run(Tools.Storm, "--count", "2000"));
        var expected = new Dictionary<string, double>();
        foreach (var pair in truth.RootElement.GetProperty("pairs").EnumerateArray())
        {
            var command = LabelText.Escape(Convert.FromHexString(pair.GetProperty("name").GetString()!));
            var series = PrometheusServer.Spelled(new Dictionary<string, string> { ["command"] = command });
            expected[series] = expected.GetValueOrDefault(series) + pair.GetProperty("exits").GetDouble();
        }

        Assert.Contains(""" command="line\\x0abreak" """.TrimEnd(), expected.Keys);
        Assert.True(expected.Count > 20);
        expected[""" command="storm" """.TrimEnd()] = 1;
        prometheus.UntilScraped();
        Assert.Equal(expected, prometheus.Series("sum by (command) (acct_process_exits_total)"));
        Assert.Equal(2001, prometheus.Value("sum(acct_process_exits_total)"));
    }

    private const StringComparison Full = StringComparison.Ordinal;

    private static StringComparer Ordinal => StringComparer.Ordinal;

    /// <summary>
    /// What counts exits, in one spelling: the agent's own figures and the free space move by themselves.
    /// </summary>
    private static Dictionary<string, double> Counted(Dictionary<string, double> series) => series
        .Where(one => !one.Key.StartsWith("acct_exporter_", Full) && !one.Key.StartsWith("acct_accounting_", Full))
        .ToDictionary();

    private static Dictionary<string, double> Counted(Scraped scraped) => Counted(scraped.Series
        .Where(one => one.Key.StartsWith("acct_", Full))
        .ToDictionary(
            one => PrometheusServer.Spelled(
                new Dictionary<string, string>(Scraped.Labels(one.Key)) { ["__name__"] = one.Key.Split('{')[0] }),
            one => one.Value));

    private AgentProcess StartAgent(params string[] flags)
    {
        var agent = new AgentProcess(inside, state, null, [$"--web.listen-address=127.0.0.1:{port}", .. flags]);
        started.Add(agent);
        agent.WaitUntilReady();
        return agent;
    }

    private PrometheusServer StartPrometheus()
    {
        var prometheus = new PrometheusServer($"127.0.0.1:{port}");
        started.Add(prometheus);
        prometheus.UntilScraped();
        return prometheus;
    }

    /// <summary>What <c>promtool check metrics</c> says of a text, and its exit code.</summary>
    internal static (int Code, string Said) CheckMetrics(string text)
    {
        var start = new ProcessStartInfo(Tools.Promtool, ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var promtool = Process.Start(start)!;
        var said = promtool.StandardError.ReadToEndAsync();
        var more = promtool.StandardOutput.ReadToEndAsync();
        promtool.StandardInput.Write(text);
        promtool.StandardInput.Close();
        promtool.WaitForExit();
        return (promtool.ExitCode, said.Result + more.Result);
    }
}
