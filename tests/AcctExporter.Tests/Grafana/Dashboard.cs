// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.Json.Nodes;
using AcctExporter.Tests.Tidy;

namespace AcctExporter.Tests.Grafana;

/// <summary>A dashboard of <c>grafana/</c>, as far as tests read it.</summary>
internal sealed class Dashboard
{
    private static readonly JsonSerializerOptions Style = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private Dashboard(string path, string text)
    {
        Path = path;
        Text = text;
        Root = JsonNode.Parse(text)!.AsObject();
    }

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyList<Dashboard> All { get; } =
    [
        .. Repository.Files("grafana").Where(path => path.Count(letter => letter == '/') == 1
                && path.EndsWith(".json", StringComparison.Ordinal))
            .Select(path => new Dashboard(path, File.ReadAllText(System.IO.Path.Combine(Repository.Root, path)))),
    ];

    /// <summary>From the root of the repository.</summary>
    public string Path { get; }

    /// <summary>The file.</summary>
    public string Text { get; }

    /// <summary>What is in it.</summary>
    public JsonObject Root { get; }

    /// <summary>By which others link to it.</summary>
    public string Uid => Root.Text("uid");

    /// <summary>Rows, and what is below them.</summary>
    public IEnumerable<JsonObject> Panels => Root["panels"].Objects()
        .SelectMany(panel => panel["panels"].Objects().Prepend(panel));

    /// <summary>Panels that show figures: no rows, no text.</summary>
    public IEnumerable<JsonObject> Figures => Panels.Where(panel => panel.Text("type") is not ("row" or "text"));

    /// <summary>What can be chosen.</summary>
    public IEnumerable<JsonObject> Variables => Root["templating"]?["list"].Objects() ?? [];

    /// <summary>What is marked in all graphs, but for Grafana's own.</summary>
    public IEnumerable<JsonObject> Annotations =>
        Root["annotations"]!["list"].Objects().Where(one => one["builtIn"] is null);

    /// <summary>Each query of a panel, and where it is.</summary>
    public IEnumerable<DashboardQuery> Queries =>
        from panel in Figures
        from target in panel["targets"].Objects()
        select new DashboardQuery(this, panel, target);

    /// <summary>Another one that is the same but for what was done to it.</summary>
    public Dashboard With(Action<Dashboard> change)
    {
        var other = new Dashboard(Path, Text);
        change(other);
        return other;
    }

    /// <summary>The one form in which dashboards are kept, so that differences are those of what they say.</summary>
    public string Formatted() => Root.ToJsonString(Style) + "\n";
}

/// <summary>A query of a panel.</summary>
internal sealed record DashboardQuery(Dashboard Dashboard, JsonObject Panel, JsonObject Target)
{
    /// <summary>With variables in it.</summary>
    public string Expression => Target.Text("expr");

    /// <summary>How its series are called.</summary>
    public string Legend => Target.Text("legendFormat");

    /// <summary>For messages.</summary>
    public override string ToString() => $"{Dashboard.Path}: {Panel.Text("title")}, {Target.Text("refId")}";
}

/// <summary>Reads JSON in which anything may be missing.</summary>
internal static class DashboardJson
{
    /// <summary>The objects of an array; none when it is no array.</summary>
    public static IEnumerable<JsonObject> Objects(this JsonNode? node) =>
        node is JsonArray array ? array.OfType<JsonObject>() : [];

    /// <summary>A string; empty when there is none.</summary>
    public static string Text(this JsonObject node, string name) =>
        node[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : "";

    /// <summary>A whole number; -1 when there is none.</summary>
    public static int Number(this JsonNode? node, string name) =>
        node?[name] is JsonValue value && value.GetValueKind() == JsonValueKind.Number ? value.GetValue<int>() : -1;

    /// <summary>True when it says so.</summary>
    public static bool Says(this JsonObject node, string name) => node[name]?.GetValueKind() == JsonValueKind.True;

    /// <summary>The query of a variable: in a string, or in an object.</summary>
    public static string VariableQuery(this JsonObject variable) =>
        variable["query"] is JsonObject inner ? inner.Text("query") : variable.Text("query");
}
