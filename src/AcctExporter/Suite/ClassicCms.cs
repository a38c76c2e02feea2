// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Suite;

/// <summary>
/// A record of a command summary as System V keeps it, in floats of 32 bits: minutes, kcore minutes, bytes, blocks of
/// 512 bytes. In one of prime and non-prime time together (tcms) all is in the fields of prime time, and I/O in whole
/// numbers of its own.
/// </summary>
internal record struct ClassicCms
{
    private const double MicrosecondsPerMinute = 60e6;

    /// <summary>The name that those which were used once get together.</summary>
    public static readonly CommandName Other = CommandName.From("***other"u8);

    public CommandName Name;
    public long PrimeCount;
    public long NonPrimeCount;
    public float PrimeCpu;
    public float NonPrimeCpu;
    public float PrimeReal;
    public float NonPrimeReal;
    public float PrimeKcore;
    public float NonPrimeKcore;
    public float PrimeIo;
    public float NonPrimeIo;
    public float PrimeBlocks;
    public float NonPrimeBlocks;
    public ulong TotalIo;
    public ulong TotalBlocks;

    /// <summary>Adds another, in the precision of its fields.</summary>
    public void Add(in ClassicCms other)
    {
        unchecked
        {
            PrimeCount += other.PrimeCount;
            NonPrimeCount += other.NonPrimeCount;
            TotalIo += other.TotalIo;
            TotalBlocks += other.TotalBlocks;
        }

        PrimeCpu += other.PrimeCpu;
        NonPrimeCpu += other.NonPrimeCpu;
        PrimeReal += other.PrimeReal;
        NonPrimeReal += other.NonPrimeReal;
        PrimeKcore += other.PrimeKcore;
        NonPrimeKcore += other.NonPrimeKcore;
        PrimeIo += other.PrimeIo;
        NonPrimeIo += other.NonPrimeIo;
        PrimeBlocks += other.PrimeBlocks;
        NonPrimeBlocks += other.NonPrimeBlocks;
    }

    /// <summary>The record of exact sums, but for the name.</summary>
    /// <param name="sums">The sums.</param>
    /// <param name="isTotal">Prime and non-prime time together.</param>
    public static ClassicCms Of(in CommandSums sums, bool isTotal)
    {
        var prime = isTotal ? sums.Total : sums.Prime;
        var other = isTotal ? default : sums.NonPrime;
        return new()
        {
            PrimeCount = (long)Math.Min(prime.Processes, long.MaxValue),
            NonPrimeCount = (long)Math.Min(other.Processes, long.MaxValue),
            PrimeCpu = (float)(prime.CpuMicroseconds / MicrosecondsPerMinute),
            NonPrimeCpu = (float)(other.CpuMicroseconds / MicrosecondsPerMinute),
            PrimeReal = (float)(prime.ElapsedMicroseconds / MicrosecondsPerMinute),
            NonPrimeReal = (float)(other.ElapsedMicroseconds / MicrosecondsPerMinute),
            PrimeKcore = (float)((double)prime.KibMicroseconds / MicrosecondsPerMinute),
            NonPrimeKcore = (float)((double)other.KibMicroseconds / MicrosecondsPerMinute),
            PrimeIo = isTotal ? 0 : prime.Characters,
            NonPrimeIo = other.Characters,
            PrimeBlocks = isTotal ? 0 : (float)((double)prime.StorageBytes / AcctEntry.BlockBytes),
            NonPrimeBlocks = (float)((double)other.StorageBytes / AcctEntry.BlockBytes),
            TotalIo = isTotal ? prime.Characters : 0,
            TotalBlocks = isTotal ? prime.StorageBytes / AcctEntry.BlockBytes : 0,
        };
    }

    /// <summary>The record as one of the other kind.</summary>
    public readonly ClassicCms As(bool isTotal) => isTotal
        ? new()
        {
            Name = Name,
            PrimeCount = unchecked(PrimeCount + NonPrimeCount),
            PrimeCpu = PrimeCpu + NonPrimeCpu,
            PrimeReal = PrimeReal + NonPrimeReal,
            PrimeKcore = PrimeKcore + NonPrimeKcore,
            TotalIo = (ulong)(PrimeIo + NonPrimeIo),
            TotalBlocks = (ulong)(PrimeBlocks + NonPrimeBlocks),
        }
        : new()
        {
            Name = Name,
            NonPrimeCount = PrimeCount,
            NonPrimeCpu = PrimeCpu,
            NonPrimeReal = PrimeReal,
            NonPrimeKcore = PrimeKcore,
            NonPrimeIo = TotalIo,
            NonPrimeBlocks = TotalBlocks,
        };

    /// <summary>Its numbers as exact sums; those of both kinds of time together are taken for non-prime.</summary>
    /// <returns>False when one of them is negative or no number.</returns>
    public readonly bool TrySums(bool isTotal, out CommandSums sums)
    {
        if (isTotal)
        {
            var isGood = As(false).TrySums(false, out sums);
            sums.NonPrime.Characters = TotalIo;
            sums.NonPrime.StorageBytes = (ulong)Math.Min(TotalBlocks, ulong.MaxValue / 512) * AcctEntry.BlockBytes;
            return isGood;
        }

        var fault = PrimeCount < 0 || NonPrimeCount < 0;
        sums = new()
        {
            Prime = Sums(PrimeCount, PrimeCpu, PrimeReal, PrimeKcore, PrimeIo, PrimeBlocks, ref fault),
            NonPrime = Sums(
                NonPrimeCount, NonPrimeCpu, NonPrimeReal, NonPrimeKcore, NonPrimeIo, NonPrimeBlocks, ref fault),
            WithIo = unchecked((ulong)(PrimeCount + NonPrimeCount)),
        };
        return !fault;
    }

    private static ClassSums Sums(
        long count, float cpu, float real, float kcore, float io, float blocks, ref bool fault) => new()
    {
        Processes = unchecked((ulong)count),
        CpuMicroseconds = (ulong)Whole(cpu * MicrosecondsPerMinute, ulong.MaxValue, ref fault),
        ElapsedMicroseconds = (ulong)Whole(real * MicrosecondsPerMinute, ulong.MaxValue, ref fault),
        KibMicroseconds = (UInt128)Whole(kcore * MicrosecondsPerMinute, float.MaxValue, ref fault),
        Characters = (ulong)Whole(io, ulong.MaxValue, ref fault),
        StorageBytes = (ulong)Whole(blocks * (double)AcctEntry.BlockBytes, ulong.MaxValue, ref fault),
    };

    private static double Whole(double value, double most, ref bool fault)
    {
        fault |= !(value >= 0 && double.IsFinite(value));
        return fault ? 0 : Math.Min(Math.Round(value), most);
    }
}
