// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Capture;

/// <summary>
/// What the capture thread knows of itself and of the kernel's accounting, published for scrapes and the page. One
/// thread writes; a reader sees one consistent copy.
/// </summary>
internal sealed record CaptureStatus
{
    /// <summary>
    /// What is read: <c>accounting</c> (segments of our own) or <c>file</c> (another program's file, read only).
    /// </summary>
    public required string Source { get; init; }

    /// <summary>The directory of the segments, or the file that is followed.</summary>
    public required string Path { get; init; }

    /// <summary>The backlog found at start is counted: <c>/metrics</c> may answer.</summary>
    public bool Ready { get; init; }

    /// <summary>The source can be read now.</summary>
    public bool SourceUp { get; init; }

    /// <summary>
    /// The kernel writes exits to the file that is read: it holds it open, and has not suspended accounting.
    /// </summary>
    public bool AccountingActive { get; init; }

    /// <summary>Free space of the file system that holds the accounting file, 0 to 1; NaN when unknown.</summary>
    public double FreeRatio { get; init; } = double.NaN;

    /// <summary>The kernel suspends accounting at or below this ratio (kernel.acct); NaN when unknown.</summary>
    public double SuspendRatio { get; init; } = double.NaN;

    /// <summary>A suspended or newly opened file records from this ratio on (kernel.acct); NaN when unknown.</summary>
    public double ResumeRatio { get; init; } = double.NaN;

    /// <summary>Bytes of accounting files that are not yet counted.</summary>
    public long BytesBehind { get; init; }

    /// <summary>When the last exit was counted, in microseconds since 1970; 0 for never.</summary>
    public long LastExitUnixMicroseconds { get; init; }

    /// <summary>
    /// Checkpoints written since the start of the agent, failures among the attempts, and when the last was written.
    /// </summary>
    public ulong Checkpoints { get; init; }

    /// <inheritdoc cref="Checkpoints"/>
    public ulong CheckpointFailures { get; init; }

    /// <inheritdoc cref="Checkpoints"/>
    public long LastCheckpointUnixMicroseconds { get; init; }

    /// <summary>
    /// Size of the journal on disk in bytes, and how often a block could not be written since the start of the agent.
    /// </summary>
    public long JournalBytes { get; init; }

    /// <inheritdoc cref="JournalBytes"/>
    public ulong JournalFailures { get; init; }

    /// <summary>Failed attempts to switch accounting to a segment since the start of the agent.</summary>
    public ulong SwitchFailures { get; init; }

    /// <summary>User names that the directory did not give in time since the start of the agent.</summary>
    public ulong UserLookupTimeouts { get; init; }

    /// <summary>
    /// Exit events since the start of the agent: lines written, chosen exits that never became one, and attempts to
    /// write that failed; -1 where there are to be no events.
    /// </summary>
    public long EventsWritten { get; init; } = -1;

    /// <inheritdoc cref="EventsWritten"/>
    public long EventsDropped { get; init; } = -1;

    /// <inheritdoc cref="EventsWritten"/>
    public long EventWriteFailures { get; init; } = -1;
}
