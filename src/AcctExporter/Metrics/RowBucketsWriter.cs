// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;

namespace AcctExporter.Metrics;

/// <summary>
/// Writes histograms: cumulative buckets up to <c>+Inf</c>, sum and count of each pair, or of the host.
/// </summary>
internal sealed class RowBucketsWriter : FamilyWriter
{
    private readonly RowBuckets source;
    private readonly HistogramSeries series;

    public RowBucketsWriter(MetricFamily family, RowBuckets source)
        : base(family)
    {
        this.source = source;
        series = new HistogramSeries(family, source.BoundTexts);
    }

    /// <inheritdoc/>
    public override int Rows(ScrapeData scrape) => IsOfPairs ? scrape.Ledger.Pairs.Count : 1;

    /// <inheritdoc/>
    public override int LongestRow(ScrapeData scrape, int row) =>
        series.Longest(IsOfPairs ? scrape.Ledger.Pairs[row].Labels.Length : 0);

    /// <inheritdoc/>
    public override void WriteRow(ref PointWriter points, ScrapeData scrape, int row)
    {
        var ledger = scrape.Ledger;
        var pair = IsOfPairs ? ledger.Pairs[row] : null;
        Span<ulong> buckets = stackalloc ulong[HistogramBounds.Buckets];
        for (var bucket = 0; bucket < buckets.Length; bucket++)
        {
            buckets[bucket] = IsOfPairs
                ? ledger.Bucket(row, source.Histogram, bucket)
                : ledger.HostBucket(source.Histogram, bucket);
        }

        var sum = IsOfPairs ? source.Sum(ledger.Rows[row]) : source.Sum(ledger.Host);
        points.Put(
            series, points.LabelsOf(pair), buckets, sum, source.Form, scrape.CreatedUnixMicroseconds(pair));
    }
}
