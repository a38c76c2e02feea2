// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Journal;
using AcctExporter.Kernel;
using AcctExporter.Ledger;
using AcctExporter.Records;

namespace AcctExporter.Capture;

/// <summary>What is known of the end of an accounting file that is being read.</summary>
internal enum FileEnd
{
    /// <summary>The kernel writes to it: a last record of the leaving kind waits for what follows.</summary>
    Growing,

    /// <summary>The kernel has left it, and may come back: that last record is dropped.</summary>
    Left,

    /// <summary>Nothing will follow: a torn record at the end is counted as rejected, too.</summary>
    Final,
}

/// <summary>
/// One step of the pipeline: bytes of an accounting file become exits, exits get their pairs, all of it goes into the
/// journal as one block, and only then is it counted. A block that could not be written is kept and written first the
/// next time.
/// </summary>
internal sealed class ExitRecorder(
    JournalWriter journal, ExitLedger ledger, TimeProvider clock, ExitEvents[]? events = null, CapturePace? pace = null)
{
    private const int BufferBytes = JournalBlock.MaxExits * AcctRecord.Size;

    private readonly byte[] buffer = new byte[BufferBytes];
    private readonly ProcessExit[] exits = new ProcessExit[JournalBlock.MaxExits];
    private readonly int[] offsets = new int[JournalBlock.MaxExits];
    private readonly int[] pairs = new int[JournalBlock.MaxExits];
    private readonly ulong[] rejected = new ulong[RejectReason.Count];
    private readonly Dictionary<int, ulong> tallies = [];
    private readonly JournalBlock block = new();

    private bool pending;
    private AcctFile? pendingFile;
    private int pendingCount;

    /// <summary>When the last exit was counted, in microseconds since 1970.</summary>
    public long LastExitUnixMicroseconds { get; private set; }

    /// <summary>Where the last block ends: the position of the whole pipeline.</summary>
    public SourcePosition Position { get; private set; }

    /// <summary>Exits counted since the start of the agent.</summary>
    public ulong ExitsCounted { get; private set; }

    /// <summary>
    /// Records of exits seen since the start of the agent: those counted, and those of our own children.
    /// </summary>
    public ulong RecordsSeen { get; private set; }

    /// <summary>Joins exits with messages of taskstats; null without these.</summary>
    public ExitEnricher? Enricher { get; set; }

    /// <summary>Taskstats were wanted and are not to be had: every exit lacks them, and is counted so.</summary>
    public bool LacksTaskStats { get; set; }

    /// <summary>Knows what optional labels and rules need; null without such.</summary>
    public ProcessScopes? Scopes { get; set; }

    /// <summary>See every exit that is counted, one after the other.</summary>
    public List<IExitObserver> Observers { get; } = [];

    /// <summary>Children of our own, whose records are not counted.</summary>
    public OwnChildren Children { get; } = new();

    /// <summary>
    /// The time for counting is over: <see cref="Drain"/> leaves the rest to the next start. Once true, it stays so.
    /// </summary>
    public bool IsOver => pace is not null && pace.IsOver;

    /// <summary>Takes over the position that the checkpoint and the journal tell.</summary>
    public void Resume(SourcePosition position) => Position = position;

    /// <summary>Adds to a tally with the next block.</summary>
    public void Tally(int tally, ulong amount = 1) => tallies[tally] = tallies.GetValueOrDefault(tally) + amount;

    /// <summary>Counts all of a file that it holds now, or what can be counted before <see cref="IsOver"/>.</summary>
    /// <param name="file">The file; its position moves.</param>
    /// <param name="end">What is known of the file's end.</param>
    /// <returns>The task about which the kernel wrote its leaving record, when there was one.</returns>
    /// <exception cref="IOException">The file cannot be read, or the journal cannot be written; nothing is lost by
    /// that.</exception>
    public ProcessExit? Drain(AcctFile file, FileEnd end)
    {
        WritePending();
        Enricher?.BeforeSize();
        var length = file.Length;
        Enricher?.AfterSize();
        Scopes?.Drain();
        ProcessExit? leaving = null;
        while ((long)file.Position.Offset < length && !IsOver)
        {
            pace?.Beat();
            var offset = (long)file.Position.Offset;
            var read =
                RandomAccess.Read(file.Handle, buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - offset)), offset);
            var atEnd = offset + read >= length;
            if (read == 0 || !Record(file, buffer.AsSpan(0, read), atEnd ? end : null, ref leaving))
            {
                break;
            }
        }

        // Older files are read before the one that grows.
        Enricher?.AfterRead(all: end == FileEnd.Growing && (long)file.Position.Offset >= length);
        return leaving;
    }

    /// <summary>Writes tallies that wait, and <paramref name="position"/> as the place to go on from.</summary>
    public void MoveTo(SourcePosition position)
    {
        WritePending();
        if (position == Position && tallies.Count == 0)
        {
            return;
        }

        Begin(position);
        Commit(null, 0);
    }

    /// <summary>Writes tallies that wait, if any.</summary>
    public void Flush() => MoveTo(Position);

    /// <summary>Lets pairs that are idle give up their places, if places are short.</summary>
    public void EvictIdlePairs()
    {
        WritePending();
        Begin(Position);
        if (ledger.PlanEvictions(block.Decisions, block.UnixMicroseconds) > 0)
        {
            Commit(null, 0);
        }
        else
        {
            block.Clear();
        }
    }

    /// <summary>Counts what one piece of a file holds; false when nothing of it could be judged yet.</summary>
    private bool Record(AcctFile file, ReadOnlySpan<byte> data, FileEnd? end, ref ProcessExit? leaving)
    {
        Array.Clear(rejected);
        var count = AcctScanner.Read(data, end == FileEnd.Final, exits, offsets, rejected, out var consumed);
        var held = LeavingRecords.CountAtEnd(exits.AsSpan(0, count), offsets, data, consumed);
        var dropped = 0;
        if (held > 0)
        {
            // Last and of that shape. Only when the kernel has left the file is it known what it is: until then it
            // waits.
            count -= held;
            if (consumed == data.Length && end is FileEnd.Left or FileEnd.Final)
            {
                leaving = exits[count + held - 1];
                dropped = held;
            }
            else
            {
                consumed = offsets[count];
            }
        }

        if (consumed == 0)
        {
            return false;
        }

        // The socket may fail in it: then nothing has happened yet, and the same bytes are read again.
        Enricher?.Enrich(exits.AsSpan(0, count), BacklogOf(file, count));
        RecordsSeen += (ulong)count;
        TallyIfAny(Tallies.LeavingRecords, dropped);
        if (Children.AnyExpected)
        {
            count = LeaveOutOwnChildren(count);
        }

        TallyWhatIsMissing(count);
        var fingerprint = file.Position is { Fingerprint: 0, Offset: 0 } && data.Length >= AcctRecord.Size
            ? AcctFile.FingerprintOf(data[..AcctRecord.Size])
            : file.Position.Fingerprint;
        Begin(file.Position with { Fingerprint = fingerprint, Offset = file.Position.Offset + (ulong)consumed });
        foreach (var reason in RejectReason.All)
        {
            if (rejected[(int)reason] > 0)
            {
                Tally(Tallies.Rejected(reason), rejected[(int)reason]);
            }
        }

        var figures = Enricher is null ? default : Enricher.Figures;
        Scopes?.SetContexts(exits.AsSpan(0, count), figures, ledger);
        ledger.Plan(exits.AsSpan(0, count), pairs, block.Decisions, block.UnixMicroseconds);
        Span<byte> supplement = stackalloc byte[ExitSupplement.MaxBytes];
        for (var i = 0; i < count; i++)
        {
            var length = figures.IsEmpty ? 0 : ExitSupplement.Write(exits[i], figures[i], supplement);
            block.Add(data.Slice(offsets[i], AcctRecord.SizeOf(data[offsets[i] + 1])), pairs[i], supplement[..length]);
        }

        Commit(file, count);
        return true;
    }

    /// <summary>Tallies the exits that taskstats know nothing of, or not all; no child of our own is one.</summary>
    private void TallyWhatIsMissing(int count)
    {
        if (Enricher is null)
        {
            TallyIfAny(Tallies.Unenriched, LacksTaskStats ? count : 0);
            return;
        }

        var (unenriched, incomplete) = (0, 0);
        foreach (ref readonly var figures in Enricher.Figures[..count])
        {
            unenriched += figures.IsKnown ? 0 : 1;
            incomplete += figures.IsIncomplete ? 1 : 0;
        }

        TallyIfAny(Tallies.Unenriched, unenriched);
        TallyIfAny(Tallies.Incomplete, incomplete);
    }

    /// <summary>How many of the exits, the first, ended before anybody listened to taskstats.</summary>
    private int BacklogOf(AcctFile file, int count)
    {
        var backlog = 0;
        while (backlog < count && (long)file.Position.Offset + offsets[backlog] < file.JoinFrom)
        {
            backlog++;
        }

        return backlog;
    }

    private void TallyIfAny(int tally, int amount)
    {
        if (amount > 0)
        {
            Tally(tally, (ulong)amount);
        }
    }

    /// <summary>Closes the gaps that the records of our own children leave; returns how many exits remain.</summary>
    private int LeaveOutOwnChildren(int count)
    {
        var figures = Enricher is null ? default : Enricher.Figures;
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            if (Children.Take(exits[i]))
            {
                Tally(Tallies.OwnChildren);
                continue;
            }

            exits[kept] = exits[i];
            if (!figures.IsEmpty)
            {
                figures[kept] = figures[i];
            }

            offsets[kept++] = offsets[i];
        }

        return kept;
    }

    private void Begin(SourcePosition position)
    {
        block.Clear();
        block.UnixMicroseconds = clock.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
        block.Position = position;
    }

    /// <summary>Puts the waiting tallies into the block, writes it, and counts it.</summary>
    private void Commit(AcctFile? file, int count)
    {
        foreach (var (tally, amount) in tallies)
        {
            Decisions.WriteTally(block.Decisions, tally, amount);
        }

        tallies.Clear();
        pendingFile = file;
        pendingCount = count;
        pending = true;
        WritePending();
    }

    private void WritePending()
    {
        if (!pending)
        {
            return;
        }

        CrashPoint.Reach(CrashPoint.BeforeBlock);
        journal.Append(block);
        CrashPoint.Reach(CrashPoint.AfterBlock);
        pending = false;
        ledger.Apply(block.Decisions.WrittenSpan, birthsKnown: true);
        var figures = Enricher is null ? default : (ReadOnlySpan<TaskFigures>)Enricher.Figures[..pendingCount];
        ledger.Count(exits.AsSpan(0, pendingCount), figures, pairs, block.UnixMicroseconds);
        CrashPoint.Reach(CrashPoint.AfterCount);
        OfferEvents();
        Position = block.Position;
        ExitsCounted += (ulong)pendingCount;
        if (pendingCount > 0)
        {
            LastExitUnixMicroseconds = block.UnixMicroseconds;
        }

        if (pendingFile is not null)
        {
            pendingFile.Position = block.Position;
            pendingFile = null;
        }

        // Last: whatever becomes of it, the block is counted, and no exit is read again.
        foreach (var observer in Observers)
        {
            observer.Counted(ledger, exits.AsSpan(0, pendingCount), figures, pairs.AsSpan(0, pendingCount));
        }
    }

    private void OfferEvents()
    {
        foreach (var place in events ?? [])
        {
            for (var i = 0; i < pendingCount; i++)
            {
                place.Offer(exits[i], Enricher is null ? default : Enricher.Figures[i], block.UnixMicroseconds);
            }
        }
    }
}
