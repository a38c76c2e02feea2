// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Capture;

/// <summary>
/// When a process began, as far as a message tells, by the caller's monotonic clock in microseconds. The message bears
/// the time since then; it was sent after the socket was last seen empty, and before it was received. Two messages with
/// windows that do not meet are of two processes.
/// </summary>
/// <param name="Earliest">Not before this.</param>
/// <param name="Latest">Not after this.</param>
internal readonly record struct StartWindow(long Earliest, long Latest)
{
    /// <summary>What a thread may take, preempted, from taking its figures to having sent them.</summary>
    public const long SendingMicroseconds = 10_000;

    // Twice the age of Linux; more is damage, and must not overflow.
    private const ulong MostMicroseconds = 1UL << 51;

    /// <summary>The window of a message that came when the socket had last been empty at the given time.</summary>
    public static StartWindow Of(in ThreadExit thread, long emptyAt, long now)
    {
        // Before version 12 a thread stands for its process.
        var elapsed = thread.Tgid == 0 ? thread.ElapsedMicroseconds : thread.ProcessElapsedMicroseconds;
        var since = (long)Math.Min(elapsed, MostMicroseconds);
        return new(emptyAt - since - SendingMicroseconds, now - since);
    }

    /// <summary>Both may be of one process.</summary>
    public bool Meets(StartWindow other) => Earliest <= other.Latest && other.Earliest <= Latest;

    /// <summary>What both say of one process.</summary>
    public StartWindow And(StartWindow other) => Meets(other)
        ? new(Math.Max(Earliest, other.Earliest), Math.Min(Latest, other.Latest))
        : this;
}
