// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using static AcctExporter.Ledger.CheckpointBytes;

namespace AcctExporter.Ledger;

/// <summary>
/// The native histograms as a section of the checkpoint: layout, schema, number of histograms; then each that has an exit,
/// without the empty buckets at both ends, so that the same counts are the same bytes however they came about.
/// Layout: <c>docs/formats/checkpoint.md</c>.
/// </summary>
internal static class NativeCheckpoint
{
    private const uint Layout = 1;

    /// <summary>Row and histogram, zero count, first bucket, number of buckets: no histogram takes fewer bytes.</summary>
    private const int LeastBytes = 7;

    /// <summary>Writes all of them.</summary>
    public static void Write(ArrayBufferWriter<byte> output, NativeTable natives)
    {
        var all = natives.Counts;
        var used = 0;
        foreach (ref readonly var counts in all)
        {
            used += counts.IsEmpty ? 0 : 1;
        }

        Put(output, Layout);
        Put(output, (uint)NativeBuckets.Schema);
        Put(output, (uint)used);
        for (var key = 0; key < all.Length; key++)
        {
            if (all[key].IsEmpty)
            {
                continue;
            }

            var trimmed = all[key].Trimmed(out var firstIndex);
            Put(output, (uint)key);
            PutVarint(output, all[key].Zero);
            PutVarint(output, trimmed.IsEmpty ? 0 : (ulong)(firstIndex - NativeBuckets.LeastIndex));
            PutVarint(output, (ulong)trimmed.Length);
            foreach (var count in trimmed)
            {
                PutVarint(output, count);
            }
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote, for rows that are read already.</summary>
    /// <exception cref="InvalidDataException">It is of another layout, or not of these rows.</exception>
    public static void Read(ReadOnlySpan<byte> data, NativeTable natives, ExitTable table, TaskTable tasks, int places)
    {
        if (TakeUInt32(ref data) is var layout && layout != Layout)
        {
            throw Refused($"have layout {layout}; this program knows {Layout}");
        }

        if (TakeUInt32(ref data) is var schema && schema != NativeBuckets.Schema)
        {
            throw Refused($"have schema {schema}; this program knows {NativeBuckets.Schema}");
        }

        var last = -1L;
        for (var left = TakeCount(ref data, LeastBytes); left > 0; left--)
        {
            var key = TakeUInt32(ref data);
            if (key <= last || key >= ExitTable.RowIndex(places) * (long)NativeTable.Histograms)
            {
                throw Refused($"have one, {key}, of no pair or in the wrong place");
            }

            last = key;
            var row = (int)(key / NativeTable.Histograms) + ExitTable.Retired;
            ReadCounts(ref data, ref natives.Row(row)[(int)(key % NativeTable.Histograms)]);
        }

        for (var row = ExitTable.Retired; row < places; row++)
        {
            CheckTotals(natives.Row(row), table.Row(row).Exits, tasks.ExitsOf(row));
        }
    }

    private static void ReadCounts(ref ReadOnlySpan<byte> data, ref NativeCounts counts)
    {
        counts.AddZeros(TakeVarint(ref data));
        var first = TakeVarint(ref data);
        var length = TakeVarint(ref data);
        if (first > NativeBuckets.Indexes || length > NativeBuckets.Indexes - first)
        {
            throw Refused("have a bucket that no value falls into");
        }

        for (var i = 0UL; i < length; i++)
        {
            if (TakeVarint(ref data) is > 0 and var count)
            {
                counts.Bucket(NativeBuckets.LeastIndex + (int)(first + i)) += count;
            }
        }
    }

    /// <summary>What is shown as the count of both forms of a histogram must be one number.</summary>
    private static void CheckTotals(ReadOnlySpan<NativeCounts> row, ulong exits, ulong taskExits)
    {
        for (var histogram = 0; histogram < row.Length; histogram++)
        {
            var wanted = histogram < (int)NativeHistogram.PeakResident ? exits : taskExits;
            if (row[histogram].Total is var total && total != wanted)
            {
                throw Refused($"hold {total} exits of a pair where its counters have {wanted}");
            }
        }
    }

    private static InvalidDataException Refused(string why) => new($"the native histograms in the checkpoint {why}");
}
