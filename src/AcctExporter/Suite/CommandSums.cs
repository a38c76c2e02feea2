// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using AcctExporter.Records;

namespace AcctExporter.Suite;

/// <summary>What the processes of one name cost in one kind of time.</summary>
internal record struct ClassSums
{
    /// <summary>Processes: each counts where it was for longer, and in non-prime time in doubt.</summary>
    public ulong Processes;

    /// <summary>CPU time.</summary>
    public ulong CpuMicroseconds;

    /// <summary>Time from start to end.</summary>
    public ulong ElapsedMicroseconds;

    /// <summary>Memory in use while the CPU was: KiB times microseconds.</summary>
    public UInt128 KibMicroseconds;

    /// <summary>Bytes that system calls read and wrote.</summary>
    public ulong Characters;

    /// <summary>Bytes that storage read and must write.</summary>
    public ulong StorageBytes;

    /// <summary>Adds others.</summary>
    public void Add(in ClassSums other)
    {
        Processes = ProcessCost.Sum(Processes, other.Processes);
        CpuMicroseconds = ProcessCost.Sum(CpuMicroseconds, other.CpuMicroseconds);
        ElapsedMicroseconds = ProcessCost.Sum(ElapsedMicroseconds, other.ElapsedMicroseconds);
        KibMicroseconds = ProcessCost.Sum(KibMicroseconds, other.KibMicroseconds);
        Characters = ProcessCost.Sum(Characters, other.Characters);
        StorageBytes = ProcessCost.Sum(StorageBytes, other.StorageBytes);
    }
}

/// <summary>What the processes of one name cost. Sums do not depend on the order in which they are made.</summary>
internal record struct CommandSums
{
    /// <summary>In prime time.</summary>
    public ClassSums Prime;

    /// <summary>In non-prime time.</summary>
    public ClassSums NonPrime;

    /// <summary>Processes of which I/O is known.</summary>
    public ulong WithIo;

    /// <summary>In all.</summary>
    public readonly ClassSums Total
    {
        get
        {
            var sum = Prime;
            sum.Add(NonPrime);
            return sum;
        }
    }

    /// <summary>Adds others.</summary>
    public void Add(in CommandSums other)
    {
        Prime.Add(other.Prime);
        NonPrime.Add(other.NonPrime);
        WithIo = ProcessCost.Sum(WithIo, other.WithIo);
    }

    /// <summary>Adds a process, divided as its life is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(in ProcessCost cost, PrimeSplit split)
    {
        if (cost.HasIo)
        {
            WithIo++;
        }

        var cpu = cost.CpuMicroseconds;
        var kib = cost.KibMicroseconds;
        if (split.PrimeSeconds == 0 || split.NonPrimeSeconds == 0)
        {
            Add(ref split.PrimeSeconds == 0 ? ref NonPrime : ref Prime, cost, cpu, kib);
            return;
        }

        var all = new ClassSums
        {
            CpuMicroseconds = cpu,
            ElapsedMicroseconds = cost.ElapsedMicroseconds,
            KibMicroseconds = kib,
            Characters = cost.Characters,
            StorageBytes = cost.StorageBytes,
        };
        var isPrime = split.PrimeSeconds > split.NonPrimeSeconds ? 1UL : 0;
        var prime = new ClassSums
        {
            Processes = isPrime,
            CpuMicroseconds = ProcessCost.Prime(cpu, split),
            ElapsedMicroseconds = ProcessCost.Prime(cost.ElapsedMicroseconds, split),
            KibMicroseconds = ProcessCost.Part(
                kib, (ulong)split.PrimeSeconds, (ulong)(split.PrimeSeconds + split.NonPrimeSeconds)),
            Characters = ProcessCost.Prime(cost.Characters, split),
            StorageBytes = ProcessCost.Prime(cost.StorageBytes, split),
        };
        Prime.Add(prime);
        NonPrime.Add(new()
        {
            Processes = 1 - isPrime,
            CpuMicroseconds = all.CpuMicroseconds - prime.CpuMicroseconds,
            ElapsedMicroseconds = all.ElapsedMicroseconds - prime.ElapsedMicroseconds,
            KibMicroseconds = all.KibMicroseconds - prime.KibMicroseconds,
            Characters = all.Characters - prime.Characters,
            StorageBytes = all.StorageBytes - prime.StorageBytes,
        });
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ref ClassSums sums, in ProcessCost cost, ulong cpu, UInt128 kib)
    {
        sums.Processes++;
        sums.CpuMicroseconds = ProcessCost.Sum(sums.CpuMicroseconds, cpu);
        sums.ElapsedMicroseconds = ProcessCost.Sum(sums.ElapsedMicroseconds, cost.ElapsedMicroseconds);
        sums.KibMicroseconds = ProcessCost.Sum(sums.KibMicroseconds, kib);
        sums.Characters = ProcessCost.Sum(sums.Characters, cost.Characters);
        sums.StorageBytes = ProcessCost.Sum(sums.StorageBytes, cost.StorageBytes);
    }
}
