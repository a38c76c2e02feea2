// SPDX-License-Identifier: Apache-2.0
using System.Text.Json;
using System.Text.RegularExpressions;
using AcctExporter.Tests.Alerts;
using AcctExporter.Tests.Golden;
using AcctExporter.Tests.Tidy;
using YamlDotNet.RepresentationModel;

namespace AcctExporter.Tests.Helm;

/// <summary>The files of the chart agree with each other, and with what they are copies of.</summary>
public partial class ChartFileTests
{
    /// <summary>A chart can read no file outside of its folder, so it has copies.</summary>
    [Fact]
    public void RulesAndDashboards_AreThoseOfGrafana()
    {
        var wanted = new Dictionary<string, string>();
        foreach (var path in RuleFile.Paths)
        {
            wanted.Add($"{Chart.Folder}/files/rules/{Path.GetFileName(path)}", path);
        }

        foreach (var path in Repository.Files("grafana")
            .Where(path => Path.GetExtension(path) == ".json" && path.Count(letter => letter == '/') == 1))
        {
            wanted.Add($"{Chart.Folder}/files/dashboards/{Path.GetFileName(path)}", path);
        }

        foreach (var (copy, path) in wanted)
        {
            GoldenFile.CheckFile(copy, File.ReadAllText(Path.Combine(Repository.Root, path)));
        }

        Assert.Equal(wanted.Keys.Order(StringComparer.Ordinal), Repository.Files($"{Chart.Folder}/files"));
    }

    [Fact]
    public void Version_IsThatOfTheProgram()
    {
        var version = VersionOfProgram().Match(
            File.ReadAllText(Path.Combine(Repository.Root, "Directory.Build.props"))).Groups[1].Value;
        Assert.Contains($"\nappVersion: \"{version}\"\n", Chart.Text("Chart.yaml"), StringComparison.Ordinal);
        Assert.Contains($":{version}\n", Chart.Text("examples/sidecar.yaml"), StringComparison.Ordinal);
    }

    /// <summary>Each value is in the schema, and what the schema knows is a value.</summary>
    [Fact]
    public void Schema_HasEachValue_AndNoOther()
    {
        using var schema = JsonDocument.Parse(Chart.Text("values.schema.json"));
        Repository.None(SchemaFaults(Values(), schema.RootElement, ""));
    }

    [Fact]
    public void SchemaCheck_SeesWhatIsWrong()
    {
        using var schema = JsonDocument.Parse(
            """{"properties": {"a": {"additionalProperties": false, "properties": {"b": {}, "c": {}}}}}""");
        Assert.Equal(
            ["a/d is not in the schema", "a/c is not in values.yaml", " takes any key"],
            SchemaFaults(Yaml("a: {b: 1, d: 2}"), schema.RootElement, ""));
    }

    /// <summary>Switches of rules have the names of the rules.</summary>
    [Fact]
    public void Switches_AreTheGroupsAndAlerts()
    {
        using var schema = JsonDocument.Parse(Chart.Text("values.schema.json"));
        var rule = schema.RootElement.GetProperty("properties").GetProperty("prometheusRule").GetProperty("properties");
        Assert.Equal(
            RuleFile.Alerts.Select(alert => alert.Name).Order(StringComparer.Ordinal),
            Names(rule.GetProperty("disabled")).Order(StringComparer.Ordinal));
        var groups = RuleFile.Paths.SelectMany(path => GroupName().Matches(
            File.ReadAllText(RuleFile.Full(path))).Select(match => match.Groups[1].Value)).ToArray();
        Assert.Equal(groups, Names(rule.GetProperty("groups")));
        Assert.Equal(groups, Keys((YamlMappingNode)Values()["prometheusRule"]["groups"]));
    }

    /// <summary>The table of README.md has each value with its default, in the order of values.yaml.</summary>
    [Fact]
    public void Readme_HasEachValue()
    {
        var rows = Row().Matches(Chart.Text("README.md"))
            .Select(match => (match.Groups[1].Value, match.Groups[2].Value));
        Assert.Equal(Leaves(Values(), ""), rows);
    }

    private static YamlMappingNode Values() => Yaml(Chart.Text("values.yaml"));

    private static YamlMappingNode Yaml(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return (YamlMappingNode)stream.Documents.Single().RootNode;
    }

    private static IEnumerable<string> SchemaFaults(YamlMappingNode values, JsonElement schema, string path)
    {
        // What is handed on as it is has no list of keys: the agent's configuration, maps of Kubernetes.
        if (!schema.TryGetProperty("properties", out var properties) || path == "config")
        {
            yield break;
        }

        foreach (var (key, value) in values.Children)
        {
            var name = Path.Combine(path, ((YamlScalarNode)key).Value!);
            if (!properties.TryGetProperty(((YamlScalarNode)key).Value!, out var inner))
            {
                yield return $"{name} is not in the schema";
            }
            else if (value is YamlMappingNode map)
            {
                foreach (var fault in SchemaFaults(map, inner, name))
                {
                    yield return fault;
                }
            }
        }

        var keys = Keys(values);
        string[] optional = path switch
        {
            "" => ["global"],
            "prometheusRule/disabled" => Names(schema),
            "resources" => ["claims"],
            "updateStrategy/rollingUpdate" => ["maxSurge"],
            _ when path.EndsWith("Probe", StringComparison.Ordinal) => Names(schema),
            _ => [],
        };
        foreach (var name in Names(schema).Except(keys).Except(optional))
        {
            yield return $"{Path.Combine(path, name)} is not in values.yaml";
        }

        if (!schema.TryGetProperty("additionalProperties", out var others)
            || others.ValueKind != JsonValueKind.False)
        {
            yield return $"{path} takes any key";
        }
    }

    private static string[] Names(JsonElement schema) =>
        [.. schema.GetProperty("properties").EnumerateObject().Select(one => one.Name)];

    private static string[] Keys(YamlMappingNode map) =>
        [.. map.Children.Keys.Select(key => ((YamlScalarNode)key).Value!)];

    /// <summary>Each value that is no map, or an empty one, with its default as the table shows it.</summary>
    private static IEnumerable<(string Name, string Default)> Leaves(YamlMappingNode values, string path)
    {
        foreach (var (key, value) in values.Children)
        {
            var name = path + ((YamlScalarNode)key).Value;
            if (value is YamlMappingNode { Children.Count: > 0 } map)
            {
                foreach (var leaf in Leaves(map, name + "."))
                {
                    yield return leaf;
                }
            }
            else
            {
                yield return (name, DefaultOf(value));
            }
        }
    }

    private static string DefaultOf(YamlNode value) => value switch
    {
        YamlMappingNode => "{}",
        YamlSequenceNode { Children.Count: 0 } => "[]",
        YamlSequenceNode list => $"[{string.Join(", ", list.Select(one => one is YamlMappingNode map
            ? $"{{{string.Join(", ", map.Children.Select(pair => $"{pair.Key}: {pair.Value}"))}}}" : $"{one}"))}]",
        YamlScalarNode { Value: "" } => "\"\"",
        _ => $"{value}",
    };

    [GeneratedRegex("<Version>(.*)</Version>")]
    private static partial Regex VersionOfProgram();

    [GeneratedRegex(@"^  - name: (\S+)", RegexOptions.Multiline)]
    private static partial Regex GroupName();

    [GeneratedRegex(@"^\| `([A-Za-z][\w./-]*)` \| `([^`]*)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
