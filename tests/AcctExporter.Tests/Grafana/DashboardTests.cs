// SPDX-License-Identifier: Apache-2.0
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AcctExporter.Tests.Tidy;

namespace AcctExporter.Tests.Grafana;

/// <summary>What the house asks of a dashboard besides the linter: it can be provisioned, read and reviewed.</summary>
public partial class DashboardTests
{
    private const int Columns = 24;

    private static readonly Func<Dashboard, IEnumerable<string>>[] Rules =
        [Form, Identity, Layout, Targets, Descriptions, Links, Variables];

    /// <summary>Ways to break them: at least one of the rules sees each.</summary>
    private static readonly Action<Dashboard>[] Breaks =
    [
        board => board.Root["uid"] = "other",
        board => board.Root["id"] = 7,
        board => board.Root["version"] = 3,
        board => board.Root["__inputs"] = new JsonArray(),
        board => board.Root["schemaVersion"] = 38,
        board => board.Root["graphTooltip"] = 0,
        board => board.Root["tags"] = new JsonArray(),
        board => board.Root["links"]![0]!["tags"] = new JsonArray(),
        board => Panel(board, 0)["gridPos"]!["x"] = 1,
        board => Panel(board, 0)["gridPos"]!["w"] = 25,
        board => Panel(board, 1)["gridPos"]!["y"] = 2,
        board => Panel(board, 1)["gridPos"]!["y"] = 1000,
        board => Panel(board, 1)["id"] = Panel(board, 0)["id"]!.GetValue<int>(),
        board => Panel(board, 1)["title"] = Panel(board, 0).Text("title"),
        board => Panel(board, 0)["targets"]![0]!["expr"] = Panel(board, 1)["targets"]![0]!["expr"]!.GetValue<string>(),
        board => Panel(board, 0)["targets"]![0]!["refId"] = "",
        board => Series(board)["targets"]![0]!["legendFormat"] = "{{nobody}}",
        board => Panel(board, 0)["targets"]![0]!["range"] = board.Root["id"],
        board => Panel(board, 0)["description"] = "no sentence",
        board => Panel(board, 0)["links"] = Link("/d/nowhere"),
        board => Panel(board, 0)["links"] = Link("/d/acct-command?var-nothing=1"),
        board => Panel(board, 0)["links"] = Link("http://example.com"),
        board => Panel(board, 0)["targets"]![0]!["expr"] = "acct_sessions{user=~\"$nobody\"}",
        board => board.Variables.Last()["description"] = "",
    ];

    [Fact]
    public void Dashboards_KeepTheRules() =>
        Repository.None(Dashboard.All.SelectMany(board => Rules.SelectMany(rule => rule(board))));

    [Fact]
    public void Dashboards_AreInTheOneForm() => Repository.None(
        Dashboard.All.Where(board => board.Text != board.Formatted())
            .Select(board => $"{board.Path}: not indented by two, or letters escaped that need not be"));

    [Fact]
    public void ARule_SeesWhatBreaksIt()
    {
        for (var i = 0; i < Breaks.Length; i++)
        {
            var broken = Dashboard.All[^1].With(Breaks[i]);
            Assert.True(Rules.Any(rule => rule(broken).Any()), $"nothing sees break {i}");
        }

        Assert.NotEqual(Dashboard.All[0].Text, Dashboard.All[0].With(board => board.Root["uid"] = "x").Formatted());
    }

    /// <summary>So that it can be provisioned as it is: no inputs to fill, nothing that a server numbers.</summary>
    private static IEnumerable<string> Form(Dashboard board)
    {
        if (board.Root["id"] is not null || board.Root.ContainsKey("version") || board.Root.ContainsKey("__inputs"))
        {
            yield return $"{board.Path}: has an id, a version or inputs";
        }

        if (board.Root.Number("schemaVersion") < 39 || board.Root.Number("graphTooltip") != 1)
        {
            yield return $"{board.Path}: an old schema, or no crosshair in all graphs";
        }
    }

    private static IEnumerable<string> Identity(Dashboard board)
    {
        if (board.Path != $"grafana/{board.Uid}.json" || board.Uid.Length > 40
            || board.Root.Text("title").Length == 0 || board.Root.Text("description").Length == 0)
        {
            yield return $"{board.Path}: uid '{board.Uid}' is not its name, or it says not what it is";
        }

        if (board.Root["tags"]?.AsArray() is not [var tag] || tag!.GetValue<string>() != "acct-exporter"
            || board.Root["links"].Objects().FirstOrDefault()?["tags"]?.AsArray() is not [var to]
            || to!.GetValue<string>() != "acct-exporter")
        {
            yield return $"{board.Path}: the tag acct-exporter by which the dashboards link to each other is missing";
        }
    }

    /// <summary>From left to right, from top to bottom, without holes or overlaps.</summary>
    private static IEnumerable<string> Layout(Dashboard board)
    {
        var (x, y, height) = (0, 0, 0);
        foreach (var panel in board.Panels)
        {
            var place = panel["gridPos"];
            if (x == Columns)
            {
                (x, y) = (0, y + height);
            }

            if ((place.Number("x"), place.Number("y")) != (x, y) || (x > 0 && place.Number("h") != height)
                || x + place.Number("w") > Columns)
            {
                yield return $"{board.Path}: {panel.Text("title")} is not at {x}, {y}";
            }

            (x, height) = (x + place.Number("w"), place.Number("h"));
        }

        foreach (var twice in board.Panels.GroupBy(panel => panel.Number("id")).Where(same => same.Count() > 1))
        {
            yield return $"{board.Path}: {twice.Count()} panels have the number {twice.Key}";
        }

        foreach (var twice in board.Panels.GroupBy(panel => panel.Text("title")).Where(same => same.Count() > 1))
        {
            yield return $"{board.Path}: {twice.Count()} panels are called {twice.Key}";
        }
    }

    private static IEnumerable<string> Targets(Dashboard board)
    {
        foreach (var twice in board.Queries.GroupBy(query => query.Expression)
            .Where(same => same.Select(query => query.Panel.Text("type")).Distinct().Count() < same.Count()))
        {
            // A table may well show a figure that a graph shows, too; the same panel twice has no use.
            var tables = twice.All(query => query.Panel.Text("type") == "table");
            if (!tables)
            {
                yield return $"{twice.First()}: another panel has the same query";
            }
        }

        foreach (var query in board.Queries)
        {
            if (query.Target.Text("refId").Length == 0 || query.Target.Says("instant") == query.Target.Says("range"))
            {
                yield return $"{query}: no letter, or neither instant nor range";
            }

            var (selectors, made) = PromqlReader.Read(query.Expression);
            var known = selectors.SelectMany(one => one.Grouping.Count > 0 ? one.Grouping
                : QueryCatalogTests.LabelsOf(one.Metric) ?? []).Concat(made).ToHashSet();
            foreach (Match label in LegendLabel().Matches(query.Legend))
            {
                if (!known.Contains(label.Groups[1].Value))
                {
                    yield return $"{query}: {query.Legend} names a label that the series have not";
                }
            }
        }
    }

    private static IEnumerable<string> Descriptions(Dashboard board) =>
        from panel in board.Panels
        let text = panel.Text("description")
        where panel.Text("type") != "row" && (!text.EndsWith('.') || !char.IsUpper(text[0]))
        select $"{board.Path}: {panel.Text("title")}: '{text}' is no sentence";

    private static IEnumerable<string> Links(Dashboard board)
    {
        foreach (Match link in Url().Matches(board.Formatted()))
        {
            var to = Dashboard.All.FirstOrDefault(other => link.Groups[1].Value == $"/d/{other.Uid}");
            if (to is null)
            {
                yield return $"{board.Path}: {link.Value} leads to no dashboard of ours";
                continue;
            }

            foreach (Match variable in LinkVariable().Matches(link.Groups[2].Value))
            {
                if (!to.Variables.Any(one => one.Text("name") == variable.Groups[1].Value))
                {
                    yield return $"{board.Path}: {to.Uid} has no variable {variable.Groups[1].Value}";
                }
            }
        }
    }

    private static IEnumerable<string> Variables(Dashboard board)
    {
        foreach (var variable in board.Variables.Where(one => one.Text("description").Length == 0))
        {
            yield return $"{board.Path}: variable {variable.Text("name")} says not what it is";
        }

        var known = board.Variables.Select(one => one.Text("name")).Append("__rate_interval").Append("__range");
        foreach (var query in board.Queries)
        {
            foreach (Match used in Variable().Matches(query.Expression))
            {
                if (!known.Contains(used.Groups[1].Value))
                {
                    yield return $"{query}: no variable {used.Value}";
                }
            }
        }
    }

    private static JsonObject Panel(Dashboard board, int index) => board.Figures.ElementAt(index);

    private static JsonObject Series(Dashboard board) =>
        board.Figures.First(panel => panel.Text("type") == "timeseries");

    private static JsonArray Link(string url) => [new JsonObject { ["title"] = "x", ["url"] = url }];

    [GeneratedRegex(@"\{\{(\w+)\}\}")]
    private static partial Regex LegendLabel();

    [GeneratedRegex(@"""url"": ""([^""?]+)(\?[^""]*)?""")]
    private static partial Regex Url();

    [GeneratedRegex(@"(?:[?&]var-|\$\{)(?!__)(\w+)(?:=|:queryparam)")]
    private static partial Regex LinkVariable();

    [GeneratedRegex(@"\$\{?(\w+)")]
    private static partial Regex Variable();
}
