// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;

namespace AcctExporter.Metrics;

/// <summary>Writes counters that stand in a row: one line for each figure of each pair, or of the host.</summary>
internal sealed class RowPointsWriter : FamilyWriter
{
    private readonly RowPoints source;
    private readonly SeriesText[] series;
    private readonly SeriesText[] created;
    private readonly int fixedBytes;
    private readonly int lines;

    public RowPointsWriter(MetricFamily family, RowPoints source)
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
    public override int Rows(ScrapeData scrape) => IsOfPairs ? scrape.Ledger.Pairs.Count : 1;

    /// <inheritdoc/>
    public override int LongestRow(ScrapeData scrape, int row) =>
        IsOfPairs ? fixedBytes + (lines * scrape.Ledger.Pairs[row].Labels.Length) : fixedBytes;

    /// <inheritdoc/>
    public override void WriteRow(ref LineWriter line, ScrapeData scrape, int row)
    {
        if (IsOfPairs)
        {
            var pair = scrape.Ledger.Pairs[row];
            WritePoints(ref line, scrape, scrape.Ledger.Rows[row], pair);
        }
        else
        {
            WritePoints(ref line, scrape, scrape.Ledger.Host, null);
        }
    }

    private void WritePoints(ref LineWriter line, ScrapeData scrape, in ExitRow row, Pair? pair)
    {
        ReadOnlySpan<byte> labels = pair?.Labels;
        for (var i = 0; i < series.Length; i++)
        {
            series[i].Put(ref line, labels);
            line.PutFigure(source.Points[i].Value(row), source.Form);
            line.EndLine();
            WriteCreated(ref line, scrape, created[i], labels, scrape.CreatedUnixMicroseconds(pair));
        }
    }

    private IEnumerable<MetricLabel> Labels(RowPoint point) =>
        source.LabelKeys.Select(key => new MetricLabel(key, point.LabelValue));
}
