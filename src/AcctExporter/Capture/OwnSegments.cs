// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Ledger;
using AcctExporter.Records;

namespace AcctExporter.Capture;

/// <summary>
/// Accounting switched on by ourselves, to segments: files that the kernel writes, each switched away from when it is
/// large or old, counted to its end, and deleted when the journal has it. A segment is never truncated.
/// </summary>
internal sealed class OwnSegments : IAccountingSource
{
    private readonly CaptureOptions options;
    private readonly ExitRecorder recorder;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly SegmentDirectory directory;
    private readonly AccountingLock guard;
    private readonly SegmentTampering tampering;
    private readonly RecordProof proof;
    private readonly RearmBackOff backOff;
    private readonly Guid bootId = BootIdentity.Read();
    private readonly SegmentQueue left;
    private readonly SegmentSwitch kernel;

    private AcctFile? current;
    private int watchId;
    private long openedAt;
    private long failedAt;
    private bool wasOn;

    /// <summary>Opens the directory; <paramref name="checkpoint"/> saves what is counted.</summary>
    /// <exception cref="CaptureFault">Another agent has it.</exception>
    public OwnSegments(
        CaptureOptions options, ExitRecorder recorder, TimeProvider clock, ILogger log, Action checkpoint)
    {
        this.options = options;
        this.recorder = recorder;
        this.clock = clock;
        this.log = log;
        directory = options.Opened.TakeDirectory(options.AccountingPath);
        if (directory.Warning is { } warning)
        {
            CaptureLog.Warn(log, warning);
        }

        guard = AccountingLock.TryTake(directory.PathOf("lock"), out var holder) ?? throw new CaptureFault(
            $"another agent (process {holder}) has accounting on in {options.AccountingPath}: end it first");
        Space = new SuspensionWatch(
            () => FreeSpace.TryRead(directory.Handle, out var space) ? space : null,
            options.AccountingPath, recorder, log);
        left = new SegmentQueue(directory, recorder, checkpoint);
        kernel = new SegmentSwitch(options, directory, bootId, log);
        tampering = new SegmentTampering(directory, recorder, log);
        proof = new RecordProof(options.CanaryInterval, recorder, clock);
        backOff = new RearmBackOff(options, clock, log);
        Watch = IAccountingSource.TryWatch(log);
    }

    /// <inheritdoc/>
    public string Kind => "accounting";

    /// <inheritdoc/>
    public string Path => options.AccountingPath;

    /// <inheritdoc/>
    public IEnumerable<AcctFile> Files => current is null ? left.Files : left.Files.Append(current);

    /// <inheritdoc/>
    public FileWatch? Watch { get; }

    /// <inheritdoc/>
    public bool Up => current is not null;

    /// <inheritdoc/>
    public bool Active => current is not null && !Space.Suspended;

    /// <inheritdoc/>
    public SuspensionWatch Space { get; }

    /// <inheritdoc/>
    public long BytesBehind => left.BytesBehind + (current?.BytesBehind ?? 0);

    /// <inheritdoc/>
    public ulong SwitchFailures => kernel.Failures;

    /// <inheritdoc/>
    public void Start()
    {
        var leftovers = new SegmentLeftovers(directory, recorder, bootId, log);
        kernel.LastSequence = leftovers.LastSequence;
        wasOn = leftovers.IsWritten;
        if (!wasOn)
        {
            kernel.RefuseOthersFile();
        }

        leftovers.Take(left);
        Space.Look(isBlank: false);
        if (!TryAdopt() && !TryArm(out var why))
        {
            throw new CaptureFault(why);
        }

        try
        {
            // From now on a segment that is gone at the next start is a loss, even if nothing had been counted of it.
            recorder.MoveTo((left.First ?? current!).Position);
        }
        catch (IOException)
        {
            // No room for the journal: the block waits, and the first pass says so. The kernel records meanwhile.
        }
    }

    /// <inheritdoc/>
    public void Pass()
    {
        Watch?.Drain();
        var events = Watch?.Take(watchId) ?? default;
        DrainLeft();
        if (current is null || recorder.IsOver)
        {
            return;
        }

        var closed = events.HasFlag(FileEvents.Closed);
        var writer = WriterLease.Test(current.Handle);
        if (writer == WriterState.NotWriting || (closed && writer == WriterState.Unknown))
        {
            LostToSomebody(LossReason.Taken);
            return;
        }

        // A block that waits for room comes first: it moves the position.
        recorder.Flush();
        tampering.RewindIfCut(current);
        recorder.Drain(current, FileEnd.Growing);
        if (closed)
        {
            // A writer closed it and another has it open: one of them is the kernel, and only a record tells which.
            proof.Doubt();
        }

        if (current.Length >= options.SegmentBytes)
        {
            Rotate();
        }
    }

    /// <inheritdoc/>
    public void LookAround()
    {
        // The kernel looks for room again within half a minute; to a new segment at once.
        var resumed = Space.Look(current is { Length: 0 });
        if (current is null)
        {
            Rearm();
            return;
        }

        backOff.Settle();
        // A torn record shifts all that follow: a fresh segment puts them straight.
        if (resumed || tampering.IsDisplaced(current) || current.Length % AcctRecord.Size != 0
            || (current.Length > 0 && clock.GetElapsedTime(openedAt) >= options.SegmentAge))
        {
            Rotate();
        }

        ProveThatRecordsCome();
    }

    /// <inheritdoc/>
    public void Covered() => left.DeleteFinished();

    /// <inheritdoc/>
    public void Stop(bool asFound)
    {
        try
        {
            Pass();
        }
        finally
        {
            // Also when the last records cannot be counted for want of room: they stay in their segments.
            if (current is not null && (options.OnExit == AccountingOnExit.Off || (asFound && !wasOn)))
            {
                SwitchOff(current);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        current?.Dispose();
        left.Dispose();
        Watch?.Dispose();
        guard.Dispose();
        directory.Dispose();
    }

    /// <summary>Between the kernel's two thresholds a new segment would record nothing: the old one goes on.</summary>
    private bool TryAdopt()
    {
        if (Space.RoomForNewFile || left.TakeLastIfWritten() is not { } file)
        {
            return false;
        }

        Follow(file);
        CaptureLog.Adopted(log, file.Name);
        return true;
    }

    /// <summary>Switches the kernel to a new segment.</summary>
    private bool TryArm(out string why)
    {
        if (kernel.ToNewSegment(out why) is not { } file)
        {
            failedAt = clock.GetTimestamp();
            return false;
        }

        failedAt = 0;
        if (current is { } old)
        {
            Leave(old);
        }

        Follow(file);
        Space.FileOpened();
        return true;
    }

    private void Follow(AcctFile file)
    {
        current = file;
        openedAt = clock.GetTimestamp();
        watchId = IAccountingSource.WatchOrPoll(Watch, directory.PathOf(file.Name));
        proof.Begin();
    }

    /// <summary>The kernel has left this segment: it is final, and counted to its end with the next pass.</summary>
    private void Leave(AcctFile file)
    {
        Watch?.Unwatch(watchId);
        left.Add(file);
        current = null;
    }

    private void Rotate()
    {
        // What was free a second ago may be gone: a new segment would record nothing.
        Space.Look(current is { Length: 0 });
        if (!Space.RoomForNewFile || (failedAt != 0 && clock.GetElapsedTime(failedAt) < options.PollInterval))
        {
            return;
        }

        if (TryArm(out var why))
        {
            recorder.Tally(Tallies.Rotations);
            DrainLeft();
            return;
        }

        kernel.SayFailure(why, options.PollInterval);
    }

    private void DrainLeft() => left.Drain(current?.Position);

    private void SwitchOff(AcctFile file)
    {
        if (WriterLease.Test(file.Handle) == WriterState.NotWriting)
        {
            // Not ours any more: switching it off would be switching off somebody else's.
            LostToSomebody(LossReason.Taken);
            return;
        }

        if (kernel.Off(file))
        {
            Leave(file);
            DrainLeft();
        }
    }

    private void LostToSomebody(LossReason reason)
    {
        var file = current!;
        var leaving = recorder.Drain(file, FileEnd.Final);
        Leave(file);
        recorder.Tally(Tallies.TakenAway, reason == LossReason.Taken || leaving is not null ? 1UL : 0);
        recorder.Tally(Tallies.Gap(reason));
        backOff.Begin();
        if (leaving is { } culprit)
        {
            Span<byte> name = stackalloc byte[CommandName.Size];
            CaptureLog.Taken(log, LabelText.Escape(name[..culprit.Command.CopyTo(name)]), culprit.Pid, backOff.Delay);
        }
        else
        {
            CaptureLog.TakenSilently(log, backOff.Delay);
        }

        DrainLeft();
    }

    private void ProveThatRecordsCome()
    {
        if (Space.Suspended || !proof.IsWanted())
        {
            return;
        }

        Pass(); // What is written but not yet counted would prove nothing.
        if (current is null || !proof.RunChild())
        {
            return;
        }

        recorder.Tally(Tallies.Canaries);
        Pass();
        if (!proof.HaveCome && current is not null)
        {
            recorder.Tally(Tallies.CanaryFailures);
            CaptureLog.CanaryUnseen(log, options.AccountingPath);
            LostToSomebody(LossReason.Silent);
        }
    }

    private void Rearm()
    {
        if (!backOff.IsDue())
        {
            return;
        }

        if (!TryArm(out var why))
        {
            kernel.SayFailure(why, backOff.Delay);
            return;
        }

        CaptureLog.Armed(log, options.AccountingPath);
        recorder.MoveTo(current!.Position);
    }
}
