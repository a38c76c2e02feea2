// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Tests.Tidy;

namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// Many hosts in one real server: 20 that are one real agent under as many names, and another agent whose users have
/// other numbers. Sums by user over all hosts are what the agents say.
/// </summary>
[Trait("Lane", "peers")]
public sealed class FleetTests : IDisposable
{
    private const int Alike = 20;

    private static readonly string Rules = Path.Combine(Repository.Root, "grafana/alerts/acct-recording.yaml");

    /// <summary>What is recorded over all hosts: the rule, and the rates that it adds up.</summary>
    private static readonly (string Record, string Rate)[] Recorded =
    [
        ("job_user:acct_process_exits:rate5m", "rate(acct_process_exits_total[5m])"),
        ("job_user:acct_process_failures:rate5m", "rate(acct_process_failures_total[5m])"),
        ("job_user:acct_process_cpu_time_seconds:rate5m", "rate(acct_process_cpu_time_seconds_total[5m])"),
        ("job:acct_exits:rate5m", "rate(acct_exits_total[5m])"),
        ("job:acct_failures:rate5m", "rate(acct_failures_total[5m])"),
    ];

    private readonly NameLab many = new("files");
    private readonly NameLab one = new("files");
    private readonly Stack<IDisposable> servers = new();
    private readonly AgentProcess agentOfMany;
    private readonly AgentProcess agentOfOne;

    public FleetTests()
    {
        // One person, and two numbers: what tells users apart over hosts is the name.
        many.Users(NameLab.Root + NameLab.User(1000, "ann") + NameLab.User(1001, "ben"));
        one.Users(NameLab.Root + NameLab.User(2000, "ann"));
        agentOfMany = many.Serve();
        agentOfOne = one.Serve();
        Work();
    }

    public void Dispose()
    {
        while (servers.TryPop(out var server))
        {
            server.Dispose();
        }

        many.Dispose();
        one.Dispose();
    }

    /// <summary>
    /// Prometheus keeps all hosts; a second one fetches the sums alone by federation, and a VictoriaMetrics gets them
    /// by remote write.
    /// </summary>
    [Fact]
    public void SumsByUser_AreThoseOfAllHosts_InPrometheus_AndWhereTheyAreSent()
    {
        var central = Keep(new VictoriaServer());
        var prometheus = Keep(new PrometheusServer(new PrometheusSetup(Targets())
        {
            Job = "acct-exporter",
            Configuration = $"""
                rule_files: ["{Rules}"]
                remote_write:
                  - url: http://{central.Address}/api/v1/write
                    write_relabel_configs:
                      - source_labels: [__name__]
                        regex: "job_?[a-z]*:.+"
                        action: keep
                """,
            ScrapeConfiguration = Relabelling("    "),
        }));
        var above = Keep(new PrometheusServer(new PrometheusSetup(prometheus.Address)
        {
            Program = Tools.Prometheus3,
            Job = "federation",
            ScrapeConfiguration = """
                    metrics_path: /federate
                    honor_labels: true
                    params:
                      match[]: ['{__name__=~"job_?[a-z]*:.+"}']
                """,
        }));

        CountersAddUp(prometheus);
        RatesAddUp(prometheus, prometheus);
        RatesAddUp(prometheus, above);
        RatesAddUp(prometheus, central);
        foreach (var server in new QueryServer[] { above, central })
        {
            Assert.Equal([], server.Series("""count({__name__=~"acct_.+|instance.*:.+"})"""));
            Assert.Equal(["acct-exporter"], server.Labelled("group by (job) ({__name__=~\"job.*:.+\"})")
                .Select(series => series.Labels["job"]));
        }
    }

    /// <summary>vmagent scrapes and sends on; vmalert records the same rules.</summary>
    [Fact]
    public void SumsByUser_AreThoseOfAllHosts_InVictoriaMetrics()
    {
        var victoria = Keep(new VictoriaServer());
        Keep(VictoriaTool.Agent(victoria, $"""
            global:
              scrape_interval: 1s
            scrape_configs:
              - job_name: acct-exporter
                static_configs:
                  - targets: [{string.Join(", ", Targets())}]
            {Relabelling("    ")}
            """));
        CountersAddUp(victoria);
        Keep(VictoriaTool.Rules(victoria, Rules));
        RatesAddUp(victoria, victoria);
    }

    /// <summary>After more work, every user's exits over all hosts are 20 times those of one agent, and the other's.
    /// </summary>
    private void CountersAddUp(QueryServer server)
    {
        server.Until(() => server.Answers() && server.Value("count(up == 1)") == Alike + 1, "all hosts are up");
        Work();
        foreach (var user in (string[])["ann", "ben", "root"])
        {
            Assert.True(Exits(agentOfMany) > 0);
            server.Until(() => server.Value($"sum(acct_process_exits_total{{user=\"{user}\"}})")
                == (Alike * Exits(agentOfMany)) + Exits(agentOfOne), $"all exits of {user}");

            double Exits(AgentProcess agent) => agent.Scrape().Sum("acct_process_exits_total", ("user", user));
        }

        Assert.Equal(Alike + 1, server.Value("count(acct_exits_total)"));
        Assert.Equal((Alike * agentOfMany.Exits()) + agentOfOne.Exits(), server.Value("sum(acct_exits_total)"));
    }

    /// <summary>
    /// At the instant that a rule recorded last, what it recorded is what the rates of all hosts add up to. A scrape
    /// that was under way at that instant is seen only later: then it is the next instant's turn.
    /// </summary>
    private static void RatesAddUp(QueryServer hosts, QueryServer recorded)
    {
        foreach (var (record, rate) in Recorded)
        {
            hosts.Until(() => recorded.Answers() && AddsUp(record, rate), $"{record} at {recorded.Address}");
        }

        bool AddsUp(string record, string rate)
        {
            // Sums of an instant may come one after the other: the oldest of them has all.
            var instants = recorded.Labelled($"timestamp({record})").Select(series => series.Value).ToList();
            if (instants.Count == 0)
            {
                return false;
            }

            var instant = instants.Min();
            var sums = recorded.Labelled(record, instant: instant).ToDictionary(User, series => series.Value);
            var parts = hosts.Labelled(rate, instant: instant);
            return sums.GetValueOrDefault("ann", sums.GetValueOrDefault("")) > 0
                && parts.Select(series => series.Labels["instance"]).Distinct().Count() == Alike + 1
                && parts.ToLookup(User, series => series.Value) is var truth && truth.Count == sums.Count
                && truth.All(user => sums.TryGetValue(user.Key, out var sum)
                    && Math.Abs(sum - user.Sum()) <= 1e-9 * Math.Abs(sum));
        }

        static string User((Dictionary<string, string> Labels, double Value) series) =>
            series.Labels.GetValueOrDefault("user", "");
    }

    private static string[] Targets() =>
        [.. Enumerable.Range(1, Alike).Select(number => $"many-{number:d2}"), "one"];

    /// <summary>The name that a target has becomes its instance, and the agent's address the one that is scraped.
    /// </summary>
    private string Relabelling(string indent) => string.Join('\n', $"""
        relabel_configs:
          - source_labels: [__address__]
            target_label: instance
          - source_labels: [__address__]
            regex: many-.*
            target_label: __address__
            replacement: {Authority(agentOfMany)}
          - source_labels: [__address__]
            regex: one.*
            target_label: __address__
            replacement: {Authority(agentOfOne)}
        """.Split('\n').Select(line => indent + line));

    private static string Authority(AgentProcess agent) => new Uri(agent.Address).Authority;

    private void Work()
    {
        many.End((1000, "build", 7), (1001, "build", 2), (0, "cron", 3));
        one.End((2000, "build", 5), (0, "cron", 1));
        // A failure, and some ticks of CPU time.
        many.Lab.Inside.Run("setpriv", "--reuid=1000", "--clear-groups", "sh", "-c",
            "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; sh -c 'exit 1' || true");
    }

    private T Keep<T>(T server)
        where T : IDisposable
    {
        servers.Push(server);
        return server;
    }
}
