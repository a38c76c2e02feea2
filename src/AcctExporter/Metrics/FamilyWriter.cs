// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace AcctExporter.Metrics;

/// <summary>The two text formats.</summary>
internal enum ExpositionFormat
{
    /// <summary>Prometheus text 0.0.4.</summary>
    Text,

    /// <summary>OpenMetrics 1.0.0.</summary>
    OpenMetrics,
}

/// <summary>
/// Writes one family of the catalog. Everything that does not change from scrape to scrape is encoded once, here;
/// a family's rows are its pairs, its pairs' signals, or a single one.
/// </summary>
internal abstract class FamilyWriter
{
    private readonly byte[] textHead;
    private readonly byte[] openMetricsHead;

    protected FamilyWriter(MetricFamily family)
    {
        Family = family;
        textHead = Encoding.UTF8.GetBytes(TextHead(family));
        openMetricsHead = Encoding.UTF8.GetBytes(OpenMetricsHead(family));
    }

    /// <summary>The row of the catalog.</summary>
    protected MetricFamily Family { get; }

    /// <summary>True when the family has a row for each pair.</summary>
    protected bool IsOfPairs => Family.Scope == MetricScope.Pair;

    /// <summary>The writer for a row of the catalog.</summary>
    public static FamilyWriter For(MetricFamily family, BuildFacts build) => family.Source switch
    {
        RowPoints points => new RowPointsWriter(family, points),
        RowBuckets buckets => new RowBucketsWriter(family, buckets),
        TaskPoints points => new TaskPointsWriter(family, points),
        TaskBuckets buckets => new TaskBucketsWriter(family, buckets),
        SignalPoints signals when family.Scope == MetricScope.Pair => new PairSignalsWriter(family, signals),
        SignalPoints signals => new HostSignalsWriter(family, signals),
        TableRows rows => new TableRowsWriter(family, rows),
        AgentPoints points => new AgentPointsWriter(family, points),
        BuildPoint source => new AgentPointsWriter(family, new AgentPoints(source.LabelKeys,
            new AgentPoint([build.Version, build.Revision], _ => Reading.Count(1L)))),
        _ => throw new ArgumentException($"{family.OTelName} has a source that nobody writes", nameof(family)),
    };

    /// <summary>The lines that introduce the family.</summary>
    public ReadOnlySpan<byte> Head(ExpositionFormat format) =>
        format == ExpositionFormat.Text ? textHead : openMetricsHead;

    /// <summary>How many rows there are. A family without any is left out, head and all.</summary>
    public abstract int Rows(ScrapeData scrape);

    /// <summary>No fewer bytes than a row takes.</summary>
    public abstract int LongestRow(ScrapeData scrape, int row);

    /// <summary>Writes all lines of a row.</summary>
    public abstract void WriteRow(ref LineWriter line, ScrapeData scrape, int row);

    /// <summary>The series that says when a counter or histogram started.</summary>
    protected SeriesText CreatedSeries(params IEnumerable<MetricLabel> labels) =>
        SeriesText.For(Family.HasRowLabels, PrometheusName.OpenMetricsFamily(Family) + "_created", labels);

    /// <summary>Writes when a series started, where that is wanted and known.</summary>
    protected static void WriteCreated(
        ref LineWriter line, ScrapeData scrape, in SeriesText series, ReadOnlySpan<byte> pairLabels,
        long unixMicroseconds)
    {
        if (scrape.Created && unixMicroseconds > 0)
        {
            series.Put(ref line, pairLabels);
            line.PutMicroseconds((ulong)unixMicroseconds);
            line.EndLine();
        }
    }

    private static string TextHead(MetricFamily family) =>
        $"# HELP {family.Name} {TextEscape.Help(family.Help)}\n# TYPE {family.Name} {KindText(family.Kind)}\n";

    private static string OpenMetricsHead(MetricFamily family)
    {
        var name = PrometheusName.OpenMetricsFamily(family);
        var unit = PrometheusName.OpenMetricsUnit(family);
        var unitLine = unit.Length == 0 ? "" : $"# UNIT {name} {unit}\n";
        return $"# TYPE {name} {KindText(family.Kind)}\n{unitLine}# HELP {name} {TextEscape.Label(family.Help)}\n";
    }

    /// <summary>The kind as both formats and the documents spell it.</summary>
    public static string KindText(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Gauge => "gauge",
        _ => "histogram",
    };
}
