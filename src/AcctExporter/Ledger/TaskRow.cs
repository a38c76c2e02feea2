// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AcctExporter.Records;

namespace AcctExporter.Ledger;

/// <summary>
/// What taskstats add to one pair of user and command: 464 bytes beside its <see cref="ExitRow"/>, over the exits
/// whose figures are known. The order of the fields is the one of the checkpoint.
/// </summary>
[StructLayout(LayoutKind.Sequential, Size = 464)]
internal struct TaskRow
{
    /// <summary>Exits whose messages were joined with their record: the count of each histogram here.</summary>
    public ulong Exits;

    /// <summary>Of these, the ones whose delays the kernel measured.</summary>
    public ulong DelayExits;

    /// <summary>
    /// Resident memory times CPU time, in MiB times microseconds. 64 bits would be full after two months of 64 busy
    /// processors with 64 GiB each.
    /// </summary>
    public UInt128 ResidentMebibyteMicroseconds;

    /// <summary>Bytes read by system calls: also the sum of <see cref="ReadPerExit"/>.</summary>
    public ulong ReadBytes;

    /// <summary>Bytes written by system calls: also the sum of <see cref="WrittenPerExit"/>.</summary>
    public ulong WrittenBytes;
    public ulong StorageReadBytes;
    public ulong StorageWrittenBytes;
    public ulong StorageCancelledBytes;

    /// <summary>Sum of the histogram of peak resident memory.</summary>
    public ulong PeakResidentBytes;

    /// <summary>Time of waiting by <see cref="DelayReason"/>, over <see cref="DelayExits"/>.</summary>
    public DelayFigures DelayMicroseconds;
    public TaskBucketCounts PeakResident;
    public TaskBucketCounts ReadPerExit;
    public TaskBucketCounts WrittenPerExit;

    /// <summary>True when an exit was counted of which this is known.</summary>
    public readonly bool Has(TaskKnowledge what) => (what & TaskKnowledge.Delays) != 0 ? DelayExits > 0 : Exits > 0;

    /// <summary>The buckets of one histogram, not cumulative.</summary>
    [UnscopedRef]
    public readonly ref readonly TaskBucketCounts Buckets(TaskHistogram histogram)
    {
        switch (histogram)
        {
            case TaskHistogram.PeakResident: return ref PeakResident;
            case TaskHistogram.ReadPerExit: return ref ReadPerExit;
            default: return ref WrittenPerExit;
        }
    }

    /// <summary>Puts other buckets in the place of one histogram's.</summary>
    public void SetBuckets(TaskHistogram histogram, ReadOnlySpan<ulong> counts)
    {
        switch (histogram)
        {
            case TaskHistogram.PeakResident:
                counts.CopyTo(PeakResident);
                break;
            case TaskHistogram.ReadPerExit:
                counts.CopyTo(ReadPerExit);
                break;
            default:
                counts.CopyTo(WrittenPerExit);
                break;
        }
    }

    /// <summary>Adds one exit, whose figures are known.</summary>
    public void Add(in TaskFigures exit, HistogramBounds bounds)
    {
        Exits++;
        ResidentMebibyteMicroseconds += exit.ResidentMebibyteMicroseconds;
        ReadBytes += exit.ReadBytes;
        WrittenBytes += exit.WrittenBytes;
        StorageReadBytes += exit.StorageReadBytes;
        StorageWrittenBytes += exit.StorageWrittenBytes;
        StorageCancelledBytes += exit.StorageCancelledBytes;
        PeakResidentBytes += exit.PeakResidentBytes;
        PeakResident[HistogramBounds.BucketOf(bounds.PeakResidentBytes, exit.PeakResidentBytes)]++;
        ReadPerExit[HistogramBounds.BucketOf(bounds.IoBytes, exit.ReadBytes)]++;
        WrittenPerExit[HistogramBounds.BucketOf(bounds.IoBytes, exit.WrittenBytes)]++;
        if (exit.HasDelays)
        {
            DelayExits++;
            for (var reason = 0; reason < DelayFigures.Count; reason++)
            {
                DelayMicroseconds[reason] += exit.DelayMicroseconds[reason];
            }
        }
    }

    /// <summary>Adds all of another row.</summary>
    public void Add(in TaskRow other)
    {
        Exits += other.Exits;
        DelayExits += other.DelayExits;
        ResidentMebibyteMicroseconds += other.ResidentMebibyteMicroseconds;
        ReadBytes += other.ReadBytes;
        WrittenBytes += other.WrittenBytes;
        StorageReadBytes += other.StorageReadBytes;
        StorageWrittenBytes += other.StorageWrittenBytes;
        StorageCancelledBytes += other.StorageCancelledBytes;
        PeakResidentBytes += other.PeakResidentBytes;
        for (var reason = 0; reason < DelayFigures.Count; reason++)
        {
            DelayMicroseconds[reason] += other.DelayMicroseconds[reason];
        }

        for (var bucket = 0; bucket < HistogramBounds.Buckets; bucket++)
        {
            PeakResident[bucket] += other.PeakResident[bucket];
            ReadPerExit[bucket] += other.ReadPerExit[bucket];
            WrittenPerExit[bucket] += other.WrittenPerExit[bucket];
        }
    }
}

/// <summary>Exits by bucket. 64 bits: nothing is ever carried.</summary>
[InlineArray(HistogramBounds.Buckets)]
internal struct TaskBucketCounts
{
    private ulong first;
}

/// <summary>The histograms of a <see cref="TaskRow"/>.</summary>
internal enum TaskHistogram
{
    PeakResident,
    ReadPerExit,
    WrittenPerExit,
}
