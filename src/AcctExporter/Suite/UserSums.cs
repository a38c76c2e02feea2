// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using AcctExporter.Records;

namespace AcctExporter.Suite;

/// <summary>What a user's processes cost in one kind of time.</summary>
internal record struct UserClassSums
{
    /// <summary>CPU time.</summary>
    public ulong CpuMicroseconds;

    /// <summary>Memory in use while the CPU was: KiB times microseconds.</summary>
    public UInt128 KibMicroseconds;

    /// <summary>Bytes that system calls read and wrote.</summary>
    public ulong Characters;

    /// <summary>Bytes that storage read and must write.</summary>
    public ulong StorageBytes;

    /// <summary>Adds others.</summary>
    public void Add(in UserClassSums other)
    {
        CpuMicroseconds = ProcessCost.Sum(CpuMicroseconds, other.CpuMicroseconds);
        KibMicroseconds = ProcessCost.Sum(KibMicroseconds, other.KibMicroseconds);
        Characters = ProcessCost.Sum(Characters, other.Characters);
        StorageBytes = ProcessCost.Sum(StorageBytes, other.StorageBytes);
    }

    /// <summary>As a total accounting record has them.</summary>
    public readonly TacctClass ToTacct() => new()
    {
        CpuMicroseconds = UserSums.Long(CpuMicroseconds),
        KibMicroseconds = KibMicroseconds > (UInt128)Int128.MaxValue ? Int128.MaxValue : (Int128)KibMicroseconds,
        CharacterBytes = UserSums.Long(Characters),
        StorageBytes = UserSums.Long(StorageBytes),
    };
}

/// <summary>What a user's processes cost: exact, so that it does not depend on their order.</summary>
internal record struct UserSums
{
    /// <summary>In prime time.</summary>
    public UserClassSums Prime;

    /// <summary>In non-prime time.</summary>
    public UserClassSums NonPrime;

    /// <summary>Processes.</summary>
    public ulong Processes;

    /// <summary>Processes of which I/O is known.</summary>
    public ulong WithIo;

    /// <summary>Bytes that system calls read and wrote.</summary>
    public readonly ulong Characters => ProcessCost.Sum(Prime.Characters, NonPrime.Characters);

    /// <summary>Bytes that storage read and must write.</summary>
    public readonly ulong StorageBytes => ProcessCost.Sum(Prime.StorageBytes, NonPrime.StorageBytes);

    /// <summary>Adds a process.</summary>
    public void Add(in ProcessCharge charge)
    {
        var prime = charge.PrimeKibMicroseconds;
        Processes++;
        WithIo += charge.HasIo ? 1UL : 0;
        Prime.Add(new()
        {
            CpuMicroseconds = charge.PrimeMicroseconds,
            KibMicroseconds = prime,
            Characters = charge.HasIo ? charge.PrimeCharacters : 0,
            StorageBytes = charge.HasIo ? charge.PrimeStorageBytes : 0,
        });
        NonPrime.Add(new()
        {
            CpuMicroseconds = charge.NonPrimeMicroseconds,
            KibMicroseconds = charge.KibMicroseconds - prime,
            Characters = charge.HasIo ? charge.Characters - charge.PrimeCharacters : 0,
            StorageBytes = charge.HasIo ? charge.StorageBytes - charge.PrimeStorageBytes : 0,
        });
    }

    /// <summary>Adds what a process cost, divided as its life is: the same as its charge, and faster.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(in ProcessCost cost, PrimeSplit parts)
    {
        if (parts.PrimeSeconds != 0 && parts.NonPrimeSeconds != 0)
        {
            Add(ProcessCharge.Of(cost, parts));
            return;
        }

        ref var sums = ref parts.PrimeSeconds == 0 ? ref NonPrime : ref Prime;
        var cpu = cost.CpuMicroseconds;
        Processes++;
        sums.CpuMicroseconds = ProcessCost.Sum(sums.CpuMicroseconds, cpu);
        if (cpu != 0)
        {
            sums.KibMicroseconds = ProcessCost.Sum(sums.KibMicroseconds, cost.KibMicroseconds);
        }

        if (cost.HasIo)
        {
            WithIo++;
            sums.Characters = ProcessCost.Sum(sums.Characters, cost.Characters);
            sums.StorageBytes = ProcessCost.Sum(sums.StorageBytes, cost.StorageBytes);
        }
    }

    /// <summary>Adds others.</summary>
    public void Add(in UserSums other)
    {
        Prime.Add(other.Prime);
        NonPrime.Add(other.NonPrime);
        Processes = ProcessCost.Sum(Processes, other.Processes);
        WithIo = ProcessCost.Sum(WithIo, other.WithIo);
    }

    /// <summary>As a total accounting record has them. What I/O is not known is none there.</summary>
    public readonly TacctSums ToTacct() => new()
    {
        Prime = Prime.ToTacct(),
        NonPrime = NonPrime.ToTacct(),
        Processes = Long(Processes),
    };

    /// <summary>A number that is not above the largest with a sign.</summary>
    internal static long Long(ulong number) => (long)Math.Min(number, long.MaxValue);
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
