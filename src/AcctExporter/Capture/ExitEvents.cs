// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using AcctExporter.Kernel;
using AcctExporter.Records;

namespace AcctExporter.Capture;

/// <summary>
/// Chosen exits as lines of JSON. The capture thread puts them into a ring and goes on; another thread writes them.
/// What does not fit into the ring, because its file is full, slow or forbidden, is dropped and counted: counting exits
/// never waits for events.
/// </summary>
internal sealed class ExitEvents : IDisposable
{
    /// <summary>Events that wait at most; a power of two.</summary>
    public const int Capacity = 8192;

    /// <summary>How long the end of the agent waits for the last events.</summary>
    public static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(2);

    /// <summary>A write is of about so many bytes.</summary>
    private const int BatchBytes = 1 << 16;

    private static readonly TimeSpan GatherTime = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>The writer may wait longer for a name than the capture thread, which has a ring to fill.</summary>
    private static readonly TimeSpan NamePatience = TimeSpan.FromSeconds(1);

    private readonly ExitEventOptions options;
    private EventSelection selection;
    private readonly ILogger log;
    private readonly IdNames users;
    private readonly ExitEventLine line;
    private readonly EventFile file;
    private readonly Waiter waiter = new();
    private readonly ExitEvent[] ring = new ExitEvent[Capacity];
    private readonly int batchLimit;
    private readonly ArrayBufferWriter<byte> batch = new(BatchBytes + (BatchBytes / 4));
    private Thread? writer;

    // Offered so far, by the capture thread; taken so far, by the writer. The ring holds what is between.
    private long offered;
    private long taken;
    private long dropped;
    private long failures;
    private long written;
    private long torn;
    private int batchDone;
    private bool fails;
    private volatile bool idle;
    private volatile bool stopping;
    private volatile bool ended;

    /// <summary>Opens nothing yet; the writer begins with <see cref="Start"/>.</summary>
    public ExitEvents(ExitEventOptions options, Func<uint, byte[]?> userNames, TimeProvider clock, ILogger log)
    {
        this.options = options;
        this.log = log;
        selection = options.Selection;
        // A cache of its own: the capture thread's is for that thread alone, and a slow name here holds up nobody.
        users = new IdNames(
            userNames, clock, NamePatience, "user names of events", NameFiles.Read(NameFiles.Users));
        line = new ExitEventLine(users.Of, new Executables(clock).PathOf);
        file = new EventFile(options);
        // A batch goes into one file: it is small beside the largest.
        batchLimit = options.MaxBytes == 0 ? BatchBytes : (int)Math.Min(BatchBytes, options.MaxBytes / 4);
    }

    /// <summary>From the next exit on others are chosen. Called by the thread that offers them.</summary>
    public void Choose(EventSelection chosen) => selection = chosen;

    /// <summary>Lines written.</summary>
    public long Written => Volatile.Read(ref written);

    /// <summary>Chosen exits that never became a line: the ring was full, the file went, or the agent ended.</summary>
    public long Dropped => Volatile.Read(ref dropped)
        + (ended ? Volatile.Read(ref offered) - Written : Volatile.Read(ref torn));

    /// <summary>Attempts to open or write the file that failed.</summary>
    public long WriteFailures => Volatile.Read(ref failures);

    /// <summary>Starts the writer.</summary>
    public void Start()
    {
        CaptureLog.EventsGo(log, selection, options.File);
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

    /// <summary>
    /// Writes what is left, for <see cref="DrainTime"/> at most, and ends the writer; what is left then is counted as
    /// dropped. Nothing may be offered any more.
    /// </summary>
    public void Stop()
    {
        if (stopping)
        {
            return;
        }

        stopping = true;
        waiter.Wake();
        if (writer?.Join(DrainTime) != false)
        {
            file.Dispose();
            line.Dispose();
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
        users.Dispose();
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
            }

            if (!last)
            {
                Wait(wrote);
            }
        }
        while (!last);
    }

    /// <summary>Makes lines of what is in the ring, unless some wait already; false when there is nothing.</summary>
    private bool Fill()
    {
        while (batchDone == 0 && batch.WrittenCount < batchLimit && taken < Volatile.Read(ref offered))
        {
            line.Write(ring[taken & (Capacity - 1)], batch);
            Volatile.Write(ref taken, taken + 1);
        }

        return batch.WrittenCount > 0;
    }

    private bool WriteBatch()
    {
        batchDone += file.Write(batch.WrittenSpan[batchDone..], out var fault);
        Volatile.Write(ref written, file.Written);
        Volatile.Write(ref torn, file.Torn);
        if (fault is null)
        {
            batch.ResetWrittenCount();
            batchDone = 0;
        }
        else
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
                CaptureLog.EventsWork(log, options.File);
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
            waiter.Wait(null, fails ? RetryDelay : GatherTime);
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
