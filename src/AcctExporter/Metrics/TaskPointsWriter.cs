// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;

namespace AcctExporter.Metrics;

/// <summary>Writes counters that taskstats add, for the pairs that have them, or for the host.</summary>
internal sealed class TaskPointsWriter : FamilyWriter
{
    private readonly TaskPoints source;
    private readonly SeriesText[] series;
    private readonly SeriesText[] created;
    private readonly int fixedBytes;
    private readonly int lines;

    public TaskPointsWriter(MetricFamily family, TaskPoints source)
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
    public override int Rows(ScrapeData scrape) => scrape.RowsWith(source.Needs, IsOfPairs);

    /// <inheritdoc/>
    public override int LongestRow(ScrapeData scrape, int row) =>
        IsOfPairs ? fixedBytes + (lines * scrape.Ledger.Pairs[row].Labels.Length) : fixedBytes;

    /// <inheritdoc/>
    public override void WriteRow(ref LineWriter line, ScrapeData scrape, int row)
    {
        if (!IsOfPairs)
        {
            WritePoints(ref line, scrape, scrape.Ledger.HostTasks, null);
        }
        else if (scrape.Ledger.TasksOf(row).Has(source.Needs))
        {
            WritePoints(ref line, scrape, scrape.Ledger.TasksOf(row), scrape.Ledger.Pairs[row]);
        }
    }

    private void WritePoints(ref LineWriter line, ScrapeData scrape, in TaskRow row, Pair? pair)
    {
        ReadOnlySpan<byte> labels = pair?.Labels;
        for (var i = 0; i < series.Length; i++)
        {
            ref readonly var point = ref source.Points[i];
            if (scrape.Status.TaskStatsVersion < point.FirstVersion && point.Value(scrape.Ledger.HostTasks) == 0)
            {
                continue;
            }

            series[i].Put(ref line, labels);
            line.PutFigure(point.Value(row), source.Form);
            line.EndLine();
            WriteCreated(ref line, scrape, created[i], labels, scrape.CreatedUnixMicroseconds(pair));
        }
    }

    private IEnumerable<MetricLabel> Labels(TaskPoint point) =>
        source.LabelKeys.Select(key => new MetricLabel(key, point.LabelValue));
}
