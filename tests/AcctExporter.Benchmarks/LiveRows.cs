// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;

namespace AcctExporter.Benchmarks;

/// <summary>What one exit costs the agent: read, planned, written to a journal on a real disk, counted.</summary>
internal static class LiveRows
{
    private const double BudgetMicroseconds = 10;

    /// <summary>Exits of a pass on a host with 1,000 exits a second, read ten times a second.</summary>
    private const int SmallPass = 100;

    /// <summary>Threads of a process with several.</summary>
    private const int ManyThreads = 4;

    /// <summary>A backlog in blocks as large as they get, and small passes one after the other.</summary>
    public static IEnumerable<Finding> Cost(Workbench bench)
    {
        var (path, totals) = bench.Small(bench.Quick ? 200_000 : 2_000_000);
        var bytes = File.ReadAllBytes(path);
        // Once for the compiler.
        Backlog(bench, path, totals, out _, out _);
        long allocated = 0, journaled = 0, allocatedInPasses = 0;
        var best = Effort.Interleave(
            bench.Rounds,
            () => Backlog(bench, path, totals, out allocated, out journaled),
            () => SmallPasses(bench, path, bytes, totals, out allocatedInPasses));
        return
        [
            Cost("live, a backlog in full blocks", best[0], totals, allocated),
            Cost($"live, {SmallPass} exits a pass", best[1], totals, allocatedInPasses),
            JournalOf("live, the journal", journaled, totals),
        ];
    }

    /// <summary>
    /// The same small passes with the messages of taskstats: a thread each, and four. Beside them the passes without,
    /// on the same file.
    /// </summary>
    public static IEnumerable<Finding> CostWithTaskStats(Workbench bench)
    {
        var (path, totals) = bench.Small(bench.Quick ? 50_000 : 500_000);
        var bytes = File.ReadAllBytes(path);
        SmallPasses(bench, path, bytes, totals, out _);
        Joined(bench, bytes, totals, ManyThreads, out _, out _);
        long allocated = 0, allocatedAlone = 0, allocatedOfMany = 0, journaled = 0, journaledOfMany = 0;
        var best = Effort.Interleave(
            bench.Rounds,
            () => SmallPasses(bench, path, bytes, totals, out allocated),
            () => Joined(bench, bytes, totals, 1, out allocatedAlone, out journaled),
            () => Joined(bench, bytes, totals, ManyThreads, out allocatedOfMany, out journaledOfMany));
        return
        [
            Cost("the same file without taskstats", best[0], totals, allocated),
            Cost("with taskstats, a message an exit", best[1], totals, allocatedAlone),
            Cost($"with taskstats, {ManyThreads} messages an exit", best[2], totals, allocatedOfMany),
            JournalOf("the journal with taskstats", journaled, totals),
            JournalOf($"the journal with taskstats, processes of {ManyThreads} threads", journaledOfMany, totals),
        ];
    }

    private static Finding JournalOf(string what, long bytes, FileTotals totals) =>
        new(what, Finding.Text($"{(double)bytes / totals.Exits:F1} B per exit"));

    private static Finding Cost(string work, Effort effort, FileTotals totals, long allocated) =>
        Finding.AtMost($"{work}: CPU of an exit, journal included", effort.CpuSeconds / totals.Exits * 1e6,
            BudgetMicroseconds, "us", Finding.Text($"{(double)allocated / totals.Exits:F3} B allocated per exit"));

    private static Effort Backlog(
        Workbench bench, string path, FileTotals truth, out long allocated, out long journaled)
    {
        using var pipeline = new LivePipeline(bench);
        pipeline.MeetPairs(path);
        using var file = new AcctFile(File.OpenHandle(path), path, LivePipeline.Start());
        var appended = pipeline.Journal.BytesAppended;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var effort = Effort.Of(() => pipeline.Recorder.Drain(file, FileEnd.Final));
        allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        journaled = pipeline.Journal.BytesAppended - appended;
        pipeline.MustHold(truth);
        return effort;
    }

    private static Effort SmallPasses(
        Workbench bench, string path, byte[] records, FileTotals truth, out long allocated)
    {
        using var pipeline = new LivePipeline(bench);
        pipeline.MeetPairs(path);
        var effort = pipeline.Grow(bench, records, SmallPass, null, out allocated);
        pipeline.MustHold(truth);
        return effort;
    }

    /// <summary>The file that grows twice: first the pairs are met and the tables of the join grow.</summary>
    private static Effort Joined(Workbench bench, byte[] records, FileTotals truth, int threads, out long allocated,
        out long journaled)
    {
        using var pipeline = new LivePipeline(bench);
        var messages = new MessageTape(records, threads);
        pipeline.Recorder.Enricher = messages.Enricher;
        pipeline.Grow(bench, records, SmallPass, messages, out _);
        var appended = pipeline.Journal.BytesAppended;
        var effort = pipeline.Grow(bench, records, SmallPass, messages, out allocated);
        journaled = pipeline.Journal.BytesAppended - appended;
        pipeline.MustHold(truth);
        pipeline.MustHoldFigures(messages, 2);
        return effort;
    }
}
