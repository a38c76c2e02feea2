// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using AcctExporter.Records;

namespace AcctExporter.Suite;

/// <summary>
/// What an ended process cost, in whole numbers of the smallest units that are known of it, so that sums do not depend
/// on their order.
/// </summary>
internal readonly struct ProcessCost
{
    /// <summary>KiB of a page of System V.</summary>
    public const int PageKib = 4;

    /// <summary>Microseconds of a second.</summary>
    public const uint Second = 1_000_000;

    /// <summary>Elapsed time above this is damage: 3,000 years.</summary>
    private const double MostTicks = 1e13;

    /// <summary>Whole ticks below this become microseconds without a rounding: 285 years.</summary>
    private const float MostWholeTicks = 9e9f;

    /// <summary>Works it out.</summary>
    /// <param name="entry">The process.</param>
    /// <param name="isSystemV">Memory is pages summed over CPU ticks, and I/O is what it was.</param>
    public ProcessCost(in AcctEntry entry, bool isSystemV)
    {
        ref readonly var record = ref entry.Record;
        Memory = CompT.Decode(record.MemoryKib);
        IsIntegral = isSystemV;
        HasIo = isSystemV || entry.HasIo;
        if (entry.IsTrue)
        {
            this = new(Memory, entry.Truth);
            return;
        }

        UnitsPerSecond = Math.Max((uint)entry.TicksPerSecond, 1);
        CpuUnits = CompT.Decode(record.UserTicks) + CompT.Decode(record.SystemTicks);
        (ElapsedMicroseconds, LifeSeconds) = Elapsed(record.ElapsedTicks, UnitsPerSecond);
        Characters = CompT.Decode(record.IoCharacters);
        StorageBytes = CompT.Decode(record.BlocksReadOrWritten) * AcctEntry.BlockBytes;
    }

    /// <summary>Works it out of what is known better than the record.</summary>
    /// <param name="memory">KiB of the record.</param>
    /// <param name="truth">The rest.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ProcessCost(ulong memory, in ExitTruth truth)
    {
        Memory = memory;
        HasIo = true;
        UnitsPerSecond = Second;
        CpuUnits = Sum(truth.UserMicroseconds, truth.SystemMicroseconds);
        ElapsedMicroseconds = truth.ElapsedMicroseconds;
        LifeSeconds = Math.Max(1, (long)(truth.ElapsedMicroseconds / Second));
        Characters = truth.CallBytes;
        StorageBytes = truth.StorageBytes;
    }

    /// <summary>Works it out of a record that says everything (<c>ExitBatch.IsPlain</c>): faster.</summary>
    /// <param name="record">It, with 100 ticks a second.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ProcessCost(in RawV3 record)
        : this(record, (ushort)AcctRecord.DefaultTicksPerSecond)
    {
        Characters = CompT.Decode(record.IoCharacters);
        StorageBytes = CompT.Decode(record.BlocksReadOrWritten) * AcctEntry.BlockBytes;
    }

    /// <summary>Works it out of a record in which nothing is I/O.</summary>
    /// <param name="record">It.</param>
    /// <param name="ticksPerSecond">Of its times.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ProcessCost(in RawV3 record, ushort ticksPerSecond)
    {
        Memory = CompT.Decode(record.MemoryKib);
        UnitsPerSecond = Math.Max((uint)ticksPerSecond, 1);
        CpuUnits = CompT.Decode(record.UserTicks) + CompT.Decode(record.SystemTicks);
        if (ticksPerSecond == AcctRecord.DefaultTicksPerSecond
            && record.ElapsedTicks >= 0 && record.ElapsedTicks < MostWholeTicks
            && (long)record.ElapsedTicks is var ticks && ticks == record.ElapsedTicks)
        {
            ElapsedMicroseconds = (ulong)ticks * (Second / AcctRecord.DefaultTicksPerSecond);
            LifeSeconds = Math.Max(1, ticks / AcctRecord.DefaultTicksPerSecond);
        }
        else
        {
            (ElapsedMicroseconds, LifeSeconds) = Elapsed(record.ElapsedTicks, UnitsPerSecond);
        }
    }

    /// <summary>CPU time as it is known: in ticks, or where it is true in microseconds.</summary>
    public ulong CpuUnits { get; }

    /// <summary>How many of them a second has.</summary>
    public uint UnitsPerSecond { get; }

    /// <summary>CPU time.</summary>
    public ulong CpuMicroseconds => Microseconds(CpuUnits);

    /// <summary>Time from start to end.</summary>
    public ulong ElapsedMicroseconds { get; }

    /// <summary>The same in whole seconds, at least one: what is divided between prime and non-prime time.</summary>
    public long LifeSeconds { get; }

    /// <summary>KiB; of System V pages summed over CPU ticks.</summary>
    public ulong Memory { get; }

    /// <summary><see cref="Memory"/> is such a sum.</summary>
    public bool IsIntegral { get; }

    /// <summary>I/O is known.</summary>
    public bool HasIo { get; }

    /// <summary>Bytes that system calls read and wrote.</summary>
    public ulong Characters { get; }

    /// <summary>Bytes that storage read and must write.</summary>
    public ulong StorageBytes { get; }

    /// <summary>Memory in use while the CPU was: KiB times microseconds.</summary>
    public UInt128 KibMicroseconds => IsIntegral
        ? new UInt128(0, Memory * PageKib * Second) / UnitsPerSecond
        : new UInt128(Math.BigMul(Memory, CpuMicroseconds, out var low), low);

    /// <summary>CPU time in microseconds, of <see cref="CpuUnits"/> or some of them.</summary>
    public ulong Microseconds(ulong units) => UnitsPerSecond switch
    {
        Second => units,
        AcctRecord.DefaultTicksPerSecond => units * (Second / AcctRecord.DefaultTicksPerSecond),
        var rate => ((units * Second) + (rate / 2)) / rate,
    };

    /// <summary>The part of a quantity that falls to prime time, rounded down; the rest is non-prime.</summary>
    public static ulong Prime(ulong quantity, PrimeSplit split) => split.NonPrimeSeconds == 0 ? quantity
        : split.PrimeSeconds == 0 ? 0
        : (ulong)Part(quantity, (ulong)split.PrimeSeconds, (ulong)(split.PrimeSeconds + split.NonPrimeSeconds));

    /// <summary>A part of a quantity, rounded down, without overflow.</summary>
    /// <param name="quantity">The quantity.</param>
    /// <param name="part">How much of <paramref name="whole"/>; no more than that.</param>
    /// <param name="whole">The whole, not 0.</param>
    public static UInt128 Part(UInt128 quantity, ulong part, ulong whole)
    {
        var (times, rest) = UInt128.DivRem(quantity, whole);
        return (times * part) + (rest * part / whole);
    }

    private static (ulong Microseconds, long Seconds) Elapsed(float ticks, uint unitsPerSecond)
    {
        // What is no number is none.
        var elapsed = ticks > 0 ? Math.Min((double)ticks, MostTicks) : 0;
        return ((ulong)Math.Round(elapsed * Second / unitsPerSecond), Math.Max(1, (long)(elapsed / unitsPerSecond)));
    }

    /// <summary>A sum that stops at the largest number: so it has no order either.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Sum(ulong left, ulong right)
    {
        var sum = unchecked(left + right);
        return sum < left ? ulong.MaxValue : sum;
    }

    /// <summary>Likewise.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UInt128 Sum(UInt128 left, UInt128 right)
    {
        var sum = unchecked(left + right);
        return sum < left ? UInt128.MaxValue : sum;
    }
}
