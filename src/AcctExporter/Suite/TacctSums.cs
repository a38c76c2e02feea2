// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Suite;

/// <summary>What a user used in one kind of time (prime or not), of a total accounting record.</summary>
internal record struct TacctClass
{
    /// <summary>CPU time.</summary>
    public long CpuMicroseconds;

    /// <summary>Memory in use while the CPU was: KiB times microseconds. 60,000,000 are a kcore-minute.</summary>
    public Int128 KibMicroseconds;

    /// <summary>Bytes that system calls read and wrote.</summary>
    public long CharacterBytes;

    /// <summary>Bytes that storage read and must write.</summary>
    public long StorageBytes;

    /// <summary>Time logged in.</summary>
    public long ConnectMicroseconds;

    /// <summary>Adds another.</summary>
    public void Add(in TacctClass other)
    {
        CpuMicroseconds = TacctSums.Sum(CpuMicroseconds, other.CpuMicroseconds);
        KibMicroseconds = TacctSums.Sum(KibMicroseconds, other.KibMicroseconds);
        CharacterBytes = TacctSums.Sum(CharacterBytes, other.CharacterBytes);
        StorageBytes = TacctSums.Sum(StorageBytes, other.StorageBytes);
        ConnectMicroseconds = TacctSums.Sum(ConnectMicroseconds, other.ConnectMicroseconds);
    }
}

/// <summary>
/// The figures of a total accounting record (tacct): what a user used of everything that is accounted. All are whole
/// numbers of the smallest unit, so sums are exact and have no order. They may be negative: a credit is a negative fee,
/// and repairs of classic files bring such numbers. The key, user number and name, is that of
/// <see cref="UserTable{TSums}"/>.
/// </summary>
internal record struct TacctSums
{
    /// <summary>Microseconds of a minute: what the classic files count in.</summary>
    public const long MicrosecondsPerMinute = 60_000_000;

    /// <summary>Bytes of a block of the classic files.</summary>
    public const int BlockBytes = 512;

    /// <summary>Parts of a unit of fees that are kept.</summary>
    public const int FeeParts = 1000;

    /// <summary>In prime time.</summary>
    public TacctClass Prime;

    /// <summary>In non-prime time.</summary>
    public TacctClass NonPrime;

    /// <summary>Bytes on disks, the sum of all samples: over <see cref="DiskSamples"/> they are the mean.</summary>
    public long DiskBytes;

    /// <summary>Pages printed.</summary>
    public long PrintedPages;

    /// <summary>Fees, in 1/1000 of a unit.</summary>
    public long FeeMilliunits;

    /// <summary>Processes that ended.</summary>
    public long Processes;

    /// <summary>Sessions that began.</summary>
    public long Sessions;

    /// <summary>Times that disks were looked at.</summary>
    public long DiskSamples;

    /// <summary>Adds another.</summary>
    public void Add(in TacctSums other)
    {
        Prime.Add(other.Prime);
        NonPrime.Add(other.NonPrime);
        DiskBytes = Sum(DiskBytes, other.DiskBytes);
        PrintedPages = Sum(PrintedPages, other.PrintedPages);
        FeeMilliunits = Sum(FeeMilliunits, other.FeeMilliunits);
        Processes = Sum(Processes, other.Processes);
        Sessions = Sum(Sessions, other.Sessions);
        DiskSamples = Sum(DiskSamples, other.DiskSamples);
    }

    /// <summary>A sum that stops at the largest and at the smallest number.</summary>
    public static long Sum(long left, long right)
    {
        var sum = unchecked(left + right);
        return ((left ^ sum) & (right ^ sum)) >= 0 ? sum : left < 0 ? long.MinValue : long.MaxValue;
    }

    /// <summary>Likewise.</summary>
    public static Int128 Sum(Int128 left, Int128 right)
    {
        var sum = unchecked(left + right);
        return ((left ^ sum) & (right ^ sum)) >= 0 ? sum : left < 0 ? Int128.MinValue : Int128.MaxValue;
    }
}
