// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace AcctExporter.Tests.RealSystem;

/// <summary>One scrape, read back: each series with its value. A reader of its own, not the writer's.</summary>
internal sealed class Scraped
{
    private readonly Dictionary<string, double> series = [];

    /// <summary>Every series as it stood in the text, with its value.</summary>
    public IReadOnlyDictionary<string, double> Series => series;

    /// <summary>The value of one series, spelled as the text spells it; 0 when it is not there.</summary>
    public double this[string name] => series.GetValueOrDefault(name);

    /// <summary>The sum over all series of a family that have every one of the labels.</summary>
    public double Sum(string family, params (string Name, string Value)[] labels) => series
        .Where(entry => (entry.Key == family || entry.Key.StartsWith(family + "{", StringComparison.Ordinal))
            && labels.All(label => Labels(entry.Key).GetValueOrDefault(label.Name) == label.Value))
        .Sum(entry => entry.Value);

    /// <summary>The labels of a series, unescaped.</summary>
    public static Dictionary<string, string> Labels(string series)
    {
        var labels = new Dictionary<string, string>();
        var at = series.IndexOf('{', StringComparison.Ordinal) + 1;
        while (at > 0 && at < series.Length && series[at] != '}')
        {
            var equals = series.IndexOf("=\"", at, StringComparison.Ordinal);
            var name = series[at..equals];
            var value = new StringBuilder();
            for (at = equals + 2; series[at] != '"'; at++)
            {
                value.Append(series[at] != '\\' ? series[at] : series[++at] == 'n' ? '\n' : series[at]);
            }

            labels.Add(name, value.ToString());
            at += series[at + 1] == ',' ? 2 : 1;
        }

        return labels;
    }

    /// <summary>Reads text of format 0.0.4. Two lines for one series are a fault.</summary>
    public static Scraped Parse(string text)
    {
        var scraped = new Scraped();
        foreach (var line in text.Split('\n'))
        {
            if (line.Length > 0 && line[0] != '#')
            {
                var end = line.LastIndexOf(' ');
                scraped.series.Add(line[..end], double.Parse(line[(end + 1)..], CultureInfo.InvariantCulture));
            }
        }

        return scraped;
    }

    /// <summary>Series that count up and are lower than in an earlier scrape, or gone: there must be none.</summary>
    public IEnumerable<string> FallenSince(Scraped earlier) => earlier.series
        .Where(entry => IsCounter(entry.Key) && this[entry.Key] < entry.Value)
        .Select(entry => $"{entry.Key}: {entry.Value} before, {this[entry.Key]} now");

    // What counts since the start of the agent's process may fall; what counts exits may not.
    private static bool IsCounter(string series)
    {
        var name = series.Split('{')[0];
        return (name.EndsWith("_total", StringComparison.Ordinal) || name.EndsWith("_count", StringComparison.Ordinal)
                || name.EndsWith("_sum", StringComparison.Ordinal)
                || name.EndsWith("_bucket", StringComparison.Ordinal))
            && !name.StartsWith("process_", StringComparison.Ordinal)
            && (!name.StartsWith("acct_exporter_", StringComparison.Ordinal) || IsKept(name));
    }

    private static bool IsKept(string name) => name is "acct_exporter_records_read_total"
        or "acct_exporter_records_rejected_total" or "acct_exporter_records_lost_total" or "acct_exporter_gaps_total"
        or "acct_exporter_exits_folded_total" or "acct_exporter_exits_dropped_total";
}
