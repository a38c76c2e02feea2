// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Metrics;
using AcctExporter.Tests.Tidy;

namespace AcctExporter.Tests.Grafana;

/// <summary>
/// Each metric and label that a dashboard asks for is one of the catalog, and the catalog is on the dashboards.
/// </summary>
public class QueryCatalogTests
{
    /// <summary>What a server adds, and what the server itself knows of a target.</summary>
    private static readonly string[] TargetLabels = ["job", "instance"];

    /// <summary>Metrics that no dashboard shows, and why.</summary>
    private static readonly Dictionary<string, string> NotShown = new()
    {
        ["acct_process_virtual_memory_bytes"] = "only with --pairs.all-histograms; the host's is shown",
        ["acct_process_peak_rss_bytes"] = "likewise",
        ["acct_process_io_per_exit_bytes"] = "likewise",
        ["acct_exporter_web_config_last_reload_successful"] = "an alert's matter: most hosts have no such file",
        ["acct_exporter_web_config_reloads_total"] = "likewise",
        ["acct_exporter_web_config_reload_failures_total"] = "likewise",
        ["acct_exporter_web_certificate_expiry_timestamp_seconds"] = "likewise",
        ["acct_exporter_web_refusals_total"] = "likewise",
        ["acct_exporter_scrapes_total"] = "how often it is asked is known to who asks",
        ["acct_exporter_login_rotations_total"] = "part of every week, and no trouble",
        ["acct_exporter_page_log_rotations_total"] = "likewise",
        ["acct_exporter_page_log_cut_off_bytes_total"] = "read again, so nothing is amiss",
        ["acct_exporter_page_log_up"] = "the graph of the print log is empty without it; most hosts print nothing",
    };

    private static IEnumerable<(string Where, string Query)> Asked =>
        Dashboard.All.SelectMany(board => board.Queries.Select(query => (query.ToString(), query.Expression))
            .Concat(board.Annotations.Select(one => ($"{board.Path}: {one.Text("name")}", one.Text("expr"))))
            .Concat(board.Variables.Where(one => one.Text("type") == "query").Select(one =>
                ($"{board.Path}: ${one.Text("name")}", AsSum(one.VariableQuery())))));

    [Fact]
    public void MetricsAndLabels_AreInTheCatalog() =>
        Repository.None(Asked.SelectMany(one => Faults(one.Query).Select(fault => $"{one.Where}: {fault}")));

    [Fact]
    public void ARule_SeesWhatBreaksIt()
    {
        Assert.Single(Faults("sum(acct_exit_total)"));
        Assert.Single(Faults("acct_duration_seconds"));
        Assert.Single(Faults("acct_exits_total_sum"));
        Assert.Single(Faults("acct_exits_total{command=\"x\"}"));
        Assert.Single(Faults("sum by (command) (rate(acct_exits_total[5m]))"));
        Assert.Single(Faults("sum by (item) (acct_sessions)"));
        Assert.Single(Faults("{job=\"x\"}"));
        Assert.Empty(Faults(
            """
            sum by (le, instance) (rate(acct_duration_seconds_bucket{job="x"}[5m])) > up
              or sum by (item) (label_replace(sum by (user) (acct_sessions{line="pts"}), "item", "x", "", ""))
            """));
    }

    [Fact]
    public void EachMetric_IsShownSomewhere_OrSaidNotToBe()
    {
        var shown = Asked.SelectMany(one => PromqlReader.Read(one.Query).Selectors)
            .Select(one => Family(one.Metric)?.Name).ToHashSet();
        Repository.None(Catalog.All.Where(family => !shown.Contains(family.Name) && !NotShown.ContainsKey(family.Name))
            .Select(family => $"{family.Name} is on no dashboard: show it, or say here why not"));
        Repository.None(NotShown.Keys.Where(name => shown.Contains(name) || Catalog.All.All(one => one.Name != name))
            .Select(name => $"{name} is shown, or is no metric"));
    }

    /// <summary>
    /// A server has targets of other kinds, and "all" jobs are all of them: what every program has (<c>up</c>,
    /// <c>process_*</c>) is asked of agents: of those that have pairs.
    /// </summary>
    [Fact]
    public void WhatEveryTargetHas_IsAskedOfAgentsAlone() => Repository.None(Asked
        .Select(one => (one.Where, one.Query, Metrics: PromqlReader.Read(one.Query).Selectors
            .Select(selector => selector.Metric).ToList()))
        .Where(one => one.Metrics.Exists(metric => !metric.StartsWith("acct_", StringComparison.Ordinal))
            && !(one.Metrics.Contains("acct_exporter_pairs")
                && one.Query.Contains(" and on (job", StringComparison.Ordinal)))
        .Select(one => $"{one.Where}: {one.Query}"));

    /// <summary>What can be chosen is there for agents that push, too.</summary>
    [Fact]
    public void Variables_AreOfMetricsThatArePushed() => Repository.None(Asked
        .Where(one => one.Where.Contains(": $", StringComparison.Ordinal))
        .SelectMany(one => PromqlReader.Read(one.Query).Selectors
            .Where(selector => Family(selector.Metric) is not { ScrapeOnly: false })
            .Select(selector => $"{one.Where}: {selector.Metric} is not pushed")));

    /// <summary>The labels of a series; null when there is none of that name.</summary>
    internal static IReadOnlyList<string>? LabelsOf(string metric) =>
        metric == "up" ? TargetLabels
        : Family(metric) is not { } family ? null
        : metric.EndsWith("_bucket", StringComparison.Ordinal) ? [.. family.Labels, .. TargetLabels, "le"]
        : [.. family.Labels, .. TargetLabels];

    private static MetricFamily? Family(string metric)
    {
        var cut = metric.LastIndexOf('_');
        var isPart = cut > 0 && metric[cut..] is "_bucket" or "_sum" or "_count";
        var isPartOf = isPart ? metric[..cut] : metric;
        return Catalog.All.FirstOrDefault(family => family.Kind == MetricKind.Histogram
            ? isPart && family.Name == isPartOf : family.Name == metric);
    }

    /// <summary>The values of a label of some series are, in PromQL, what a sum by it gives.</summary>
    private static string AsSum(string query)
    {
        var (open, comma) = (query.IndexOf('('), query.LastIndexOf(','));
        return $"sum by ({query[(comma + 1)..^1].Trim()}) ({query[(open + 1)..comma]})";
    }

    private static IEnumerable<string> Faults(string query)
    {
        var (selectors, made) = PromqlReader.Read(query);
        foreach (var selector in selectors)
        {
            if (LabelsOf(selector.Metric) is not { } labels)
            {
                yield return $"no metric '{selector.Metric}'";
                continue;
            }

            foreach (var label in selector.Matchers.Select(one => one.Label)
                .Concat(selector.Grouping.Where(one => !made.Contains(one))).Distinct()
                .Where(label => !labels.Contains(label)))
            {
                yield return $"{selector.Metric} has no label {label}";
            }
        }
    }
}
