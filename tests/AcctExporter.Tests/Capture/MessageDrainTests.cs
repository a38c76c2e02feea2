// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;
using AcctExporter.Kernel;
using AcctExporter.Records;
using AcctExporter.Tests.Records;

namespace AcctExporter.Tests.Capture;

/// <summary>What the join is told of a queue that lost messages.</summary>
public sealed class MessageDrainTests
{
    private const long Second = JoinTape.Second;
    private static readonly TaskStatsOffsets Layout = TaskStatsOffsets.Of(16);

    /// <summary>
    /// The gap begins where the queue was last empty, not where it was found empty again. A process ended in the gap,
    /// its message was dropped, and its record is late; the next one with its pid began in the gap too.
    /// </summary>
    [Fact]
    public void ProcessThatBeganInTheGap_IsUncertain()
    {
        var queue = new FakeQueue();
        var lost = new Life(7, 1, queue.Began + (3 * Second) + 10_000);
        var next = new Life(7, 2, queue.Began + (3 * Second) + 60_000);
        queue.At(3 * Second);
        queue.Overflow();
        queue.At((3 * Second) + 70_000);
        queue.Send(next);
        Assert.False(queue.Joins(lost, ended: next.Start - 30_000));
        Assert.Equal(1UL, queue.Drain.Overflows);
    }

    /// <summary>A queue that a test fills, and a drain that began three seconds ago.</summary>
    private sealed class FakeQueue : ITaskStatsQueue
    {
        private readonly JoinTape form = new();
        private readonly FixedClock clock = new();
        private readonly DateTimeOffset origin;
        private readonly Queue<(DrainResult Result, byte[] Bytes)> waiting = [];
        private byte[] datagram = [];

        public FakeQueue()
        {
            origin = clock.Now;
            Began = ExitEnricher.Now(clock);
            Join = new ExitJoin(JoinTape.SmallPidMax, new CpuEstimator(4_000_000));
            Drain = new MessageDrain(this, Join, clock);
            Join.BeginEra(Began);
            At(2 * Second);
            Drain.Run();
            Join.EndPass(Now, Now);
        }

        public ExitJoin Join { get; }

        public MessageDrain Drain { get; }

        public long Began { get; }

        public long Now => ExitEnricher.Now(clock);

        public ushort Family => TaskStatsFixture.Family;

        public uint QueuedBytes => (uint)waiting.Count * NetlinkSocket.LargestCharge;

        public void At(long sinceBegin) => clock.Now = origin.AddTicks(sinceBegin * TimeSpan.TicksPerMicrosecond);

        public void Overflow()
        {
            waiting.Enqueue((DrainResult.Overflow, []));
            At(ExitEnricher.Now(clock) - Began + 65_000);
            Drain.Run();
        }

        public void Send(Life life)
        {
            form.Now = Now;
            waiting.Enqueue((DrainResult.Batch, TaskStatsBytes.Message(
                life.Pid, TaskStatsBytes.Stats(form.Thread(life, last: true), Layout, new Random(1)))));
        }

        public bool Joins(Life life, long ended)
        {
            Drain.Run();
            var exit = form.Record(life, ended);
            return Join.TryJoin(ref exit, out _) == JoinResult.Joined;
        }

        public DrainStep Receive()
        {
            if (!waiting.TryDequeue(out var step))
            {
                return new(DrainResult.Empty, 0);
            }

            datagram = step.Bytes;
            return new(step.Result, step.Result == DrainResult.Batch ? 1 : 0);
        }

        public ReadOnlySpan<byte> Datagram(int index) => datagram;
    }
}
