// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace AcctExporter.Tests.Grafana;

/// <summary>
/// The 17 rules of Grafana's own linter of dashboards (grafana/dashboard-linter), under its names. Each gives what
/// breaks it. Where the linter looks at some kinds of panels only, these look at all that show figures.
/// </summary>
internal static partial class LinterRules
{
    /// <summary>Of Grafana's units those that fit what is measured here.</summary>
    private static readonly HashSet<string> Units =
    [
        "none", "string", "short", "percent", "percentunit", "locale", "sci", "bytes", "decbytes", "Bps", "binBps",
        "dateTimeAsIso", "dateTimeFromNow", "ms", "s", "m", "h", "d", "dtdurations", "dthms", "dtdhms", "cps", "ops",
        "rps", "cpm", "bool", "bool_yes_no", "bool_on_off",
    ];

    /// <summary>Each rule by its name.</summary>
    public static IReadOnlyDictionary<string, Func<Dashboard, IEnumerable<string>>> All { get; } =
        new Dictionary<string, Func<Dashboard, IEnumerable<string>>>
        {
            ["template-datasource-rule"] = DatasourceVariable,
            ["template-job-rule"] = dashboard => TargetVariable(dashboard, "job", "Job"),
            ["template-instance-rule"] = dashboard => TargetVariable(dashboard, "instance", "Instance"),
            ["template-label-promql-rule"] = VariableQueries,
            ["template-on-time-change-reload-rule"] = VariablesReload,
            ["panel-datasource-rule"] = PanelDatasource,
            ["panel-title-description-rule"] = TitleAndDescription,
            ["panel-units-rule"] = PanelUnits,
            ["panel-no-targets-rule"] = PanelTargets,
            ["target-logql-rule"] = NoOtherLanguage,
            ["target-logql-auto-rule"] = NoFixedRangeForLogs,
            ["target-promql-rule"] = Promql,
            ["target-rate-interval-rule"] = RateInterval,
            ["target-job-rule"] = dashboard => TargetMatcher(dashboard, "job"),
            ["target-instance-rule"] = dashboard => TargetMatcher(dashboard, "instance"),
            ["target-counter-agg-rule"] = CountersInRate,
            ["uneditable-dashboard"] = Uneditable,
        };

    private static IEnumerable<string> DatasourceVariable(Dashboard dashboard)
    {
        var all = dashboard.Variables.Where(variable => variable.Text("type") == "datasource").ToArray();
        if (all is not [var one])
        {
            yield return $"{dashboard.Path}: {all.Length} variables of type datasource";
        }
        else if ((one.Text("name"), one.Text("label"), one.Text("query")) != ("datasource", "Data source", "prometheus"))
        {
            yield return $"{dashboard.Path}: the data source is not 'datasource', 'Data source', of prometheus";
        }
    }

    private static IEnumerable<string> TargetVariable(Dashboard dashboard, string name, string label)
    {
        var one = dashboard.Variables.FirstOrDefault(variable => variable.Text("name") == name);
        if (one is null || one.Text("label") != label || one.Text("type") != "query" || !UsesVariable(one)
            || !one.Says("multi") || !one.Says("includeAll") || one.Text("allValue") != ".+")
        {
            yield return $"{dashboard.Path}: variable {name} is missing, or no multiple query of $datasource with .+";
        }
    }

    private static IEnumerable<string> VariableQueries(Dashboard dashboard) =>
        from variable in dashboard.Variables
        where variable.Text("type") == "query"
        let query = variable.VariableQuery()
        let match = VariableCall().Match(query)
        where !match.Success || PromqlReader.Read(match.Groups[1].Value).Selectors.Count != 1 || !IsBalanced(query)
        select $"{dashboard.Path}: variable {variable.Text("name")}: {query}";

    private static IEnumerable<string> VariablesReload(Dashboard dashboard) =>
        from variable in dashboard.Variables
        where variable.Text("type") == "query" && variable.Number("refresh") != 2
        select $"{dashboard.Path}: variable {variable.Text("name")} is not refreshed when the time changes";

    private static IEnumerable<string> PanelDatasource(Dashboard dashboard) =>
        from panel in dashboard.Figures
        where !UsesVariable(panel) || !panel["targets"].Objects().All(UsesVariable)
        select $"{dashboard.Path}: {panel.Text("title")} has a data source of its own";

    private static IEnumerable<string> TitleAndDescription(Dashboard dashboard) =>
        from panel in dashboard.Panels
        where panel.Text("title").Length == 0
            || (panel.Text("type") != "row" && panel.Text("description").Length == 0)
        select $"{dashboard.Path}: panel {panel["id"]} has no title or no description";

    private static IEnumerable<string> PanelUnits(Dashboard dashboard)
    {
        foreach (var panel in dashboard.Figures)
        {
            // Heatmaps have theirs at the axis.
            var units = panel.Text("type") == "heatmap"
                ? [(panel["options"]?["yAxis"] as JsonObject)?.Text("unit") ?? ""]
                : panel["fieldConfig"]!["overrides"].Objects().SelectMany(one => one["properties"].Objects())
                    .Where(one => one.Text("id") == "unit").Select(one => one.Text("value"))
                    .Append((panel["fieldConfig"]!["defaults"] as JsonObject)?.Text("unit") ?? "");
            foreach (var unit in units.Where(unit => !Units.Contains(unit)))
            {
                yield return $"{dashboard.Path}: {panel.Text("title")}: unit '{unit}'";
            }
        }
    }

    private static IEnumerable<string> PanelTargets(Dashboard dashboard) =>
        from panel in dashboard.Figures
        where !panel["targets"].Objects().Any()
        select $"{dashboard.Path}: {panel.Text("title")} asks for nothing";

    /// <summary>LogQL would have to be parsed by somebody; there is none, and none may come unseen.</summary>
    private static IEnumerable<string> NoOtherLanguage(Dashboard dashboard) =>
        from query in dashboard.Queries
        where (query.Target["datasource"] as JsonObject)?.Text("type") != "prometheus"
        select $"{query} is no query of Prometheus";

    private static IEnumerable<string> NoFixedRangeForLogs(Dashboard dashboard) =>
        from query in dashboard.Queries
        where (query.Target["datasource"] as JsonObject)?.Text("type") == "loki"
            && query.Expression.Contains('[', StringComparison.Ordinal)
            && !query.Expression.Contains("[$__auto]", StringComparison.Ordinal)
        select $"{query} asks for logs over a fixed time";

    /// <summary>What can be seen without a parser; promtool sees the rest (<see cref="DashboardDataTests"/>).</summary>
    private static IEnumerable<string> Promql(Dashboard dashboard) =>
        from query in dashboard.Queries
        where PromqlReader.Read(query.Expression).Selectors.Count == 0 || !IsBalanced(query.Expression)
        select $"{query}: {query.Expression}";

    private static IEnumerable<string> RateInterval(Dashboard dashboard) =>
        from query in dashboard.Queries
        from selector in PromqlReader.Read(query.Expression).Selectors
        where selector.Function is "rate" or "irate" && selector.Range != "$__rate_interval"
        select $"{query}: {selector.Function} of {selector.Metric} over {selector.Range}";

    private static IEnumerable<string> TargetMatcher(Dashboard dashboard, string label) =>
        from query in dashboard.Queries
        from selector in PromqlReader.Read(query.Expression).Selectors
        where !selector.Matchers.Contains(new(label, "=~", "$" + label))
        select $"{query}: {selector.Metric} of every {label}";

    private static IEnumerable<string> CountersInRate(Dashboard dashboard) =>
        from query in dashboard.Queries
        from selector in PromqlReader.Read(query.Expression).Selectors
        where selector.Metric.EndsWith("_total", StringComparison.Ordinal)
            && (selector.Range.Length == 0 || selector.Function is not ("rate" or "irate" or "increase"))
        select $"{query}: {selector.Metric} without rate or increase";

    private static IEnumerable<string> Uneditable(Dashboard dashboard) =>
        dashboard.Root["editable"] is JsonValue value && !value.GetValue<bool>() ? []
            : [$"{dashboard.Path} can be edited"];

    private static bool UsesVariable(JsonObject one) =>
        one["datasource"] is JsonObject source && source.Text("uid") == "${datasource}";

    private static bool IsBalanced(string query)
    {
        var open = new Stack<char>();
        foreach (var letter in Quoted().Replace(query, ""))
        {
            if (letter is '(' or '[' or '{')
            {
                open.Push(letter);
            }
            else if (letter is ')' or ']' or '}'
                && (!open.TryPop(out var first) || (first, letter) is not (('(', ')') or ('[', ']') or ('{', '}'))))
            {
                return false;
            }
        }

        return open.Count == 0;
    }

    [GeneratedRegex(@"^label_values\((.+), *\w+\)$")]
    private static partial Regex VariableCall();

    [GeneratedRegex(@"""(?:[^""\\]|\\.)*""")]
    private static partial Regex Quoted();
}
