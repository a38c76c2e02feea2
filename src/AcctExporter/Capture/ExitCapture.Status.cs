// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Capture;

/// <content>What other threads are told of the pipeline.</content>
internal sealed partial class ExitCapture
{
    /// <summary>The thread turns once a second or oftener; when it has not for so long, it hangs.</summary>
    public static readonly TimeSpan LongestTurn = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public CaptureStatus Status => status;

    /// <summary>How long ago the thread last began a turn or counted a block.</summary>
    public TimeSpan SinceTurn => pace.SinceBeat;

    /// <inheritdoc cref="ExitRecorder.ExitsCounted"/>
    public ulong ExitsCounted => recorder.ExitsCounted;

    private void Publish(bool ready) => status = sides.AddTo(new CaptureStatus
    {
        Source = source.Kind,
        Path = source.Path,
        Ready = ready,
        SourceUp = source.Up,
        AccountingActive = source.Active,
        FreeRatio = source.Space.FreeRatio,
        SuspendRatio = source.Space.SuspendRatio,
        ResumeRatio = source.Space.ResumeRatio,
        BytesBehind = source.BytesBehind,
        LastExitUnixMicroseconds = recorder.LastExitUnixMicroseconds,
        Checkpoints = checkpoints,
        CheckpointFailures = checkpointFailures,
        LastCheckpointUnixMicroseconds = lastCheckpoint,
        JournalBytes = store.Journal.Bytes,
        JournalFailures = journalFailures,
        SwitchFailures = source.SwitchFailures,
        ReadFailures = source.ReadFailures,
        UserLookupTimeouts = users.Timeouts + (groups?.Timeouts ?? 0),
        RuleTimeouts = store.Ledger.RuleTimeouts,
        EventsWritten = written?.Written ?? -1,
        EventsDropped = written?.Dropped ?? -1,
        EventWriteFailures = written?.WriteFailures ?? -1,
        EventsPushed = pushed?.Written ?? -1,
        EventsNotPushed = pushed?.Dropped ?? -1,
    });
}
