// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AcctExporter.Ledger;

namespace AcctExporter.Metrics;

/// <summary>
/// A histogram's series, encoded once for all formats: cumulative buckets up to <c>+Inf</c>, sum, count.
/// </summary>
internal sealed class HistogramSeries
{
    /// <summary>Name of the bucket series up to the labels; the text after them differs by bucket.</summary>
    private readonly byte[] bucketName;
    private readonly byte[][] bounds;
    private readonly SeriesText sum;
    private readonly SeriesText count;
    private readonly byte[] labelMessages;
    private readonly double[] upperBounds;
    private readonly bool isClassic;
    private readonly int fixedBytes;

    /// <summary>A histogram of a family, with labels besides those of the scope.</summary>
    /// <param name="family">The family.</param>
    /// <param name="isClassic">The message has the buckets with bounds, too.</param>
    /// <param name="labels">The labels.</param>
    public HistogramSeries(MetricFamily family, bool isClassic, params MetricLabel[] labels)
    {
        this.isClassic = isClassic;
        var boundTexts = family.Source.BoundTexts;
        bucketName = Encoding.UTF8.GetBytes($"{family.Name}_bucket{{");
        bounds = [.. boundTexts.Append("+Inf").Select(bound => Encoding.UTF8.GetBytes(After(family, bound, labels)))];
        sum = SeriesText.For(family.HasRowLabels, family.Name + "_sum", labels);
        count = SeriesText.For(family.HasRowLabels, family.Name + "_count", labels);
        Created = SeriesText.Created(family, labels);
        labelMessages = LabelMessages.Of([.. labels.Select(label => (label.Key, label.Value))]);
        upperBounds = [.. boundTexts.Select(bound => double.Parse(bound, CultureInfo.InvariantCulture))];
        fixedBytes = ((Lines + 1) * LineWriter.LongestNumber) + (bounds.Length * bucketName.Length)
            + bounds.Sum(text => text.Length) + sum.Length + count.Length + Created.Length;
    }

    /// <summary>The line that says when it started.</summary>
    public SeriesText Created { get; }

    /// <summary>Buckets, sum and count.</summary>
    private int Lines => bounds.Length + 2;

    /// <summary>No fewer bytes than its lines take with labels of a pair of that length.</summary>
    public int Longest(int pairLabels) => fixedBytes + ((Lines + 1) * pairLabels);

    /// <summary>Writes all lines. The buckets are given each for itself.</summary>
    public void Put(ref LineWriter line, scoped ReadOnlySpan<byte> pairLabels, scoped ReadOnlySpan<ulong> buckets,
        ulong total, FigureForm form)
    {
        var start = line.Written;
        line.Put(bucketName);
        line.Put(pairLabels);
        var length = line.Written - start;
        var exits = 0UL;
        for (var bucket = 0; bucket < bounds.Length; bucket++)
        {
            if (bucket > 0)
            {
                line.PutAgain(start, length);
            }

            exits += buckets[bucket];
            line.Put(bounds[bucket]);
            line.PutCount(exits);
            line.EndLine();
        }

        sum.Put(ref line, pairLabels);
        line.PutFigure(total, form);
        line.EndLine();
        count.Put(ref line, pairLabels);
        line.PutCount(exits);
        line.EndLine();
    }

    /// <summary>
    /// Writes the message, which is a classic and a native histogram in one. The bucket without a bound is what the
    /// count has besides the others.
    /// </summary>
    /// <param name="message">Where to.</param>
    /// <param name="pairLabels">The labels of the pair.</param>
    /// <param name="buckets">The classic buckets, each for itself.</param>
    /// <param name="hasNative">Native buckets are known.</param>
    /// <param name="native">The native buckets.</param>
    /// <param name="total">The sum.</param>
    /// <param name="since">When it started, in microseconds since 1970; 0 when nobody knows.</param>
    public void Put(MessageBuffer message, scoped ReadOnlySpan<byte> pairLabels, scoped ReadOnlySpan<ulong> buckets,
        bool hasNative, scoped NativeView native, double total, long since)
    {
        var metric = message.Begin(ProtobufTag.Metric);
        message.Put(pairLabels);
        message.Put(labelMessages);
        var histogram = message.Begin(ProtobufTag.Histogram);
        var exits = 0UL;
        for (var bucket = 0; bucket < upperBounds.Length; bucket++)
        {
            exits += buckets[bucket];
            if (isClassic)
            {
                PutBucket(message, exits, upperBounds[bucket]);
            }
        }

        message.PutCount(ProtobufTag.SampleCount, exits + buckets[upperBounds.Length]);
        message.PutReal(ProtobufTag.SampleSum, total);
        if (hasNative)
        {
            NativeMessage.Put(message, native);
        }

        if (since > 0)
        {
            message.PutInstant(ProtobufTag.HistogramCreated, since);
        }

        message.End(histogram);
        message.End(metric);
    }

    private static void PutBucket(MessageBuffer message, ulong exits, double bound)
    {
        var start = message.Begin(ProtobufTag.Bucket);
        message.PutCount(ProtobufTag.CumulativeCount, exits);
        message.PutReal(ProtobufTag.UpperBound, bound);
        message.End(start);
    }

    private static string After(MetricFamily family, string bound, MetricLabel[] labels)
    {
        var all = labels.Append(new MetricLabel("le", bound))
            .Select(label => $"{label.Key}=\"{TextEscape.Label(label.Value)}\"");
        return $"{(family.Scope == MetricScope.Pair ? "," : "")}{string.Join(',', all)}}} ";
    }
}
