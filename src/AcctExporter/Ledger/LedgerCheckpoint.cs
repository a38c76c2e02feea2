// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static AcctExporter.Ledger.CheckpointBytes;

namespace AcctExporter.Ledger;

/// <summary>
/// The ledger as one section of the checkpoint, little endian: layout version, row size, start of counting, pairs as
/// <see cref="Decisions"/> spells them, their rows, signals, carries, tallies, what taskstats add, the bounds of the
/// histograms. Native histograms have a section of their own (<see cref="NativeCheckpoint"/>).
/// Layout: <c>docs/formats/checkpoint.md</c>.
/// </summary>
internal static class LedgerCheckpoint
{
    private const uint Layout = 3;

    /// <summary>Layout 1 ends behind the tallies and has births without optional labels.</summary>
    private const uint FirstLayoutWithTasks = 2;

    /// <summary>Before, every histogram had the bounds of <see cref="HistogramBounds.Default"/>.</summary>
    private const uint FirstLayoutWithBounds = 3;

    /// <inheritdoc cref="FirstLayoutWithTasks"/>
    private const uint OldestLayout = 1;

    /// <summary>Writes everything.</summary>
    public static void Write(ArrayBufferWriter<byte> output, ExitTable table, TaskTable tasks,
        IReadOnlyList<Pair?> places, Tallies tallies, long since, HistogramBounds bounds)
    {
        Put(output, Layout);
        Put(output, (uint)Marshal.SizeOf<ExitRow>());
        Put(output, (ulong)since);
        var births = new ArrayBufferWriter<byte>();
        var used = 0;
        foreach (var pair in places)
        {
            // A pair without exits was planned, and its block is not in the journal yet: there it is born, once.
            if (pair is not null && table.Row(pair.Id).Exits > 0)
            {
                Decisions.WriteNewPair(births, pair);
                used = pair.Id + 1;
            }
        }

        Put(output, (uint)births.WrittenCount);
        output.Write(births.WrittenSpan);
        var rows = table.Rows(used);
        Put(output, (uint)rows.Length);
        output.Write(MemoryMarshal.AsBytes(rows));
        PutCounts(output, table.SignalCounts.Select(entry => KeyValuePair.Create(entry.Key, entry.Value.Count)));
        PutCounts(output, table.Carries);
        Put(output, (uint)tallies.Values.Length);
        foreach (var value in tallies.Values)
        {
            Put(output, value);
        }

        PutTasks(output, tasks);
        PutBounds(output, bounds);
    }

    /// <summary>
    /// Reads what <see cref="Write"/> wrote into an empty ledger; gives since when it counts, and the bounds that its
    /// buckets have.
    /// </summary>
    public static (long Since, HistogramBounds Bounds) Read(ReadOnlySpan<byte> data, ExitTable table, TaskTable tasks,
        PairLabels labels, Tallies tallies)
    {
        var layout = TakeUInt32(ref data);
        if (layout is < OldestLayout or > Layout)
        {
            throw new InvalidDataException(
                $"the ledger in the checkpoint has layout {layout}; this program knows {OldestLayout} to {Layout}");
        }

        if (TakeUInt32(ref data) is var rowSize && rowSize != Marshal.SizeOf<ExitRow>())
        {
            throw new InvalidDataException(
                $"the ledger in the checkpoint has rows of {rowSize} bytes, not {Marshal.SizeOf<ExitRow>()}");
        }

        var since = (long)TakeUInt64(ref data);
        var births = Take(ref data, TakeCount(ref data, 1));
        while (Decisions.TryTake(ref births, out var kind, out var birth))
        {
            labels.Adopt(Decisions.ReadNewPair(kind, birth));
        }

        var rows = MemoryMarshal.Cast<byte, ExitRow>(Take(ref data,
            TakeCount(ref data, Marshal.SizeOf<ExitRow>()) * Marshal.SizeOf<ExitRow>()));
        table.EnsurePairs(rows.Length);
        for (var i = 0; i < rows.Length; i++)
        {
            table.Row(i + ExitTable.Retired) = rows[i];
        }

        TakeCounts(ref data, (key, count) => table.SignalCounts[key] = new Deaths(count, default));
        TakeCounts(ref data, (key, count) => table.Carries[ExitTable.IsCarryKey(key) ? key
            : throw new InvalidDataException($"the ledger in the checkpoint has a carry {key} of no bucket")] = count);
        var values = new ulong[TakeCount(ref data, sizeof(ulong))];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = TakeUInt64(ref data);
        }

        tallies.Load(values);
        if (layout >= FirstLayoutWithTasks)
        {
            TakeTasks(ref data, tasks, labels.Places.Count);
        }

        return (since, layout >= FirstLayoutWithBounds ? TakeBounds(ref data) : HistogramBounds.Default);
    }

    /// <summary>Only the rows that have something: how far the table has grown is no part of the ledger.</summary>
    private static void PutTasks(ArrayBufferWriter<byte> output, TaskTable tasks)
    {
        var rows = tasks.Rows;
        var used = 0;
        foreach (ref readonly var row in rows)
        {
            used += row.Exits > 0 ? 1 : 0;
        }

        Put(output, (uint)Unsafe.SizeOf<TaskRow>());
        Put(output, (uint)used);
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i].Exits > 0)
            {
                Put(output, (uint)i);
                output.Write(MemoryMarshal.AsBytes(rows.Slice(i, 1)));
            }
        }
    }

    private static void TakeTasks(ref ReadOnlySpan<byte> data, TaskTable tasks, int places)
    {
        if (TakeUInt32(ref data) is var size && size != Unsafe.SizeOf<TaskRow>())
        {
            throw new InvalidDataException(
                $"the ledger in the checkpoint has task rows of {size} bytes, not {Unsafe.SizeOf<TaskRow>()}");
        }

        for (var left = TakeUInt32(ref data); left > 0; left--)
        {
            var index = TakeUInt32(ref data);
            if (index >= ExitTable.RowIndex(places))
            {
                throw new InvalidDataException($"the ledger in the checkpoint has a task row {index} of no pair");
            }

            tasks.Row((int)index + ExitTable.Retired) = MemoryMarshal.Read<TaskRow>(Take(ref data, (int)size));
        }
    }

    private static void PutCounts(ArrayBufferWriter<byte> output, IEnumerable<KeyValuePair<long, ulong>> unsorted)
    {
        var counts = unsorted.OrderBy(entry => entry.Key).ToArray();
        Put(output, (uint)counts.Length);
        foreach (var (key, value) in counts)
        {
            Put(output, (ulong)key);
            Put(output, value);
        }
    }

    private static void TakeCounts(ref ReadOnlySpan<byte> data, Action<long, ulong> put)
    {
        for (var left = TakeUInt32(ref data); left > 0; left--)
        {
            var key = (long)TakeUInt64(ref data);
            put(key, TakeUInt64(ref data));
        }
    }

    private static void PutBounds(ArrayBufferWriter<byte> output, HistogramBounds bounds)
    {
        foreach (var list in bounds.All)
        {
            Put(output, (uint)list.Length);
            foreach (var bound in list)
            {
                Put(output, (ulong)bound);
            }
        }
    }

    private static HistogramBounds TakeBounds(ref ReadOnlySpan<byte> data)
    {
        var lists = new long[HistogramBounds.Lists][];
        foreach (ref var list in lists.AsSpan())
        {
            list = new long[Math.Min(TakeCount(ref data, sizeof(ulong)), HistogramBounds.Bounds + 1)];
            for (var i = 0; i < list.Length; i++)
            {
                list[i] = (long)TakeUInt64(ref data);
                if (i == HistogramBounds.Bounds || list[i] <= (i == 0 ? 0 : list[i - 1]))
                {
                    throw new InvalidDataException(
                        "the ledger in the checkpoint has over 12 bounds of a histogram, or bounds that do not rise");
                }
            }
        }

        return HistogramBounds.Of(lists);
    }
}
