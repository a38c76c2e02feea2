// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Records;

namespace AcctExporter.Capture;

/// <summary>
/// Chosen exits on their way to a place. The capture thread puts them into a ring and goes on; another thread hands
/// them to the place. What does not fit into the ring, because the place is full, slow, forbidden or gone, is dropped
/// and counted: counting exits never waits for events.
/// </summary>
internal sealed class ExitEvents : IDisposable
{
    /// <summary>Events that wait at most; a power of two.</summary>
    public const int Capacity = 8192;

    /// <summary>How long the end of the agent waits for the last events.</summary>
    public static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(2);

    private readonly IExitEventSink sink;
    private EventSelection selection;
    private readonly ILogger log;
    private readonly ExitEventNames names;
    private readonly Waiter waiter = new();
    private readonly ExitEvent[] ring = new ExitEvent[Capacity];
    private Thread? writer;

    // Offered so far, by the capture thread; taken so far, by the writer. The ring holds what is between.
    private long offered;
    private long taken;
    private long dropped;
    private long failures;
    private long written;
    private long torn;
    private long stoppedAt;
    private bool fails;
    private volatile bool idle;
    private volatile bool stopping;
    private volatile bool ended;

    /// <summary>Opens nothing yet; the writer begins with <see cref="Start"/>.</summary>
    /// <param name="selection">Which exits.</param>
    /// <param name="sink">Where they go. It ends with this.</param>
    /// <param name="userNames">The name of a user id; null without one. May take its time.</param>
    /// <param name="clock">For the age of names.</param>
    /// <param name="log">Hears of faults, once each.</param>
    public ExitEvents(EventSelection selection, IExitEventSink sink, Func<uint, byte[]?> userNames, TimeProvider clock,
        ILogger log)
    {
        this.selection = selection;
        this.sink = sink;
        this.log = log;
        names = new ExitEventNames(userNames, clock);
    }

    /// <summary>From the next exit on others are chosen. Called by the thread that offers them.</summary>
    public void Choose(EventSelection chosen) => selection = chosen;

    /// <summary>Events that arrived.</summary>
    public long Written => Volatile.Read(ref written);

    /// <summary>Chosen exits that never arrived: the ring was full, the file went, or the agent ended.</summary>
    public long Dropped => Volatile.Read(ref dropped)
        + (ended ? Volatile.Read(ref offered) - Written : Volatile.Read(ref torn));

    /// <summary>Attempts that failed.</summary>
    public long WriteFailures => Volatile.Read(ref failures);

    /// <summary>Starts the writer.</summary>
    public void Start()
    {
        CaptureLog.EventsGo(log, selection, sink.Place);
        writer = new Thread(Run) { Name = "exit events", IsBackground = true };
        writer.Start();
    }

    /// <summary>
    /// Takes a copy of an exit, if it is among the chosen ones. Called by one thread, after the exit was journaled and
    /// counted; never waits and allocates nothing.
    /// </summary>
    /// <param name="exit">The exit.</param>
    /// <param name="figures">What taskstats add to it, or nothing.</param>
    /// <param name="countedUnixMicroseconds">When it was counted.</param>
    public void Offer(in ProcessExit exit, in TaskFigures figures, long countedUnixMicroseconds)
    {
        if (!selection.Takes(exit.Status))
        {
            return;
        }

        if (offered - Volatile.Read(ref taken) >= Capacity)
        {
            Interlocked.Increment(ref dropped);
            return;
        }

        ref var place = ref ring[offered & (Capacity - 1)];
        place.Exit = exit;
        place.Figures = figures;
        place.CountedUnixMicroseconds = countedUnixMicroseconds;
        Volatile.Write(ref offered, offered + 1);
        // The writer says that it sleeps, and then looks once more; so one of both sees the other.
        Interlocked.MemoryBarrier();
        if (idle)
        {
            idle = false;
            waiter.Wake();
        }
    }

    /// <summary>Tells the writer that nothing will be offered any more; <see cref="Stop"/> waits for it.</summary>
    public void LetEnd()
    {
        if (!stopping)
        {
            stoppedAt = Environment.TickCount64;
            stopping = true;
            waiter.Wake();
        }
    }

    /// <summary>
    /// Writes what is left, for <see cref="DrainTime"/> at most, and ends the writer; what is left then is counted as
    /// dropped. Nothing may be offered any more.
    /// </summary>
    public void Stop()
    {
        if (ended)
        {
            return;
        }

        LetEnd();
        var left = DrainTime - TimeSpan.FromMilliseconds(Environment.TickCount64 - stoppedAt);
        if (writer?.Join(left > TimeSpan.Zero ? left : TimeSpan.Zero) != false)
        {
            sink.Dispose();
            waiter.Dispose();
        }

        // A writer that hangs in a pipe which nobody reads keeps what it uses, and ends with the process.
        ended = true;
        if (offered > Written)
        {
            CaptureLog.EventsLeft(log, offered - Written);
        }
    }

    public void Dispose()
    {
        Stop();
        names.Dispose();
    }

    private void Run()
    {
        // Opens the file: a wrong path is told of now, and not with the first crash months later.
        WriteBatch();
        bool last;
        do
        {
            // What was offered before the stop is in the ring when it is seen.
            last = stopping;
            var wrote = false;
            while (!ended && Fill() && WriteBatch())
            {
                wrote = true;
                if (!last && taken == Volatile.Read(ref offered))
                {
                    break;
                }
            }

            if (!last)
            {
                Wait(wrote);
            }
        }
        while (!last);
    }

    /// <summary>Hands over what is in the ring, as far as there is room; false when there is nothing to send.</summary>
    private bool Fill()
    {
        while (taken < Volatile.Read(ref offered) && sink.Add(ring[taken & (Capacity - 1)], names))
        {
            Volatile.Write(ref taken, taken + 1);
        }

        return sink.HasBatch;
    }

    private bool WriteBatch()
    {
        var fault = sink.Write();
        Volatile.Write(ref written, sink.Written);
        Volatile.Write(ref torn, sink.Torn);
        if (fault is not null)
        {
            Interlocked.Increment(ref failures);
        }

        if (fails != fault is not null)
        {
            fails = fault is not null;
            if (fails)
            {
                CaptureLog.EventsFail(log, fault!);
            }
            else
            {
                CaptureLog.EventsWork(log, sink.Place);
            }
        }

        return !fails;
    }

    /// <summary>
    /// After a write more gathers for a moment, so that a storm costs the capture thread few wake-ups.
    /// </summary>
    private void Wait(bool wrote)
    {
        if (fails || wrote)
        {
            waiter.Wait(null, fails ? sink.RetryDelay : sink.GatherTime);
            return;
        }

        idle = true;
        Interlocked.MemoryBarrier();
        if (taken == Volatile.Read(ref offered) && !stopping)
        {
            waiter.Wait(null, Timeout.InfiniteTimeSpan);
        }

        idle = false;
    }
}

/// <summary>An exit that waits to be written.</summary>
internal struct ExitEvent
{
    /// <summary>The exit.</summary>
    public ProcessExit Exit;

    /// <summary>What taskstats add.</summary>
    public TaskFigures Figures;

    /// <summary>When it was counted.</summary>
    public long CountedUnixMicroseconds;
}
