// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;

namespace AcctExporter.Metrics;

/// <summary>Writes counters that stand in a row: one line for each figure of each pair, or of the host.</summary>
internal sealed class RowPointsWriter : FamilyWriter
{
    private readonly RowPoints source;
    private readonly PointSeries[] series;

    public RowPointsWriter(MetricFamily family, RowPoints source)
        : base(family)
    {
        this.source = source;
        series = [.. source.Points.Select(point => new PointSeries(family, Labels(point)))];
    }

    /// <inheritdoc/>
    public override int Rows(ScrapeData scrape) => IsOfPairs ? scrape.Ledger.Pairs.Count : 1;

    /// <inheritdoc/>
    public override int LongestRow(ScrapeData scrape, int row) =>
        Longest(series, IsOfPairs ? scrape.Ledger.Pairs[row].Labels.Length : 0);

    /// <inheritdoc/>
    public override void WriteRow(ref PointWriter points, ScrapeData scrape, int row)
    {
        if (IsOfPairs)
        {
            var pair = scrape.Ledger.Pairs[row];
            WritePoints(ref points, scrape, scrape.Ledger.Rows[row], pair);
        }
        else
        {
            WritePoints(ref points, scrape, scrape.Ledger.Host, null);
        }
    }

    private void WritePoints(ref PointWriter points, ScrapeData scrape, in ExitRow row, Pair? pair)
    {
        var labels = points.LabelsOf(pair);
        var since = scrape.CreatedUnixMicroseconds(pair);
        for (var i = 0; i < series.Length; i++)
        {
            points.Put(series[i], labels, source.Points[i].Value(row), source.Form, since);
        }
    }

    private IEnumerable<MetricLabel> Labels(RowPoint point) =>
        source.LabelKeys.Select(key => new MetricLabel(key, point.LabelValue));
}
