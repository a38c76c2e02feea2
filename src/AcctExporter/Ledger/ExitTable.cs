// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using AcctExporter.Records;

namespace AcctExporter.Ledger;

/// <summary>
/// The hot table: from what an exit bears (name, uid, context: the raw key) to its pair, and from the pair to its row.
/// Works on batches in passes, each of which asks the processor for the memory that the next one reads. This is the one
/// file of the room that is <c>unsafe</c>: prefetching needs addresses, and rows must start on a cache line.
/// The raw keys are a cache in front of the pairs, cleared when full: a million names of an attacker cost lookups only.
/// </summary>
internal sealed unsafe partial class ExitTable : IDisposable
{
    /// <summary>
    /// Exits taken through the passes together: enough to hide memory, few enough to stay in the first cache.
    /// </summary>
    public const int BatchExits = 128;

    /// <summary>The pair number of exits that are counted under <c>other</c>.</summary>
    public const int Other = -1;

    /// <summary>The pair number of exits that a rule drops: host totals have them, no series has.</summary>
    public const int Dropped = -2;

    /// <summary>
    /// The pair number under which the sums of pairs that gave up their place live on, for the host totals.
    /// </summary>
    public const int Retired = -3;

    /// <summary>How many rows stand before that of pair 0.</summary>
    private const int SpecialRows = 3;

    private const int CacheLine = 64;
    private const int SmallestIndex = 1024;

    private int rawKeyLimit;
    private readonly ulong multiplierLow;
    private readonly ulong multiplierHigh;
    private readonly ulong multiplierUid;

    private BucketStep* bucketSteps;
    private ulong* slots;
    private int slotCount;
    private RawKey* rawKeys;
    private int rawKeyCapacity;
    private int rawKeyCount;
    private ExitRow* rows;
    private int rowCapacity;

    /// <summary>An empty table that remembers at most <paramref name="rawKeyLimit"/> raw keys.</summary>
    public ExitTable(int rawKeyLimit, HistogramBounds bounds)
    {
        this.rawKeyLimit = rawKeyLimit;
        // Names are chosen by strangers: with multipliers that nobody knows they cannot choose names that collide.
        multiplierLow = (ulong)Random.Shared.NextInt64() << 1 | 1;
        multiplierHigh = (ulong)Random.Shared.NextInt64() << 1 | 1;
        multiplierUid = (ulong)Random.Shared.NextInt64() << 1 | 1;
        var stepBytes = 3 * BucketStep.Count * (nuint)sizeof(BucketStep);
        bucketSteps = (BucketStep*)NativeMemory.AlignedAlloc(stepBytes, CacheLine);
        FillSteps(RowHistogram.Duration, bounds.DurationMicroseconds);
        FillSteps(RowHistogram.Cpu, bounds.CpuMicroseconds);
        FillSteps(RowHistogram.VirtualMemory, bounds.VirtualMemoryBytes);
        AllocateIndex(SmallestIndex);
        EnsurePairs(SmallestIndex - SpecialRows);
    }

    /// <summary>Raw keys remembered now.</summary>
    public int RawKeys => rawKeyCount;

    /// <summary>The row of a pair, or of <see cref="Other"/>, <see cref="Dropped"/>, <see cref="Retired"/>.</summary>
    public ref ExitRow Row(int pair) => ref rows[pair + SpecialRows];

    /// <summary>The rows from <see cref="Retired"/> up to the last of <paramref name="pairs"/> pairs.</summary>
    public ReadOnlySpan<ExitRow> Rows(int pairs) => new(rows, pairs + SpecialRows);

    /// <summary>The index in <see cref="Rows"/> of a pair's row.</summary>
    public static int RowIndex(int pair) => pair + SpecialRows;

    /// <summary>Makes room for <paramref name="pairs"/> pairs; new rows are empty.</summary>
    public void EnsurePairs(int pairs)
    {
        var wanted = pairs + SpecialRows;
        if (wanted <= rowCapacity)
        {
            return;
        }

        var capacity = Math.Max(wanted, rowCapacity * 2);
        var grown = (ExitRow*)NativeMemory.AlignedAlloc((nuint)capacity * (nuint)sizeof(ExitRow), CacheLine);
        new Span<byte>(grown, capacity * sizeof(ExitRow)).Clear();
        new Span<ExitRow>(rows, rowCapacity).CopyTo(new Span<ExitRow>(grown, capacity));
        NativeMemory.AlignedFree(rows);
        rows = grown;
        rowCapacity = capacity;
    }

    /// <summary>Forgets every raw key: the next exit of each asks for its pair again.</summary>
    public void ForgetRawKeys()
    {
        new Span<ulong>(slots, slotCount).Clear();
        rawKeyCount = 0;
    }

    /// <summary>
    /// Finds the pair of each exit; one whose raw key is not known is asked of <paramref name="labels"/>.
    /// </summary>
    public void FindPairs(ReadOnlySpan<ProcessExit> exits, Span<int> pairs, PairLabels labels)
    {
        for (var start = 0; start < exits.Length; start += BatchExits)
        {
            var length = Math.Min(BatchExits, exits.Length - start);
            FindBatch(exits.Slice(start, length), pairs.Slice(start, length), labels);
        }
    }

    /// <summary>Adds each exit to the row of its pair.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Count(ReadOnlySpan<ProcessExit> exits, ReadOnlySpan<int> pairs, uint countedUnixSeconds)
    {
        pairs = pairs[..exits.Length];
        // In locals: the compiler must not think that a row could hold them.
        var table = rows + SpecialRows;
        var steps = bucketSteps;
        for (var i = 0; i < exits.Length; i++)
        {
            ref readonly var exit = ref exits[i];
            var row = table + pairs[i];
            row->Exits++;
            AddTwo(&row->UserMicroseconds, in exit.UserMicroseconds);
            AddTwo(&row->MinorFaults, in exit.MinorFaults);
            AddTwo(&row->ElapsedMicroseconds, in exit.ElapsedMicroseconds);
            row->ForksWithoutExec += (uint)exit.Flags & (uint)AcctFlags.ForkedWithoutExec;
            row->PrivilegedExits += ((uint)exit.Flags >> 1) & 1;
            row->LastCountedUnixSeconds = countedUnixSeconds;
            var duration = BucketOf(steps, RowHistogram.Duration, exit.ElapsedMicroseconds);
            var cpu = BucketOf(steps, RowHistogram.Cpu, exit.UserMicroseconds + exit.SystemMicroseconds);
            var memory = BucketOf(steps, RowHistogram.VirtualMemory, exit.VirtualMemoryBytes);
            if (++((uint*)&row->Duration)[duration] == 0 | ++((uint*)&row->Cpu)[cpu] == 0
                | ++((uint*)&row->VirtualMemory)[memory] == 0)
            {
                Carry(ref *row, pairs[i], (int)duration, (int)cpu, (int)memory);
            }

            if (exit.ExitCode != 0)
            {
                CountEnd(ref *row, pairs[i], exit);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(slots);
        NativeMemory.AlignedFree(rawKeys);
        NativeMemory.AlignedFree(rows);
        NativeMemory.AlignedFree(bucketSteps);
        bucketSteps = null;
        slots = null;
        rawKeys = null;
        rows = null;
    }

    /// <summary>Adds two sums that stand side by side in the exit and in the row (see <see cref="ExitRow"/>).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTwo(ulong* sums, in ulong figures) =>
        (Vector128.Load(sums) + Vector128.LoadUnsafe(in figures)).Store(sums);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static nuint BucketOf(BucketStep* steps, RowHistogram histogram, ulong value) =>
        steps[((int)histogram * BucketStep.Count) + BitOperations.LeadingZeroCount(value | 1)].BucketOf(value);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void FindBatch(ReadOnlySpan<ProcessExit> exits, Span<int> pairs, PairLabels labels)
    {
        var hashes = stackalloc uint[BatchExits];
        var found = stackalloc int[BatchExits];
        var mask = (uint)slotCount - 1;
        for (var i = 0; i < exits.Length; i++)
        {
            hashes[i] = Hash(exits[i]);
            Prefetch(slots + (hashes[i] & mask));
        }

        for (var i = 0; i < exits.Length; i++)
        {
            found[i] = Candidate(hashes[i], hashes[i] & mask, out _);
            if (found[i] >= 0)
            {
                Prefetch(rawKeys + found[i]);
            }
        }

        for (var i = 0; i < exits.Length; i++)
        {
            ref readonly var exit = ref exits[i];
            var pair = found[i] >= 0 && found[i] < rawKeyCount && rawKeys[found[i]].Is(exit)
                ? rawKeys[found[i]].Pair
                : FindSlowly(exit, hashes[i], labels);
            pairs[i] = pair;
            var row = (byte*)(rows + pair + SpecialRows);
            Prefetch(row);
            Prefetch(row + CacheLine);
            Prefetch(row + (2 * CacheLine));
            Prefetch(row + (3 * CacheLine));
        }
    }

    /// <summary>The first raw key from a slot on whose hash agrees, or -1 at an empty slot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Candidate(uint hash, uint slot, out uint at)
    {
        var mask = (uint)slotCount - 1;
        for (; ; slot = (slot + 1) & mask)
        {
            var entry = slots[slot];
            at = slot;
            if (entry == 0)
            {
                return -1;
            }

            if ((uint)(entry >> 32) == hash)
            {
                return (int)(uint)entry - 1;
            }
        }
    }

    /// <summary>
    /// The pair of an exit whose first candidate was another's, or whose raw key is new: then it is remembered.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int FindSlowly(in ProcessExit exit, uint hash, PairLabels labels)
    {
        var mask = (uint)slotCount - 1;
        var slot = hash & mask;
        int candidate;
        while ((candidate = Candidate(hash, slot, out slot)) >= 0)
        {
            if (rawKeys[candidate].Is(exit))
            {
                return rawKeys[candidate].Pair;
            }

            slot = (slot + 1) & mask;
        }

        var pair = labels.PairOf(exit);
        if (rawKeyCount >= rawKeyLimit)
        {
            ForgetRawKeys();
        }
        else if ((rawKeyCount + 1) * 2 > slotCount)
        {
            AllocateIndex(slotCount * 2);
        }

        mask = (uint)slotCount - 1;
        slot = hash & mask;
        while (slots[slot] != 0)
        {
            slot = (slot + 1) & mask;
        }

        rawKeys[rawKeyCount] = new RawKey
        {
            CommandLow = exit.CommandLow,
            CommandHigh = exit.CommandHigh,
            Uid = exit.Uid,
            Hash = hash,
            Pair = pair,
            Context = RawKey.ContextOf(exit),
        };
        slots[slot] = ((ulong)hash << 32) | (uint)++rawKeyCount;
        return pair;
    }

    private void FillSteps(RowHistogram histogram, ReadOnlySpan<long> bounds) => BucketStep.Fill(
        new Span<BucketStep>(bucketSteps + ((int)histogram * BucketStep.Count), BucketStep.Count), bounds);

    private void AllocateIndex(int count)
    {
        NativeMemory.AlignedFree(slots);
        slots = (ulong*)NativeMemory.AlignedAlloc((nuint)count * sizeof(ulong), CacheLine);
        slotCount = count;
        new Span<ulong>(slots, count).Clear();

        var capacity = count / 2;
        var grown = (RawKey*)NativeMemory.AlignedAlloc((nuint)capacity * (nuint)sizeof(RawKey), CacheLine);
        new Span<RawKey>(rawKeys, rawKeyCount).CopyTo(new Span<RawKey>(grown, capacity));
        NativeMemory.AlignedFree(rawKeys);
        rawKeys = grown;
        rawKeyCapacity = capacity;

        var mask = (uint)count - 1;
        for (var i = 0; i < rawKeyCount; i++)
        {
            var slot = rawKeys[i].Hash & mask;
            while (slots[slot] != 0)
            {
                slot = (slot + 1) & mask;
            }

            slots[slot] = ((ulong)rawKeys[i].Hash << 32) | (uint)(i + 1);
        }
    }

    /// <summary>
    /// Two loads of the name, uid and context, three multiplications; the high half, which every bit has reached.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Hash(in ProcessExit exit)
    {
        var mixed = (exit.CommandLow * multiplierLow) ^ BitOperations.RotateLeft(exit.CommandHigh * multiplierHigh, 32);
        mixed = (mixed ^ (mixed >> 29) ^ exit.Uid ^ ((ulong)RawKey.ContextOf(exit) << 32)) * multiplierUid;
        return (uint)(mixed >> 32);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(void* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }
}
