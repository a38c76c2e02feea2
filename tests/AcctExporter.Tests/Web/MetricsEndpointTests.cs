// SPDX-License-Identifier: Apache-2.0
using System.IO.Compression;
using System.Net;
using System.Text;
using AcctExporter.Tests.Metrics;
using AcctExporter.Web;

namespace AcctExporter.Tests.Web;

public class MetricsEndpointTests
{
    private const string TimeoutHeader = "X-Prometheus-Scrape-Timeout-Seconds";

    [Theory]
    [InlineData("", "text/plain; version=0.0.4; charset=utf-8", false)]
    [InlineData("application/openmetrics-text;version=1.0.0",
        "application/openmetrics-text; version=1.0.0; charset=utf-8", true)]
    public async Task Scrape_HasTheContentTypeOfItsFormat(string accept, string contentType, bool openMetrics)
    {
        await using var agent = await RunningAgent.StartAsync();
        using var response = await agent.GetAsync("/metrics", ("Accept", accept));
        var text = await response.Content.ReadAsStringAsync();
        Assert.Equal(contentType, string.Join("", response.Content.Headers.GetValues("Content-Type")));
        Assert.Equal("nosniff", WebEndpointsTests.Header(response, "X-Content-Type-Options"));
        Assert.Equal(openMetrics, text.EndsWith("# EOF\n", StringComparison.Ordinal));
        Assert.Equal("7", ExpositionTests.Only(ExpositionReader.Read(text), "acct_exits_total").Text);
    }

    [Theory]
    [InlineData("identity")]
    [InlineData("gzip")]
    public async Task Messages_AreWhatIsAskedForFirst(string encoding)
    {
        const string contentType =
            "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";
        await using var agent = await RunningAgent.StartAsync();
        using var response = await agent.GetAsync("/metrics", ("Accept", contentType + ",*/*;q=0.1"),
            ("Accept-Encoding", encoding));
        Assert.Equal(contentType, string.Join("", response.Content.Headers.GetValues("Content-Type")));
        Assert.Equal(encoding == "gzip" ? "gzip" : "", string.Join("", response.Content.Headers.ContentEncoding));
        await using var body = await response.Content.ReadAsStreamAsync();
        await using var plain = encoding == "gzip" ? new GZipStream(body, CompressionMode.Decompress) : body;
        using var bytes = new MemoryStream();
        await plain.CopyToAsync(bytes);
        var exits = FamilyMessage.Read(bytes.ToArray()).Single(family => family.Name == "acct_exits_total");
        Assert.Equal(7, exits.Metrics.Single().Value);
    }

    [Fact]
    public async Task Gzip_IsTheSameText_Smaller()
    {
        await using var agent = await RunningAgent.StartAsync(source: Large());
        using var plain = await agent.GetAsync("/metrics");
        using var small = await agent.GetAsync("/metrics", ("Accept-Encoding", "gzip, deflate"));
        Assert.Empty(plain.Content.Headers.ContentEncoding);
        Assert.Equal("gzip", string.Join("", small.Content.Headers.ContentEncoding));
        var bytes = await small.Content.ReadAsByteArrayAsync();
        await using var unpacked = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var reader = new StreamReader(unpacked, Encoding.UTF8);
        var text = await reader.ReadToEndAsync();
        var expected = await plain.Content.ReadAsStringAsync();
        // One more: by then it is known how long the first scrape took.
        Assert.Equal(ExpositionReader.Read(expected).Count + 1, ExpositionReader.Read(text).Count);
        Assert.True(bytes.Length * 5 < expected.Length, $"{bytes.Length} of {expected.Length} bytes");
    }

    [Fact]
    public async Task ScrapesOverTheLimit_AreRefusedAtOnce_AndCounted()
    {
        await using var agent = await RunningAgent.StartAsync(new WebOptions { MaxScrapes = 2 });
        var hold = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = new SemaphoreSlim(0);
        agent.Source.CatchUp = _ =>
        {
            waiting.Release();
            return hold.Task;
        };
        var first = agent.GetAsync("/metrics");
        var second = agent.GetAsync("/metrics");
        Assert.True(await waiting.WaitAsync(TimeSpan.FromSeconds(10)));
        Assert.True(await waiting.WaitAsync(TimeSpan.FromSeconds(10)));
        using (var third = await agent.GetAsync("/metrics"))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, third.StatusCode);
            Assert.Equal("1", WebEndpointsTests.Header(third, "Retry-After"));
            Assert.Contains("too many scrapes: 2", await third.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        hold.SetResult(true);
        Assert.All(await Task.WhenAll(first, second), held => Assert.Equal(HttpStatusCode.OK, held.StatusCode));
        using var after = await agent.GetAsync("/metrics");
        var samples = ExpositionReader.Read(await after.Content.ReadAsStringAsync());
        Assert.Equal("1", ExpositionTests.Only(samples, "acct_exporter_scrapes_refused_total").Text);
        Assert.Equal("3", ExpositionTests.Only(samples, "acct_exporter_scrapes_total").Text);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)] // a pipeline that notices too late is no reason to answer with nothing
    public async Task Scrape_IsGivenUp_WhenTheScrapersTimeIsOver(bool noticed)
    {
        await using var agent = await RunningAgent.StartAsync(new WebOptions { MaxScrapes = 1 });
        agent.Source.CatchUp = async cancellation =>
        {
            await (noticed ? Task.Delay(Timeout.Infinite, cancellation) : Task.Delay(500, CancellationToken.None));
            return true;
        };
        using (var response = await agent.GetAsync("/metrics", (TimeoutHeader, "0.05")))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Contains("time", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        // The place is free again.
        agent.Source.CatchUp = _ => Task.FromResult(true);
        using var next = await agent.GetAsync("/metrics", (TimeoutHeader, "10"));
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
    }

    [Theory]
    [InlineData("")]
    [InlineData("gzip")]
    public async Task Scrape_CutShort_DoesNotLookWhole(string encoding)
    {
        await using var agent = await RunningAgent.StartAsync(new() { MaxScrapes = 1 }, source: Incompressible());
        var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.TryAddWithoutValidation("Accept-Encoding", encoding);
        request.Headers.TryAddWithoutValidation(TimeoutHeader, "0.3");
        using var response = await agent.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        // A reader too slow for the time that it gave: the sockets' buffers are smaller than the text.
        await Task.Delay(TimeSpan.FromSeconds(1));
        // Its place is free again, although it has not read on.
        using var next = await agent.SendAsync(HttpMethod.Head, "/metrics");
        Assert.Equal(HttpStatusCode.OK, next.StatusCode);
        await using var body = await response.Content.ReadAsStreamAsync();
        await Assert.ThrowsAnyAsync<IOException>(() => body.CopyToAsync(Stream.Null));
        Assert.Equal(-1, agent.Renderer.Figures.LastMicroseconds);
    }

    [Theory]
    [InlineData("10", 10.0)]
    [InlineData("0.5", 0.5)]
    [InlineData("", null)]
    [InlineData("0", null)]
    [InlineData("-1", null)]
    [InlineData("NaN", null)]
    [InlineData("Infinity", null)]
    [InlineData("1e9", null)]
    [InlineData("99999999999", null)]
    [InlineData("ten", null)]
    public void Timeout_IsIgnoredWhenItIsNone(string header, double? seconds) =>
        Assert.Equal(seconds, MetricsEndpoint.TimeoutOf(header)?.TotalSeconds);

    /// <summary>More than sockets hold, even compressed: user names of 500 characters by chance.</summary>
    private static FakeSource Incompressible()
    {
        var chance = new Random(1);
        var source = new FakeSource(pairLimit: 4_000, userName: _ => new string(
            [.. Enumerable.Range(0, 500).Select(_ => (char)chance.Next('0', 'z' - 1))]));
        source.Count([.. Enumerable.Range(0, 4_000).Select(i => FakeSource.Exit("a", (uint)i))]);
        return source;
    }

    /// <summary>About 30 MB of text.</summary>
    private static FakeSource Large()
    {
        var source = new FakeSource(pairLimit: 10_000);
        source.Count([.. Enumerable.Range(0, 10_000)
            .Select(i => FakeSource.Exit($"command-{i}", (uint)i % 10, elapsed: (ulong)i * 10_000))]);
        return source;
    }
}
