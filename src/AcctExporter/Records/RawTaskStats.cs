// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace AcctExporter.Records;

/// <summary>
/// The middle of <c>struct taskstats</c>, from <c>cpu_run_real_total</c> to <c>nvcsw</c>, which all
/// versions have in this order (<c>include/uapi/linux/taskstats.h</c>). In the byte order of the machine, laid over the
/// bytes by <see cref="TaskStatsMessage"/>.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
internal readonly struct RawTaskStats
{
    /// <summary>How many bytes it has.</summary>
    public const int Size = 216;

    /// <summary>Where the name stands.</summary>
    public const int CommandOffset = 16;

    public readonly ulong RunRealNanoseconds;
    public readonly ulong RunNanoseconds;

    /// <summary><c>ac_comm</c>: 32 bytes, of which the kernel uses the first 16.</summary>
    public readonly ulong Command0, Command8, Command16, Command24;

    /// <summary><c>ac_sched</c>, and padding.</summary>
    public readonly ulong Scheduler;
    public readonly uint Uid;
    public readonly uint Gid;
    public readonly uint Pid;
    public readonly uint Ppid;
    public readonly uint BeginUnixSeconds;
    public readonly uint Padding;
    public readonly ulong ElapsedMicroseconds;
    public readonly ulong UserMicroseconds;
    public readonly ulong SystemMicroseconds;
    public readonly ulong MinorFaults;
    public readonly ulong MajorFaults;
    public readonly ulong ResidentMebibyteMicroseconds;
    public readonly ulong VirtualMebibyteMicroseconds;
    public readonly ulong PeakResidentKibibytes;
    public readonly ulong PeakVirtualKibibytes;
    public readonly ulong ReadBytes;
    public readonly ulong WrittenBytes;
    public readonly ulong ReadCalls;
    public readonly ulong WriteCalls;
    public readonly ulong StorageReadBytes;
    public readonly ulong StorageWrittenBytes;
    public readonly ulong StorageCancelledBytes;
    public readonly ulong VoluntarySwitches;
}
