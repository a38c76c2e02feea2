// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace AcctExporter.Metrics;

/// <summary>
/// Writes histograms: cumulative buckets up to <c>+Inf</c>, sum and count of each pair, or of the host.
/// </summary>
internal sealed class RowBucketsWriter : FamilyWriter
{
    private readonly RowBuckets source;

    /// <summary>Name of the bucket series up to the labels; the text after them differs by bucket.</summary>
    private readonly byte[] bucketName;
    private readonly byte[][] bounds;
    private readonly SeriesText sum;
    private readonly SeriesText count;
    private readonly SeriesText created;
    private readonly int fixedBytes;

    public RowBucketsWriter(MetricFamily family, RowBuckets source)
        : base(family)
    {
        this.source = source;
        var separator = family.Scope == MetricScope.Pair ? "," : "";
        bucketName = Encoding.UTF8.GetBytes($"{family.Name}_bucket{{");
        bounds = [.. source.BoundTexts.Append("+Inf")
            .Select(bound => Encoding.UTF8.GetBytes($"{separator}le=\"{bound}\"}} "))];
        sum = SeriesText.For(family.Scope, family.Name + "_sum");
        count = SeriesText.For(family.Scope, family.Name + "_count");
        created = CreatedSeries();
        fixedBytes = (Lines * LineWriter.LongestNumber) + (bounds.Length * bucketName.Length)
            + bounds.Sum(text => text.Length) + sum.Length + count.Length + created.Length;
    }

    /// <summary>Buckets, sum, count, and when it was created.</summary>
    private int Lines => bounds.Length + 3;

    /// <inheritdoc/>
    public override int Rows(ScrapeData scrape) => IsOfPairs ? scrape.Ledger.Pairs.Count : 1;

    /// <inheritdoc/>
    public override int LongestRow(ScrapeData scrape, int row) =>
        IsOfPairs ? fixedBytes + (Lines * scrape.Ledger.Pairs[row].Labels.Length) : fixedBytes;

    /// <inheritdoc/>
    public override void WriteRow(ref LineWriter line, ScrapeData scrape, int row)
    {
        var ledger = scrape.Ledger;
        var pair = IsOfPairs ? ledger.Pairs[row] : null;
        ReadOnlySpan<byte> labels = pair?.Labels;
        var start = line.Written;
        line.Put(bucketName);
        line.Put(labels);
        var length = line.Written - start;
        var exits = 0UL;
        for (var bucket = 0; bucket < bounds.Length; bucket++)
        {
            if (bucket > 0)
            {
                line.PutAgain(start, length);
            }

            exits += IsOfPairs
                ? ledger.Bucket(row, source.Histogram, bucket)
                : ledger.HostBucket(source.Histogram, bucket);
            line.Put(bounds[bucket]);
            line.PutCount(exits);
            line.EndLine();
        }

        sum.Put(ref line, labels);
        line.PutFigure(IsOfPairs ? source.Sum(ledger.Rows[row]) : source.Sum(ledger.Host), source.Microseconds);
        line.EndLine();
        count.Put(ref line, labels);
        line.PutCount(exits);
        line.EndLine();
        WriteCreated(ref line, scrape, created, labels, scrape.CreatedUnixMicroseconds(pair));
    }
}
