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

    /// <summary>The delay of one thread is unknown; what is said besides, and of the other one, stands.</summary>
    [Fact]
    public void ADelayThatCannotBe_IsTakenOut_AndTheOthersAreAdded()
    {
        var queue = new FakeQueue();
        queue.Join.DelaysOn = true;
        queue.At(3 * Second);
        var life = new Life(7, 1, queue.Now - 5_000, Threads: 2);
        queue.Send(life, tid: 0, last: false, cpuDelay: 400_000, blockIo: 143_074_000_000_000);
        queue.Send(life, tid: 8, last: true, cpuDelay: 200_000, blockIo: 300_000);
        Assert.True(queue.Joins(life, ended: queue.Now));
        Assert.Equal((600UL, 300UL), (queue.Figures.DelayMicroseconds[0], queue.Figures.DelayMicroseconds[1]));
        Assert.Equal(TaskKnowledge.Joined | TaskKnowledge.Delays, queue.Figures.Knowledge);
        Assert.True(queue.Figures.Knows(DelayReason.Cpu));
        Assert.False(queue.Figures.Knows(DelayReason.BlockIo));
        Assert.Equal((0UL, 1UL), (queue.Drain.Delays.Rejected[0], queue.Drain.Delays.Rejected[1]));
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

        public TaskFigures Figures { get; private set; }

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

        public void Send(Life life, uint tid, bool last, ulong cpuDelay, ulong blockIo)
        {
            form.Now = Now;
            var thread = form.Thread(life, tid, last);
            thread.Runs = 5;
            thread.DelayNanoseconds[(int)DelayReason.Cpu] = cpuDelay;
            thread.DelayNanoseconds[(int)DelayReason.BlockIo] = blockIo;
            waiting.Enqueue((DrainResult.Batch, TaskStatsBytes.Message(
                thread.Pid, TaskStatsBytes.Stats(thread, Layout, new Random(1)), thread.EndsGroupOfMany)));
        }

        public bool Joins(Life life, long ended)
        {
            var exit = form.Record(life, ended);
            var result = JoinResult.DrainFirst;
            while (result == JoinResult.DrainFirst)
            {
                Drain.Run();
                result = Join.TryJoin(ref exit, out var figures);
                Figures = figures;
            }

            return result == JoinResult.Joined;
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
