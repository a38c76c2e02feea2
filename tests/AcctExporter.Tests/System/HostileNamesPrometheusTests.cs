// SPDX-License-Identifier: Apache-2.0
using System.Net;
using System.Text;

namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// Names that need every escape, read by a real Prometheus from both text formats, and judged by its promtool.
/// </summary>
[Trait("Lane", "peers")]
public sealed class HostileNamesPrometheusTests : IDisposable
{
    private readonly FaultLab lab = new();

    public void Dispose() => lab.Dispose();

    [Fact]
    public void Prometheus_ReadsEveryName_FromBothFormats()
    {
        var agent = lab.Serve("--pairs.limit=2000");
        agent.HasCounted(HostileNames.End(lab));

        // It asks for OpenMetrics, as the family's name without _total shows.
        using (var prometheus = new PrometheusServer(new Uri(agent.Address).Authority))
        {
            prometheus.UntilScraped();
            HostileNames.AreAll(Series(prometheus));
            Assert.Equal("counter", prometheus.Metadata("acct_exits").Type);
        }

        // Whoever cannot read that gets the older format: here a page that has nothing else.
        var text = agent.Get("/metrics").Body;
        Assert.Equal((0, ""), PrometheusTests.CheckMetrics(text));
        using var page = new OldPage(text);
        using (var prometheus = new PrometheusServer(page.Authority))
        {
            prometheus.UntilScraped();
            HostileNames.AreAll(Series(prometheus));
            Assert.Equal("counter", prometheus.Metadata("acct_exits_total").Type);
        }
    }

    private static IEnumerable<(string Command, double Exits)> Series(PrometheusServer prometheus) => prometheus
        .Labelled("acct_process_exits_total").Select(one => (one.Labels["command"], one.Value));

    /// <summary>A web server that answers everything with one text of format 0.0.4.</summary>
    private sealed class OldPage : IDisposable
    {
        private readonly HttpListener listener = new();
        private readonly byte[] body;

        public OldPage(string text)
        {
            body = Encoding.UTF8.GetBytes(text);
            Authority = $"127.0.0.1:{PrometheusServer.FreePort()}";
            listener.Prefixes.Add($"http://{Authority}/");
            listener.Start();
            _ = AnswerAsync();
        }

        public string Authority { get; }

        public void Dispose() => listener.Close();

        private async Task AnswerAsync()
        {
            try
            {
                while (true)
                {
                    using var answer = (await listener.GetContextAsync()).Response;
                    answer.ContentType = "text/plain; version=0.0.4; charset=utf-8";
                    await answer.OutputStream.WriteAsync(body);
                }
            }
            catch (Exception error) when (error is HttpListenerException or ObjectDisposedException)
            {
                // The end of the test.
            }
        }
    }
}
