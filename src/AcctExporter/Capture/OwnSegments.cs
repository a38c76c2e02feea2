// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Ledger;
using AcctExporter.Records;

namespace AcctExporter.Capture;

/// <summary>
/// Accounting switched on by ourselves, to segments: files that the kernel writes, each switched away from when it is large or
/// old, counted to its end, and deleted when the journal has it. A segment is never truncated.
/// </summary>
internal sealed class OwnSegments : IAccountingSource
{
    /// <summary>Counted segments are deleted with the next checkpoint, or when there are this many.</summary>
    private const int FinishedAtMost = 16;

    private readonly CaptureOptions options;
    private readonly ExitRecorder recorder;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly SegmentDirectory directory;
    private readonly AccountingLock guard;
    private readonly Guid bootId = BootIdentity.Read();
    private readonly Queue<AcctFile> left = new();
    private readonly List<string> finished = [];
    private readonly Action checkpoint;

    private AcctFile? current;
    private int watchId;
    private ulong lastSequence;
    private long openedAt;
    private long rearmAt;
    private TimeSpan rearmDelay;
    private ulong exitsAtProof;
    private long provedAt;
    private bool unseen;
    private string? takenFrom;
    private string? othersFile;

    /// <summary>Opens the directory of the segments; <paramref name="checkpoint"/> saves what is counted so that files can go.</summary>
    /// <exception cref="CaptureFault">Another agent has it.</exception>
    public OwnSegments(CaptureOptions options, ExitRecorder recorder, TimeProvider clock, ILogger log, Action checkpoint)
    {
        this.options = options;
        this.recorder = recorder;
        this.clock = clock;
        this.log = log;
        this.checkpoint = checkpoint;
        directory = SegmentDirectory.Open(options.AccountingPath);
        if (directory.Warning is { } warning)
        {
            CaptureLog.Warn(log, warning);
        }

        guard = AccountingLock.TryTake(directory.PathOf("lock"), out var holder) ?? throw new CaptureFault(
            $"another agent (process {holder}) has accounting on in {options.AccountingPath}: end it first");
        Space = new SuspensionWatch(
            () => FreeSpace.TryRead(directory.Handle, out var space) ? space : null, options.AccountingPath, recorder, log);
        rearmDelay = options.RearmDelay;
        Watch = IAccountingSource.TryWatch(log);
    }

    /// <inheritdoc/>
    public string Kind => "accounting";

    /// <inheritdoc/>
    public string Path => options.AccountingPath;

    /// <inheritdoc/>
    public FileWatch? Watch { get; }

    /// <inheritdoc/>
    public bool Up => current is not null;

    /// <inheritdoc/>
    public bool Active => current is not null && !Space.Suspended;

    /// <inheritdoc/>
    public SuspensionWatch Space { get; }

    /// <inheritdoc/>
    public long BytesBehind => left.Sum(file => file.BytesBehind) + (current?.BytesBehind ?? 0);

    /// <inheritdoc/>
    public ulong SwitchFailures { get; private set; }

    /// <inheritdoc/>
    public void Start()
    {
        var found = Leftovers();
        lastSequence = Math.Max(found.Count > 0 ? found[^1].Sequence : 0, recorder.Position.Segment);
        RefuseOthersFile(found);
        JudgeLoss(found);
        foreach (var name in found)
        {
            Enqueue(name);
        }

        Space.Look();
        if (!TryAdopt() && TryArm() is not 0 and var errno)
        {
            throw new CaptureFault(ProcessAccounting.Explain(errno, options.AccountingPath));
        }

        // From now on a segment that is gone at the next start is a loss, even if nothing had been counted of it.
        recorder.MoveTo(left.TryPeek(out var first) ? first.Position : current!.Position);
    }

    /// <inheritdoc/>
    public void Pass()
    {
        Watch?.Drain();
        var events = Watch?.Take(watchId) ?? default;
        DrainLeft();
        if (current is null)
        {
            return;
        }

        if (events.HasFlag(FileEvents.Closed) || WriterLease.Test(current.Handle) == WriterState.NotWriting)
        {
            LostToSomebody();
            return;
        }

        recorder.Drain(current, FileEnd.Growing);
        if (current.Length >= options.SegmentBytes)
        {
            Rotate();
        }
    }

    /// <inheritdoc/>
    public void LookAround()
    {
        Space.Look();
        if (current is null)
        {
            Rearm();
            return;
        }

        var age = clock.GetElapsedTime(openedAt);
        if (age > CaptureOptions.LongestRearmDelay)
        {
            rearmDelay = options.RearmDelay;
        }

        // A torn record shifts all that follow: a fresh segment puts them straight.
        if (current.Length % AcctRecord.Size != 0 || (current.Length > 0 && age >= options.SegmentAge))
        {
            Rotate();
        }

        ProveThatRecordsCome();
    }

    /// <inheritdoc/>
    public void Covered()
    {
        foreach (var name in finished)
        {
            CrashPoint.Reach(CrashPoint.BeforeUnlink);
            directory.Delete(name);
            CrashPoint.Reach(CrashPoint.AfterUnlink);
        }

        finished.Clear();
    }

    /// <inheritdoc/>
    public void Stop()
    {
        Pass();
        if (options.OnExit == AccountingOnExit.Keep || current is null)
        {
            return;
        }

        if (WriterLease.Test(current.Handle) == WriterState.NotWriting)
        {
            // Not ours any more: switching it off would be switching off somebody else's.
            LostToSomebody();
            return;
        }

        var errno = ProcessAccounting.Switch(takenFrom);
        if (errno != 0)
        {
            CaptureLog.CannotSwitch(log, ProcessAccounting.Explain(errno, takenFrom ?? "off"), TimeSpan.Zero);
            return;
        }

        Leave(current);
        DrainLeft();
        if (takenFrom is null)
        {
            CaptureLog.SwitchedOff(log);
        }
        else
        {
            CaptureLog.HandedBack(log, takenFrom);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        current?.Dispose();
        while (left.TryDequeue(out var file))
        {
            file.Dispose();
        }

        Watch?.Dispose();
        guard.Dispose();
        directory.Dispose();
    }

    private List<SegmentName> Leftovers()
    {
        var found = new List<SegmentName>();
        foreach (var file in directory.List())
        {
            if (SegmentName.TryParse(file, out var name))
            {
                found.Add(name);
            }
        }

        found.Sort((a, b) => a.Sequence.CompareTo(b.Sequence));
        return found;
    }

    private void RefuseOthersFile(List<SegmentName> found)
    {
        if (ActiveAccounting.Find(options.UsualFiles) is not { } file || found.Exists(IsActive))
        {
            return;
        }

        if (!options.TakeOver)
        {
            throw new CaptureFault(
                $"another program has accounting on, to {file}. Follow that file without touching it (--source={file}), or take "
                + "accounting from it (--accounting.take-over): then that program gets no more records");
        }

        takenFrom = file;
    }

    private bool IsActive(SegmentName name)
    {
        using var handle = directory.TryOpenRead(name.ToString());
        return handle is not null && WriterLease.Test(handle) == WriterState.Writing;
    }

    /// <summary>Says what of the last agent's source cannot be had any more.</summary>
    private void JudgeLoss(List<SegmentName> found)
    {
        var position = recorder.Position;
        if (position.Segment == 0 || position.IsFinished || found.Exists(name => name.Sequence == position.Segment))
        {
            return;
        }

        if (position.BootId != bootId)
        {
            recorder.Tally(Tallies.Gap(LossReason.Reboot));
            CaptureLog.LostByReboot(log);
        }
        else
        {
            recorder.Tally(Tallies.Gap(LossReason.Deleted));
            CaptureLog.LostByDeletion(log, new SegmentName(position.Segment, position.BootId).ToString());
        }
    }

    private void Enqueue(SegmentName name)
    {
        var position = recorder.Position;
        var file = name.ToString();
        if (name.Sequence < position.Segment || (name.Sequence == position.Segment && position.IsFinished))
        {
            // Counted before the last agent ended, which had no time to delete it.
            finished.Add(file);
            return;
        }

        var handle = directory.TryOpenRead(file);
        if (handle is null)
        {
            return;
        }

        var start = new SourcePosition(name.BootId, name.Sequence, 0, 0);
        if (name.Sequence == position.Segment)
        {
            // Whatever became of the file, what stands before the position is counted, and is not counted again.
            var length = RandomAccess.GetLength(handle);
            start = position;
            if (length < (long)position.Offset
                || (position.Fingerprint != 0 && AcctFile.FingerprintOf(handle) != position.Fingerprint))
            {
                recorder.Tally(Tallies.Gap(name.BootId == bootId ? LossReason.Truncated : LossReason.Power));
                CaptureLog.Shortened(log, file, length, position.Offset);
            }
        }

        left.Enqueue(new AcctFile(handle, file, start));
    }

    /// <summary>
    /// Between the kernel's two thresholds a new segment would record nothing, where the old one goes on: then we go on with it.
    /// </summary>
    private bool TryAdopt()
    {
        if (Space.RoomForNewFile || left.Count == 0 || WriterLease.Test(left.Last().Handle) != WriterState.Writing)
        {
            return false;
        }

        var files = left.ToArray();
        left.Clear();
        foreach (var file in files[..^1])
        {
            left.Enqueue(file);
        }

        Follow(files[^1]);
        CaptureLog.Adopted(log, files[^1].Name);
        return true;
    }

    /// <summary>Makes a segment and switches the kernel to it; returns 0 or the errno of acct(2).</summary>
    private int TryArm()
    {
        var name = new SegmentName(++lastSequence, bootId);
        var file = name.ToString();
        directory.CreateNew(file).Dispose();
        CrashPoint.Reach(CrashPoint.BeforeSwitch);
        var errno = ProcessAccounting.Switch(directory.PathOf(file));
        if (errno != 0)
        {
            directory.Delete(file);
            SwitchFailures++;
            return errno;
        }

        CrashPoint.Reach(CrashPoint.AfterSwitch);
        if (current is { } old)
        {
            Leave(old);
        }

        Follow(new AcctFile(directory.TryOpenRead(file)!, file, new SourcePosition(bootId, name.Sequence, 0, 0)));
        provedAt = clock.GetTimestamp();
        Space.FileOpened();
        return 0;
    }

    private void Follow(AcctFile file)
    {
        current = file;
        openedAt = clock.GetTimestamp();
        watchId = IAccountingSource.WatchOrPoll(Watch, directory.PathOf(file.Name));
    }

    /// <summary>The kernel has left this segment: it is final, and counted to its end with the next pass.</summary>
    private void Leave(AcctFile file)
    {
        Watch?.Unwatch(watchId);
        left.Enqueue(file);
        current = null;
    }

    private void Rotate()
    {
        if (!Space.RoomForNewFile)
        {
            return;
        }

        if (TryArm() is not 0 and var errno)
        {
            CaptureLog.CannotSwitch(log, ProcessAccounting.Explain(errno, options.AccountingPath), options.PollInterval);
            return;
        }

        recorder.Tally(Tallies.Rotations);
        DrainLeft();
    }

    private void DrainLeft()
    {
        while (left.TryPeek(out var file))
        {
            recorder.Drain(file, FileEnd.Final);
            // From here on the position is at the start of what follows: should this file be gone, nothing is missed.
            recorder.MoveTo(left.Count > 1 ? left.ElementAt(1).Position : current?.Position ?? file.Position.Finished());
            left.Dequeue().Dispose();
            finished.Add(file.Name);
            if (finished.Count >= FinishedAtMost)
            {
                checkpoint();
            }
        }
    }

    private void LostToSomebody()
    {
        var file = current!;
        var leaving = recorder.Drain(file, FileEnd.Final);
        Leave(file);
        recorder.Tally(Tallies.TakenAway);
        recorder.Tally(Tallies.Gap(LossReason.Taken));
        DrainLeft();
        rearmAt = clock.GetTimestamp();
        if (leaving is { } culprit)
        {
            Span<byte> name = stackalloc byte[CommandName.Size];
            CaptureLog.Taken(log, LabelText.Escape(name[..culprit.Command.CopyTo(name)]), culprit.Pid, rearmDelay);
        }
        else
        {
            CaptureLog.TakenSilently(log, rearmDelay);
        }
    }

    /// <summary>After long silence one child of our own ends: its record must be there when wait(2) returns.</summary>
    private void ProveThatRecordsCome()
    {
        if (recorder.ExitsCounted != exitsAtProof)
        {
            exitsAtProof = recorder.ExitsCounted;
            provedAt = clock.GetTimestamp();
            unseen = false;
        }

        if (options.CanaryInterval == TimeSpan.Zero || Space.Suspended || clock.GetElapsedTime(provedAt) < options.CanaryInterval)
        {
            return;
        }

        provedAt = clock.GetTimestamp();
        if (ShortChild.Run(out _) != 0)
        {
            return;
        }

        recorder.Tally(Tallies.Canaries);
        Pass();
        if (recorder.ExitsCounted == exitsAtProof && current is not null)
        {
            recorder.Tally(Tallies.CanaryFailures);
            recorder.Tally(Tallies.Gap(LossReason.Silent));
            if (!unseen)
            {
                CaptureLog.CanaryUnseen(log, options.AccountingPath);
            }

            unseen = true;
        }
    }

    private void Rearm()
    {
        if (clock.GetElapsedTime(rearmAt) < rearmDelay)
        {
            return;
        }

        rearmAt = clock.GetTimestamp();
        rearmDelay = TimeSpan.FromTicks(Math.Min(rearmDelay.Ticks * 2, CaptureOptions.LongestRearmDelay.Ticks));
        var others = options.TakeOver ? null : ActiveAccounting.Find(options.UsualFiles);
        if (others is not null)
        {
            if (others != othersFile)
            {
                CaptureLog.OthersFile(log, others);
            }

            othersFile = others;
            return;
        }

        othersFile = null;
        if (TryArm() is not 0 and var errno)
        {
            CaptureLog.CannotSwitch(log, ProcessAccounting.Explain(errno, options.AccountingPath), rearmDelay);
            return;
        }

        CaptureLog.Armed(log, options.AccountingPath);
    }
}
