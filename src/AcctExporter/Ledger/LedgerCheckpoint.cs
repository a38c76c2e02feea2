// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AcctExporter.Ledger;

/// <summary>
/// The ledger as one section of the checkpoint, little endian: layout version, row size, start of counting, then rows
/// with their ids, pairs as
/// <see cref="Decisions"/> spells them, signals, carries, tallies, what taskstats add.
/// Layout: <c>docs/formats/checkpoint.md</c>.
/// </summary>
internal static class LedgerCheckpoint
{
    private const uint Layout = 2;

    /// <summary>Layout 1 ends behind the tallies and has births without optional labels.</summary>
    private const uint FirstLayoutWithTasks = 2;

    /// <inheritdoc cref="FirstLayoutWithTasks"/>
    private const uint OldestLayout = 1;

    /// <summary>Writes everything.</summary>
    public static void Write(ArrayBufferWriter<byte> output, ExitTable table, TaskTable tasks,
        IReadOnlyList<Pair?> places, Tallies tallies, long since)
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
    }

    /// <summary>Reads what <see cref="Write"/> wrote into an empty ledger; returns since when it counts.</summary>
    public static long Read(ReadOnlySpan<byte> data, ExitTable table, TaskTable tasks, PairLabels labels,
        Tallies tallies)
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
        var births = Take(ref data, (int)TakeUInt32(ref data));
        while (Decisions.TryTake(ref births, out var kind, out var birth))
        {
            labels.Adopt(Decisions.ReadNewPair(kind, birth));
        }

        var rows = MemoryMarshal.Cast<byte, ExitRow>(Take(ref data,
            checked((int)TakeUInt32(ref data) * Marshal.SizeOf<ExitRow>())));
        table.EnsurePairs(rows.Length);
        for (var i = 0; i < rows.Length; i++)
        {
            table.Row(i + ExitTable.Retired) = rows[i];
        }

        TakeCounts(ref data, (key, count) => table.SignalCounts[key] = new Deaths(count, default));
        TakeCounts(ref data, (key, count) => table.Carries[key] = count);
        var values = new ulong[TakeUInt32(ref data)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = TakeUInt64(ref data);
        }

        tallies.Load(values);
        if (layout >= FirstLayoutWithTasks)
        {
            TakeTasks(ref data, tasks, labels.Places.Count);
        }

        return since;
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

    private static void Put(ArrayBufferWriter<byte> output, uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(output.GetSpan(4), value);
        output.Advance(4);
    }

    private static void Put(ArrayBufferWriter<byte> output, ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(output.GetSpan(8), value);
        output.Advance(8);
    }

    private static uint TakeUInt32(ref ReadOnlySpan<byte> data) =>
        BinaryPrimitives.ReadUInt32LittleEndian(Take(ref data, 4));

    private static ulong TakeUInt64(ref ReadOnlySpan<byte> data) =>
        BinaryPrimitives.ReadUInt64LittleEndian(Take(ref data, 8));

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> data, int length)
    {
        if (length < 0 || length > data.Length)
        {
            throw new InvalidDataException("the ledger in the checkpoint is cut short");
        }

        var taken = data[..length];
        data = data[length..];
        return taken;
    }
}
