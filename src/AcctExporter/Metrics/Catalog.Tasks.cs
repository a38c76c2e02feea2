// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;
using AcctExporter.Ledger;
using AcctExporter.Records;

namespace AcctExporter.Metrics;

/// <content>
/// What taskstats add to ended processes, over the exits whose messages were joined. Each row is two metrics, like
/// those of the exits; what was never known of a pair, or cannot be known here, has no series.
/// </content>
internal static partial class Catalog
{
    /// <summary>No version promises it: only a figure above 0 shows that this kernel measures it.</summary>
    private const int NoVersion = int.MaxValue;

    private static MetricFamily[] TaskFamilies(HistogramBounds bounds) =>
    [
        Tasks("acct.process.io", "By",
            "Bytes that ended processes read and wrote with system calls, from and to whatever.",
            new TaskPoints("direction", TaskKnowledge.Joined, FigureForm.Count,
                new("read", (in row) => row.ReadBytes),
                new("write", (in row) => row.WrittenBytes))),
        Tasks("acct.process.storage", "By",
            "Bytes that ended processes made storage read, dirtied for it to write, and then cancelled by truncating. "
            + "Not to be added to the bytes of system calls: the same bytes at another place.",
            new TaskPoints("direction", TaskKnowledge.Joined, FigureForm.Count,
                new("read", (in row) => row.StorageReadBytes),
                new("write", (in row) => row.StorageWrittenBytes),
                new("cancelled", (in row) => row.StorageCancelledBytes))),
        Tasks("acct.process.memory.byte_seconds", "{byte_second}",
            "Resident memory of ended processes times the CPU time that they spent with it.",
            new TaskPoints(null, TaskKnowledge.Joined, FigureForm.MebibyteMicroseconds,
                new TaskPoint("", (in row) => row.ResidentMebibyteMicroseconds))),
        Tasks("acct.process.delay.time", "s",
            "Time that ended processes waited, by what for. Only exits while kernel.task_delayacct was on; without "
            + "what the kernel says and cannot be (acct_exporter_taskstats_rejected_delays_total).",
            new TaskPoints("reason", TaskKnowledge.Delays, FigureForm.Microseconds,
                Delay("cpu", DelayReason.Cpu),
                Delay("block_io", DelayReason.BlockIo),
                Delay("swap_in", DelayReason.SwapIn),
                Delay("reclaim", DelayReason.Reclaim),
                Delay("thrashing", DelayReason.Thrashing, firstVersion: 9),
                Delay("compaction", DelayReason.Compaction, firstVersion: 11),
                Delay("write_protect_copy", DelayReason.WriteProtectCopy, firstVersion: 13),
                // Since version 14, and only where the kernel was built to tell the time of interrupts.
                Delay("irq", DelayReason.Irq, NoVersion))),
        TaskHistograms("acct.process.peak_rss", "Peak resident memory of each ended process.",
            new TaskBuckets(null, bounds.PeakResidentBytes,
                new TaskBucketsPoint("", TaskHistogram.PeakResident, (in row) => row.PeakResidentBytes))),
        TaskHistograms("acct.process.io.per_exit", "Bytes that each ended process read and wrote with system calls.",
            new TaskBuckets("direction", bounds.IoBytes,
                new("read", TaskHistogram.ReadPerExit, (in row) => row.ReadBytes),
                new("write", TaskHistogram.WrittenPerExit, (in row) => row.WrittenBytes))),
    ];

    private static TaskPoint Delay(string text, DelayReason reason, int firstVersion = 0) =>
        new(text, (in row) => row.DelayMicroseconds[(int)reason], firstVersion);

    private static MetricFamily Tasks(string name, string unit, string help, TaskPoints points) =>
        new(name, unit, MetricKind.Counter, MetricScope.Pair, points, help);

    private static MetricFamily TaskHistograms(string name, string help, TaskBuckets buckets) =>
        new(name, "By", MetricKind.Histogram, MetricScope.Pair, buckets, help) { AllHistogramsOnly = true };

    /// <summary>What the agent says of taskstats; nothing of it where they are not wanted.</summary>
    private static MetricFamily[] TaskStatsFamilies() =>
    [
        TaskStats("acct.exporter.taskstats.messages", "{message}", "Messages of ended threads that taskstats sent.",
            status => status.TaskStatsMessages),
        TaskStats("acct.exporter.taskstats.drops", "{message}",
            "Messages that the kernel dropped, because the socket's buffer was full.",
            status => status.TaskStatsDrops),
        TaskStats("acct.exporter.taskstats.rejected", "{message}", "Messages that could not be read.",
            status => status.TaskStatsRejected),
        Agent("acct.exporter.taskstats.rejected_delays", "{delay}", MetricKind.Counter,
            "Delays of ended threads that are longer than they can have been: not added. Linux 6.18 takes the host's "
            + "whole uptime for some waits for block I/O.",
            new AgentPoints(["reason"],
                Rejected("cpu", DelayReason.Cpu),
                Rejected("block_io", DelayReason.BlockIo),
                Rejected("swap_in", DelayReason.SwapIn),
                Rejected("reclaim", DelayReason.Reclaim),
                Rejected("thrashing", DelayReason.Thrashing),
                Rejected("compaction", DelayReason.Compaction),
                Rejected("write_protect_copy", DelayReason.WriteProtectCopy),
                Rejected("irq", DelayReason.Irq))) with { SinceStart = true },
        TaskStats("acct.exporter.taskstats.unmatched", "{process}",
            "Ended processes that taskstats told of and that no accounting record was found for. They are not counted "
            + "as exits.",
            status => status.TaskStatsUnmatched),
        TaskStats("acct.exporter.taskstats.uncertain", "{process}",
            "Ended processes whose messages may belong to another one of the same number: they were not used.",
            status => status.TaskStatsUncertain),
        Agent("acct.exporter.taskstats.late_threads", "{thread}", MetricKind.Counter,
            "Threads whose message came after their process had been joined: in time to be added, or lost to it.",
            new AgentPoints(["outcome"],
                new(["joined"], OfTaskStats(status => status.TaskStatsLateThreads)),
                new(["lost"], OfTaskStats(status => status.TaskStatsLostThreads)))) with { SinceStart = true },
        TaskStats("acct.exporter.taskstats.dropped_threads", "{thread}",
            "Messages of threads given up, because as many as allowed were waiting for the end of their process.",
            status => status.TaskStatsDroppedThreads),
        Agent("acct.exporter.exits_unenriched", "{exit}", MetricKind.Counter,
            "Exits counted with the accounting record's figures alone, because no certain messages came.",
            TallyOfTaskStats(Tallies.Unenriched)),
        Agent("acct.exporter.exits_incomplete", "{exit}", MetricKind.Counter,
            "Exits of which messages of threads may be missing: input and output, memory and delays are lower bounds.",
            TallyOfTaskStats(Tallies.Incomplete)),
    ];

    private static MetricFamily TaskStats(
        string name, string unit, string help, Func<CaptureStatus, ulong> value) =>
        Agent(name, unit, MetricKind.Counter, help, OfTaskStats(value)) with { SinceStart = true };

    private static AgentValue OfTaskStats(Func<CaptureStatus, ulong> value) =>
        scrape => scrape.Status.TaskStatsWanted ? Reading.Count(value(scrape.Status)) : Reading.Absent;

    private static AgentPoint Rejected(string reason, DelayReason delay) =>
        new([reason], OfTaskStats(status => status.TaskStatsRejectedDelays[(int)delay]));

    /// <summary>It goes on over restarts, and so it stays when taskstats are not wanted any more.</summary>
    private static AgentValue TallyOfTaskStats(int tally) => scrape =>
        scrape.Status.TaskStatsWanted || scrape.Ledger.Tallies[tally] > 0
            ? Reading.Count(scrape.Ledger.Tallies[tally])
            : Reading.Absent;
}
