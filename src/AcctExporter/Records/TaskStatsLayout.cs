// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Records;

/// <summary>
/// Where in <c>struct taskstats</c> the fields stand whose place depends on the version, in bytes from its start
/// (<c>include/uapi/linux/taskstats.h</c>). The first 16 bytes never moved.
/// </summary>
internal readonly struct TaskStatsLayout
{
    /// <summary><c>ac_tgetime</c>, from <see cref="Tgid"/>; likewise the two that follow.</summary>
    public const int ProcessElapsedFromTgid = 8;

    /// <summary><c>ac_exe_dev</c>.</summary>
    public const int DeviceFromTgid = 16;

    /// <summary><c>ac_exe_inode</c>.</summary>
    public const int InodeFromTgid = 24;

    /// <summary>Versions 8 to 14 and from 16 on: what is new stands at the end.</summary>
    public static readonly TaskStatsLayout Appended =
        new(middle: 64, beginUnixSeconds: 344, tgid: 368, [24, 40, 56, 320, 336, 360, 408, 424]);

    /// <summary>Version 15: behind each total of delays its largest and its least.</summary>
    public static readonly TaskStatsLayout OfVersion15 =
        new(middle: 112, beginUnixSeconds: 424, tgid: 464, [24, 56, 88, 368, 400, 440, 504, 536]);

    /// <summary>Where <see cref="RawTaskStats"/> begins.</summary>
    public readonly int Middle;

    /// <summary><c>ac_btime64</c>.</summary>
    public readonly int BeginUnixSeconds;

    /// <summary><c>ac_tgid</c>.</summary>
    public readonly int Tgid;

    /// <summary>The totals of delays, in the order of <see cref="DelayReason"/>.</summary>
    public readonly int[] DelayTotals;

    private TaskStatsLayout(int middle, int beginUnixSeconds, int tgid, int[] delayTotals)
    {
        Middle = middle;
        BeginUnixSeconds = beginUnixSeconds;
        Tgid = tgid;
        DelayTotals = delayTotals;
    }
}
