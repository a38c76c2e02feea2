// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Metrics;
using AcctExporter.Tests.Logins;
using AcctExporter.Tests.Push;

namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// One fresh agent, seen by both doors: what it pushes over OTLP and what it answers on /metrics are the same series.
/// </summary>
[Trait("Lane", "peers")]
public sealed class BothDoorsTests : IDisposable
{
    /// <summary>The SDK adds doubles, the ledger whole numbers: sums agree to nine digits, the rest exactly.</summary>
    private const double SumTolerance = 1e-9;

    /// <summary>What the doors change, or what moves by itself: name and labels are compared, no value.</summary>
    private static readonly string[] Moving =
    [
        "acct_exporter_otlp_exports_total", // the push that is under way is counted
        "acct_exporter_otlp_last_success_timestamp_seconds", // likewise
        "acct_accounting_free_ratio", // the file system is the host's
    ];

    private readonly FaultLab lab = new();
    private readonly int port = PeerServer.FreePort();
    private readonly List<IDisposable> started = [];

    public void Dispose()
    {
        foreach (var one in started)
        {
            one.Dispose();
        }

        lab.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void VictoriaMetrics_HasTheSameSeries_ByBothDoors(bool allHistograms)
    {
        var victoria = Keep(new VictoriaServer($"127.0.0.1:{port}"));
        victoria.Until(victoria.Answers, "VictoriaMetrics");
        var agent = Serve(
            $"--otlp.endpoint={victoria.OtlpEndpoint}", $"--pairs.all-histograms={allHistograms}");
        Work(agent);

        Dictionary<string, double> scraped = [];
        Dictionary<string, double> pushed = [];
        string[] differences = ["nothing was compared"];
        try
        {
            victoria.Until(() => (differences = Compare()).Length == 0, "the same by both doors");
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{differences.Length}: {string.Join('\n', differences.Take(60))}\n{agent.Log}");
        }

        // And they are what the agent says now.
        var now = agent.Scrape();
        Assert.Equal(now["acct_exits_total"], scraped["acct_exits_total"]);
        Assert.True(scraped.Count > (allHistograms ? 8000 : 4000), $"{scraped.Count} series");
        Assert.Contains("acct_core_dumps_total signal=\"SIGSEGV\"", pushed.Keys);
        Assert.Contains("acct_line_logins_total tty=\"pts/1\"", pushed.Keys);
        Assert.Equal(allHistograms, pushed.Keys.Any(
            series => series.StartsWith("acct_process_virtual_memory_bytes_bucket", StringComparison.Ordinal)));

        string[] Compare()
        {
            scraped = Pushable(victoria.Labelled("""{__name__=~"(acct|process)_.*",job="acct"}"""));
            pushed = Pushable(victoria.Labelled("""{__name__=~"(acct|process)_.*",job!="acct"}"""));
            return scraped.ContainsKey("acct_exits_total") || pushed.ContainsKey("acct_exits_total")
                ? [.. Differences(scraped, pushed)] : ["nothing arrived"];
        }
    }

    [Theory]
    [InlineData("grpc")]
    [InlineData("http/protobuf")]
    public void AnotherReceiver_DecodesTheSameSeries(string protocol)
    {
        var receiver = Keep(new OtlpReceiver());
        var agent = Serve(
            $"--otlp.endpoint={(protocol == "grpc" ? receiver.GrpcEndpoint : receiver.HttpEndpoint)}",
            $"--otlp.protocol={protocol}", "--otlp.compression=gzip");
        Work(agent);
        string[] differences = ["nothing was compared"];
        try
        {
            receiver.Until(_ => (differences = Compare()).Length == 0, "the same by both doors");
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{differences.Length}: {string.Join('\n', differences.Take(60))}\n{agent.Log}");
        }

        Assert.All(receiver.Requests, request => Assert.Equal(protocol, request.Protocol));
        Assert.All(receiver.Requests, request => Assert.InRange(request.MessageBytes, 1, 4 << 20));
        var metrics = receiver.Metrics.ToArray();
        Assert.All(metrics, metric =>
        {
            Assert.Equal("acct-exporter", metric.Resource["service.name"]);
            Assert.Equal(Environment.MachineName, metric.Resource["host.name"]);
            var family = Catalog.All.Single(family => family.OTelName == metric.Name);
            Assert.False(family.ScrapeOnly);
            Assert.Equal((family.Unit, family.Help), (metric.Unit, metric.Description));
            Assert.Equal(family.Kind switch
            {
                MetricKind.Counter => (OtlpKind.Sum, true, OtlpTemporality.Cumulative),
                MetricKind.Histogram => (OtlpKind.Histogram, false, OtlpTemporality.Cumulative),
                _ => (OtlpKind.Gauge, false, OtlpTemporality.Unspecified),
            }, (metric.Kind, metric.IsMonotonic, metric.Temporality));
        });

        // A series has one start, and its points go on in time.
        foreach (var series in metrics.Where(metric => metric.Kind != OtlpKind.Gauge)
            .SelectMany(metric => metric.Points.Select(point => (metric.Name, Point: point)))
            .GroupBy(one => (one.Name, one.Point.Attributes.ToString())))
        {
            Assert.Single(series.Select(one => one.Point.Start).Distinct());
            Assert.Equal(series.Select(one => one.Point.Time).Order(), series.Select(one => one.Point.Time));
        }

        string[] Compare() =>
            [.. Differences(Pushable(agent.Scrape()), Pushable(PushedSeries.Of(receiver.Metrics)))];
    }

    /// <summary>Processes of many users and ends, one login and one that failed; then nothing happens.</summary>
    private void Work(AgentProcess agent)
    {
        lab.Inside.Run(Tools.Storm, "--count", "2000", "--cores", "50");
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        File.WriteAllBytes(
            lab.Of("wtmp"), [.. LoginLab.Login("ann", "pts/1", now - 100), .. LoginLab.Logout("pts/1", now - 10)]);
        agent.HasCounted(2001);
        agent.Until(() => agent.Scrape().Sum("acct_line_logins_total") == 1, "a login");
    }

    private AgentProcess Serve(params string[] flags)
    {
        File.WriteAllBytes(lab.Of("wtmp"), []);
        File.WriteAllBytes(lab.Of("btmp"), []);
        return lab.Serve([
            $"--web.listen-address=127.0.0.1:{port}", "--otlp.interval=1s", "--accounting.canary-interval=off",
            "--storage.checkpoint-interval=1h", "--logins.source=wtmp", $"--logins.wtmp={lab.Of("wtmp")}",
            $"--logins.btmp={lab.Of("btmp")}", .. flags]);
    }

    /// <summary>Everything that is pushed, whoever tells of it, without the labels of the receiver's own.</summary>
    private static Dictionary<string, double> Pushable(
        IEnumerable<(Dictionary<string, string> Labels, double Value)> series)
    {
        var all = new Dictionary<string, double>();
        foreach (var (labels, value) in series.Where(one => !IsScrapeOnly(one.Labels["__name__"])))
        {
            foreach (var own in PushedSeries.ResourceLabels)
            {
                labels.Remove(own);
            }

            all.Add(PrometheusServer.Spelled(labels), value);
        }

        return all;
    }

    private static Dictionary<string, double> Pushable(Scraped scraped) => Pushable(scraped.Series.Select(one =>
    {
        var labels = Scraped.Labels(one.Key);
        labels["__name__"] = one.Key.Split('{')[0];
        foreach (var empty in labels.Where(label => label.Value.Length == 0).Select(label => label.Key).ToArray())
        {
            labels.Remove(empty);
        }

        return (labels, one.Value);
    }));

    private static bool IsScrapeOnly(string name) =>
        Catalog.All.Any(family => family.ScrapeOnly && family.Name == name);

    private static IEnumerable<string> Differences(
        Dictionary<string, double> scraped, Dictionary<string, double> pushed)
    {
        foreach (var (series, value) in scraped)
        {
            if (!pushed.TryGetValue(series, out var other))
            {
                yield return $"only scraped: {series} {Text(value)}";
            }
            else if (!AreSame(series.Split(' ')[0], value, other))
            {
                yield return $"{series}: scraped {Text(value)}, pushed {Text(other)}";
            }
        }

        foreach (var (series, value) in pushed.Where(one => !scraped.ContainsKey(one.Key)))
        {
            yield return $"only pushed: {series} {Text(value)}";
        }

        static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);
    }

    private static bool AreSame(string name, double scraped, double pushed) =>
        scraped == pushed || Moving.Contains(name)
        || (name.EndsWith("_sum", StringComparison.Ordinal)
            && Math.Abs(scraped - pushed) <= SumTolerance * Math.Abs(scraped));

    private T Keep<T>(T one)
        where T : IDisposable
    {
        started.Add(one);
        return one;
    }
}
