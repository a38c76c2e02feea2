// SPDX-License-Identifier: Apache-2.0
using System.Net.Http.Headers;

namespace AcctExporter.Tests.RealSystem;

/// <summary>Processes with names that need every escape: each is one series, and says its bytes.</summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class HostileNamesTests : IDisposable
{
    private static readonly HttpClient Client = new();

    private readonly FaultLab lab = new();

    public void Dispose() => lab.Dispose();

    [Fact]
    public void EveryName_IsOneSeries_InBothFormats_AndAfterARestart()
    {
        var agent = lab.Serve("--pairs.limit=2000");
        var ended = HostileNames.End(lab);
        agent.HasCounted(ended);
        var text = Page(agent, "text/plain;version=0.0.4", "text/plain; version=0.0.4; charset=utf-8");
        HostileNames.AreAll(Series(text));
        var open = Page(agent, "application/openmetrics-text;version=1.0.0",
            "application/openmetrics-text; version=1.0.0; charset=utf-8");
        HostileNames.AreAll(Series(open));
        Assert.EndsWith("\n# EOF\n", open, StringComparison.Ordinal);
        Assert.Single(open.Split('\n'), line => line.StartsWith("# EOF", StringComparison.Ordinal));
        // No byte of a name can be seen as anything but a part of it.
        Assert.All((text + open).Where(c => c != '\n'), c => Assert.False(char.IsControl(c)));
        Assert.Equal(0, agent.Scrape()["acct_exporter_exits_folded_total"]);

        // From the journal, and then from the checkpoint.
        agent.Kill();
        agent = lab.Serve("--pairs.limit=2000");
        agent.HasCounted(ended + 1);
        HostileNames.AreAll(Series(Page(agent)).Where(one => one.Exits > 0 && !IsAgent(one.Command)));
        Assert.Equal(0, agent.Stop());
        agent = lab.Serve("--pairs.limit=2000");
        HostileNames.AreAll(Series(Page(agent)).Where(one => !IsAgent(one.Command)));
    }

    // An agent that was killed is named after one of its threads.
    private static bool IsAgent(string command) => command.Contains("acct-exporter", StringComparison.Ordinal)
        || command.StartsWith(".NET", StringComparison.Ordinal) || command is "capture";

    private static IEnumerable<(string Command, double Exits)> Series(string text) => Scraped
        .Parse(WithoutExemplars(text)).Series
        .Where(one => one.Key.StartsWith("acct_process_exits_total{", StringComparison.Ordinal))
        .Select(one => (Scraped.Labels(one.Key)["command"], one.Value));

    /// <summary>Exemplars stand behind counters of deaths only, and nobody was killed but an agent.</summary>
    private static string WithoutExemplars(string text) => string.Join('\n', text.Split('\n')
        .Where(line => !line.StartsWith("acct_signals_total", StringComparison.Ordinal)
            && !line.StartsWith("acct_process_signals_total", StringComparison.Ordinal)));

    private static string Page(AgentProcess agent, string accept = "text/plain", string? type = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(agent.Address + "metrics"));
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        using var answer = Client.Send(request);
        if (type is not null)
        {
            Assert.Equal(type, answer.Content.Headers.ContentType!.ToString());
        }

        return answer.Content.ReadAsStringAsync().Result;
    }
}
