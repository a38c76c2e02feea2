// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace AcctExporter.Metrics;

/// <summary>
/// The text of a histogram's series, encoded once: cumulative buckets up to <c>+Inf</c>, sum, count.
/// </summary>
internal sealed class HistogramText
{
    /// <summary>Name of the bucket series up to the labels; the text after them differs by bucket.</summary>
    private readonly byte[] bucketName;
    private readonly byte[][] bounds;
    private readonly SeriesText sum;
    private readonly SeriesText count;
    private readonly int fixedBytes;

    /// <summary>A histogram of a family, with labels besides those of the scope.</summary>
    public HistogramText(MetricFamily family, IEnumerable<string> boundTexts, params MetricLabel[] labels)
    {
        bucketName = Encoding.UTF8.GetBytes($"{family.Name}_bucket{{");
        bounds = [.. boundTexts.Append("+Inf").Select(bound => Encoding.UTF8.GetBytes(After(family, bound, labels)))];
        sum = SeriesText.For(family.HasRowLabels, family.Name + "_sum", labels);
        count = SeriesText.For(family.HasRowLabels, family.Name + "_count", labels);
        fixedBytes = (Lines * LineWriter.LongestNumber) + (bounds.Length * bucketName.Length)
            + bounds.Sum(text => text.Length) + sum.Length + count.Length;
    }

    /// <summary>Buckets, sum and count.</summary>
    private int Lines => bounds.Length + 2;

    /// <summary>No fewer bytes than it takes with labels of a pair of that length.</summary>
    public int Longest(int pairLabels) => fixedBytes + (Lines * pairLabels);

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

    private static string After(MetricFamily family, string bound, MetricLabel[] labels)
    {
        var all = labels.Append(new MetricLabel("le", bound))
            .Select(label => $"{label.Key}=\"{TextEscape.Label(label.Value)}\"");
        return $"{(family.Scope == MetricScope.Pair ? "," : "")}{string.Join(',', all)}}} ";
    }
}
