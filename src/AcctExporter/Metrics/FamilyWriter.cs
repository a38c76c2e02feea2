// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace AcctExporter.Metrics;

/// <summary>The formats of a scrape.</summary>
internal enum ExpositionFormat
{
    /// <summary>Prometheus text 0.0.4.</summary>
    Text,

    /// <summary>OpenMetrics 1.0.0.</summary>
    OpenMetrics,

    /// <summary>Messages of <c>io.prometheus.client.MetricFamily</c>, each with its length in front.</summary>
    Protobuf,
}

/// <summary>
/// Writes one family of the catalog. Everything that does not change from scrape to scrape is encoded once, here;
/// a family's rows are its pairs, its pairs' signals, or a single one.
/// </summary>
internal abstract class FamilyWriter
{
    private readonly byte[] textHead;
    private readonly byte[] openMetricsHead;
    private readonly byte[] messageHead;

    /// <param name="family">The row of the catalog.</param>
    /// <param name="isText">Text shows it.</param>
    protected FamilyWriter(MetricFamily family, bool isText = true)
    {
        (Family, IsText) = (family, isText);
        textHead = Encoding.UTF8.GetBytes(TextHead(family));
        openMetricsHead = Encoding.UTF8.GetBytes(OpenMetricsHead(family));
        messageHead = MessageHead(family);
    }

    /// <summary>The row of the catalog.</summary>
    protected MetricFamily Family { get; }

    /// <summary>True when the family has a row for each pair.</summary>
    protected bool IsOfPairs => Family.Scope == MetricScope.Pair;

    /// <summary>False for what is shown as native histograms only, which text does not have.</summary>
    public bool IsText { get; }

    /// <summary>The writer for a row of the catalog.</summary>
    public static FamilyWriter For(MetricFamily family, BuildFacts build, ScrapeOptions options) => family.Source switch
    {
        RowPoints points => new RowPointsWriter(family, points),
        RowBuckets buckets => new RowBucketsWriter(family, buckets, IsClassic(family, options)),
        TaskPoints points => new TaskPointsWriter(family, points),
        TaskBuckets buckets => new TaskBucketsWriter(family, buckets, IsClassic(family, options)),
        SignalPoints signals when family.Scope == MetricScope.Pair => new PairSignalsWriter(family, signals),
        SignalPoints signals => new HostSignalsWriter(family, signals),
        TableRows rows => new TableRowsWriter(family, rows),
        AgentPoints points => new AgentPointsWriter(family, points),
        BuildPoint source => new AgentPointsWriter(family, new AgentPoints(source.LabelKeys,
            new AgentPoint([build.Version, build.Revision], _ => Reading.Count(1L)))),
        _ => throw new ArgumentException($"{family.OTelName} has a source that nobody writes", nameof(family)),
    };

    /// <summary>What introduces the family: lines, or the first fields of its message.</summary>
    public ReadOnlySpan<byte> Head(ExpositionFormat format) => format switch
    {
        ExpositionFormat.Text => textHead,
        ExpositionFormat.OpenMetrics => openMetricsHead,
        _ => messageHead,
    };

    /// <summary>How many rows there are. A family without any is left out, head and all.</summary>
    public abstract int Rows(ScrapeData scrape);

    /// <summary>No fewer bytes of text than a row takes.</summary>
    public abstract int LongestRow(ScrapeData scrape, int row);

    /// <summary>The most bytes of text that points take with labels of a row of that length.</summary>
    protected static int Longest(PointSeries[] series, int rowLabels)
    {
        var longest = 0;
        foreach (ref readonly var point in series.AsSpan())
        {
            longest += point.Longest(rowLabels);
        }

        return longest;
    }

    /// <summary>Writes all points of a row.</summary>
    public abstract void WriteRow(ref PointWriter points, ScrapeData scrape, int row);

    /// <summary>Writes the whole family as one message; nothing when it has no row.</summary>
    public void WriteMessage(MessageBuffer message, ScrapeData scrape)
    {
        message.Clear();
        var rows = Rows(scrape);
        if (rows == 0)
        {
            return;
        }

        message.Put(messageHead);
        var points = new PointWriter(message, scrape);
        for (var row = 0; row < rows; row++)
        {
            WriteRow(ref points, scrape, row);
        }

        message.Finish();
    }

    private static bool IsClassic(MetricFamily family, ScrapeOptions options) =>
        options.AllHistograms || !family.AllHistogramsOnly;

    private static string TextHead(MetricFamily family) =>
        $"# HELP {family.Name} {TextEscape.Help(family.Help)}\n# TYPE {family.Name} {KindText(family.Kind)}\n";

    private static string OpenMetricsHead(MetricFamily family)
    {
        var name = PrometheusName.OpenMetricsFamily(family);
        var unit = PrometheusName.OpenMetricsUnit(family);
        var unitLine = unit.Length == 0 ? "" : $"# UNIT {name} {unit}\n";
        return $"# TYPE {name} {KindText(family.Kind)}\n{unitLine}# HELP {name} {TextEscape.Label(family.Help)}\n";
    }

    private static byte[] MessageHead(MetricFamily family)
    {
        var message = new MessageBuffer();
        message.PutText(ProtobufTag.FamilyName, Encoding.UTF8.GetBytes(family.Name));
        message.PutText(ProtobufTag.FamilyHelp, Encoding.UTF8.GetBytes(family.Help));
        message.PutCount(ProtobufTag.FamilyType, family.Kind switch
        {
            MetricKind.Counter => 0,
            MetricKind.Gauge => 1,
            _ => 4,
        });
        if (PrometheusName.OpenMetricsUnit(family) is { Length: > 0 } unit)
        {
            message.PutText(ProtobufTag.FamilyUnit, Encoding.UTF8.GetBytes(unit));
        }

        return message.Body.ToArray();
    }

    /// <summary>The kind as both formats and the documents spell it.</summary>
    public static string KindText(MetricKind kind) => kind switch
    {
        MetricKind.Counter => "counter",
        MetricKind.Gauge => "gauge",
        _ => "histogram",
    };
}
