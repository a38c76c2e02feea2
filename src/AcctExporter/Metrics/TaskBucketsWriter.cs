// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Metrics;

/// <summary>Writes histograms that taskstats add, for the pairs that have them, or for the host.</summary>
internal sealed class TaskBucketsWriter : FamilyWriter
{
    private readonly TaskBuckets source;
    private readonly HistogramText[] texts;
    private readonly SeriesText[] created;

    public TaskBucketsWriter(MetricFamily family, TaskBuckets source)
        : base(family)
    {
        this.source = source;
        texts = [.. source.Points.Select(point => new HistogramText(family, source.BoundTexts, [.. Labels(point)]))];
        created = [.. source.Points.Select(point => CreatedSeries(Labels(point)))];
    }

    /// <inheritdoc/>
    public override int Rows(ScrapeData scrape) => scrape.RowsWith(TaskKnowledge.Joined, IsOfPairs);

    /// <inheritdoc/>
    public override int LongestRow(ScrapeData scrape, int row)
    {
        var labels = IsOfPairs ? scrape.Ledger.Pairs[row].Labels.Length : 0;
        var longest = 0;
        for (var i = 0; i < texts.Length; i++)
        {
            longest += texts[i].Longest(labels) + created[i].Length + labels + LineWriter.LongestNumber;
        }

        return longest;
    }

    /// <inheritdoc/>
    public override void WriteRow(ref LineWriter line, ScrapeData scrape, int row)
    {
        ref readonly var tasks = ref IsOfPairs ? ref scrape.Ledger.TasksOf(row) : ref scrape.Ledger.HostTasks;
        if (IsOfPairs && !tasks.Has(TaskKnowledge.Joined))
        {
            return;
        }

        var pair = IsOfPairs ? scrape.Ledger.Pairs[row] : null;
        for (var i = 0; i < texts.Length; i++)
        {
            ref readonly var point = ref source.Points[i];
            texts[i].Put(ref line, pair?.Labels, tasks.Buckets(point.Histogram), point.Sum(tasks), FigureForm.Count);
            WriteCreated(ref line, scrape, created[i], pair?.Labels, scrape.CreatedUnixMicroseconds(pair));
        }
    }

    private IEnumerable<MetricLabel> Labels(TaskBucketsPoint point) =>
        source.LabelKeys.Select(key => new MetricLabel(key, point.LabelValue));
}
