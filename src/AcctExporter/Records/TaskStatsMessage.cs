// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace AcctExporter.Records;

/// <summary>What came of reading one netlink message as a thread's exit.</summary>
internal enum TaskStatsStatus : byte
{
    /// <summary>A thread's exit.</summary>
    Ok,

    /// <summary>Something else: an acknowledgement, another family, figures of a group alone.</summary>
    NotAnExit,

    /// <summary>
    /// Lengths that do not fit, or an attribute missing: damage, or a message larger than its buffer.
    /// </summary>
    Malformed,

    /// <summary>Fewer figures than version 8 has: a kernel before 3.0.</summary>
    TooShort,

    /// <summary>
    /// The figures do not name the thread that the message is about: a version that moved its fields as version 15
    /// did, or a kernel without CONFIG_TASK_XACCT, whose figures name nobody.
    /// </summary>
    UnknownLayout,
}

/// <summary>
/// The message that the kernel sends when a thread ends (<c>kernel/taskstats.c</c>, taskstats_exit):
/// <c>nlmsghdr</c>, <c>genlmsghdr</c>, and AGGR_PID with PID and STATS; behind it AGGR_TGID when the last of several
/// threads ended. STATS is <c>struct taskstats</c> of any version since 8; its length says what is in it, its version
/// is no more than advice. Version 15, of Linux 6.14 alone, has an order of its own.
/// </summary>
internal static class TaskStatsMessage
{
    /// <summary>Bytes of the figures in version 8, the oldest that is read.</summary>
    public const int LeastStatsSize = 328;

    private const int GenericHeaderSize = 4;
    private const byte NewCommand = 2; // TASKSTATS_CMD_NEW

    private const ushort TypePid = 1;
    private const ushort TypeStats = 3;
    private const ushort TypeAggregateOfThread = 4;
    private const ushort TypeAggregateOfGroup = 5;

    private const int VersionWithOwnOrder = 15;

    /// <summary>
    /// Another kernel's private version 15 is shorter, and keeps the order of all others.
    /// </summary>
    private const int SizeWithOwnOrder = 560;

    private const int ExitCodeOffset = 4;
    private const int FlagsOffset = 8;

    /// <summary>Reads one message with its header. Any bytes give a status; nothing is allocated.</summary>
    /// <param name="message">As <see cref="NetlinkMessages"/> gives it.</param>
    /// <param name="family">The number that the kernel gave to taskstats, 16 or more.</param>
    /// <param name="thread">All 0 unless <see cref="TaskStatsStatus.Ok"/>.</param>
    public static TaskStatsStatus TryRead(ReadOnlySpan<byte> message, ushort family, out ThreadExit thread)
    {
        thread = default;
        if (!NetlinkMessages.TryReadHeader(message, out var header))
        {
            return TaskStatsStatus.Malformed;
        }

        if (header.Type != family)
        {
            return TaskStatsStatus.NotAnExit;
        }

        var body = message[NetlinkHeader.Size..(int)header.Length];
        if (body.Length < GenericHeaderSize)
        {
            return TaskStatsStatus.Malformed;
        }

        return body[0] == NewCommand
            ? TryReadExit(body[GenericHeaderSize..], ref thread)
            : TaskStatsStatus.NotAnExit;
    }

    private static TaskStatsStatus TryReadExit(ReadOnlySpan<byte> body, ref ThreadExit thread)
    {
        var ofThread = default(ReadOnlySpan<byte>);
        var isOfThread = false;
        var endsGroup = false;
        var attributes = new NetlinkAttributes(body);
        while (attributes.TryNext(out var type, out var payload))
        {
            if (type == TypeAggregateOfThread)
            {
                ofThread = payload;
                isOfThread = true;
            }

            endsGroup |= type == TypeAggregateOfGroup;
        }

        if (attributes.IsMalformed)
        {
            return TaskStatsStatus.Malformed;
        }

        if (!isOfThread)
        {
            return TaskStatsStatus.NotAnExit;
        }

        var status = TryReadThread(ofThread, ref thread);
        thread.EndsGroupOfMany = endsGroup && status == TaskStatsStatus.Ok;
        return status;
    }

    /// <summary>PID and STATS; where 8-byte fields must be aligned, an empty attribute stands between them.</summary>
    private static TaskStatsStatus TryReadThread(ReadOnlySpan<byte> body, ref ThreadExit thread)
    {
        var pid = 0U;
        var isPid = false;
        var stats = default(ReadOnlySpan<byte>);
        var isStats = false;
        var attributes = new NetlinkAttributes(body);
        while (attributes.TryNext(out var type, out var payload))
        {
            if (type == TypePid)
            {
                isPid = MemoryMarshal.TryRead(payload, out pid);
            }
            else if (type == TypeStats)
            {
                stats = payload;
                isStats = true;
            }
        }

        if (attributes.IsMalformed || !isPid || !isStats)
        {
            return TaskStatsStatus.Malformed;
        }

        return stats.Length < LeastStatsSize ? TaskStatsStatus.TooShort : TryReadStats(stats, pid, ref thread);
    }

    private static TaskStatsStatus TryReadStats(ReadOnlySpan<byte> stats, uint pid, ref ThreadExit thread)
    {
        var version = MemoryMarshal.Read<ushort>(stats);
        ref readonly var layout = ref version == VersionWithOwnOrder && stats.Length == SizeWithOwnOrder
            ? ref TaskStatsLayout.OfVersion15 : ref TaskStatsLayout.Appended;
        var middle = stats.Slice(layout.Middle, RawTaskStats.Size);
        ref readonly var raw = ref MemoryMarshal.AsRef<RawTaskStats>(middle);
        if (raw.Pid != pid)
        {
            return TaskStatsStatus.UnknownLayout;
        }

        var command = CommandName.From(middle.Slice(RawTaskStats.CommandOffset, CommandName.Size));
        thread.CommandLow = command.Low;
        thread.CommandHigh = command.High;
        thread.Version = version;
        thread.ExitCode = MemoryMarshal.Read<uint>(stats[ExitCodeOffset..]);
        thread.Flags = stats[FlagsOffset];
        Take(raw, ref thread);
        if (Has(stats, layout.BeginUnixSeconds))
        {
            thread.BeginUnixSeconds = Read(stats, layout.BeginUnixSeconds);
        }

        if (layout.Tgid + sizeof(uint) <= stats.Length)
        {
            thread.Tgid = MemoryMarshal.Read<uint>(stats[layout.Tgid..]);
        }

        thread.ProcessElapsedMicroseconds = Read(stats, layout.Tgid + TaskStatsLayout.ProcessElapsedFromTgid);
        thread.ExecutableDevice = Read(stats, layout.Tgid + TaskStatsLayout.DeviceFromTgid);
        thread.ExecutableInode = Read(stats, layout.Tgid + TaskStatsLayout.InodeFromTgid);
        for (var reason = 0; reason < DelayFigures.Count; reason++)
        {
            thread.DelayNanoseconds[reason] = Read(stats, layout.DelayTotals[reason]);
        }

        return TaskStatsStatus.Ok;
    }

    private static void Take(in RawTaskStats raw, ref ThreadExit thread)
    {
        thread.RunRealNanoseconds = raw.RunRealNanoseconds;
        thread.RunNanoseconds = raw.RunNanoseconds;
        thread.Uid = raw.Uid;
        thread.Gid = raw.Gid;
        thread.Pid = raw.Pid;
        thread.Ppid = raw.Ppid;
        thread.BeginUnixSeconds = raw.BeginUnixSeconds;
        thread.ElapsedMicroseconds = raw.ElapsedMicroseconds;
        thread.UserMicroseconds = raw.UserMicroseconds;
        thread.SystemMicroseconds = raw.SystemMicroseconds;
        thread.MinorFaults = raw.MinorFaults;
        thread.MajorFaults = raw.MajorFaults;
        thread.ResidentMebibyteMicroseconds = raw.ResidentMebibyteMicroseconds;
        thread.PeakResidentKibibytes = raw.PeakResidentKibibytes;
        thread.PeakVirtualKibibytes = raw.PeakVirtualKibibytes;
        thread.ReadBytes = raw.ReadBytes;
        thread.WrittenBytes = raw.WrittenBytes;
        thread.StorageReadBytes = raw.StorageReadBytes;
        thread.StorageWrittenBytes = raw.StorageWrittenBytes;
        thread.StorageCancelledBytes = raw.StorageCancelledBytes;
    }

    private static bool Has(ReadOnlySpan<byte> stats, int offset) => offset + sizeof(ulong) <= stats.Length;

    /// <summary>A field that a version may lack: then it is 0.</summary>
    private static ulong Read(ReadOnlySpan<byte> stats, int offset) =>
        Has(stats, offset) ? MemoryMarshal.Read<ulong>(stats[offset..]) : 0;
}
