// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Capture;

/// <content>What the pipeline says of the sources beside the accounting file.</content>
internal static partial class CaptureLog
{
    [LoggerMessage(40, LogLevel.Information,
        "taskstats are joined (version {Version}, room for {Messages} messages): CPU time, names, I/O and memory of "
        + "exits are exact")]
    public static partial void TaskStatsJoined(ILogger logger, int version, int messages);

    [LoggerMessage(41, LogLevel.Warning,
        "{Why}. Exits are counted by their accounting records alone: CPU time cut down to whole ticks of 10 ms, no "
        + "I/O, threaded programs under the name of a thread (--taskstats.mode=off silences this)")]
    public static partial void TaskStatsMissing(ILogger logger, string why);

    [LoggerMessage(42, LogLevel.Information,
        "delays are left out: the kernel does not measure them. Switch it on for tasks that start from then on: "
        + "sysctl kernel.task_delayacct=1 (--taskstats.enable-delays does it)")]
    public static partial void DelaysOff(ILogger logger);

    [LoggerMessage(43, LogLevel.Warning,
        "the kernel had no room for {Drops} messages of taskstats: the exits around that are counted by their records "
        + "alone. More room: --taskstats.buffer-size (said once; /metrics counts them)")]
    public static partial void TaskStatsOverflow(ILogger logger, ulong drops);

    [LoggerMessage(44, LogLevel.Warning,
        "this kernel's taskstats (version {Version}; 12 came with Linux 5.19) do not say which process a thread is of: "
        + "threaded programs keep the CPU time of their records, and their I/O is that of the first thread")]
    public static partial void TaskStatsOld(ILogger logger, int version);

    [LoggerMessage(45, LogLevel.Information,
        "no child of our own could be started: that messages of taskstats come is not proven")]
    public static partial void TaskStatsUnproven(ILogger logger);

    [LoggerMessage(46, LogLevel.Warning, "{Why}. Exits are counted with empty labels of units, containers and pods")]
    public static partial void ScopesMissing(ILogger logger, string why);
}
