// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AcctExporter.Ledger;

/// <summary>
/// Everything counted for one pair of user and command: 256 bytes, four cache lines, counters first and buckets last.
/// Signals and cores are kept beside the rows (<see cref="ExitTable"/>), for few exits have one.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 256)]
internal struct ExitRow
{
    public ulong Exits;
    public ulong Failures;

    /// <summary>Deaths by signal, all signals together. Successes are exits without failures and signals.</summary>
    public ulong Signals;
    public ulong UserMicroseconds;
    public ulong SystemMicroseconds;
    public ulong MinorFaults;
    public ulong MajorFaults;
    public ulong ForksWithoutExec;
    public ulong PrivilegedExits;

    /// <summary>Sum of the duration histogram.</summary>
    public ulong ElapsedMicroseconds;

    /// <summary>Sum of the address-space histogram.</summary>
    public ulong VirtualMemoryBytes;

    /// <summary>When the last exit was counted, in seconds since 1970.</summary>
    public uint LastCountedUnixSeconds;
    public BucketCounts Duration;
    public BucketCounts Cpu;
    public BucketCounts VirtualMemory;
}

/// <summary>Exits by bucket, the low 32 bits of each; what overflows is carried in <see cref="ExitTable"/>.</summary>
[InlineArray(HistogramBounds.Buckets)]
internal struct BucketCounts
{
    private uint first;
}

/// <summary>The histograms of a row, in the order in which their buckets are numbered for the carry.</summary>
internal enum RowHistogram
{
    Duration,
    Cpu,
    VirtualMemory,
}
