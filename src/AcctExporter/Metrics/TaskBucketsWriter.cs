// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;
using AcctExporter.Records;

namespace AcctExporter.Metrics;

/// <summary>Writes histograms that taskstats add, for the pairs that have them, or for the host.</summary>
internal sealed class TaskBucketsWriter : FamilyWriter
{
    private readonly TaskBuckets source;
    private readonly HistogramSeries[] series;

    /// <param name="family">The family.</param>
    /// <param name="source">Its source.</param>
    /// <param name="isClassic">It is shown with buckets that have bounds; else only as a native one.</param>
    public TaskBucketsWriter(MetricFamily family, TaskBuckets source, bool isClassic)
        : base(family, isClassic)
    {
        this.source = source;
        series = [.. source.Points.Select(point => new HistogramSeries(family, isClassic, [.. Labels(point)]))];
    }

    /// <inheritdoc/>
    public override int Rows(ScrapeData scrape) =>
        !IsText && !scrape.Ledger.HasNatives ? 0 : scrape.RowsWith(TaskKnowledge.Joined, IsOfPairs);

    /// <inheritdoc/>
    public override int LongestRow(ScrapeData scrape, int row)
    {
        var labels = IsOfPairs ? scrape.Ledger.Pairs[row].Labels.Length : 0;
        var longest = 0;
        foreach (var histogram in series)
        {
            longest += histogram.Longest(labels);
        }

        return longest;
    }

    /// <inheritdoc/>
    public override void WriteRow(ref PointWriter points, ScrapeData scrape, int row)
    {
        ref readonly var tasks = ref IsOfPairs ? ref scrape.Ledger.TasksOf(row) : ref scrape.Ledger.HostTasks;
        if (IsOfPairs && !tasks.Has(TaskKnowledge.Joined))
        {
            return;
        }

        var pair = IsOfPairs ? scrape.Ledger.Pairs[row] : null;
        var labels = points.LabelsOf(pair);
        var since = scrape.CreatedUnixMicroseconds(pair);
        for (var i = 0; i < series.Length; i++)
        {
            ref readonly var point = ref source.Points[i];
            var native = scrape.NativeOf(IsOfPairs, row, NativeBuckets.Of(point.Histogram));
            points.Put(
                series[i], labels, tasks.Buckets(point.Histogram), native, point.Sum(tasks), FigureForm.Count, since);
        }
    }

    private IEnumerable<MetricLabel> Labels(TaskBucketsPoint point) =>
        source.LabelKeys.Select(key => new MetricLabel(key, point.LabelValue));
}
