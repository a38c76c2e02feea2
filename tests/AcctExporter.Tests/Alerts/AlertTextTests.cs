// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using AcctExporter.Tests.Tidy;

namespace AcctExporter.Tests.Alerts;

/// <summary>An alert says who, what, and what to do first; each has a page and a test, and no page is left over.</summary>
public partial class AlertTextTests
{
    private const string Pages = "docs/runbooks";
    private const string PagesOnline = "https://github.com/acct-exporter/acct-exporter/blob/main/docs/runbooks/";
    private static readonly string[] Severities = ["critical", "warning", "info"];

    [Fact]
    public void Alerts_AreOfOneForm() => Repository.None(RuleFile.Alerts.SelectMany(FormFaults));

    [Fact]
    public void Names_AreGivenOnce() => Repository.None(
        RuleFile.All.GroupBy(rule => rule.Name).Where(same => same.Count() > 1).Select(same => $"{same.Key}: twice"));

    [Fact]
    public void EachAlert_HasARunbook_AndEachRunbookAnAlert()
    {
        var alerts = RuleFile.Alerts.Select(rule => $"{Pages}/{rule.Name}.md").ToHashSet();
        var pages = Repository.Files(Pages).Where(path => path != $"{Pages}/README.md").ToHashSet();
        Repository.None(alerts.Except(pages).Select(page => $"{page} is missing"));
        Repository.None(pages.Except(alerts).Select(page => $"{page}: there is no such alert"));
        Repository.None(pages.SelectMany(PageFaults));
    }

    /// <summary>promtool runs them (<see cref="PromtoolRuleTests"/>); here, that there are such tests.</summary>
    [Fact]
    public void EachAlert_IsTestedToFire_AndNotToFire()
    {
        var tested = RuleFile.TestedAlerts.ToLookup(one => one.Alert, one => one.Fires);
        Repository.None(RuleFile.Alerts.Where(rule => !tested[rule.Name].Any(fires => fires > 0))
            .Select(rule => $"{rule.Name}: no test in which it fires"));
        Repository.None(RuleFile.Alerts.Where(rule => tested[rule.Name].Count(fires => fires == 0) < 2)
            .Select(rule => $"{rule.Name}: no test in which it does not, besides that of a healthy host"));
        Repository.None(tested.Select(one => one.Key).Except(RuleFile.Alerts.Select(rule => rule.Name))
            .Select(name => $"{name}: tested, and no alert"));
    }

    [Fact]
    public void ARule_SeesWhatBreaksIt()
    {
        var good = RuleFile.Alerts[0];
        Assert.Empty(FormFaults(good));
        Assert.NotEmpty(FormFaults(good with { Name = "acctDown" }));
        Assert.NotEmpty(FormFaults(good with { Labels = new Dictionary<string, string> { ["severity"] = "page" } }));
        Assert.NotEmpty(FormFaults(good with { Labels = new Dictionary<string, string>() }));
        Assert.Single(FormFaults(With("summary", "{{ $labels.instance }} is down.")));
        Assert.Single(FormFaults(With("description", "It is down. First: look.")));
        Assert.Single(FormFaults(With("description", "{{ $labels.instance }} is down.")));
        Assert.Single(FormFaults(With("runbook_url", PagesOnline + "Other.md")));

        Rule With(string key, string text) =>
            good with { Annotations = new Dictionary<string, string>(good.Annotations) { [key] = text } };
    }

    private static IEnumerable<string> FormFaults(Rule rule)
    {
        if (!CamelCase().IsMatch(rule.Name))
        {
            yield return $"{rule}: the name of an alert is in CamelCase";
        }

        if (rule.Labels.Count != 1 || !Severities.Contains(rule.Labels.GetValueOrDefault("severity")))
        {
            yield return $"{rule}: its one label is severity, of {string.Join(", ", Severities)}";
        }

        if (!rule.Annotations.Keys.Order(StringComparer.Ordinal)
            .SequenceEqual(["description", "runbook_url", "summary"]))
        {
            yield return $"{rule}: annotations are summary, description and runbook_url";
            yield break;
        }

        if (!Sentence().IsMatch(rule.Annotations["summary"]))
        {
            yield return $"{rule}: a summary is a sentence without variables: alerts are put together by it";
        }

        var description = rule.Annotations["description"];
        if (!description.Contains("{{ $labels.instance }}", StringComparison.Ordinal)
            || !description.Contains("First: ", StringComparison.Ordinal) || !description.EndsWith('.'))
        {
            yield return $"{rule}: a description says on which instance, and what to do first";
        }

        if (rule.Annotations["runbook_url"] != $"{PagesOnline}{rule.Name}.md")
        {
            yield return $"{rule}: runbook_url is {PagesOnline}{rule.Name}.md";
        }
    }

    private static IEnumerable<string> PageFaults(string page)
    {
        var lines = Repository.Lines(page);
        if (lines[0] != $"# {Path.GetFileNameWithoutExtension(page)}")
        {
            yield return $"{page}: its title is the alert's name";
        }

        foreach (var part in (string[])["What it means", "Look first", "Causes", "Silence"])
        {
            if (!lines.Contains($"## {part}"))
            {
                yield return $"{page}: the part '{part}' is missing";
            }
        }
    }

    [GeneratedRegex("^([A-Z][a-z]+)+$")]
    private static partial Regex CamelCase();

    [GeneratedRegex(@"^[A-Z][^{}]*\.$")]
    private static partial Regex Sentence();
}
