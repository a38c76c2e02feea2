// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;

namespace AcctExporter.Suite;

/// <summary>What a user's processes cost: exact, so that it does not depend on their order.</summary>
internal record struct UserSums
{
    /// <summary>Processes.</summary>
    public ulong Processes;

    /// <summary>CPU time in prime time.</summary>
    public ulong PrimeMicroseconds;

    /// <summary>CPU time in non-prime time.</summary>
    public ulong NonPrimeMicroseconds;

    /// <summary>Memory in use while the CPU was, in prime time.</summary>
    public UInt128 PrimeKibMicroseconds;

    /// <summary>The same in non-prime time.</summary>
    public UInt128 NonPrimeKibMicroseconds;

    /// <summary>Processes of which I/O is known.</summary>
    public ulong WithIo;

    /// <summary>Bytes that system calls read and wrote.</summary>
    public ulong Characters;

    /// <summary>Bytes that storage read and must write.</summary>
    public ulong StorageBytes;

    /// <summary>Adds a process.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(in ProcessCharge charge)
    {
        var prime = charge.PrimeKibMicroseconds;
        Processes++;
        PrimeMicroseconds = ProcessCost.Sum(PrimeMicroseconds, charge.PrimeMicroseconds);
        NonPrimeMicroseconds = ProcessCost.Sum(NonPrimeMicroseconds, charge.NonPrimeMicroseconds);
        PrimeKibMicroseconds = ProcessCost.Sum(PrimeKibMicroseconds, prime);
        NonPrimeKibMicroseconds = ProcessCost.Sum(NonPrimeKibMicroseconds, charge.KibMicroseconds - prime);
        if (charge.HasIo)
        {
            WithIo++;
            Characters = ProcessCost.Sum(Characters, charge.Characters);
            StorageBytes = ProcessCost.Sum(StorageBytes, charge.StorageBytes);
        }
    }

    /// <summary>Adds others.</summary>
    public void Add(in UserSums other)
    {
        Processes = ProcessCost.Sum(Processes, other.Processes);
        PrimeMicroseconds = ProcessCost.Sum(PrimeMicroseconds, other.PrimeMicroseconds);
        NonPrimeMicroseconds = ProcessCost.Sum(NonPrimeMicroseconds, other.NonPrimeMicroseconds);
        PrimeKibMicroseconds = ProcessCost.Sum(PrimeKibMicroseconds, other.PrimeKibMicroseconds);
        NonPrimeKibMicroseconds = ProcessCost.Sum(NonPrimeKibMicroseconds, other.NonPrimeKibMicroseconds);
        WithIo = ProcessCost.Sum(WithIo, other.WithIo);
        Characters = ProcessCost.Sum(Characters, other.Characters);
        StorageBytes = ProcessCost.Sum(StorageBytes, other.StorageBytes);
    }
}

/// <summary>The same as the classic commands add it up: in floats of 32 bits, so that the order shows.</summary>
internal record struct ClassicUserSums
{
    /// <summary>Processes.</summary>
    public long Processes;

    /// <summary>CPU time in prime time.</summary>
    public float PrimeCpuMinutes;

    /// <summary>CPU time in non-prime time.</summary>
    public float NonPrimeCpuMinutes;

    /// <summary>KiB times minutes of CPU time, in prime time.</summary>
    public float PrimeKcoreMinutes;

    /// <summary>The same in non-prime time.</summary>
    public float NonPrimeKcoreMinutes;

    /// <summary>Adds a process.</summary>
    public void Add(in ClassicCharge charge)
    {
        var kib = (double)ProcessCost.PageKib * charge.MeanPages;
        Processes++;
        PrimeCpuMinutes = (float)(PrimeCpuMinutes + (charge.PrimeTicks / CompatTicks.PerMinute));
        NonPrimeCpuMinutes = (float)(NonPrimeCpuMinutes + (charge.NonPrimeTicks / CompatTicks.PerMinute));
        PrimeKcoreMinutes = (float)(PrimeKcoreMinutes + (kib * charge.PrimeTicks / CompatTicks.PerMinute));
        NonPrimeKcoreMinutes = (float)(NonPrimeKcoreMinutes + (kib * charge.NonPrimeTicks / CompatTicks.PerMinute));
    }
}
