// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace AcctExporter.Records;

/// <summary>
/// What taskstats add to an exit: figures that no accounting record has. All zero for an exit of which no message came.
/// What they correct (name, CPU time, elapsed time) stands in the <see cref="ProcessExit"/> itself.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TaskFigures
{
    /// <summary>Bytes read by system calls, each thread's rounded down to 1 KiB, like all I/O figures.</summary>
    public ulong ReadBytes;

    /// <summary>Bytes written by system calls.</summary>
    public ulong WrittenBytes;

    /// <summary>Bytes that the process made storage read.</summary>
    public ulong StorageReadBytes;

    /// <summary>Bytes of pages that the process dirtied and storage must write.</summary>
    public ulong StorageWrittenBytes;

    /// <summary>Bytes dirtied by anybody that need not be written any more, because this process truncated.</summary>
    public ulong StorageCancelledBytes;

    /// <summary>Resident memory times CPU time, in MiB times microseconds.</summary>
    public ulong ResidentMebibyteMicroseconds;

    /// <summary>Peak resident memory; 0 for kernel threads.</summary>
    public ulong PeakResidentBytes;

    /// <summary>Peak address space; 0 for kernel threads.</summary>
    public ulong PeakVirtualBytes;

    /// <summary>Time of waiting by reason, in microseconds; all 0 unless <see cref="HasDelays"/>.</summary>
    public DelayFigures DelayMicroseconds;

    /// <summary>
    /// Device of the executable, in the kernel's 32-bit encoding (new_encode_dev); 0 when unknown.
    /// </summary>
    public ulong ExecutableDevice;

    /// <summary>Inode of the executable; 0 when unknown.</summary>
    public ulong ExecutableInode;

    /// <summary>What is known.</summary>
    public TaskKnowledge Knowledge;

    /// <summary>
    /// Delays of which nobody knows how long they were, because what the kernel said of some thread could not be: bit k
    /// for <see cref="DelayReason"/> k. The figures hold those of the other threads. Not in the journal: only exit
    /// events ask for it.
    /// </summary>
    public byte UnknownDelays;

    /// <summary>Messages of the process were joined with its record.</summary>
    public readonly bool IsKnown => (Knowledge & TaskKnowledge.Joined) != 0;

    /// <summary>The kernel's delay accounting was on.</summary>
    public readonly bool HasDelays => (Knowledge & TaskKnowledge.Delays) != 0;

    /// <summary>The delay for this reason was measured, and is not known to be false.</summary>
    public readonly bool Knows(DelayReason reason) => HasDelays && (UnknownDelays & (1 << (int)reason)) == 0;

    /// <summary>Messages of threads may be missing: the figures are lower bounds.</summary>
    public readonly bool IsIncomplete => (Knowledge & TaskKnowledge.Incomplete) != 0;
}

/// <summary>What is known of an exit beside its accounting record. The bits are part of the journal's format.</summary>
[Flags]
internal enum TaskKnowledge : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Messages were joined.</summary>
    Joined = 1,

    /// <summary>Delays were measured.</summary>
    Delays = 2,

    /// <summary>Threads that ended earlier may be missing: I/O, memory and delays are lower bounds, CPU time is the
    /// record's.</summary>
    Incomplete = 4,

    /// <summary>The record has the name of another thread, and the exit that of the leader.</summary>
    Renamed = 8,
}
