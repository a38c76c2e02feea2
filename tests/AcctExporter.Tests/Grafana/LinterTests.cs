// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using AcctExporter.Tests.Tidy;

namespace AcctExporter.Tests.Grafana;

/// <summary>The dashboards keep the rules of Grafana's linter, and each rule sees what breaks it.</summary>
public class LinterTests
{
    /// <summary>For each rule ways to break it.</summary>
    private static readonly (string Rule, Action<Dashboard> Break)[] Breaks =
    [
        ("template-datasource-rule", board => List(board).RemoveAt(0)),
        ("template-datasource-rule", board => List(board)[0]!["name"] = "ds"),
        ("template-job-rule", board => Variable(board, "job")["allValue"] = ".*"),
        ("template-job-rule", board => Variable(board, "job")["name"] = "jobs"),
        ("template-instance-rule", board => Variable(board, "instance")["multi"] = false),
        ("template-instance-rule", board => Variable(board, "instance")["datasource"]!["uid"] = "x"),
        ("template-label-promql-rule", board => Variable(board, "job")["query"]!["query"] = "label_value(up, job)"),
        ("template-label-promql-rule", board => Variable(board, "job")["query"]!["query"] = "label_values(up{, job)"),
        ("template-on-time-change-reload-rule", board => Variable(board, "job")["refresh"] = 1),
        ("panel-datasource-rule", board => First(board)["datasource"]!["uid"] = "prometheus"),
        ("panel-datasource-rule", board => First(board)["targets"]![0]!["datasource"]!["uid"] = "prometheus"),
        ("panel-title-description-rule", board => First(board).Remove("description")),
        ("panel-title-description-rule", board => First(board)["title"] = ""),
        ("panel-units-rule", board => First(board)["fieldConfig"]!["defaults"]!["unit"] = "exits"),
        ("panel-units-rule", board => OfType(board, "heatmap")["options"]!["yAxis"]!["unit"] = "seconds"),
        ("panel-no-targets-rule", board => First(board)["targets"] = new JsonArray()),
        ("target-logql-rule", board => First(board)["targets"]![0]!["datasource"]!["type"] = "loki"),
        ("target-logql-auto-rule", board =>
        {
            First(board)["targets"]![0]!["datasource"]!["type"] = "loki";
            Ask(board, "count_over_time({job=\"x\"}[5m])");
        }),
        ("target-promql-rule", board => Ask(board, "sum(acct_exits_total{}")),
        ("target-promql-rule", board => Ask(board, "sum(1)")),
        ("target-rate-interval-rule", board => Ask(board, "rate(acct_exits_total{job=~\"$job\"}[5m])")),
        ("target-job-rule", board => Ask(board, "acct_sessions{instance=~\"$instance\"}")),
        ("target-job-rule", board => Ask(board, "acct_sessions{job=\"$job\",instance=~\"$instance\"}")),
        ("target-instance-rule", board => Ask(board, "acct_sessions{job=~\"$job\"}")),
        ("target-counter-agg-rule", board => Ask(board, "sum(acct_exits_total)")),
        ("target-counter-agg-rule", board => Ask(board, "deriv(acct_exits_total[$__rate_interval])")),
        ("uneditable-dashboard", board => board.Root["editable"] = true),
        ("uneditable-dashboard", board => board.Root.Remove("editable")),
    ];

    public static TheoryData<string> Rules => [.. LinterRules.All.Keys];

    [Fact]
    public void ThereAreFiveDashboards_And17Rules()
    {
        Assert.Equal(5, Dashboard.All.Count);
        Assert.Equal(17, LinterRules.All.Count);
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Dashboards_KeepTheRule(string rule) => Repository.None(Dashboard.All.SelectMany(LinterRules.All[rule]));

    [Theory]
    [MemberData(nameof(Rules))]
    public void TheRule_SeesWhatBreaksIt(string rule)
    {
        var breaks = Breaks.Where(one => one.Rule == rule).ToArray();
        Assert.NotEmpty(breaks);
        Assert.All(breaks, one => Assert.NotEmpty(LinterRules.All[rule](Dashboard.All[^1].With(one.Break))));
    }

    private static JsonArray List(Dashboard board) => board.Root["templating"]!["list"]!.AsArray();

    private static JsonObject Variable(Dashboard board, string name) =>
        board.Variables.First(variable => variable.Text("name") == name);

    private static JsonObject First(Dashboard board) => board.Figures.First();

    private static JsonObject OfType(Dashboard board, string type) =>
        board.Figures.First(panel => panel.Text("type") == type);

    private static void Ask(Dashboard board, string query) => First(board)["targets"]![0]!["expr"] = query;
}
