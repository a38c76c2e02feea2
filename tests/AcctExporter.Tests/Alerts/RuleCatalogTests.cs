// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using AcctExporter.Metrics;
using AcctExporter.Tests.Docs;
using AcctExporter.Tests.Tidy;

namespace AcctExporter.Tests.Alerts;

/// <summary>What a rule asks for exists: its metrics and labels are the catalog's, or recorded by another rule.</summary>
public partial class RuleCatalogTests
{
    private static readonly string[] TargetLabels = ["job", "instance"];

    /// <summary>What the server itself knows of a target.</summary>
    private const string Up = "up";

    private static readonly HashSet<string> Recorded =
        [.. RuleFile.All.Where(rule => !rule.IsAlert).Select(rule => rule.Name)];

    /// <summary>What PromQL has besides metrics and labels, as far as our rules use it.</summary>
    private static readonly HashSet<string> Words =
    [
        "rate", "increase", "resets", "deriv", "time", "max_over_time", "sum", "by", "without", "on", "and", "or",
        "unless", "offset", "m", "h", "d", "w", "e6",
    ];

    [Fact]
    public void MetricsAndLabels_AreInTheCatalog() => Repository.None(RuleFile.All.SelectMany(Faults));

    /// <summary>Whatever names the instance is that of an agent, and nobody else's.</summary>
    [Fact]
    public void EachSelector_NamesTheJob() => Repository.None(
        from rule in RuleFile.All
        from Match selector in Selector().Matches(rule.Expression)
        where !selector.Groups[2].Value.Contains("job=\"acct-exporter\"", StringComparison.Ordinal)
        select $"{rule}: {selector.Value} lacks job=\"acct-exporter\"");

    [Fact]
    public void RecordedNames_AreLevelMetricAndOperation() => Repository.None(
        RuleFile.All.Where(rule => !rule.IsAlert && !Level().IsMatch(rule.Name))
            .Select(rule => $"{rule}: a recorded series is called level:metric:operation"));

    [Fact]
    public void RecordedSeries_ThatDocumentsName_Exist() => Repository.None(
        from file in MarkdownFile.All
        from text in file.Prose.Select(line => line.Text).Concat(file.Blocks.Select(block => block.Text))
        from Match match in RecordedName().Matches(text)
        where !Recorded.Contains(match.Value)
        select $"{file.Path}: no rule records {match.Value}");

    [Fact]
    public void ARule_SeesWhatBreaksIt()
    {
        Assert.Single(Faults(Asking("""rate(acct_exit_total{job="acct-exporter"}[5m])""")));
        Assert.Single(Faults(Asking("acct_exits_total > 0")));
        Assert.Single(Faults(Asking("""acct_exits_total{command="x"}""")));
        Assert.Single(Faults(Asking("""sum by (job, tty) (acct_sessions{user="x"})""")));
        Assert.Single(Faults(Asking("""acct_duration_seconds{job="x"}""")));
        Assert.Single(Faults(Asking("""up{job="x"}""") with
        {
            Annotations = new Dictionary<string, string> { ["description"] = "{{ $labels.reason }}" },
        }));
        Assert.Empty(Faults(Asking("""
            sum by (job, instance, user) (rate(acct_sessions{user=~"x|y"}[5m] offset 1w)) > 5
              and on (job, instance) up{job="x"} == 0
            """)));

        static Rule Asking(string expression) => new(
            "test", "Test", true, expression, new Dictionary<string, string>(), new Dictionary<string, string>());
    }

    private static IEnumerable<string> Faults(Rule rule)
    {
        var asked = new HashSet<string>(TargetLabels);
        foreach (Match selector in Selector().Matches(rule.Expression))
        {
            var name = selector.Groups[1].Value;
            if (LabelsOf(name) is not { } labels)
            {
                yield return $"{rule}: no metric {name}";
                continue;
            }

            asked.UnionWith(labels);
            foreach (var label in Matcher().Matches(selector.Groups[2].Value).Select(match => match.Groups[1].Value)
                .Where(label => !labels.Contains(label)))
            {
                yield return $"{rule}: {name} has no label {label}";
            }
        }

        // What is left are labels to group by, functions, and what lacks its braces.
        foreach (var word in Word().Matches(Selector().Replace(rule.Expression, " ")).Select(match => match.Value)
            .Distinct().Where(word => !Words.Contains(word) && !asked.Contains(word)))
        {
            yield return $"{rule}: '{word}' is no label of what is asked for";
        }

        foreach (var label in rule.Annotations.Values
            .SelectMany(text => Shown().Matches(text)).Select(match => match.Groups[1].Value)
            .Where(label => !asked.Contains(label)))
        {
            yield return $"{rule}: its text has the label {label}, and the alert has not";
        }
    }

    /// <summary>The labels of a series; null when there is none of that name.</summary>
    private static IReadOnlyCollection<string>? LabelsOf(string name)
    {
        if (name == Up)
        {
            return TargetLabels;
        }

        if (Recorded.Contains(name))
        {
            var level = name.Split(':')[0].Split('_');
            return [.. TargetLabels, .. level];
        }

        var cut = name.LastIndexOf('_');
        var (family, part) = cut < 0 ? (name, "") : (name[..cut], name[cut..]);
        return Catalog.All.FirstOrDefault(one => one.Kind == MetricKind.Histogram
                ? part is "_sum" or "_count" && one.Name == family
                : one.Name == name) is { } found
            ? [.. TargetLabels, .. found.Labels]
            : null;
    }

    [GeneratedRegex(@"([a-zA-Z_:][\w:]*)\s*\{([^}]*)\}")]
    private static partial Regex Selector();

    [GeneratedRegex(@"(\w+)\s*(?:=~|!~|!=|=)")]
    private static partial Regex Matcher();

    [GeneratedRegex(@"[a-zA-Z_:][\w:]*")]
    private static partial Regex Word();

    [GeneratedRegex(@"\b[a-z_]+:acct_[a-z_]+:[a-z0-9_]+")]
    private static partial Regex RecordedName();

    [GeneratedRegex(@"\$labels\.(\w+)")]
    private static partial Regex Shown();

    [GeneratedRegex("^(instance|job)(_[a-z]+)?:acct_[a-z_]+:(ratio_)?rate5m$")]
    private static partial Regex Level();
}
