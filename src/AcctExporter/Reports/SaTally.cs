// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>How the exits of a row ended, and their I/O: what the classic report does not tell.</summary>
internal struct SaEnds
{
    /// <summary>Ended by themselves with a code other than 0.</summary>
    public ulong Failures;

    /// <summary>Ended by a signal.</summary>
    public ulong Signals;

    /// <summary>Wrote a core.</summary>
    public ulong Cores;

    /// <summary>Exits whose I/O is known.</summary>
    public ulong WithIo;

    /// <summary>Bytes of system calls, of those.</summary>
    public double CallBytes;

    /// <summary>Bytes from and to storage, of those.</summary>
    public double StorageBytes;
}

/// <summary>
/// Rows and their sums. Exits are added strictly in the order of the input, one batch at a time, whoever found out to
/// which rows they belong.
/// </summary>
internal abstract class SaTally
{
    /// <summary>KiB of a page, by which GNU sa divides KiB of memory.</summary>
    public static readonly double PageKib = Environment.SystemPageSize / 1024.0;

    private const int VectorsOfRecord = AcctRecord.Size / 16;

    private SaSums[] sums = new SaSums[256];
    private SaEnds[]? ends;

    /// <summary>Rows so far.</summary>
    public abstract int Count { get; }

    /// <summary>The sums of all exits that were added.</summary>
    public SaSums Totals;

    /// <summary>The sums of a row.</summary>
    public ref readonly SaSums this[int row] => ref sums[row];

    /// <summary>How the exits of a row ended; only after <see cref="WatchEnds"/>.</summary>
    public ref readonly SaEnds EndsOf(int row) => ref ends![row];

    /// <summary>True when the I/O of some exit was true, so that <see cref="SaSums.Io"/> is blocks.</summary>
    public bool HasTrueIo { get; private set; }

    /// <summary>From now on <see cref="EndsOf"/> is counted, too.</summary>
    public void WatchEnds() => ends = new SaEnds[sums.Length];

    /// <summary>What one worker finds keys with.</summary>
    public abstract SaFinder NewFinder();

    /// <summary>The row of a key that a worker met, which it gets if it has none.</summary>
    public abstract int RowOf(SaFinder finder, int number);

    /// <summary>Adds sums from elsewhere to a row.</summary>
    public void Add(int row, in SaSums more)
    {
        EnsureRoom();
        sums[row].Add(more);
    }

    /// <summary>Adds a batch.</summary>
    /// <param name="batch">The exits.</param>
    /// <param name="numbers">The numbers that a finder gave them.</param>
    /// <param name="rows">The rows of those numbers.</param>
    public void Add(ExitBatch batch, ReadOnlySpan<int> numbers, ReadOnlySpan<int> rows)
    {
        EnsureRoom();
        if (batch.IsPlain)
        {
            AddPlain(batch, numbers[..batch.Count], rows);
        }
        else
        {
            AddEntries(batch, numbers, rows);
        }

        if (ends is not null)
        {
            AddEnds(batch, numbers, rows);
        }
    }

    // At once in full: most runs are over before the runtime would have found out that it is worth it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void AddPlain(ExitBatch batch, ReadOnlySpan<int> numbers, ReadOnlySpan<int> rows)
    {
        var vectors = MemoryMarshal.Cast<byte, Vector128<ushort>>(
            batch.Bytes.AsSpan(0, numbers.Length * AcctRecord.Size));
        var units = Vector256.Create(1 / PageKib, 1, 1, 1);
        var sums = this.sums;
        // Here they stay in registers.
        var (times, usage, calls) = (Totals.Times, Totals.Usage, Totals.Calls);
        for (var i = 0; i < numbers.Length; i++)
        {
            var number = numbers[i];
            if (number < 0)
            {
                continue;
            }

            var elapsed = vectors[(VectorsOfRecord * i) + 1].AsSingle()[3];
            Decode(vectors[(VectorsOfRecord * i) + 2], elapsed, out var recordTimes, out var recordUsage);
            recordTimes /= Vector256.Create((double)AcctRecord.DefaultTicksPerSecond);
            recordUsage *= units;
            times += recordTimes;
            usage += recordUsage;
            calls++;
            ref var row = ref sums[rows[number]];
            row.Times += recordTimes;
            row.Usage += recordUsage;
            row.Calls++;
        }

        (Totals.Times, Totals.Usage, Totals.Calls) = (times, usage, calls);
    }

    /// <summary>
    /// The numbers of a record: <c>comp_t</c> of user, system, memory, I/O, blocks, minor faults, major faults, swaps
    /// become ticks of user, system, elapsed, and I/O; memory, minor faults, major faults, swaps. All of it is exact.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Decode(
        Vector128<ushort> record, float elapsed, out Vector256<double> times, out Vector256<double> usage)
    {
        times = Decode(Vector128.WidenLower(record));
        usage = Decode(Vector128.WidenUpper(record));
        // Memory goes where the blocks are, and the elapsed time, which is no comp_t, where memory was.
        usage = Vector256.ConditionalSelect(
            Vector256.Create(-1L, 0, 0, 0).AsDouble(), Vector256.Shuffle(times, Vector256.Create(2L, 2, 2, 2)), usage);
        times = Vector256.ConditionalSelect(
            Vector256.Create(0, 0, -1L, 0).AsDouble(), Vector256.Create((double)elapsed), times);
    }

    /// <summary>Four <c>comp_t</c>: a fraction of 13 bits times 8 to an exponent of 3 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<double> Decode(Vector128<uint> raw)
    {
        const ulong two52 = 0x4330_0000_0000_0000;
        var wide = Vector256.WidenLower(raw.ToVector256Unsafe());
        // 2^52 and a whole number in its lowest bits, less 2^52, is that number as a double.
        var fraction = ((wide & Vector256.Create(0x1fffUL)) | Vector256.Create(two52)).AsDouble()
            - Vector256.Create(two52).AsDouble();
        var exponent = wide >> 13;
        var power = (exponent + exponent + exponent + Vector256.Create(1023UL)) << 52;
        return fraction * power.AsDouble();
    }

    private void AddEntries(ExitBatch batch, ReadOnlySpan<int> numbers, ReadOnlySpan<int> rows)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            if (numbers[i] < 0)
            {
                continue;
            }

            var one = Of(batch[i]);
            HasTrueIo |= batch[i].IsTrue;
            Totals.Add(one);
            sums[rows[numbers[i]]].Add(one);
        }
    }

    /// <summary>The sums of one exit.</summary>
    public static SaSums Of(in AcctEntry entry)
    {
        double ticks = entry.TicksPerSecond;
        return new()
        {
            Times = Vector256.Create(
                entry.UserTicks / ticks, entry.SystemTicks / ticks, entry.ElapsedTicks / ticks,
                entry.IsTrue ? entry.Blocks : entry.Characters / ticks),
            Usage = Vector256.Create(entry.Memory / PageKib, entry.MinorFaults, entry.MajorFaults, entry.Swaps),
            Calls = 1,
        };
    }

    private void AddEnds(ExitBatch batch, ReadOnlySpan<int> numbers, ReadOnlySpan<int> rows)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            if (numbers[i] < 0)
            {
                continue;
            }

            var entry = batch[i];
            ref var row = ref ends![rows[numbers[i]]];
            row.Failures += entry.Status.Failed ? 1UL : 0;
            row.Signals += entry.Status.Signal != 0 ? 1UL : 0;
            row.Cores += entry.Status.DumpedCore ? 1UL : 0;
            if (entry.HasIo)
            {
                row.WithIo++;
                row.CallBytes += entry.Characters;
                row.StorageBytes += entry.Blocks * AcctEntry.BlockBytes;
            }
        }
    }

    private void EnsureRoom()
    {
        if (Count > sums.Length)
        {
            var room = Math.Max(Count, 2 * sums.Length);
            Array.Resize(ref sums, room);
            if (ends is not null)
            {
                Array.Resize(ref ends, room);
            }
        }
    }
}
