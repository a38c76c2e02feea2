// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Ledger;

/// <summary>
/// The classic buckets of all rows of a ledger that was just loaded: made into native ones where there are none yet, and
/// moved where the bounds have changed. Of a bucket only its bound is known, so that is where its exits go.
/// </summary>
internal sealed class ClassicBuckets(ExitTable table, TaskTable tasks, int places)
{
    /// <summary>Puts the exits of each bucket where its bound is among the native ones.</summary>
    /// <param name="natives">Empty ones.</param>
    /// <param name="bounds">The bounds of the buckets.</param>
    public void CopyTo(NativeTable natives, HistogramBounds bounds)
    {
        Span<ulong> counts = stackalloc ulong[HistogramBounds.Buckets];
        for (var row = ExitTable.Retired; row < places; row++)
        {
            for (var histogram = NativeHistogram.Duration; (int)histogram < NativeTable.Histograms; histogram++)
            {
                Read(row, histogram, counts);
                var list = bounds.Of(histogram);
                for (var bucket = 0; bucket < counts.Length; bucket++)
                {
                    if (counts[bucket] > 0)
                    {
                        natives.Row(row)[(int)histogram].Bucket(IndexOf(list, bucket, histogram)) += counts[bucket];
                    }
                }
            }
        }
    }

    /// <summary>Moves the exits of each bucket to the one that holds its bound.</summary>
    /// <returns>False when the bounds are the same.</returns>
    public bool Move(HistogramBounds from, HistogramBounds to)
    {
        var moved = false;
        for (var histogram = NativeHistogram.Duration; (int)histogram < NativeTable.Histograms; histogram++)
        {
            var (old, wanted) = (from.Of(histogram), to.Of(histogram));
            if (!old.AsSpan().SequenceEqual(wanted))
            {
                Move(histogram, old, wanted);
                moved = true;
            }
        }

        return moved;
    }

    private void Move(NativeHistogram histogram, long[] from, long[] to)
    {
        Span<ulong> old = stackalloc ulong[HistogramBounds.Buckets];
        Span<ulong> wanted = stackalloc ulong[HistogramBounds.Buckets];
        for (var row = ExitTable.Retired; row < places; row++)
        {
            Read(row, histogram, old);
            wanted.Clear();
            for (var bucket = 0; bucket < old.Length; bucket++)
            {
                wanted[bucket < from.Length ? HistogramBounds.BucketOf(to, (ulong)from[bucket]) : to.Length] +=
                    old[bucket];
            }

            Write(row, histogram, wanted);
        }
    }

    /// <summary>What is above the largest bound goes one bucket above it; without any bound, to the unit's own.</summary>
    private static int IndexOf(long[] bounds, int bucket, NativeHistogram histogram)
    {
        if (bounds.Length == 0)
        {
            return 0;
        }

        var bound = (ulong)bounds[Math.Min(bucket, bounds.Length - 1)];
        var index = histogram <= NativeHistogram.Cpu
            ? NativeBuckets.OfMicroseconds(bound) : NativeBuckets.OfBytes(bound);
        return bucket < bounds.Length ? index : index + 1;
    }

    private void Read(int row, NativeHistogram histogram, Span<ulong> counts)
    {
        if (histogram < NativeHistogram.PeakResident)
        {
            table.ReadBuckets(row, (RowHistogram)histogram, counts);
        }
        else if (tasks.ExitsOf(row) == 0)
        {
            counts.Clear();
        }
        else
        {
            ((ReadOnlySpan<ulong>)tasks.Row(row).Buckets(TaskHistogramOf(histogram))).CopyTo(counts);
        }
    }

    private void Write(int row, NativeHistogram histogram, ReadOnlySpan<ulong> counts)
    {
        if (histogram < NativeHistogram.PeakResident)
        {
            table.WriteBuckets(row, (RowHistogram)histogram, counts);
        }
        else if (tasks.ExitsOf(row) > 0)
        {
            tasks.Row(row).SetBuckets(TaskHistogramOf(histogram), counts);
        }
    }

    private static TaskHistogram TaskHistogramOf(NativeHistogram histogram) =>
        (TaskHistogram)(histogram - NativeHistogram.PeakResident);
}
