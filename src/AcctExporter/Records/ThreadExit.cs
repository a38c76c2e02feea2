// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace AcctExporter.Records;

/// <summary>
/// What the kernel's taskstats say of one thread that ended: <c>struct taskstats</c> of an exit message
/// (<c>include/uapi/linux/taskstats.h</c>, <c>kernel/taskstats.c</c>), versions 8 to 17, with what a version lacks as
/// 0.
/// A process with one thread is one message; the figures of others are sums over their threads.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ThreadExit
{
    /// <summary>First 8 bytes of the thread's name (<see cref="CommandName"/>), little endian.</summary>
    public ulong CommandLow;

    /// <summary>Last 8 bytes of the thread's name.</summary>
    public ulong CommandHigh;

    /// <summary>Time from the thread's start to its end.</summary>
    public ulong ElapsedMicroseconds;

    /// <summary>
    /// Time from the start of the <em>process</em> to the end of this thread (<c>ac_tgetime</c>); 0 before version 12.
    /// </summary>
    public ulong ProcessElapsedMicroseconds;

    /// <summary>CPU time in user mode, by samples of the tick where the kernel samples: right on average.</summary>
    public ulong UserMicroseconds;

    /// <summary>CPU time in the kernel, likewise.</summary>
    public ulong SystemMicroseconds;

    /// <summary>
    /// CPU time by the scheduler's clock (<c>cpu_run_virtual_total</c>): exact, but without the time since the last
    /// tick or switch, which is all of it for most short processes.
    /// </summary>
    public ulong RunNanoseconds;

    /// <summary>Tick samples, scaled (<c>cpu_run_real_total</c>).</summary>
    public ulong RunRealNanoseconds;

    /// <summary>
    /// How often the thread was given a CPU (<c>cpu_count</c>); 0 only where the kernel keeps no scheduling figures,
    /// and then <see cref="RunNanoseconds"/> and all delays are 0 too (<c>nodelayacct</c> before Linux 5.14).
    /// </summary>
    public ulong Runs;

    /// <summary>How often the thread gave its CPU up to wait for something (<c>nvcsw</c>).</summary>
    public ulong VoluntarySwitches;

    /// <summary>Page faults served without reading from storage.</summary>
    public ulong MinorFaults;

    /// <summary>Page faults that waited for storage.</summary>
    public ulong MajorFaults;

    /// <summary>Resident memory times CPU time (<c>coremem</c>), in MiB times microseconds.</summary>
    public ulong ResidentMebibyteMicroseconds;

    /// <summary>Peak resident memory of the whole process so far, in KiB; 0 for kernel threads.</summary>
    public ulong PeakResidentKibibytes;

    /// <summary>Peak address space of the whole process so far, in KiB; 0 for kernel threads.</summary>
    public ulong PeakVirtualKibibytes;

    /// <summary>Bytes read by system calls, from whatever; rounded down to 1 KiB, like all I/O figures.</summary>
    public ulong ReadBytes;

    /// <summary>Bytes written by system calls, to whatever.</summary>
    public ulong WrittenBytes;

    /// <summary>Bytes that the thread made storage read.</summary>
    public ulong StorageReadBytes;

    /// <summary>Bytes of pages that the thread dirtied and storage must write.</summary>
    public ulong StorageWrittenBytes;

    /// <summary>Bytes dirtied by anybody that need not be written any more, because this thread truncated.</summary>
    public ulong StorageCancelledBytes;

    /// <summary>Time of waiting by reason, in nanoseconds.</summary>
    public DelayFigures DelayNanoseconds;

    /// <summary>
    /// Device of the executable, in the kernel's 32-bit encoding (new_encode_dev); 0 before version 12.
    /// </summary>
    public ulong ExecutableDevice;

    /// <summary>Inode of the executable; 0 before version 12.</summary>
    public ulong ExecutableInode;

    /// <summary>Start of the thread by the wall clock: never an identity.</summary>
    public ulong BeginUnixSeconds;

    /// <summary>Thread id.</summary>
    public uint Pid;

    /// <summary>Process id; 0 before version 12.</summary>
    public uint Tgid;

    /// <summary>Process id of the parent.</summary>
    public uint Ppid;

    /// <summary>Real user id.</summary>
    public uint Uid;

    /// <summary>Real group id.</summary>
    public uint Gid;

    /// <summary>Wait status of the thread; older kernels give it for the leader only.</summary>
    public uint ExitCode;

    /// <summary>Version of the message, as it says itself.</summary>
    public ushort Version;

    /// <summary>
    /// <c>ac_flag</c>: as in accounting records, and <see cref="LastThread"/>, which those do not have.
    /// </summary>
    public byte Flags;

    /// <summary>
    /// The message carries the sums of a thread group that ended: this was the last of several threads.
    /// </summary>
    public bool EndsGroupOfMany;

    /// <summary>
    /// Delays that could not be true and were taken out: bit k for <see cref="DelayReason"/> k. Nothing that the kernel
    /// says.
    /// </summary>
    public byte UnknownDelays;

    /// <summary>AGROUP: the last thread of its process (since version 12).</summary>
    public const byte LastThread = 0x20;

    /// <summary>First version that tells the process id of a thread, and which one was the last.</summary>
    public const int FirstVersionWithTgid = 12;

    /// <summary>The thread's name.</summary>
    public readonly CommandName Command => new(CommandLow, CommandHigh);

    /// <summary>True for the thread that gave the process its id and name.</summary>
    public readonly bool IsLeader => Pid == Tgid;
}
