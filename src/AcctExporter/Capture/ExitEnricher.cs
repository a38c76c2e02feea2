// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Journal;
using AcctExporter.Records;

namespace AcctExporter.Capture;

/// <summary>
/// Gives the exits of a batch what taskstats know of them. It keeps the order that makes the join certain: first the
/// size of the accounting file, then all messages, then the records up to that size.
/// </summary>
/// <param name="join">Joins messages with records.</param>
/// <param name="drain">Empties the socket, or a tape, into <paramref name="join"/>.</param>
/// <param name="clock">The monotonic clock of the messages.</param>
internal sealed class ExitEnricher(ExitJoin join, Action drain, TimeProvider clock)
{
    private readonly TaskFigures[] figures = new TaskFigures[JournalBlock.MaxExits];
    private long sizeReadAt;
    private long readUpTo;

    /// <summary>What was found of each exit of the last batch.</summary>
    public Span<TaskFigures> Figures => figures;

    /// <summary>Microseconds of the monotonic clock.</summary>
    public static long Now(TimeProvider clock) =>
        (long)(clock.GetElapsedTime(0, clock.GetTimestamp()).Ticks / TimeSpan.TicksPerMicrosecond);

    /// <summary>Called just before the size of the file is read.</summary>
    public void BeforeSize() => sizeReadAt = Now(clock);

    /// <summary>Called when the size of the file was read: takes all messages that wait.</summary>
    public void AfterSize() => drain();

    /// <summary>Called when the file was read.</summary>
    /// <param name="all">Up to its size, and nothing of an older file waits.</param>
    public void AfterRead(bool all)
    {
        readUpTo = all ? sizeReadAt : readUpTo;
        join.EndPass(Now(clock), readUpTo);
    }

    /// <summary>Corrects the exits, and fills <see cref="Figures"/>: all 0 for one that was not joined.</summary>
    /// <param name="exits">In the order of the file.</param>
    /// <param name="backlog">How many of them, the first, ended before anybody listened.</param>
    public void Enrich(Span<ProcessExit> exits, int backlog)
    {
        figures.AsSpan(0, backlog).Clear();
        for (var i = backlog; i < exits.Length; i++)
        {
            var (low, high) = (exits[i].CommandLow, exits[i].CommandHigh);
            if (join.TryJoin(ref exits[i], out figures[i]) == JoinResult.DrainFirst)
            {
                drain();
                join.TryJoin(ref exits[i], out figures[i]);
            }

            if (figures[i].IsKnown && (low, high) != (exits[i].CommandLow, exits[i].CommandHigh))
            {
                figures[i].Knowledge |= TaskKnowledge.Renamed;
            }
        }
    }
}
