// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Records;

namespace AcctExporter.Capture;

/// <summary>
/// The second source: the kernel's message about each thread that ends, from the socket into the
/// <see cref="ExitJoin"/>. What the kernel drops is counted by the kernel's own number.
/// </summary>
internal sealed class TaskStatsFeed : IDisposable
{
    /// <summary>How often the state of the kernel's delay accounting is read again.</summary>
    private static readonly TimeSpan DelayCheckInterval = TimeSpan.FromSeconds(10);

    /// <summary>A storm may leave no room for the message of one child.</summary>
    private const int Attempts = 3;

    private readonly TaskStatsSocket socket;
    private readonly ExitJoin join;
    private readonly MessageDrain drain;
    private readonly TimeProvider clock;
    private readonly ILogger log;

    private bool saidOverflow;
    private long delaysCheckedAt;

    private TaskStatsFeed(TaskStatsSocket socket, long openedAt, bool enableDelays, TimeProvider clock, ILogger log)
    {
        this.socket = socket;
        this.clock = clock;
        this.log = log;
        join = new ExitJoin(PidSpace.Max(), new CpuEstimator(SchedulerTick.Nanoseconds()));
        drain = new MessageDrain(socket, join, clock);
        Enricher = new ExitEnricher(join, Drain, clock);
        if (enableDelays)
        {
            SwitchDelaysOn();
        }

        join.DelaysOn = DelayAccounting.Read() == DelayAccountingState.On;
        join.BeginEra(openedAt);
    }

    /// <summary>For <see cref="ExitRecorder"/>.</summary>
    public ExitEnricher Enricher { get; }

    /// <summary>What was counted of messages.</summary>
    public ExitJoin Join => join;

    /// <summary>To be waited for: a host may end threads for hours and no process.</summary>
    public NetlinkSocket Socket => socket.Socket;

    /// <summary>Messages that could not be read.</summary>
    public ulong Rejected => drain.Rejected;

    /// <summary>Delays of threads that could not be true, by reason.</summary>
    public DelayFigures RejectedDelays => drain.Delays.Rejected;

    /// <summary>Messages that the kernel had no room for, by its own count. Each question is a system call.</summary>
    public ulong Drops => socket.Drops;

    /// <summary>Version of the kernel's messages (TASKSTATS_VERSION); 0 before the first.</summary>
    public int Version => drain.Version;

    /// <summary>Opens the source and proves that messages come, with one short child of our own.</summary>
    /// <param name="options">How large the buffer is; whether delays are to be switched on.</param>
    /// <param name="children">Starts the child, and keeps it out of the counts.</param>
    /// <param name="clock">The monotonic clock.</param>
    /// <param name="log">Where warnings go.</param>
    /// <param name="why">When null is returned: what is in the way, and what to do.</param>
    public static TaskStatsFeed? TryStart(
        CaptureOptions options, OwnChildren children, TimeProvider clock, ILogger log, out string why)
    {
        var openedAt = ExitEnricher.Now(clock);
        var socket = options.Opened.TakeTaskStats(options.TaskStatsBuffer, out var fault);
        why = fault.Message;
        if (socket is null)
        {
            return null;
        }

        var feed = new TaskStatsFeed(socket, openedAt, options.EnableDelays, clock, log);
        if (feed.SeesChild(children))
        {
            feed.SayWhatIsKnown();
            return feed;
        }

        why = new TaskStatsFault(TaskStatsObstacle.OtherNetworkNamespace, 0).Message;
        feed.Dispose();
        return null;
    }

    /// <summary>Once a second: whether delays are measured.</summary>
    public void LookAround()
    {
        if (clock.GetElapsedTime(delaysCheckedAt) >= DelayCheckInterval)
        {
            delaysCheckedAt = clock.GetTimestamp();
            join.DelaysOn = DelayAccounting.Read() == DelayAccountingState.On;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    private void Drain()
    {
        drain.Run();
        if (drain.Overflows > 0 && !saidOverflow)
        {
            saidOverflow = true;
            CaptureLog.TaskStatsOverflow(log, socket.Drops);
        }
    }

    /// <summary>The message of a child is there when wait(2) returns, or it never comes.</summary>
    private bool SeesChild(OwnChildren children)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            Drain();
            var started = children.Run(out var pid);
            if (!started || pid == 0)
            {
                CaptureLog.TaskStatsUnproven(log);
                return true;
            }

            drain.AwaitedPid = pid;
            Drain();
            if (drain.AwaitedPid == 0)
            {
                return true;
            }
        }

        return false;
    }

    private void SayWhatIsKnown()
    {
        const int messageBytes = 1280;
        CaptureLog.TaskStatsJoined(log, Version, socket.ReceiveBufferBytes / messageBytes);
        if (Version is > 0 and < ThreadExit.FirstVersionWithTgid)
        {
            CaptureLog.TaskStatsOld(log, Version);
        }

        if (!join.DelaysOn)
        {
            CaptureLog.DelaysOff(log);
        }
    }

    /// <summary>It stays on: the right to switch it off again is given up at the start.</summary>
    private void SwitchDelaysOn()
    {
        if (DelayAccounting.Read() != DelayAccountingState.On && !DelayAccounting.TryEnable(out var why))
        {
            CaptureLog.Warn(log, why);
        }
    }
}
