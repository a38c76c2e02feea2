// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using AcctExporter.Tests.Metrics;

namespace AcctExporter.Tests.RealSystem;

/// <summary>What real servers make of the protobuf exposition: native histograms, and starts of series.</summary>
[Trait("Lane", "peers")]
public sealed class NativeHistogramTests : IDisposable
{
    private const string Proto = "    scrape_protocols: [PrometheusProto]";
    private const string OpenMetricsOnly = "    scrape_protocols: [OpenMetricsText1.0.0]";
    private const string Natives = "native-histograms";
    private const string Created = "created-timestamp-zero-ingestion";

    private readonly string state = Directory.CreateTempSubdirectory("acct-native-test").FullName;
    private readonly AccountingNamespace inside = new();
    private readonly int port = PeerServer.FreePort();
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

    /// <summary>Count, sum, each bucket, of the host and of every pair; quantiles are where the lives were.</summary>
    [Theory]
    [InlineData("2.42")]
    [InlineData("3.5")]
    public void NativeHistograms_AreIngested(string version)
    {
        var agent = StartAgent();
        var prometheus = StartPrometheus(version, Natives);
        var (shortest, longest) = Sleep("0.15", 6);
        Sleep("1.1", 3);
        inside.Run(Tools.Storm, "--count", "1000", "--cores", "20");
        prometheus.UntilScraped();

        var text = agent.Scrape();
        var messages = Messages(agent).Where(family => family.Type == "histogram").ToArray();
        Assert.Equal(6, messages.Length); // three of pairs, three of the host: there are no taskstats inside
        foreach (var family in messages)
        {
            var ingested = Histograms(prometheus, family.Name);
            Assert.Equal(family.Metrics.Count, ingested.Count);
            Assert.All(family.Metrics, one => Assert.Equal(Buckets(one), ingested[QueryServer.Spelled(one.Labels)]));
            Assert.Equal(1010, prometheus.Value($"sum(histogram_count({family.Name}))"));
        }

        Assert.True(messages.Single(family => family.Name == "acct_process_virtual_memory_bytes").Metrics.Count > 20);
        Assert.Equal(text["acct_duration_seconds_count"], prometheus.Value("histogram_count(acct_duration_seconds)"));
        Assert.Equal(text["acct_duration_seconds_sum"], prometheus.Value("histogram_sum(acct_duration_seconds)"));
        CheckClassicBetweenNative(text, messages.Single(family => family.Name == "acct_duration_seconds").Metrics[0]);

        // A bucket is 9 % wide, and the kernel counts in hundredths.
        const string sleeps = """acct_process_duration_seconds{command="sleep"}""";
        Assert.InRange(prometheus.Value($"histogram_quantile(0.5, {sleeps})"), shortest / 1.1, (longest + 0.01) * 1.1);
        Assert.InRange(prometheus.Value($"histogram_quantile(0.9, {sleeps})"), 1.1 / 1.1, 60);
        // Servers keep either; only from 2.45 on both, where they are told to.
        Assert.Equal(double.NaN, prometheus.Value("""acct_duration_seconds_bucket{le="+Inf"}"""));
        Assert.Equal(text["acct_exits_total"], prometheus.Value("acct_exits_total"));
    }

    [Theory]
    [InlineData("always_scrape_classic_histograms: true")]
    [InlineData("scrape_classic_histograms: true")]
    public void BothKinds_AreIngested_WhereTheServerIsTold(string setting)
    {
        if (setting[0] == 's')
        {
            // The name that it had from 2.45 to 2.55: this one says so and does not start.
            var refused = new PrometheusServer(Setup("3.5", [Natives], "    " + setting));
            started.Add(refused);
            var error = Assert.Throws<TimeoutException>(() => refused.Until(refused.Answers, "answers"));
            Assert.Contains("scrape_classic_histograms", error.Message, StringComparison.Ordinal);
            return;
        }

        var agent = StartAgent();
        inside.Run(Tools.Storm, "--count", "300", "--cores", "0");
        var both = StartPrometheus("3.5", Natives, "    " + setting);
        both.UntilScraped();
        var text = Counted(agent.Scrape());
        var classic = Counted(both.Labelled("""{__name__=~"acct_.*"}""", floatsOnly: true));
        CheckEqual(text, classic);
        Assert.Equal(301, both.Value("histogram_count(acct_duration_seconds)"));
        Assert.Equal(301, both.Value("""acct_duration_seconds_bucket{le="+Inf"}"""));
    }

    /// <summary>
    /// Without the feature a server that was told to read messages takes no native histogram, and classic ones only
    /// where it is told so. Then it has what it has of text, to the last bit.
    /// </summary>
    [Fact]
    public void WithoutTheFeature_MessagesAndTextGiveTheSameSeries()
    {
        var agent = StartAgent("--pairs.all-histograms");
        inside.Run(Tools.Storm, "--count", "1000", "--cores", "20");
        var byMessages = StartPrometheus("3.5", "", $"{Proto}\n    always_scrape_classic_histograms: true");
        var without = StartPrometheus("3.5", "", Proto);
        var byText = StartPrometheus("3.5", "", OpenMetricsOnly);
        byMessages.UntilScraped();
        byText.UntilScraped();
        var text = Counted(agent.Scrape());
        var messages = byMessages.Labelled("""{__name__=~"acct_.*"}""").ToArray();
        var lines = byText.Labelled("""{__name__=~"acct_.*"}""").ToArray();
        CheckEqual(text, Counted(messages));
        CheckEqual(text, Counted(lines));
        // However the server spells a bound, it does so in both formats: the series go on when the format changes.
        Assert.Equal(Bounds(lines), Bounds(messages));
        Assert.Contains("1.048576e+06", Bounds(lines));
        Assert.True(text.Count > 1_000);
        Assert.Equal(text["acct_exits_total"], without.Value("acct_exits_total"));
        Assert.Empty(without.Series("""{__name__=~"acct_duration_seconds.*"}"""));
        Assert.Equal(("counter", ""), byMessages.Metadata("acct_exits_total"));
        Assert.Equal(("counter", "seconds"), byMessages.Metadata("acct_cpu_time_seconds_total"));
        Assert.Equal(("histogram", "bytes"), byMessages.Metadata("acct_virtual_memory_bytes"));
    }

    /// <summary>The very first exit of a pair, seen by <c>increase()</c> where the start of a series is read.</summary>
    [Theory]
    [InlineData(Proto)]
    [InlineData(OpenMetricsOnly)]
    public void PairBornAtOne_IsSeenByIncrease_WhereStartsAreRead(string format)
    {
        StartAgent("--openmetrics.created");
        var reads = StartPrometheus("3.5", $"{Natives},{Created}", format);
        var doesNot = StartPrometheus("3.5", Natives, format);
        reads.UntilScraped();
        doesNot.UntilScraped();
        Sleep("0.3", 1);
        const string exits = """acct_process_exits_total{command="sleep"}""";
        foreach (var prometheus in new[] { reads, doesNot })
        {
            prometheus.Until(() => prometheus.Value(exits) == 1, "one exit of sleep");
            // Some scrapes more: a series needs two samples for any rate.
            prometheus.Until(() => prometheus.Value($"count_over_time({exits}[5m])") > 3, "four samples");
        }

        Assert.Equal(0, doesNot.Value($"increase({exits}[5m])"));
        Assert.True(reads.Value($"increase({exits}[5m])") > 0);
        Assert.Equal(1, reads.Value($"max_over_time({exits}[5m]) - min_over_time({exits}[5m])"));
        if (format == Proto)
        {
            const string lives = """histogram_count(increase(acct_process_duration_seconds{command="sleep"}[5m]))""";
            Assert.Equal(0, doesNot.Value(lives));
            Assert.True(reads.Value(lives) > 0);
        }
    }

    [Theory]
    [InlineData("2.42")]
    [InlineData("3.5")]
    public void Restart_IsNoResetOfNativeHistograms(string version)
    {
        var agent = StartAgent("--storage.checkpoint-interval=1h");
        var prometheus = StartPrometheus(version, Natives);
        inside.Run(Tools.Storm, "--count", "200", "--cores", "0");
        prometheus.UntilScraped();
        Assert.Equal(201, prometheus.Value("histogram_count(acct_duration_seconds)"));
        foreach (var restart in new[] { 1, 2 })
        {
            // Once it is killed and what it counted comes from the journal, once it ends well and saves it.
            if (restart == 1)
            {
                agent.Kill();
            }
            else
            {
                Assert.Equal(0, agent.Stop());
            }

            inside.Run(Tools.Storm, "--count", "99", "--cores", "0");
            prometheus.Until(() => prometheus.Value("up") == 0, "down");
            agent = StartAgent();
            prometheus.UntilScraped();
            var expected = 201 + (restart * 101);
            Assert.Equal(expected, prometheus.Value("histogram_count(acct_duration_seconds)"));
            Assert.Equal(expected, prometheus.Value("sum(histogram_count(acct_process_duration_seconds))"));
        }

        foreach (var name in new[] { "acct_duration_seconds", "acct_process_duration_seconds",
            "acct_process_cpu_per_exit_seconds", "acct_process_virtual_memory_bytes" })
        {
            Assert.Equal(0, prometheus.Value($"sum(resets({name}[5m]))"));
        }

        Assert.True(prometheus.Value("histogram_count(increase(acct_duration_seconds[5m]))") > 0);
    }

    /// <summary>Before anything ended the host's histogram is a native one, so it never changes its kind.</summary>
    [Theory]
    [InlineData("2.42")]
    [InlineData("3.5")]
    public void HistogramWithoutExits_IsIngestedAsANativeOne(string version)
    {
        StartAgent();
        var prometheus = StartPrometheus(version, Natives);
        prometheus.UntilScraped();
        Assert.Equal(0, prometheus.Value("acct_exits_total"));
        Assert.Equal(0, prometheus.Value("histogram_count(acct_duration_seconds)"));
        inside.Run("true");
        prometheus.Until(() => prometheus.Value("histogram_count(acct_duration_seconds)") == 1, "one exit");
        Assert.True(prometheus.Value("histogram_count(increase(acct_duration_seconds[5m]))") > 0);
    }

    /// <summary>Runs sleeps one by one; how long they lived, by a clock outside: no less and no more.</summary>
    private (double Least, double Most) Sleep(string seconds, int times)
    {
        var most = 0.0;
        for (var i = 0; i < times; i++)
        {
            var clock = Stopwatch.StartNew();
            inside.Run("sleep", seconds);
            most = Math.Max(most, clock.Elapsed.TotalSeconds);
        }

        return (double.Parse(seconds, CultureInfo.InvariantCulture), most);
    }

    private static void CheckEqual(Dictionary<string, double> expected, Dictionary<string, double> actual)
    {
        Assert.Equal([], expected.Keys.Except(actual.Keys));
        Assert.Equal([], actual.Keys.Except(expected.Keys));
        Assert.Equal([], expected.Where(series => actual[series.Key] != series.Value)
            .Select(series => $"{series.Key}: {series.Value:R} is {actual[series.Key]:R}"));
    }

    private static void CheckClassicBetweenNative(Scraped text, MetricMessage metric)
    {
        var checkedBounds = 0;
        foreach (var (series, count) in text.Series)
        {
            if (series.StartsWith("acct_duration_seconds_bucket{le=\"", StringComparison.Ordinal)
                && !series.Contains("+Inf", StringComparison.Ordinal))
            {
                var bound = double.Parse(series.Split('"')[1], CultureInfo.InvariantCulture);
                Assert.InRange(count, Upto(i => Upper(i) <= bound), Upto(i => Upper(i - 1) < bound));
                checkedBounds++;
            }
        }

        Assert.Equal(12, checkedBounds);
        double Upto(Func<int, bool> isBelow) =>
            metric.ZeroCount + metric.Native.Where(one => isBelow(one.Key)).Sum(one => (double)one.Value);
    }

    private static double Upper(int bucket) => Math.Pow(2, bucket / 8.0);

    /// <summary>A native histogram as a query gives it: count, sum, and each bucket that is not empty.</summary>
    private static string Buckets(MetricMessage metric) => Spelled(metric.Count, metric.Value, metric.Native
        .Where(bucket => bucket.Value > 0).Select(bucket => (Upper(bucket.Key), (double)bucket.Value))
        .Prepend((metric.ZeroThreshold, metric.ZeroCount)).Where(bucket => bucket.Item2 > 0));

    private static string Spelled(double count, double sum, IEnumerable<(double Upper, double Count)> buckets) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {sum:R} ")
        + string.Join(' ', buckets.Select(bucket =>
            string.Create(CultureInfo.InvariantCulture, $"{bucket.Upper:G12}:{bucket.Count}")));

    private static Dictionary<string, string> Histograms(QueryServer server, string name)
    {
        using var answer = server.Query($"api/v1/query?query={name}");
        var histograms = new Dictionary<string, string>();
        foreach (var one in answer.RootElement.GetProperty("data").GetProperty("result").EnumerateArray())
        {
            var labels = one.GetProperty("metric").EnumerateObject().Where(label => label.Name != "__name__")
                .ToDictionary(label => label.Name, label => label.Value.GetString()!);
            var value = one.GetProperty("histogram")[1];
            var buckets = value.TryGetProperty("buckets", out var told) ? told.EnumerateArray().ToArray() : [];
            histograms.Add(QueryServer.Spelled(labels), Spelled(Number(value.GetProperty("count")),
                Number(value.GetProperty("sum")), buckets.Select(bucket => (Number(bucket[2]), Number(bucket[3])))));
        }

        return histograms;
    }

    private static double Number(JsonElement text) => Parsed(text.GetString()!);
    private static double Parsed(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static string[] Bounds((Dictionary<string, string> Labels, double Value)[] all) => [.. all.Where(
        one => one.Labels["__name__"] == "acct_virtual_memory_bytes_bucket").Select(one => one.Labels["le"]).Order()];

    /// <summary>
    /// What counts exits: the agent's own figures and the free space move by themselves. Bounds are numbers here: a
    /// Prometheus 3 spells 1048576 its own way.
    /// </summary>
    private static Dictionary<string, double> Counted(
        IEnumerable<(Dictionary<string, string> Labels, double Value)> series) => series
        .Select(one => (Name: QueryServer.Spelled(WithNumber(one.Labels)), one.Value))
        .Where(one => !one.Name.StartsWith("acct_exporter_", StringComparison.Ordinal)
            && !one.Name.StartsWith("acct_accounting_", StringComparison.Ordinal))
        .ToDictionary(one => one.Name, one => one.Value);

    private static Dictionary<string, string> WithNumber(Dictionary<string, string> labels) =>
        !labels.TryGetValue("le", out var bound) || bound == "+Inf" ? labels
            : new(labels) { ["le"] = Parsed(bound).ToString("R", CultureInfo.InvariantCulture) };

    private static Dictionary<string, double> Counted(Scraped scraped) => Counted(scraped.Series
        .Where(one => one.Key.StartsWith("acct_", StringComparison.Ordinal))
        .Select(one => (
            new Dictionary<string, string>(Scraped.Labels(one.Key)) { ["__name__"] = one.Key.Split('{')[0] },
            one.Value)));

    private static List<FamilyMessage> Messages(AgentProcess agent)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, agent.Address + "metrics");
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(
            "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited"));
        using var answer = client.Send(request).EnsureSuccessStatusCode();
        return FamilyMessage.Read(answer.Content.ReadAsByteArrayAsync().Result);
    }

    private AgentProcess StartAgent(params string[] flags)
    {
        var agent = new AgentProcess(inside, state, null, [$"--web.listen-address=127.0.0.1:{port}", .. flags]);
        started.Add(agent);
        agent.WaitUntilReady();
        return agent;
    }

    private PrometheusServer StartPrometheus(string version, string features, string scrapeConfiguration = "")
    {
        var prometheus = new PrometheusServer(Setup(version, [features], scrapeConfiguration));
        started.Add(prometheus);
        prometheus.UntilScraped();
        return prometheus;
    }

    private PrometheusSetup Setup(string version, string[] features, string scrapeConfiguration) =>
        new($"127.0.0.1:{port}")
        {
            Program = version == "2.42" ? Tools.Prometheus : Tools.Prometheus3,
            Flags = [.. features.Where(feature => feature.Length > 0).Select(feature => $"--enable-feature={feature}")],
            ScrapeConfiguration = scrapeConfiguration,
        };
}
