// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Tests.Tidy;
using YamlDotNet.RepresentationModel;

namespace AcctExporter.Tests.Alerts;

/// <summary>An alert or a recording rule, as its file says it.</summary>
/// <param name="File">The file.</param>
/// <param name="Name">Name of the alert, or of the series that is recorded.</param>
/// <param name="IsAlert">It is an alert.</param>
/// <param name="Expression">What is asked.</param>
/// <param name="Labels">What it adds.</param>
/// <param name="Annotations">What it tells people.</param>
internal sealed record Rule(
    string File, string Name, bool IsAlert, string Expression, IReadOnlyDictionary<string, string> Labels,
    IReadOnlyDictionary<string, string> Annotations)
{
    public override string ToString() => $"{File}: {Name}";
}

/// <summary>The rules that are shipped, and promtool's tests of them.</summary>
internal static class RuleFile
{
    /// <summary>Where they are, from the root.</summary>
    public const string Folder = "grafana/alerts";

    /// <summary>The files of rules.</summary>
    public static string[] Paths { get; } = [$"{Folder}/acct-alerts.yaml", $"{Folder}/acct-recording.yaml"];

    /// <summary>The files of tests.</summary>
    public static string[] TestPaths { get; } =
        [.. Repository.Files($"{Folder}/tests").Where(path => path.EndsWith(".test.yaml", StringComparison.Ordinal))];

    /// <summary>All rules.</summary>
    public static IReadOnlyList<Rule> All { get; } = [.. Paths.SelectMany(Rules)];

    /// <summary>The alerts among them.</summary>
    public static IReadOnlyList<Rule> Alerts { get; } = [.. All.Where(rule => rule.IsAlert)];

    /// <summary>For each place where a test expects something of an alert: its name, and how often it must fire.</summary>
    public static IEnumerable<(string Alert, int Fires)> TestedAlerts =>
        from path in TestPaths
        from test in Sequence(Load(path), "tests")
        from check in Sequence(test, "alert_rule_test")
        select (Text(check, "alertname"), Sequence(check, "exp_alerts").Count);

    /// <summary>Full path of a file of the repository.</summary>
    public static string Full(string path) => Path.Combine(Repository.Root, path);

    private static IEnumerable<Rule> Rules(string path) =>
        from grouping in Sequence(Load(path), "groups")
        from rule in Sequence(grouping, "rules")
        let isAlert = Has(rule, "alert")
        select new Rule(
            path, Text(rule, isAlert ? "alert" : "record"), isAlert, Text(rule, "expr"), Map(rule, "labels"),
            Map(rule, "annotations"));

    private static YamlMappingNode Load(string path)
    {
        var stream = new YamlStream();
        using var reader = new StreamReader(Full(path));
        stream.Load(reader);
        return (YamlMappingNode)stream.Documents.Single().RootNode;
    }

    private static List<YamlMappingNode> Sequence(YamlMappingNode node, string key) =>
        Has(node, key) ? [.. ((YamlSequenceNode)node[key]).Cast<YamlMappingNode>()] : [];

    private static Dictionary<string, string> Map(YamlMappingNode node, string key) =>
        Has(node, key)
            ? ((YamlMappingNode)node[key]).ToDictionary(one => one.Key.ToString(), one => one.Value.ToString())
            : [];

    private static bool Has(YamlMappingNode node, string key) => node.Children.ContainsKey(key);

    private static string Text(YamlMappingNode node, string key) => node[key].ToString();
}
