// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Capture;
using AcctExporter.Journal;
using AcctExporter.Ledger;
using AcctExporter.Records;

namespace AcctExporter.Benchmarks;

/// <summary>What one exit costs the agent: read, planned, written to a journal on a real disk, counted.</summary>
internal static class LiveRows
{
    private const double BudgetMicroseconds = 10;

    /// <summary>Exits of a pass on a host with 1,000 exits a second, read ten times a second.</summary>
    private const int SmallPass = 100;

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
            new Finding("live, the journal", Finding.Text($"{(double)journaled / totals.Exits:F1} B per exit")),
        ];
    }

    private static Finding Cost(string work, Effort effort, FileTotals totals, long allocated) =>
        Finding.AtMost($"{work}: CPU of an exit, journal included", effort.CpuSeconds / totals.Exits * 1e6,
            BudgetMicroseconds, "us", Finding.Text($"{(double)allocated / totals.Exits:F3} B allocated per exit"));

    private static Effort Backlog(
        Workbench bench, string path, FileTotals truth, out long allocated, out long journaled)
    {
        using var pipeline = new Pipeline(bench);
        pipeline.MeetPairs(path);
        using var file = new AcctFile(File.OpenHandle(path), path, Start());
        var appended = pipeline.Journal.BytesAppended;
        var before = GC.GetAllocatedBytesForCurrentThread();
        var effort = Effort.Of(() => pipeline.Recorder.Drain(file, FileEnd.Final));
        allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        journaled = pipeline.Journal.BytesAppended - appended;
        pipeline.MustHold(truth);
        return effort;
    }

    /// <summary>The cost of writing the file, which the kernel has in life, is in it: a percent or two.</summary>
    private static Effort SmallPasses(
        Workbench bench, string path, byte[] records, FileTotals truth, out long allocated)
    {
        using var pipeline = new Pipeline(bench);
        pipeline.MeetPairs(path);
        var growing = Path.Combine(bench.NewDirectory("growing"), "acct");
        using var kernel = new FileStream(growing, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        using var file = new AcctFile(
            File.OpenHandle(growing, FileMode.Open, FileAccess.Read, FileShare.ReadWrite), growing, Start());
        var before = GC.GetAllocatedBytesForCurrentThread();
        var effort = Effort.Of(() =>
        {
            for (var offset = 0; offset < records.Length; offset += SmallPass * AcctRecord.Size)
            {
                kernel.Write(records, offset, Math.Min(SmallPass * AcctRecord.Size, records.Length - offset));
                pipeline.Recorder.Drain(file, FileEnd.Growing);
            }
        });
        allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        pipeline.MustHold(truth);
        return effort;
    }

    private static SourcePosition Start() => new(Guid.NewGuid(), 1, 0, 0);

    /// <summary>Ledger, journal and recorder, as the agent has them.</summary>
    private sealed class Pipeline : IDisposable
    {
        private readonly ExitLedger ledger = new(
            new LedgerOptions { PairLimit = Workbench.UsualLimit }, uid => uid.ToString(CultureInfo.InvariantCulture));

        public Pipeline(Workbench bench)
        {
            Journal = JournalWriter.Open(new JournalOptions { Directory = bench.NewDirectory("journal") }, out _);
            Recorder = new ExitRecorder(Journal, ledger, TimeProvider.System);
        }

        public JournalWriter Journal { get; }

        public ExitRecorder Recorder { get; }

        /// <summary>
        /// Counts a file, so that every pair in it is known: what follows is the agent in its daily life.
        /// </summary>
        public void MeetPairs(string path)
        {
            using var file = new AcctFile(File.OpenHandle(path), path, Start());
            Recorder.Drain(file, FileEnd.Final);
        }

        /// <summary>
        /// Everything must have been counted twice: when the pairs were met, and when it was measured.
        /// </summary>
        public void MustHold(FileTotals truth) => FileTotals.Of(ledger).MustBe(truth.Twice(), "the live pipeline");

        public void Dispose()
        {
            Journal.Dispose();
            ledger.Dispose();
        }
    }
}
