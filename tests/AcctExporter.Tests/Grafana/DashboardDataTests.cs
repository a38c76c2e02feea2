// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using AcctExporter.Tests.Docs;
using AcctExporter.Tests.RealSystem;
using AcctExporter.Tests.Tidy;

namespace AcctExporter.Tests.Grafana;

/// <summary>
/// Every query of every panel, asked of a real Prometheus that scraped a real agent on a busy host, has an answer.
/// </summary>
[Trait("Lane", "peers")]
[Collection(KernelCollection.Name)]
public sealed partial class DashboardDataTests
{
    /// <summary>What cannot be shown here, and why.</summary>
    private static readonly Dictionary<string, string> Unanswered = [];

    /// <summary>Both versions of promtool, since the servers that are in use are of both kinds.</summary>
    [Fact]
    public void Queries_AreReadByPromtool()
    {
        var queries = Dashboard.All.SelectMany(board => board.Queries.Select(query => query.Expression)
            .Concat(board.Annotations.Select(one => one.Text("expr"))).Select(query => board.Filled(query))).ToList();
        Assert.True(queries.Count > 100);
        foreach (var program in (string[])[Tools.Promtool, Tools.Promtool3])
        {
            var (code, said) = PromqlTests.Check(queries, program);
            Assert.True(code == 0, said);
        }

        Assert.NotEqual(0, PromqlTests.Check([.. queries, "sum(acct_exits_total"], Tools.Promtool3).Code);
    }

    [Fact]
    public void EachPanel_ShowsSomething_OfABusyHost()
    {
        using var host = new BusyHost();
        var target = new Uri(host.Agent.Address).Authority;
        using var prometheus = new PrometheusServer(new PrometheusSetup(target) { Job = "acct-exporter" });
        prometheus.UntilScraped();
        var open = Asked(target).Where(one => !Unanswered.ContainsKey(one.Query)).ToList();
        Assert.True(open.Count > 200, $"{open.Count}");

        // What a closed period takes away is seen before it, what it adds after.
        host.RunTheDay();
        Until(prometheus, open, () => open.Count == 0 || open.All(one => one.Query.Contains("monacct", Ordinal)
            || one.Query.Contains("otlp_last_success", Ordinal)), TimeSpan.FromMinutes(2));
        host.EndTheReceiver();
        host.CloseThePeriod();
        Until(prometheus, open, () => open.Count == 0, TimeSpan.FromMinutes(1));
        Repository.None(open.Select(one => $"{one.Where}: {one.Fault}: {one.Query}"));

        // Pushes that failed are seen as such, and a metric that nobody has is not answered.
        prometheus.Until(
            () => prometheus.Value("sum(increase(acct_exporter_otlp_export_failures_total[1m]))") > 0, "a failed push");
        Assert.NotEqual("", FaultOf(prometheus, "acct_nothing", "__auto"));
        Assert.NotEqual("", FaultOf(prometheus, "acct_sessions", "{{nothing}}"));
    }

    /// <summary>The values that variables may take are there to be chosen.</summary>
    private static List<Question> Asked(string target)
    {
        var all = new List<Question>();
        foreach (var board in Dashboard.All)
        {
            foreach (var values in (Dictionary<string, string>[])[[], Chosen(target)])
            {
                all.AddRange(board.Queries.Select(query => new Question(
                    query.ToString(), board.Filled(query.Expression, values), query.Legend)));
                all.AddRange(board.Variables.Where(one => one.Text("type") == "query").Select(one => new Question(
                    $"{board.Path}: ${one.Text("name")}", board.Filled(one.VariableQuery(), values), "")));
                // Marks are rare: without the comparison there is always a value.
                all.AddRange(board.Annotations.Select(one => new Question(
                    $"{board.Path}: {one.Text("name")}",
                    Comparison().Replace(board.Filled(one.Text("expr"), values), ""), "")));
            }
        }

        return [.. all.DistinctBy(one => (one.Query, one.Legend))];
    }

    /// <summary>One host chosen, as Grafana escapes it in a regular expression within a string.</summary>
    private static Dictionary<string, string> Chosen(string target) => new()
    {
        ["job"] = "acct-exporter",
        ["instance"] = $"({target.Replace(".", @"\\.", Ordinal)}|other)",
    };

    private static void Until(
        PrometheusServer prometheus, List<Question> open, Func<bool> done, TimeSpan limit)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        do
        {
            foreach (var one in open)
            {
                one.Fault = FaultOf(prometheus, one.Query, one.Legend);
            }

            open.RemoveAll(one => one.Fault.Length == 0);
        }
        while (!done() && clock.Elapsed < limit);
    }

    /// <summary>Why the answer to a query is none; nothing when it is one.</summary>
    private static string FaultOf(PrometheusServer prometheus, string query, string legend)
    {
        if (Values().Match(query) is { Success: true } values)
        {
            using var answer = prometheus.Query(
                $"api/v1/label/{values.Groups[2].Value}/values?match[]={Uri.EscapeDataString(values.Groups[1].Value)}");
            return answer.RootElement.GetProperty("data").GetArrayLength() > 0 ? "" : "nothing to choose";
        }

        var series = prometheus.Labelled(query);
        var missing = LegendLabel().Matches(legend).Select(label => label.Groups[1].Value)
            .Where(label => !series.Exists(one => one.Labels.ContainsKey(label))).ToArray();
        return series.Count == 0 ? "no series"
            : series.TrueForAll(one => double.IsNaN(one.Value)) ? "no number"
            : missing.Length > 0 ? $"no label {missing[0]}" : "";
    }

    private const StringComparison Ordinal = StringComparison.Ordinal;

    [GeneratedRegex(@"^label_values\((.+), *(\w+)\)$")]
    private static partial Regex Values();

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex LegendLabel();

    [GeneratedRegex(@" (>|==) 0$")]
    private static partial Regex Comparison();

    private sealed record Question(string Where, string Query, string Legend)
    {
        /// <summary>Why there is no answer yet.</summary>
        public string Fault { get; set; } = "not asked";
    }
}
