// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Logins;

namespace AcctExporter.Metrics;

/// <summary>Writes figures of rows that a snapshot has: a user, a line.</summary>
internal sealed class TableRowsWriter : FamilyWriter
{
    private readonly TableRows source;
    private readonly SeriesText[] series;
    private readonly SeriesText[] created;
    private readonly int fixedBytes;
    private readonly int lines;

    public TableRowsWriter(MetricFamily family, TableRows source)
        : base(family)
    {
        this.source = source;
        series = [.. source.Points.Select(point => SeriesText.For(family.HasRowLabels, family.Name, Labels(point)))];
        created = [.. source.Points.Select(point => CreatedSeries(Labels(point)))];
        lines = series.Length + created.Length;
        fixedBytes = (lines * LineWriter.LongestNumber) + series.Sum(text => text.Length)
            + created.Sum(text => text.Length);
    }

    /// <inheritdoc/>
    public override int Rows(ScrapeData scrape)
    {
        var rows = source.Rows(scrape);
        return HasAny(rows) ? rows.Count : 0;
    }

    /// <inheritdoc/>
    public override int LongestRow(ScrapeData scrape, int row) =>
        fixedBytes + (lines * source.Rows(scrape)[row].Labels.Length);

    /// <inheritdoc/>
    public override void WriteRow(ref LineWriter line, ScrapeData scrape, int row)
    {
        var labeled = source.Rows(scrape)[row];
        for (var i = 0; i < series.Length; i++)
        {
            var reading = source.Points[i].Value(labeled);
            if (!reading.IsPresent)
            {
                continue;
            }

            series[i].Put(ref line, labeled.Labels);
            reading.Write(ref line);
            line.EndLine();
            if (Family.Kind == MetricKind.Counter)
            {
                WriteCreated(ref line, scrape, created[i], labeled.Labels, labeled.BornUnixMicroseconds);
            }
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
