// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Records;

namespace AcctExporter.Capture;

/// <summary>
/// Empties the queue of taskstats into the <see cref="ExitJoin"/>, and tells it what stands around a gap: after an
/// overflow the messages that waited are whole, and what may have come behind them is set aside until the queue was
/// found empty.
/// </summary>
/// <param name="queue">Where the messages wait.</param>
/// <param name="join">Where they go.</param>
/// <param name="clock">The monotonic clock.</param>
internal sealed class MessageDrain(ITaskStatsQueue queue, ExitJoin join, TimeProvider clock)
{
    private bool isFrozen;
    private bool isTainted;

    /// <summary>Messages that could not be read.</summary>
    public ulong Rejected { get; private set; }

    /// <summary>Takes delays out that could not be true.</summary>
    public DelayCheck Delays { get; } = new();

    /// <summary>Version of the kernel's messages (TASKSTATS_VERSION); 0 before the first.</summary>
    public int Version { get; private set; }

    /// <summary>How often messages were dropped for want of room.</summary>
    public ulong Overflows { get; private set; }

    /// <summary>A process whose message is waited for; 0 when it came.</summary>
    public uint AwaitedPid { get; set; }

    /// <summary>Takes all messages that wait.</summary>
    public void Run()
    {
        while (true)
        {
            var now = ExitEnricher.Now(clock);
            if (isFrozen && queue.QueuedBytes < NetlinkSocket.BatchSize * NetlinkSocket.LargestCharge)
            {
                // The queue may run empty within the next batch, and behind it stand messages from after the gap.
                isTainted = true;
            }

            var step = queue.Receive();
            switch (step.Result)
            {
                case DrainResult.Overflow:
                    isFrozen = true;
                    Overflows++;
                    break;
                case DrainResult.Batch when isTainted:
                    join.Discard((ulong)step.Count);
                    break;
                case DrainResult.Batch:
                    Take(step.Count);
                    break;
                default:
                    End(now);
                    return;
            }
        }
    }

    /// <summary>The gap reaches back to the last drain without loss: an era's begin is no such drain.</summary>
    private void End(long now)
    {
        if (isFrozen)
        {
            isFrozen = isTainted = false;
            join.BeginEra(now);
        }
        else
        {
            join.EndDrain(now);
        }
    }

    private void Take(int count)
    {
        var now = ExitEnricher.Now(clock);
        for (var i = 0; i < count; i++)
        {
            var messages = new NetlinkMessages(queue.Datagram(i));
            while (messages.TryNext(out var message))
            {
                var status = TaskStatsMessage.TryRead(message, queue.Family, out var thread);
                if (status == TaskStatsStatus.Ok)
                {
                    Take(ref thread, now);
                }
                else if (status != TaskStatsStatus.NotAnExit)
                {
                    Rejected++;
                }
            }
        }
    }

    private void Take(ref ThreadExit thread, long now)
    {
        Version = thread.Version;
        if (thread.Pid == AwaitedPid)
        {
            AwaitedPid = 0;
        }

        Delays.TakeOut(ref thread);
        join.Add(thread, now);
    }
}
