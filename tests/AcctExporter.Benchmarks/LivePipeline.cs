// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Capture;
using AcctExporter.Journal;
using AcctExporter.Ledger;
using AcctExporter.Records;

namespace AcctExporter.Benchmarks;

/// <summary>Ledger, journal and recorder, as the agent has them.</summary>
internal sealed class LivePipeline : IDisposable
{
    private readonly ExitLedger ledger = new(
        new LedgerOptions { PairLimit = Workbench.UsualLimit }, uid => uid.ToString(CultureInfo.InvariantCulture));

    public LivePipeline(Workbench bench)
    {
        Journal = JournalWriter.Open(new JournalOptions { Directory = bench.NewDirectory("journal") }, out _);
        Recorder = new ExitRecorder(Journal, ledger, TimeProvider.System);
    }

    public JournalWriter Journal { get; }

    public ExitRecorder Recorder { get; }

    /// <summary>The begin of a file that nobody has read.</summary>
    public static SourcePosition Start() => new(Guid.NewGuid(), 1, 0, 0);

    /// <summary>
    /// Counts a file, so that every pair in it is known: what follows is the agent in its daily life.
    /// </summary>
    public void MeetPairs(string path)
    {
        using var file = new AcctFile(File.OpenHandle(path), path, Start());
        Recorder.Drain(file, FileEnd.Final);
    }

    /// <summary>
    /// Counts a file that grows by so many records a pass, with the messages of taskstats or without. The cost of
    /// writing the file, which the kernel has in life, is in it: a percent or two.
    /// </summary>
    public Effort Grow(Workbench bench, byte[] records, int pass, MessageTape? messages, out long allocated)
    {
        var growing = Path.Combine(bench.NewDirectory("growing"), "acct");
        using var kernel = new FileStream(growing, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        using var file = new AcctFile(
            File.OpenHandle(growing, FileMode.Open, FileAccess.Read, FileShare.ReadWrite), growing, Start());
        messages?.Rewind();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var effort = Effort.Of(() =>
        {
            for (var offset = 0; offset < records.Length; offset += pass * AcctRecord.Size)
            {
                kernel.Write(records, offset, Math.Min(pass * AcctRecord.Size, records.Length - offset));
                messages?.Send(pass);
                Recorder.Drain(file, FileEnd.Growing);
            }
        });
        allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return effort;
    }

    /// <summary>
    /// Everything must have been counted twice: when the pairs were met, and when it was measured.
    /// </summary>
    public void MustHold(FileTotals truth) => FileTotals.Of(ledger).MustBe(truth.Twice(), "the live pipeline");

    /// <summary>Every exit must have been joined with all of its messages, so many times over.</summary>
    public void MustHoldFigures(MessageTape messages, ulong times)
    {
        var snapshot = new LedgerSnapshot();
        ledger.CopyTo(snapshot);
        ref readonly var host = ref snapshot.HostTasks;
        var truth = (messages.Exits * times, messages.ReadBytes * times, messages.Exits * times, 0UL);
        var mine = (host.Exits, host.ReadBytes, messages.Join.Joined, messages.Join.Incomplete);
        if (mine != truth)
        {
            throw new WrongResultException(
                $"exits joined, bytes that they read, joins, incomplete ones: {mine}, and it is {truth}");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Journal.Dispose();
        ledger.Dispose();
    }
}
