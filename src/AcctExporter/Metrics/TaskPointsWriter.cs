// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;

namespace AcctExporter.Metrics;

/// <summary>Writes counters that taskstats add, for the pairs that have them, or for the host.</summary>
internal sealed class TaskPointsWriter : FamilyWriter
{
    private readonly TaskPoints source;
    private readonly PointSeries[] series;

    public TaskPointsWriter(MetricFamily family, TaskPoints source)
        : base(family)
    {
        this.source = source;
        series = [.. source.Points.Select(point => new PointSeries(family, Labels(point)))];
    }

    /// <inheritdoc/>
    public override int Rows(ScrapeData scrape) => scrape.RowsWith(source.Needs, IsOfPairs);

    /// <inheritdoc/>
    public override int LongestRow(ScrapeData scrape, int row) =>
        Longest(series, IsOfPairs ? scrape.Ledger.Pairs[row].Labels.Length : 0);

    /// <inheritdoc/>
    public override void WriteRow(ref PointWriter points, ScrapeData scrape, int row)
    {
        if (!IsOfPairs)
        {
            WritePoints(ref points, scrape, scrape.Ledger.HostTasks, null);
        }
        else if (scrape.Ledger.TasksOf(row).Has(source.Needs))
        {
            WritePoints(ref points, scrape, scrape.Ledger.TasksOf(row), scrape.Ledger.Pairs[row]);
        }
    }

    private void WritePoints(ref PointWriter points, ScrapeData scrape, in TaskRow row, Pair? pair)
    {
        var labels = points.LabelsOf(pair);
        var since = scrape.CreatedUnixMicroseconds(pair);
        for (var i = 0; i < series.Length; i++)
        {
            ref readonly var point = ref source.Points[i];
            if (scrape.Status.TaskStatsVersion >= point.FirstVersion || point.Value(scrape.Ledger.HostTasks) != 0)
            {
                points.Put(series[i], labels, point.Value(row), source.Form, since);
            }
        }
    }

    private IEnumerable<MetricLabel> Labels(TaskPoint point) =>
        source.LabelKeys.Select(key => new MetricLabel(key, point.LabelValue));
}
