// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

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

    /// <summary>Times since the start of the agent when a file to follow was missing or could not be opened.</summary>
    public ulong ReadFailures { get; init; }

    /// <summary>
    /// Names of users and groups that the directory did not give in time since the start of the agent.
    /// </summary>
    public ulong UserLookupTimeouts { get; init; }

    /// <summary>Matches of rules that took too long since the start of the agent, and counted as none.</summary>
    public ulong RuleTimeouts { get; init; }

    /// <summary>
    /// Executables that rules ask for and that were not found in time since the start of the agent; -1 where no rule
    /// asks.
    /// </summary>
    public long ExecutableTimeouts { get; init; } = -1;

    /// <summary>Taskstats are to be read beside the accounting file.</summary>
    public bool TaskStatsWanted { get; init; }

    /// <summary>They come: the messages of exits reach us.</summary>
    public bool TaskStatsUp { get; init; }

    /// <summary>Version of the messages of the running kernel; 0 when unknown.</summary>
    public int TaskStatsVersion { get; init; }

    /// <summary>The kernel measures delays (kernel.task_delayacct).</summary>
    public bool DelaysOn { get; init; }

    /// <summary>
    /// Messages since the start of the agent: read, dropped by the kernel at a full socket, not to be decoded.
    /// </summary>
    public ulong TaskStatsMessages { get; init; }

    /// <inheritdoc cref="TaskStatsMessages"/>
    public ulong TaskStatsDrops { get; init; }

    /// <inheritdoc cref="TaskStatsMessages"/>
    public ulong TaskStatsRejected { get; init; }

    /// <summary>Delays of threads since the start of the agent that could not be true, by reason.</summary>
    public DelayFigures TaskStatsRejectedDelays { get; init; }

    /// <summary>
    /// Processes since the start of the agent whose messages found no record, or may belong to more than one.
    /// </summary>
    public ulong TaskStatsUnmatched { get; init; }

    /// <inheritdoc cref="TaskStatsUnmatched"/>
    public ulong TaskStatsUncertain { get; init; }

    /// <summary>
    /// Threads since the start of the agent whose message came after their process was joined: added all the same, or
    /// lost to it.
    /// </summary>
    public ulong TaskStatsLateThreads { get; init; }

    /// <inheritdoc cref="TaskStatsLateThreads"/>
    public ulong TaskStatsLostThreads { get; init; }

    /// <summary>Messages of threads given up at the limit of those that wait for their process to end.</summary>
    public ulong TaskStatsDroppedThreads { get; init; }

    /// <summary>The process connector; null when neither a label nor a rule asks for it.</summary>
    public ProcessScopesStatus? Scopes { get; init; }

    /// <summary>
    /// Exit events since the start of the agent: lines written, chosen exits that never became one, and attempts to
    /// write that failed; -1 where there are to be no events.
    /// </summary>
    public long EventsWritten { get; init; } = -1;

    /// <inheritdoc cref="EventsWritten"/>
    public long EventsDropped { get; init; } = -1;

    /// <inheritdoc cref="EventsWritten"/>
    public long EventWriteFailures { get; init; } = -1;

    /// <summary>
    /// Exit events since the start of the agent that a receiver took, and chosen exits that never reached it; -1 where
    /// none are pushed.
    /// </summary>
    public long EventsPushed { get; init; } = -1;

    /// <inheritdoc cref="EventsPushed"/>
    public long EventsNotPushed { get; init; } = -1;
}

/// <summary>What is known of control groups of processes, since the start of the agent.</summary>
/// <param name="Up">The process connector gives events.</param>
/// <param name="Events">Events taken in.</param>
/// <param name="Drops">Times when the kernel dropped events, because they were not fetched in time.</param>
/// <param name="ExitsWithoutCgroup">Exits whose control group is not known.</param>
internal sealed record ProcessScopesStatus(bool Up, ulong Events, ulong Drops, ulong ExitsWithoutCgroup);
