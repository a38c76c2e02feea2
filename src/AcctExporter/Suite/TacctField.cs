// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Suite;

/// <summary>
/// The 18 fields of a total accounting record by the numbers that AIX gave them, in the units of the classic files:
/// minutes, kcore minutes, blocks of 512 bytes, units of fees.
/// </summary>
internal static class TacctField
{
    public const int Uid = 1;
    public const int Name = 2;
    public const int PrimeCpu = 3;
    public const int NonPrimeCpu = 4;
    public const int PrimeKcore = 5;
    public const int NonPrimeKcore = 6;
    public const int PrimeCharacters = 7;
    public const int NonPrimeCharacters = 8;
    public const int PrimeBlocks = 9;
    public const int NonPrimeBlocks = 10;
    public const int PrimeConnect = 11;
    public const int NonPrimeConnect = 12;
    public const int DiskBlocks = 13;
    public const int Pages = 14;
    public const int Fee = 15;
    public const int Processes = 16;
    public const int Sessions = 17;
    public const int DiskSamples = 18;

    /// <summary>How many there are.</summary>
    public const int Count = 18;

    private const double Minute = TacctSums.MicrosecondsPerMinute;
    private const double Block = TacctSums.BlockBytes;

    /// <summary>All of them: a line of AIX.</summary>
    public static readonly int[] All = [.. Enumerable.Range(1, Count)];

    /// <summary>The 13 of System V, in the order of its lines.</summary>
    public static readonly int[] Classic =
    [
        Uid, Name, PrimeCpu, NonPrimeCpu, PrimeKcore, NonPrimeKcore, PrimeConnect, NonPrimeConnect, DiskBlocks,
        Processes, Sessions, DiskSamples, Fee,
    ];

    /// <summary>True for those that are whole numbers.</summary>
    public static bool IsCount(int field) => field is Pages or Processes or Sessions or DiskSamples;

    /// <summary>A figure in the classic unit.</summary>
    /// <param name="sums">The record.</param>
    /// <param name="field">From <see cref="PrimeCpu"/> on.</param>
    public static double Get(in TacctSums sums, int field) => field switch
    {
        PrimeCpu => sums.Prime.CpuMicroseconds / Minute,
        NonPrimeCpu => sums.NonPrime.CpuMicroseconds / Minute,
        PrimeKcore => (double)sums.Prime.KibMicroseconds / Minute,
        NonPrimeKcore => (double)sums.NonPrime.KibMicroseconds / Minute,
        PrimeCharacters => sums.Prime.CharacterBytes / Block,
        NonPrimeCharacters => sums.NonPrime.CharacterBytes / Block,
        PrimeBlocks => sums.Prime.StorageBytes / Block,
        NonPrimeBlocks => sums.NonPrime.StorageBytes / Block,
        PrimeConnect => sums.Prime.ConnectMicroseconds / Minute,
        NonPrimeConnect => sums.NonPrime.ConnectMicroseconds / Minute,
        DiskBlocks => sums.DiskBytes / Block,
        Fee => sums.FeeMilliunits / (double)TacctSums.FeeParts,
        _ => GetCount(sums, field),
    };

    /// <summary>One of those that are whole numbers.</summary>
    public static long GetCount(in TacctSums sums, int field) => field switch
    {
        Pages => sums.PrintedPages,
        Processes => sums.Processes,
        Sessions => sums.Sessions,
        DiskSamples => sums.DiskSamples,
        _ => throw new ArgumentOutOfRangeException(nameof(field)),
    };

    /// <summary>
    /// Sets a figure: rounded to the smallest part that is kept, half to even, at most and at least the largest and
    /// the smallest number.
    /// </summary>
    /// <param name="sums">The record.</param>
    /// <param name="field">From <see cref="PrimeCpu"/> on.</param>
    /// <param name="value">In the classic unit; a number, or infinite.</param>
    public static void Set(ref TacctSums sums, int field, double value)
    {
        switch (field)
        {
            case PrimeCpu: sums.Prime.CpuMicroseconds = Whole(value, Minute); break;
            case NonPrimeCpu: sums.NonPrime.CpuMicroseconds = Whole(value, Minute); break;
            case PrimeKcore: sums.Prime.KibMicroseconds = Wide(value); break;
            case NonPrimeKcore: sums.NonPrime.KibMicroseconds = Wide(value); break;
            case PrimeCharacters: sums.Prime.CharacterBytes = Whole(value, Block); break;
            case NonPrimeCharacters: sums.NonPrime.CharacterBytes = Whole(value, Block); break;
            case PrimeBlocks: sums.Prime.StorageBytes = Whole(value, Block); break;
            case NonPrimeBlocks: sums.NonPrime.StorageBytes = Whole(value, Block); break;
            case PrimeConnect: sums.Prime.ConnectMicroseconds = Whole(value, Minute); break;
            case NonPrimeConnect: sums.NonPrime.ConnectMicroseconds = Whole(value, Minute); break;
            case DiskBlocks: sums.DiskBytes = Whole(value, Block); break;
            case Fee: sums.FeeMilliunits = Whole(value, TacctSums.FeeParts); break;
            default: SetCount(ref sums, field, Whole(value, 1)); break;
        }
    }

    /// <summary>Sets one of those that are whole numbers.</summary>
    public static void SetCount(ref TacctSums sums, int field, long value)
    {
        switch (field)
        {
            case Pages: sums.PrintedPages = value; break;
            case Processes: sums.Processes = value; break;
            case Sessions: sums.Sessions = value; break;
            case DiskSamples: sums.DiskSamples = value; break;
            default: throw new ArgumentOutOfRangeException(nameof(field));
        }
    }

    /// <summary>What stands above a column of it.</summary>
    public static ReadOnlySpan<byte> Heading(int field) => field switch
    {
        Uid => "UID"u8,
        Name => "LOGNAME"u8,
        PrimeCpu => "PRI_CPU"u8,
        NonPrimeCpu => "NPRI_CPU"u8,
        PrimeKcore => "PRI_MEM"u8,
        NonPrimeKcore => "NPRI_MEM"u8,
        PrimeCharacters => "PRI_RD/WR"u8,
        NonPrimeCharacters => "NPRI_RD/WR"u8,
        PrimeBlocks => "PRI_BLKIO"u8,
        NonPrimeBlocks => "NPRI_BLKIO"u8,
        PrimeConnect => "PRI_CONNECT"u8,
        NonPrimeConnect => "NPRI_CONNECT"u8,
        DiskBlocks => "DSK_BLOCKS"u8,
        Pages => "PRINT"u8,
        Fee => "FEES"u8,
        Processes => "PROCESSES"u8,
        Sessions => "SESS"u8,
        _ => "DSAMPS"u8,
    };

    private static long Whole(double value, double parts) => long.CreateSaturating(Math.Round(value * parts));

    private static Int128 Wide(double value) => Int128.CreateSaturating(Math.Round(value * Minute));
}
