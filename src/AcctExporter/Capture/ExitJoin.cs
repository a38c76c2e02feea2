// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Capture;

/// <summary>
/// Joins what taskstats say of threads with the exits of the accounting file. The kernel sends a process's messages
/// before it writes its record. So each pass of the one thread that uses this: reads the file's size; empties the
/// socket into <see cref="Add"/>, and says so by <see cref="EndDrain"/>; gives each record up to that size to
/// <see cref="TryJoin"/>, which finds its messages or never will; ends with <see cref="EndPass"/>. What is not certain
/// is not joined. All times are microseconds of one monotonic clock that stands still while the host is suspended, as
/// the kernel's own for processes does. Allocates only while its tables grow, up to their limits.
/// </summary>
/// <param name="pidMax"><c>kernel.pid_max</c>: how soon a pid can come again.</param>
/// <param name="cpu">Says what CPU time a thread used.</param>
/// <param name="limit">How many processes each table holds.</param>
internal sealed class ExitJoin(uint pidMax, CpuEstimator cpu, int limit = ExitJoin.ProcessesMax)
{
    /// <summary>How many processes each table holds: living ones, ended ones, and the memory of ended ones.</summary>
    public const int ProcessesMax = 65_536;

    /// <summary>How long a completed process waits for its record.</summary>
    public const long WaitMicroseconds = 60_000_000;

    /// <summary>How long a threaded process is remembered, for siblings that come late.</summary>
    public const long LateMicroseconds = 10_000_000;

    // Pids are given in a circle, and no host gives more than one a microsecond.
    private readonly long pidCircleMicroseconds = pidMax;
    private readonly ThreadSums living = new(limit);
    private readonly EndedProcesses ended = new(limit);
    private readonly LastEnds lastEnds = new(limit);
    private readonly MessageEra era = new(pidMax);
    private long serial;

    /// <summary>The kernel's delay accounting is on: what is joined from now on bears delays.</summary>
    public bool DelaysOn { get; set; }

    /// <summary>Messages received, those that were discarded included.</summary>
    public ulong Messages { get; private set; }

    /// <summary>Exits that were joined.</summary>
    public ulong Joined { get; private set; }

    /// <summary>Exits that were joined, but may lack threads.</summary>
    public ulong Incomplete { get; private set; }

    /// <summary>Completed processes of which no record came: exits that accounting did not record.</summary>
    public ulong Unmatched { get; private set; }

    /// <summary>Threads that came after the last one of their process, and still in time.</summary>
    public ulong LateThreads { get; private set; }

    /// <summary>Threads that came when their process had been joined, or may have come from another one.</summary>
    public ulong LostThreads { get; private set; }

    /// <summary>Threads forgotten because too many processes have threads that ended.</summary>
    public ulong DroppedThreads { get; private set; }

    /// <summary>Messages set aside around overflows, because nobody knows whose they are.</summary>
    public ulong UncertainThreads { get; private set; }

    /// <summary>Processes of which threads have ended, but not the last.</summary>
    public int Living => living.Count;

    /// <summary>Completed processes that wait for their records.</summary>
    public int Waiting => ended.Count;

    /// <summary>
    /// Messages come whole from now on: at registration, and after an overflow as soon as the socket was found empty.
    /// What was received before stays, but for threads of processes that have not ended.
    /// </summary>
    /// <param name="now">Read before the receive that found the socket empty.</param>
    public void BeginEra(long now)
    {
        while (living.Count != 0)
        {
            UncertainThreads += (ulong)living.DropOldest();
        }

        era.Begin(now);
    }

    /// <summary>Messages were received and set aside: around an overflow their place in time is not known.</summary>
    public void Discard(ulong count)
    {
        Messages += count;
        UncertainThreads += count;
    }

    /// <summary>Takes a message.</summary>
    /// <param name="thread">What it says.</param>
    /// <param name="now">Read after it was received.</param>
    public void Add(in ThreadExit thread, long now)
    {
        Messages++;
        var start = StartWindow.Of(in thread, era.EmptyAt, now);
        var isLast = thread.Tgid == 0 || (thread.Flags & ThreadExit.LastThread) != 0;
        if (era.IsUncertain(start))
        {
            SetAside(in thread, start, isLast, now);
        }
        else if (!isLast)
        {
            AddThread(in thread, start, now);
        }
        else if (thread.Tgid != 0 && thread.EndsGroupOfMany)
        {
            EndOfMany(in thread, start, now);
        }
        else
        {
            // A process with one thread is whole by itself. Whatever its id still stands for is over.
            if (thread.Tgid != 0)
            {
                CloseStale(living.Find(thread.Tgid));
                lastEnds.Forget(thread.Tgid);
            }

            End(ref AppendEnded(thread.Pid, start), in thread, now);
        }
    }

    /// <summary>The socket was found empty.</summary>
    /// <param name="now">Read before the receive that found it so.</param>
    public void EndDrain(long now) => era.EndDrain(now);

    /// <summary>Corrects and enriches an exit of the accounting file by its messages.</summary>
    /// <param name="exit">The exit, as its record says; changed when joined.</param>
    /// <param name="figures">What the record does not have; all zero when not joined.</param>
    public JoinResult TryJoin(ref ProcessExit exit, out TaskFigures figures)
    {
        figures = default;
        var slot = exit.Pid == 0 ? AgedSlots<ProcessSum>.None : ended.Find(in exit);
        if (slot == AgedSlots<ProcessSum>.None)
        {
            return JoinResult.None;
        }

        ref var process = ref ended[slot];
        if (process.IsUncertain)
        {
            ended.Doubt(slot, in exit);
            return JoinResult.None;
        }

        if (process.HadThreads && process.KnowsProcess)
        {
            if (era.Drains - process.EndedDrain < 2)
            {
                return JoinResult.DrainFirst;
            }

            // A sibling that came late may have come in the gap.
            process.IsIncomplete |= era.GapDrain >= process.EndedDrain;
        }

        process.WriteTo(ref exit, out figures, DelaysOn);
        Unmatched += (ulong)ended.RemoveThrough(slot);
        Joined++;
        Incomplete += figures.IsIncomplete ? 1UL : 0;
        return JoinResult.Joined;
    }

    /// <summary>Ends a pass: forgets what can find no record any more.</summary>
    /// <param name="now">The time.</param>
    /// <param name="recordsReadUpTo">
    /// Every record that the kernel had written at this time has been given to <see cref="TryJoin"/>: when the file's
    /// size was read, if all up to there was read. Else what the last pass said.
    /// </param>
    public void EndPass(long now, long recordsReadUpTo)
    {
        era.ReadUpTo(recordsReadUpTo);
        while (ended.Count != 0 && IsOver(in ended[ended.Oldest], now))
        {
            Unmatched += (ulong)ended.DropOldest();
        }

        lastEnds.Expire(now - LateMicroseconds);
    }

    private bool IsOver(in ProcessSum process, long now)
    {
        var (ended, readUpTo) = (process.EndedMicroseconds, era.RecordsReadUpTo);
        return now - ended > WaitMicroseconds
            || (readUpTo > ended
                && (ulong)(readUpTo - ended) > MessageEra.RecordLagMicroseconds + process.RecordLagMicroseconds);
    }

    private void SetAside(in ThreadExit thread, StartWindow start, bool isLast, long now)
    {
        UncertainThreads++;
        // A process that began before now may lack this thread.
        era.Lose(now);
        if (!isLast)
        {
            return;
        }

        ref var process = ref AppendEnded(thread.Tgid == 0 ? thread.Pid : thread.Tgid, start);
        if (thread.Tgid != 0)
        {
            CloseStale(living.Find(thread.Tgid));
            lastEnds.Forget(thread.Tgid);
        }

        End(ref process, in thread, now);
        process.IsUncertain = true;
        if (process.HadThreads && process.KnowsProcess)
        {
            RememberEnd(in process);
        }
    }

    private void AddThread(in ThreadExit thread, StartWindow start, long now)
    {
        var slot = FindLiving(thread.Tgid, start, out var doubtful);
        if (slot == AgedSlots<ProcessSum>.None)
        {
            if (IsLate(in thread, start, now))
            {
                return;
            }

            if (living.IsFull)
            {
                DroppedThreads += (ulong)living.DropOldest();
                era.Lose(now);
            }

            slot = living.Open(thread.Tgid);
            Begin(ref living[slot], start, doubtful);
        }

        living[slot].Start = living[slot].Start.And(start);
        living.Add(slot, in thread, cpu);
    }

    private void EndOfMany(in ThreadExit thread, StartWindow start, long now)
    {
        var slot = FindLiving(thread.Tgid, start, out var doubtful);
        ref var process = ref AppendEnded(thread.Tgid, start);
        if (slot == AgedSlots<ProcessSum>.None)
        {
            Begin(ref process, start, doubtful);
        }
        else
        {
            process = living[slot];
            process.Start = process.Start.And(start);
            living.Close(slot);
        }

        End(ref process, in thread, now);
        RememberEnd(in process);
    }

    /// <summary>The open sum of this process. One of an earlier process with its id is forgotten.</summary>
    private int FindLiving(uint tgid, StartWindow start, out bool doubtful)
    {
        doubtful = false;
        var slot = living.Find(tgid);
        if (slot == AgedSlots<ProcessSum>.None)
        {
            return slot;
        }

        // Who lived before the gap has had the id ever since.
        ref readonly var process = ref living[slot];
        if (era.IsOlderThanGap(start) || (!process.IsOlderThanGap && process.Start.Meets(start)))
        {
            return slot;
        }

        doubtful = start.Earliest <= process.Start.Latest + MessageEra.LossMarginMicroseconds;
        CloseStale(slot);
        return AgedSlots<ProcessSum>.None;
    }

    /// <summary>
    /// Takes a thread that came after the last one of its process. It was sent before the id could be given again, so
    /// only a thread of the next process can be taken for one, and only while ids come again so soon.
    /// </summary>
    private bool IsLate(in ThreadExit thread, StartWindow start, long now)
    {
        var remembered = lastEnds.Find(thread.Tgid);
        if (remembered == AgedSlots<LastEnd>.None || !lastEnds[remembered].Start.Meets(start))
        {
            return false;
        }

        ref var end = ref lastEnds[remembered];
        var waiting = ended.NewestOf(thread.Tgid);
        var isWaiting = waiting != AgedSlots<ProcessSum>.None && ended[waiting].Serial == end.Serial;
        var nextBeginsAfter = Math.Max(end.EarliestEndMicroseconds, end.Start.Earliest + pidCircleMicroseconds);
        if (start.Latest <= nextBeginsAfter && isWaiting)
        {
            ended[waiting].Add(in thread, cpu);
            LateThreads++;
            return true;
        }

        LostThreads++;
        if (start.Latest > nextBeginsAfter)
        {
            end.DoubtMicroseconds = now;
            if (isWaiting)
            {
                ended[waiting].IsIncomplete = true;
            }
        }

        return true;
    }

    private void Begin(ref ProcessSum process, StartWindow start, bool doubtful)
    {
        process.Start = start;
        process.IsOlderThanGap = era.IsOlderThanGap(start);
        var last = lastEnds.Find(process.Pid);
        process.IsIncomplete = doubtful || era.MayLackMessages(start)
            || (last != AgedSlots<LastEnd>.None && lastEnds[last].DoubtMicroseconds != 0
                && start.Earliest <= lastEnds[last].DoubtMicroseconds);
    }

    private ref ProcessSum AppendEnded(uint pid, StartWindow start)
    {
        if (ended.IsFull)
        {
            Unmatched += (ulong)ended.DropOldest();
        }

        ref var process = ref ended[ended.Append(pid)];
        process.Start = start;
        return ref process;
    }

    private void End(ref ProcessSum process, in ThreadExit last, long now)
    {
        process.Add(in last, cpu);
        process.End(in last, now, era.Drains, ++serial);
    }

    private void RememberEnd(in ProcessSum process) =>
        lastEnds.Remember(new(process.Pid, process.Serial, process.Start, era.EmptyAt, process.EndedMicroseconds));

    private void CloseStale(int slot) =>
        UncertainThreads += slot == AgedSlots<ProcessSum>.None ? 0UL : (ulong)living.Close(slot);
}
