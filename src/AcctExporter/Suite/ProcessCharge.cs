// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Suite;

/// <summary>What a user is charged with for a process: a line of ptmp (<c>acctprc1</c>).</summary>
/// <param name="PrimeMicroseconds">CPU time in prime time: whole ticks of it, where it is known in ticks only.</param>
/// <param name="NonPrimeMicroseconds">The rest of it.</param>
/// <param name="KibMicroseconds">Memory in use while the CPU was; nothing when that was no time.</param>
/// <param name="Characters">Bytes that system calls read and wrote.</param>
/// <param name="StorageBytes">Bytes that storage read and must write.</param>
/// <param name="HasIo">These two are known.</param>
internal readonly record struct ProcessCharge(
    ulong PrimeMicroseconds, ulong NonPrimeMicroseconds, UInt128 KibMicroseconds, ulong Characters, ulong StorageBytes,
    bool HasIo)
{
    /// <summary>The part of <see cref="Characters"/> in prime time: as much as of its life.</summary>
    public ulong PrimeCharacters { get; init; }

    /// <summary>The part of <see cref="StorageBytes"/> in prime time, likewise.</summary>
    public ulong PrimeStorageBytes { get; init; }

    /// <summary>All CPU time.</summary>
    public ulong CpuMicroseconds => ProcessCost.Sum(PrimeMicroseconds, NonPrimeMicroseconds);

    /// <summary>The part of <see cref="KibMicroseconds"/> in prime time: as much as of CPU time.</summary>
    public UInt128 PrimeKibMicroseconds => NonPrimeMicroseconds == 0 ? KibMicroseconds
        : PrimeMicroseconds == 0 ? 0
        : ProcessCost.Part(KibMicroseconds, PrimeMicroseconds, CpuMicroseconds);

    /// <summary>The charge for a process.</summary>
    /// <param name="entry">The process.</param>
    /// <param name="isSystemV">It is a record of System V.</param>
    /// <param name="split">Divides its life: CPU time is taken for evenly spread over it.</param>
    public static ProcessCharge Of(in AcctEntry entry, bool isSystemV, LifeSplit split) =>
        Of(new ProcessCost(entry, isSystemV), entry.Record.BeginUnixSeconds, split);

    /// <summary>The charge for what a process cost.</summary>
    /// <param name="cost">That.</param>
    /// <param name="begin">Its first second since 1970.</param>
    /// <param name="split">Divides its life.</param>
    public static ProcessCharge Of(in ProcessCost cost, long begin, LifeSplit split) =>
        Of(cost, split.Parts(begin, cost.LifeSeconds));

    /// <summary>The charge for what a process cost.</summary>
    /// <param name="cost">That.</param>
    /// <param name="parts">The parts of its life.</param>
    public static ProcessCharge Of(in ProcessCost cost, PrimeSplit parts)
    {
        var all = cost.CpuMicroseconds;
        var prime = cost.Microseconds(ProcessCost.Prime(cost.CpuUnits, parts));
        return new(
            prime, all - prime, all == 0 ? 0 : cost.KibMicroseconds, cost.Characters, cost.StorageBytes, cost.HasIo)
        {
            PrimeCharacters = ProcessCost.Prime(cost.Characters, parts),
            PrimeStorageBytes = ProcessCost.Prime(cost.StorageBytes, parts),
        };
    }
}

/// <summary>The same as the classic commands know it: whole ticks of 1/100 s, whole pages, rounded up.</summary>
/// <param name="PrimeTicks">CPU time in prime time, rounded down.</param>
/// <param name="NonPrimeTicks">The rest of it.</param>
/// <param name="MeanPages">Pages in use while the CPU was.</param>
internal readonly record struct ClassicCharge(ulong PrimeTicks, ulong NonPrimeTicks, uint MeanPages)
{
    /// <summary>The charge for a process.</summary>
    /// <inheritdoc cref="ProcessCharge.Of(in AcctEntry, bool, LifeSplit)"/>
    public static ClassicCharge Of(in AcctEntry entry, bool isSystemV, LifeSplit split)
    {
        var cpu = CompatTicks.Of(entry.SystemTicks, entry) + CompatTicks.Of(entry.UserTicks, entry);
        var seconds = CompatTicks.LifeSeconds(entry);
        var parts = split.Parts(entry.Record.BeginUnixSeconds, seconds);
        var prime = (ulong)((double)cpu * parts.PrimeSeconds / seconds);
        var memory = CompT.Decode(entry.Record.MemoryKib);
        var mean = !isSystemV ? (memory + ProcessCost.PageKib - 1) / ProcessCost.PageKib
            : cpu == 0 ? 0 : (memory + cpu - 1) / cpu;
        return new(prime, unchecked(cpu - prime), (uint)mean);
    }
}
