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

    /// <param name="family">The family.</param>
    /// <param name="source">Its source.</param>
    /// <param name="isClassic">It is shown with buckets that have bounds; else only as a native one.</param>
    public RowBucketsWriter(MetricFamily family, RowBuckets source, bool isClassic)
        : base(family, isClassic)
    {
        this.source = source;
        series = new HistogramSeries(family, isClassic);
    }

    /// <inheritdoc/>
    public override int Rows(ScrapeData scrape) =>
        !IsText && !scrape.Ledger.HasNatives ? 0 : IsOfPairs ? scrape.Ledger.Pairs.Count : 1;

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

        var native = scrape.NativeOf(IsOfPairs, row, NativeBuckets.Of(source.Histogram));
        var sum = IsOfPairs ? source.Sum(ledger.Rows[row]) : source.Sum(ledger.Host);
        points.Put(
            series, points.LabelsOf(pair), buckets, native, sum, source.Form, scrape.CreatedUnixMicroseconds(pair));
    }
}
