// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;

namespace AcctExporter.Metrics;

/// <summary>
/// Writes histograms: cumulative buckets up to <c>+Inf</c>, sum and count of each pair, or of the host.
/// </summary>
internal sealed class RowBucketsWriter : FamilyWriter
{
    private readonly RowBuckets source;
    private readonly HistogramText text;
    private readonly SeriesText created;

    public RowBucketsWriter(MetricFamily family, RowBuckets source)
        : base(family)
    {
        this.source = source;
        text = new HistogramText(family, source.BoundTexts);
        created = CreatedSeries();
    }

    /// <inheritdoc/>
    public override int Rows(ScrapeData scrape) => IsOfPairs ? scrape.Ledger.Pairs.Count : 1;

    /// <inheritdoc/>
    public override int LongestRow(ScrapeData scrape, int row)
    {
        var labels = IsOfPairs ? scrape.Ledger.Pairs[row].Labels.Length : 0;
        return text.Longest(labels) + created.Length + labels + LineWriter.LongestNumber;
    }

    /// <inheritdoc/>
    public override void WriteRow(ref LineWriter line, ScrapeData scrape, int row)
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
        text.Put(ref line, pair?.Labels, buckets, sum, source.Form);
        WriteCreated(ref line, scrape, created, pair?.Labels, scrape.CreatedUnixMicroseconds(pair));
    }
}
