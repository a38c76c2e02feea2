// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Capture;

/// <summary>
/// Since when messages come whole, and what that leaves uncertain. Between two eras lies a gap: from when the socket
/// was last empty without loss, to when it was empty again.
/// </summary>
/// <param name="pidCircleMicroseconds">How soon a pid can come again.</param>
internal sealed class MessageEra(long pidCircleMicroseconds)
{
    /// <summary>How long after its message a record may be written, beside what its memory takes to free.</summary>
    public const long RecordLagMicroseconds = 1_000_000;

    /// <summary>
    /// A threaded process that began so soon after a loss may still lack messages: one may be long in sending.
    /// </summary>
    public const long LossMarginMicroseconds = 1_000_000;

    private const long Never = long.MaxValue / 2;

    // So long after an era's begin a record may come whose message was lost before. It could be taken for that of a
    // later process with its pid, where pids come again so soon.
    private readonly long quarantineMicroseconds =
        pidCircleMicroseconds > RecordLagMicroseconds ? 0 : RecordLagMicroseconds;
    private long eraBegin = Never;
    private long gapBegin = long.MinValue;
    private long lostUpTo = long.MinValue;

    /// <summary>When the socket was last found empty, and nothing had been lost.</summary>
    public long EmptyAt { get; private set; }

    /// <summary>How many times it was found empty.</summary>
    public long Drains { get; private set; }

    /// <summary>Every record written before has been read.</summary>
    public long RecordsReadUpTo { get; private set; } = long.MinValue;

    /// <summary>The drain, by its number, in which the last era's gap was.</summary>
    public long GapDrain { get; private set; } = -1;

    private bool InQuarantine =>
        quarantineMicroseconds != 0 && RecordsReadUpTo < eraBegin + quarantineMicroseconds;

    /// <summary>Messages come whole from now on.</summary>
    public void Begin(long now)
    {
        // Before the first era, and in a quarantine, there may be records without messages from further back.
        gapBegin = eraBegin == Never || InQuarantine ? gapBegin : EmptyAt;
        eraBegin = now;
        GapDrain = Drains;
        Lose(now);
        EndDrain(now);
    }

    /// <summary>The socket was found empty.</summary>
    public void EndDrain(long now)
    {
        EmptyAt = now;
        Drains++;
    }

    /// <summary>Every record written before this time has been read.</summary>
    public void ReadUpTo(long recordsReadUpTo) => RecordsReadUpTo = Math.Max(RecordsReadUpTo, recordsReadUpTo);

    /// <summary>
    /// A message was lost or set aside, of whatever process: it may be missing to those that began before.
    /// </summary>
    public void Lose(long now) => lostUpTo = Math.Max(lostUpTo, now);

    /// <summary>The process had its id before the gap: nothing in the gap can be another's with this id.</summary>
    public bool IsOlderThanGap(StartWindow start) => start.Latest < gapBegin;

    /// <summary>A record that is still to come may be of an earlier process with the same id.</summary>
    public bool IsUncertain(StartWindow start) => InQuarantine && !IsOlderThanGap(start);

    /// <summary>Messages of this process may have been lost.</summary>
    public bool MayLackMessages(StartWindow start) =>
        lostUpTo != long.MinValue && start.Earliest < lostUpTo + LossMarginMicroseconds;
}
