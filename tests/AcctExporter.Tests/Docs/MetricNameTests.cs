// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;
using AcctExporter.Metrics;
using AcctExporter.Tests.Tidy;

namespace AcctExporter.Tests.Docs;

/// <summary>A metric that a document names is one of the catalog.</summary>
public partial class MetricNameTests
{
    /// <summary>Every name under which a series can be queried.</summary>
    private static readonly HashSet<string> Known =
        [.. Catalog.All.SelectMany(family => Series(family))];

    [Fact]
    public void Metrics_AreInTheCatalog() => Repository.None(
        MarkdownFile.All.Where(file => file.Path != "docs/metrics.md").SelectMany(Faults));

    [Fact]
    public void ARule_SeesWhatBreaksIt()
    {
        Assert.Single(Faults(MarkdownFile.Of("see `acct_proces_exits_total`")));
        Assert.Single(Faults(MarkdownFile.Of("see acct_process_exits without quotes")));
        Assert.Single(Faults(MarkdownFile.Of("see `acct_nothing_*`")));
        Assert.Single(Faults(MarkdownFile.Of("```sh\ncurl x | grep '^acct_exit_'\n```")));
        Assert.Single(Faults(MarkdownFile.Of("```promql\nrate(acct_exit_total[5m])\n```")));
        Assert.Empty(Faults(MarkdownFile.Of(
            "`acct_exits_total`, `acct_process_*`, `acct_process_duration_seconds_bucket`\n"
            + "```sh\ncurl x | grep -E '^acct_(exits|failures)_total'\n```")));
    }

    private static IEnumerable<string> Faults(MarkdownFile file)
    {
        var prose = file.Prose.Select(line => (line.Number, line.Text, InCommand: false));
        var blocks = file.Blocks.SelectMany(block => block.Text.Split('\n')
            .Select((text, index) => (Number: block.Line + index, Text: text, InCommand: block.Kind == "sh")));
        foreach (var (number, text, inCommand) in prose.Concat(blocks))
        {
            foreach (Match match in Name().Matches(text))
            {
                // A command line looks for it, by its begin.
                var (name, isFamily) = (match.Groups[1].Value, inCommand || match.Groups[2].Length > 0);
                if (!Known.Any(one => isFamily ? one.StartsWith(name, StringComparison.Ordinal) : one == name))
                {
                    yield return $"{file.Path}:{number}: no metric {match.Value} (docs/metrics.md has them all)";
                }
            }
        }
    }

    private static IEnumerable<string> Series(MetricFamily family)
    {
        var name = family.Name;
        return family.Kind == MetricKind.Histogram ? [name, $"{name}_bucket", $"{name}_sum", $"{name}_count"] : [name];
    }

    /// <summary>
    /// A name, or the begin of several: before a star, or before a choice as regular expressions have it. Series of
    /// recording rules have colons (<see cref="Alerts.RuleCatalogTests"/>).
    /// </summary>
    [GeneratedRegex(@"(?<![\w./:-])(acct_[a-z0-9_]*)([*(]?)")]
    private static partial Regex Name();
}
