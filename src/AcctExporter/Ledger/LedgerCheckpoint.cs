// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace AcctExporter.Ledger;

/// <summary>
/// The ledger as one section of the checkpoint, little endian: layout version, row size, start of counting, then rows
/// with their ids, pairs as
/// <see cref="Decisions"/> spells them, signals, carries, tallies. Layout: <c>docs/formats/checkpoint.md</c>.
/// </summary>
internal static class LedgerCheckpoint
{
    private const uint Layout = 2;

    /// <summary>Births without optional labels: read as they are.</summary>
    private const uint OldestLayout = 1;

    /// <summary>Writes everything.</summary>
    public static void Write(ArrayBufferWriter<byte> output, ExitTable table, IReadOnlyList<Pair?> places,
        Tallies tallies, long since)
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
        PutCounts(output, table.SignalCounts);
        PutCounts(output, table.Carries);
        Put(output, (uint)tallies.Values.Length);
        foreach (var value in tallies.Values)
        {
            Put(output, value);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote into an empty ledger; returns since when it counts.</summary>
    public static long Read(ReadOnlySpan<byte> data, ExitTable table, PairLabels labels, Tallies tallies)
    {
        if (TakeUInt32(ref data) is var layout && layout is < OldestLayout or > Layout)
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

        TakeCounts(ref data, table.SignalCounts);
        TakeCounts(ref data, table.Carries);
        var values = new ulong[TakeUInt32(ref data)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = TakeUInt64(ref data);
        }

        tallies.Load(values);
        return since;
    }

    private static void PutCounts(ArrayBufferWriter<byte> output, Dictionary<long, ulong> counts)
    {
        Put(output, (uint)counts.Count);
        foreach (var (key, value) in counts.OrderBy(entry => entry.Key))
        {
            Put(output, (ulong)key);
            Put(output, value);
        }
    }

    private static void TakeCounts(ref ReadOnlySpan<byte> data, Dictionary<long, ulong> counts)
    {
        for (var left = TakeUInt32(ref data); left > 0; left--)
        {
            var key = (long)TakeUInt64(ref data);
            counts[key] = TakeUInt64(ref data);
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
