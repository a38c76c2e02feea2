// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AcctExporter.Records;

namespace AcctExporter.Ledger;

/// <summary>
/// What few exits need, and is kept beside the rows: deaths by signal, buckets that overflow, pairs that give up their
/// place.
/// </summary>
internal sealed partial class ExitTable
{
    /// <summary>Exits by row and signal: key <see cref="SignalKey"/>.</summary>
    public Dictionary<long, Deaths> SignalCounts { get; } = [];

    /// <summary>High halves of buckets that have counted 2^32 exits: key <see cref="CarryKey"/>.</summary>
    public Dictionary<long, ulong> Carries { get; } = [];

    /// <summary>
    /// Where in <see cref="SignalCounts"/> the deaths of a pair by a signal stand, without or with a core.
    /// </summary>
    public static long SignalKey(int pair, int signal, bool core) =>
        ((long)(pair + SpecialRows) << 8) | (core ? 0x80L : 0) | (uint)signal;

    /// <summary>The parts of a <see cref="SignalKey"/>.</summary>
    public static (int Pair, int Signal, bool Core) SignalOf(long key) =>
        ((int)(key >> 8) - SpecialRows, (int)key & 0x7f, (key & 0x80) != 0);

    /// <summary>Where in <see cref="Carries"/> the high half of a bucket stands.</summary>
    public static long CarryKey(int pair, RowHistogram histogram, int bucket) =>
        ((long)(pair + SpecialRows) << 8) | (uint)(((int)histogram * HistogramBounds.Buckets) + bucket);

    /// <summary>The exits of each bucket of a row's histogram, whole, not cumulative.</summary>
    public void ReadBuckets(int pair, RowHistogram histogram, Span<ulong> counts)
    {
        ref var buckets = ref BucketsOf(ref Row(pair), histogram);
        for (var bucket = 0; bucket < HistogramBounds.Buckets; bucket++)
        {
            counts[bucket] = buckets[bucket] + (Carries.GetValueOrDefault(CarryKey(pair, histogram, bucket)) << 32);
        }
    }

    /// <summary>Puts other ones in their place.</summary>
    public void WriteBuckets(int pair, RowHistogram histogram, ReadOnlySpan<ulong> counts)
    {
        ref var buckets = ref BucketsOf(ref Row(pair), histogram);
        for (var bucket = 0; bucket < HistogramBounds.Buckets; bucket++)
        {
            buckets[bucket] = (uint)counts[bucket];
            var key = CarryKey(pair, histogram, bucket);
            if (counts[bucket] >> 32 is > 0 and var high)
            {
                Carries[key] = high;
            }
            else
            {
                Carries.Remove(key);
            }
        }
    }

    /// <summary>Forgets every raw key, and remembers at most <paramref name="limit"/> from now on.</summary>
    public void Reconfigure(int limit)
    {
        rawKeyLimit = limit;
        rawKeyCount = 0;
        AllocateIndex(SmallestIndex);
    }

    /// <summary>
    /// Moves the sums of a pair to <see cref="Retired"/>, empties its row and forgets the raw keys that led to it.
    /// </summary>
    public void Retire(int pair)
    {
        ref var from = ref Row(pair);
        ref var to = ref Row(Retired);
        to.Exits += from.Exits;
        to.Failures += from.Failures;
        to.Signals += from.Signals;
        to.UserMicroseconds += from.UserMicroseconds;
        to.SystemMicroseconds += from.SystemMicroseconds;
        to.MinorFaults += from.MinorFaults;
        to.MajorFaults += from.MajorFaults;
        to.ForksWithoutExec += from.ForksWithoutExec;
        to.PrivilegedExits += from.PrivilegedExits;
        to.ElapsedMicroseconds += from.ElapsedMicroseconds;
        to.VirtualMemoryBytes += from.VirtualMemoryBytes;
        RetireBuckets(pair, RowHistogram.Duration, ref from.Duration, ref to.Duration);
        RetireBuckets(pair, RowHistogram.Cpu, ref from.Cpu, ref to.Cpu);
        RetireBuckets(pair, RowHistogram.VirtualMemory, ref from.VirtualMemory, ref to.VirtualMemory);
        for (var signal = 1; signal < SignalName.Count && from.Signals > 0; signal++)
        {
            RetireSignal(pair, signal, core: false);
            RetireSignal(pair, signal, core: true);
        }

        from = default;
        if (rawKeyCount > 0)
        {
            ForgetRawKeys();
        }
    }

    private static ref BucketCounts BucketsOf(ref ExitRow row, RowHistogram histogram)
    {
        switch (histogram)
        {
            case RowHistogram.Duration: return ref row.Duration;
            case RowHistogram.Cpu: return ref row.Cpu;
            default: return ref row.VirtualMemory;
        }
    }

    /// <summary>
    /// One or more of the buckets that an exit was counted in have come to 2^32, and stand at 0 again.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Carry(ref ExitRow row, int pair, int duration, int cpu, int memory)
    {
        CarryIf(row.Duration[duration] == 0, CarryKey(pair, RowHistogram.Duration, duration));
        CarryIf(row.Cpu[cpu] == 0, CarryKey(pair, RowHistogram.Cpu, cpu));
        CarryIf(row.VirtualMemory[memory] == 0, CarryKey(pair, RowHistogram.VirtualMemory, memory));
    }

    private void CarryIf(bool full, long key)
    {
        if (full)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(Carries, key, out _)++;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void CountEnd(ref ExitRow row, int pair, in ProcessExit exit)
    {
        var status = exit.Status;
        if (status.Signal == 0)
        {
            row.Failures += status.Failed ? 1UL : 0;
            return;
        }

        row.Signals++;
        ref var deaths = ref CollectionsMarshal.GetValueRefOrAddDefault(
            SignalCounts, SignalKey(pair, status.Signal, status.DumpedCore), out _);
        deaths = new Deaths(deaths.Count + 1, DeathExemplar.Of(exit));
    }

    private void RetireSignal(int pair, int signal, bool core)
    {
        if (SignalCounts.Remove(SignalKey(pair, signal, core), out var deaths))
        {
            ref var retired = ref CollectionsMarshal.GetValueRefOrAddDefault(
                SignalCounts, SignalKey(Retired, signal, core), out _);
            retired = retired.And(deaths);
        }
    }

    private void RetireBuckets(int pair, RowHistogram histogram, ref BucketCounts from, ref BucketCounts to)
    {
        for (var bucket = 0; bucket < HistogramBounds.Buckets; bucket++)
        {
            var sum = (ulong)to[bucket] + from[bucket];
            to[bucket] = (uint)sum;
            Carries.Remove(CarryKey(pair, histogram, bucket), out var carried);
            if (carried + (sum >> 32) is > 0 and var high)
            {
                var key = CarryKey(Retired, histogram, bucket);
                CollectionsMarshal.GetValueRefOrAddDefault(Carries, key, out _) += high;
            }
        }
    }
}
