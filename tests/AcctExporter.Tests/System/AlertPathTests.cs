// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text.Json;
using AcctExporter.Tests.Alerts;
using Xunit.Abstractions;

namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// From a process that dies to somebody's hand: a real agent, a real Prometheus with our rules as they are shipped, a
/// real Alertmanager, and a webhook.
/// </summary>
[Trait("Lane", "peers")]
public sealed class AlertPathTests : IDisposable
{
    /// <summary>In a PID namespace there are no taskstats, and that is what this one is for.</summary>
    private const string OfTheLab = "AcctEnrichmentDown";

    private static readonly TimeSpan Promised = TimeSpan.FromMinutes(1);

    private readonly ITestOutputHelper output;
    private readonly string state = Directory.CreateTempSubdirectory("acct-alerts-test").FullName;
    private readonly AccountingNamespace inside = new();
    private readonly string target = $"127.0.0.1:{PeerServer.FreePort()}";
    private readonly WebhookListener webhook = new();
    private readonly AlertmanagerServer alertmanager;
    private readonly AgentProcess agent;
    private readonly PrometheusServer prometheus;

    public AlertPathTests(ITestOutputHelper output)
    {
        this.output = output;
        alertmanager = new(webhook.Uri);
        agent = new AgentProcess(inside, state, null, $"--web.listen-address={target}", "--logins.source=off");
        prometheus = new(new PrometheusSetup(target)
        {
            Job = "acct-exporter",
            Configuration = $"""
                rule_files:
                  - {RuleFile.Full(RuleFile.Paths[0])}
                  - {RuleFile.Full(RuleFile.Paths[1])}
                alerting:
                  alertmanagers:
                    - static_configs:
                        - targets: ["{alertmanager.Address}"]
                """,
        });
        alertmanager.Until(alertmanager.Answers, "ready");
        agent.WaitUntilReady();
        prometheus.UntilScraped();
    }

    public void Dispose()
    {
        prometheus.Dispose();
        agent.Dispose();
        alertmanager.Dispose();
        webhook.Dispose();
        inside.Dispose();
        Directory.Delete(state, recursive: true);
    }

    /// <summary>
    /// A host that works raises nothing. Then one process dumps core and one is killed, and both are told within a
    /// minute, and nothing else is.
    /// </summary>
    [Fact]
    public void ACoreDumpAndAKill_AreTold_WithinAMinute()
    {
        inside.Run(Tools.Storm, "--fast", "--count", "2000");
        inside.Run("sh", "-c", "for i in 1 2 3 4 5; do sh -c 'exit 3'; sh -c 'kill -TERM $$'; done; true");
        prometheus.Until(() => prometheus.Value("acct_exits_total") > 2000, "the storm is counted");
        UntilRulesAreEvaluated();
        Assert.Empty(Firing());
        Assert.Empty(webhook.Told);
        Assert.True(prometheus.Value("instance:acct_exits:rate5m") > 0);

        var clock = Stopwatch.StartNew();
        var cores = Directory.CreateDirectory($"{state}/core").FullName;
        inside.Run("sh", "-c", $"cd {cores}; (ulimit -c unlimited; sh -c 'kill -SEGV $$'); true");
        inside.Run("sh", "-c", "sleep 600 & kill -KILL $!; wait; true");
        alertmanager.Until(
            () => webhook.Told.Select(alert => alert.Name).Distinct().Count() >= 2 || clock.Elapsed > Promised,
            "told");
        output.WriteLine($"both are told after {clock.Elapsed}");
        Assert.True(clock.Elapsed < Promised, $"{clock.Elapsed}: {string.Join("; ", webhook.Told)}");

        Told("ProcessCoreDumped", "warning", "SIGSEGV", "A process dumped core.", "1 processes dumped core by SIGSEGV");
        Told("ProcessKilled", "info", "SIGKILL", "A process was killed with SIGKILL.", "1 processes got SIGKILL");
        UntilRulesAreEvaluated();
        Assert.Equal(["ProcessCoreDumped", "ProcessKilled"], webhook.Told.Select(alert => alert.Name).Order());
        Assert.Equal(["ProcessCoreDumped", "ProcessKilled"], Firing().Order());
    }

    private void Told(string name, string severity, string signal, string summary, string says)
    {
        var alert = Assert.Single(webhook.Told, one => one.Name == name);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["alertname"] = name, ["instance"] = target, ["job"] = "acct-exporter", ["severity"] = severity,
                ["signal"] = signal,
            },
            alert.Labels);
        Assert.Equal(summary, alert.Annotations["summary"]);
        Assert.StartsWith($"On {target} {says}", alert.Annotations["description"], StringComparison.Ordinal);
        Assert.EndsWith($"/docs/runbooks/{name}.md", alert.Annotations["runbook_url"], StringComparison.Ordinal);
    }

    /// <summary>Each rule is loaded, works, and was evaluated once more from here on.</summary>
    private void UntilRulesAreEvaluated()
    {
        var now = DateTimeOffset.UtcNow;
        prometheus.Until(() => Array.TrueForAll(Rules(), rule => Evaluated(rule) > now), "evaluated");
        var rules = Rules();
        Assert.Equal(
            RuleFile.All.Select(rule => rule.Name).Order(StringComparer.Ordinal),
            rules.Select(rule => Text(rule, "name")).Order(StringComparer.Ordinal));
        Assert.All(rules, rule => Assert.Equal("ok", Text(rule, "health")));
    }

    private JsonElement[] Rules()
    {
        using var answer = prometheus.Query("api/v1/rules");
        return [.. answer.RootElement.GetProperty("data").GetProperty("groups").EnumerateArray()
            .SelectMany(group => group.GetProperty("rules").EnumerateArray()).Select(rule => rule.Clone())];
    }

    /// <summary>The alerts that fire, or will.</summary>
    private string[] Firing() =>
    [
        .. Rules().Where(rule => Text(rule, "type") == "alerting" && Text(rule, "state") != "inactive")
            .Select(rule => Text(rule, "name")).Where(name => name != OfTheLab),
    ];

    private static DateTimeOffset Evaluated(JsonElement rule) =>
        rule.GetProperty("lastEvaluation").GetDateTimeOffset();

    private static string Text(JsonElement rule, string key) => rule.GetProperty(key).GetString()!;
}
