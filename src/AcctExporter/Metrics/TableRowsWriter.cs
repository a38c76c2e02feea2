// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Logins;

namespace AcctExporter.Metrics;

/// <summary>Writes figures of rows that a snapshot has: a user, a line.</summary>
internal sealed class TableRowsWriter : FamilyWriter
{
    private readonly TableRows source;
    private readonly PointSeries[] series;

    public TableRowsWriter(MetricFamily family, TableRows source)
        : base(family)
    {
        this.source = source;
        series = [.. source.Points.Select(point => new PointSeries(family, Labels(point)))];
    }

    /// <inheritdoc/>
    public override int Rows(ScrapeData scrape)
    {
        var rows = source.Rows(scrape);
        return HasAny(rows) ? rows.Count : 0;
    }

    /// <inheritdoc/>
    public override int LongestRow(ScrapeData scrape, int row) =>
        Longest(series, source.Rows(scrape)[row].Labels.Length);

    /// <inheritdoc/>
    public override void WriteRow(ref PointWriter points, ScrapeData scrape, int row)
    {
        var labeled = source.Rows(scrape)[row];
        var labels = points.LabelsOf(labeled);
        for (var i = 0; i < series.Length; i++)
        {
            points.Put(series[i], labels, source.Points[i].Value(labeled), labeled.BornUnixMicroseconds);
        }
    }

    /// <summary>A head without a line below it would be no family.</summary>
    private bool HasAny(IReadOnlyList<LabeledRow> rows)
    {
        for (var row = 0; row < rows.Count; row++)
        {
            foreach (ref readonly var point in source.Points.AsSpan())
            {
                if (point.Value(rows[row]).IsPresent)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private IEnumerable<MetricLabel> Labels(TableRowPoint point) =>
        source.LabelKey is { } key ? [new MetricLabel(key, point.LabelValue)] : [];
}
