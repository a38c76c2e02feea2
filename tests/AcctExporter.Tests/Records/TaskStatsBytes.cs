// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using System.Runtime.InteropServices;
using AcctExporter.Records;

namespace AcctExporter.Tests.Records;

/// <summary>
/// Writes what a kernel of any version would send about a thread, by the table of <see cref="TaskStatsOffsets"/>. What
/// is no field of <see cref="ThreadExit"/> is noise, so that a reader that looks beside a field is caught.
/// </summary>
internal static class TaskStatsBytes
{
    public static readonly int[] Versions = [8, 9, 10, 11, 12, 13, 14, 15, 16, 17];

    public static readonly string[] Delays =
    [
        "cpu_delay_total", "blkio_delay_total", "swapin_delay_total", "freepages_delay_total",
        "thrashing_delay_total", "compact_delay_total", "wpcopy_delay_total", "irq_delay_total",
    ];

    /// <summary>Each plain field of <see cref="ThreadExit"/> and its name in C.</summary>
    private static readonly Dictionary<string, string> Names = new()
    {
        [nameof(ThreadExit.ElapsedMicroseconds)] = "ac_etime",
        [nameof(ThreadExit.ProcessElapsedMicroseconds)] = "ac_tgetime",
        [nameof(ThreadExit.UserMicroseconds)] = "ac_utime",
        [nameof(ThreadExit.SystemMicroseconds)] = "ac_stime",
        [nameof(ThreadExit.RunNanoseconds)] = "cpu_run_virtual_total",
        [nameof(ThreadExit.RunRealNanoseconds)] = "cpu_run_real_total",
        [nameof(ThreadExit.Runs)] = "cpu_count",
        [nameof(ThreadExit.VoluntarySwitches)] = "nvcsw",
        [nameof(ThreadExit.MinorFaults)] = "ac_minflt",
        [nameof(ThreadExit.MajorFaults)] = "ac_majflt",
        [nameof(ThreadExit.ResidentMebibyteMicroseconds)] = "coremem",
        [nameof(ThreadExit.PeakResidentKibibytes)] = "hiwater_rss",
        [nameof(ThreadExit.PeakVirtualKibibytes)] = "hiwater_vm",
        [nameof(ThreadExit.ReadBytes)] = "read_char",
        [nameof(ThreadExit.WrittenBytes)] = "write_char",
        [nameof(ThreadExit.StorageReadBytes)] = "read_bytes",
        [nameof(ThreadExit.StorageWrittenBytes)] = "write_bytes",
        [nameof(ThreadExit.StorageCancelledBytes)] = "cancelled_write_bytes",
        [nameof(ThreadExit.ExecutableDevice)] = "ac_exe_dev",
        [nameof(ThreadExit.ExecutableInode)] = "ac_exe_inode",
        [nameof(ThreadExit.BeginUnixSeconds)] = "ac_btime64",
        [nameof(ThreadExit.Pid)] = "ac_pid",
        [nameof(ThreadExit.Tgid)] = "ac_tgid",
        [nameof(ThreadExit.Ppid)] = "ac_ppid",
        [nameof(ThreadExit.Uid)] = "ac_uid",
        [nameof(ThreadExit.Gid)] = "ac_gid",
        [nameof(ThreadExit.ExitCode)] = "ac_exitcode",
        [nameof(ThreadExit.Version)] = "version",
        [nameof(ThreadExit.Flags)] = "ac_flag",
    };

    private static readonly string[] Special =
    [
        nameof(ThreadExit.CommandLow), nameof(ThreadExit.CommandHigh), nameof(ThreadExit.DelayNanoseconds),
        nameof(ThreadExit.EndsGroupOfMany), nameof(ThreadExit.UnknownDelays),
    ];

    private static readonly (string Name, FieldInfo Field)[] Plain = typeof(ThreadExit)
        .GetFields(BindingFlags.Public | BindingFlags.Instance)
        .Where(field => !Special.Contains(field.Name)).Select(field => (Names[field.Name], field)).ToArray();

    /// <summary>A thread with any number in every field.</summary>
    public static ThreadExit AnyThread(Random random, int version)
    {
        var thread = default(ThreadExit);
        random.NextBytes(MemoryMarshal.AsBytes(new Span<ThreadExit>(ref thread)));
        var name = new byte[random.Next(CommandName.Size + 1)];
        random.NextBytes(name);
        (thread.CommandLow, thread.CommandHigh) = CommandName.From(name);
        thread.EndsGroupOfMany = random.Next(2) == 0;
        thread.Version = (ushort)version;
        return thread;
    }

    /// <summary>True when every byte is 0. A struct with an inline array has no Equals.</summary>
    public static bool IsNothing(ThreadExit thread) =>
        !MemoryMarshal.AsBytes(new Span<ThreadExit>(ref thread)).ContainsAnyExcept((byte)0);

    /// <summary>All figures but name and group, by their names in C.</summary>
    public static Dictionary<string, ulong> Figures(ThreadExit thread)
    {
        object boxed = thread;
        var figures = Plain.ToDictionary(one => one.Name, one => Convert.ToUInt64(one.Field.GetValue(boxed)));
        for (var reason = 0; reason < DelayFigures.Count; reason++)
        {
            figures.Add(Delays[reason], thread.DelayNanoseconds[reason]);
        }

        return figures;
    }

    /// <summary>What is left of a thread's figures when only so many bytes of a version came.</summary>
    public static Dictionary<string, ulong> FiguresWithin(ThreadExit thread, TaskStatsOffsets offsets, int length)
    {
        var figures = Figures(thread).ToDictionary(
            one => one.Key, one => offsets.Has(one.Key, length) ? one.Value : 0);
        if (!offsets.Has("ac_btime64", length))
        {
            figures["ac_btime64"] = (uint)thread.BeginUnixSeconds;
        }

        return figures;
    }

    /// <summary><c>struct taskstats</c> of a version.</summary>
    public static byte[] Stats(ThreadExit thread, TaskStatsOffsets offsets, Random noise)
    {
        var stats = new byte[offsets.Size];
        noise.NextBytes(stats);
        void Put(string name, ulong value)
        {
            if (offsets.Has(name, stats.Length))
            {
                var (offset, size) = offsets.Fields[name];
                BitConverter.GetBytes(value).AsSpan(0, size).CopyTo(stats.AsSpan(offset));
            }
        }

        foreach (var (name, value) in Figures(thread))
        {
            Put(name, value);
        }

        // The short form of ac_btime64, for who has no other.
        Put("ac_btime", thread.BeginUnixSeconds);
        var command = stats.AsSpan(offsets.Fields["ac_comm"].Offset, offsets.Fields["ac_comm"].Size);
        command.Clear();
        thread.Command.CopyTo(command);
        return stats;
    }

    /// <summary>A whole message: AGGR_PID, and AGGR_TGID when the thread ends a group of many.</summary>
    /// <param name="aligned">With the empty attribute that some processors need before the figures.</param>
    public static byte[] Message(uint pid, byte[] stats, bool endsGroup = false, bool aligned = false)
    {
        byte[] figures = [.. aligned ? Attribute(6) : [], .. Attribute(3, stats)];
        byte[] body =
        [
            2, 1, 0, 0,
            .. Attribute(4, [.. Attribute(1, BitConverter.GetBytes(pid)), .. figures]),
            .. endsGroup ? Attribute(5, [.. Attribute(2, BitConverter.GetBytes(pid)), .. figures]) : [],
        ];
        return Netlink(TaskStatsFixture.Family, body);
    }

    public static byte[] Message(ThreadExit thread, TaskStatsOffsets offsets, Random noise) =>
        Message(thread.Pid, Stats(thread, offsets, noise), thread.EndsGroupOfMany, noise.Next(2) == 0);

    /// <summary>A netlink message of a type.</summary>
    public static byte[] Netlink(ushort type, byte[] body) =>
    [
        .. BitConverter.GetBytes(NetlinkHeader.Size + body.Length), .. BitConverter.GetBytes(type), 0, 0,
        .. new byte[8], .. body,
    ];

    public static byte[] Attribute(int type, params byte[] payload) =>
    [
        .. BitConverter.GetBytes((ushort)(4 + payload.Length)), .. BitConverter.GetBytes((ushort)type),
        .. payload, .. new byte[-payload.Length & 3],
    ];
}
