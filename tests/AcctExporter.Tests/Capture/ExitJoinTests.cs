// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using AcctExporter.Capture;
using AcctExporter.Records;
using AcctExporter.Tests.Properties;

namespace AcctExporter.Tests.Capture;

public sealed class ExitJoinTests
{
    private readonly JoinTape tape = new();

    private Life Living(uint pid, ulong serial, long age = 5 * JoinTape.Millisecond, int threads = 1) =>
        new(pid, serial, tape.Now - age, threads);

    private static byte[] Bytes(TaskFigures figures) =>
        MemoryMarshal.AsBytes(MemoryMarshal.CreateReadOnlySpan(ref figures, 1)).ToArray();

    [Fact]
    public void TryJoin_CorrectsTimes_AndGivesFigures_OfAProcessWithOneThread()
    {
        var life = Living(5, 100, 14_999);
        var thread = tape.Thread(life, last: true);
        (thread.WrittenBytes, thread.StorageReadBytes, thread.StorageWrittenBytes) = (1, 2, 3);
        (thread.StorageCancelledBytes, thread.ResidentMebibyteMicroseconds) = (4, 5);
        (thread.PeakResidentKibibytes, thread.PeakVirtualKibibytes) = (6, 7);
        (thread.ExecutableDevice, thread.ExecutableInode) = (8, 9);
        thread.DelayNanoseconds[0] = 1_499;
        thread.DelayNanoseconds[7] = 1_500;
        tape.Join.Add(thread, tape.Now);
        tape.Drain();

        Assert.Equal(JoinResult.Joined, tape.Try(tape.Record(life)));

        Assert.Equal((1_234UL, 567UL, 14_999UL), (
            tape.Exit.UserMicroseconds, tape.Exit.SystemMicroseconds, tape.Exit.ElapsedMicroseconds));
        var expected = new TaskFigures
        {
            ReadBytes = 100,
            WrittenBytes = 1,
            StorageReadBytes = 2,
            StorageWrittenBytes = 3,
            StorageCancelledBytes = 4,
            ResidentMebibyteMicroseconds = 5,
            PeakResidentBytes = 6 << 10,
            PeakVirtualBytes = 7 << 10,
            ExecutableDevice = 8,
            ExecutableInode = 9,
            Knowledge = TaskKnowledge.Joined,
        };
        Assert.Equal(Bytes(expected), Bytes(tape.Figures));
        Assert.Equal((1UL, 1UL, 0UL, 0UL), (
            tape.Join.Messages, tape.Join.Joined, tape.Join.Incomplete, tape.Join.Unmatched));
        Assert.Equal(JoinResult.None, tape.Try(tape.Record(life)));
        Assert.Equal(Bytes(default), Bytes(tape.Figures));
    }

    [Fact]
    public void TryJoin_GivesDelays_InRoundedMicroseconds_WhenTheyAreMeasured()
    {
        tape.Join.DelaysOn = true;
        var life = Living(5, 100);
        var thread = tape.Thread(life, last: true);
        thread.DelayNanoseconds[0] = 1_499;
        thread.DelayNanoseconds[7] = 1_500;
        tape.Join.Add(thread, tape.Now);
        Assert.True(tape.Joins(tape.Record(life)));
        Assert.Equal((1UL, 2UL), (tape.Figures.DelayMicroseconds[0], tape.Figures.DelayMicroseconds[7]));
        Assert.Equal(TaskKnowledge.Joined | TaskKnowledge.Delays, tape.Figures.Knowledge);
    }

    [Fact]
    public void TryJoin_SumsThreads_TakesPeaks_AndTheLeadersNameAndProgram()
    {
        var life = Living(5, 100, threads: 3) with { Name = "java" };
        var first = tape.Thread(life, 6, name: "worker-1");
        (first.PeakResidentKibibytes, first.ExecutableInode, first.DelayNanoseconds[1]) = (30, 1, 400);
        var leader = tape.Thread(life);
        (leader.PeakResidentKibibytes, leader.ExecutableInode, leader.DelayNanoseconds[1]) = (20, 2, 400);
        tape.Join.Add(first, tape.Now);
        tape.Join.Add(leader, tape.Now);
        tape.Now += 50 * JoinTape.Millisecond;
        var last = tape.Thread(life, 7, last: true, name: "worker-2");
        (last.PeakResidentKibibytes, last.ExecutableInode, last.DelayNanoseconds[1]) = (10, 3, 400);
        tape.Join.Add(last, tape.Now);
        tape.Join.DelaysOn = true;
        tape.Drain();

        Assert.False(tape.Joins(tape.Record(life, name: "worker-1")));
        Assert.True(tape.Joins(tape.Record(life, name: "worker-2")));

        Assert.Equal(JoinTape.Name("java"), tape.Exit.Command);
        Assert.Equal((3 * 1_234UL, 3 * 567UL, 55_000UL), (
            tape.Exit.UserMicroseconds, tape.Exit.SystemMicroseconds, tape.Exit.ElapsedMicroseconds));
        Assert.Equal((300UL, 30UL << 10, 2UL, 1UL), (
            tape.Figures.ReadBytes, tape.Figures.PeakResidentBytes, tape.Figures.ExecutableInode,
            tape.Figures.DelayMicroseconds[1]));
        Assert.False(tape.Figures.IsIncomplete);
    }

    /// <summary>Linux 6.18.44 writes the leader's name into the record, whoever ended last.</summary>
    [Fact]
    public void TryJoin_TakesARecordWithTheLeadersName()
    {
        var life = Living(5, 100, threads: 2) with { Name = "java" };
        tape.Send(life);
        tape.Send(life, 7, last: true, name: "worker-2");
        tape.Drain();
        Assert.True(tape.Joins(tape.Record(life)));
        Assert.Equal(JoinTape.Name("java"), tape.Exit.Command);
    }

    /// <summary>A thread that calls execve() takes the leader's pid over, after the leader ended.</summary>
    [Fact]
    public void TryJoin_TakesTheNameOfTheLaterLeader()
    {
        var life = Living(5, 100, threads: 2);
        tape.Send(life, name: "before");
        tape.Send(life, last: true, name: "after");
        tape.Drain();
        Assert.True(tape.Joins(tape.Record(life, name: "after")));
        Assert.Equal(JoinTape.Name("after"), tape.Exit.Command);
    }

    /// <summary>What a record says of a process of 123,456 µs and 1 GiB, and whether it may be its record.</summary>
    [Theory]
    [InlineData(120_000, 0, true)] // cut down to a tick
    [InlineData(110_000, 0, false)] // earlier than the message
    [InlineData(220_000, 0, true)] // 0.1 s to free memory and to wait for other writers
    [InlineData(230_000, 0, false)]
    [InlineData(320_000, 1 << 20, true)] // 0.1 s more for each GiB
    [InlineData(330_000, 1 << 20, false)]
    public void TryJoin_WantsTheElapsedTimeToAgree(ulong recordMicroseconds, ulong peakKibibytes, bool joins)
    {
        var life = Living(5, 100, 123_456);
        var thread = tape.Thread(life, last: true);
        thread.PeakResidentKibibytes = peakKibibytes;
        tape.Join.Add(thread, tape.Now);
        var record = tape.Record(life);
        record.ElapsedMicroseconds = recordMicroseconds;
        Assert.Equal(joins, tape.Joins(record));
    }

    /// <summary>The record's time is a float of 24 bits: a year is known to 3.8 seconds.</summary>
    [Theory]
    [InlineData(3_000_000, true)]
    [InlineData(5_000_000, false)]
    public void TryJoin_AllowsForTheRecordsFloat(long earlier, bool joins)
    {
        var life = Living(5, 100, 365L * 86_400 * JoinTape.Second);
        tape.End(life);
        Assert.Equal(joins, tape.Joins(tape.Record(life, tape.Now - earlier)));
    }

    [Fact]
    public void TryJoin_WantsPidUserGroupAndName()
    {
        var life = Living(5, 100);
        tape.End(life);
        Assert.False(tape.Joins(tape.Record(life with { Pid = 6 })));
        Assert.False(tape.Joins(tape.Record(life with { Uid = 0 })));
        Assert.False(tape.Joins(tape.Record(life with { Gid = 0 })));
        Assert.False(tape.Joins(tape.Record(life with { Name = "false" })));
        Assert.False(tape.Joins(tape.Record(life) with { Pid = 0 }));
        Assert.True(tape.Joins(tape.Record(life)));
    }

    [Fact]
    public void TryJoin_TakesLivesOfOnePidInTheirOrder()
    {
        for (var serial = 1UL; serial <= 5; serial++)
        {
            tape.End(Living(5, serial));
        }

        for (var serial = 1UL; serial <= 5; serial++)
        {
            Assert.True(tape.Joins(tape.Record(Living(5, serial))));
            Assert.Equal(serial, tape.Figures.ReadBytes);
        }
    }

    [Fact]
    public void TryJoin_DropsWhatHasNoRecord_WhenALaterOneOfThePidHas()
    {
        tape.End(Living(5, 1));
        tape.End(Living(5, 2));
        tape.End(Living(5, 3, 400_000));
        tape.End(Living(5, 4));
        Assert.True(tape.Joins(tape.Record(Living(5, 3, 400_000))));
        Assert.Equal(3UL, tape.Figures.ReadBytes);
        Assert.Equal(2UL, tape.Join.Unmatched);
        Assert.True(tape.Joins(tape.Record(Living(5, 4))));
        Assert.Equal(4UL, tape.Figures.ReadBytes);
    }

    [Fact]
    public void TryJoin_AsksForADrain_OnceForAThreadedProcess_AndTakesLateSiblings()
    {
        var life = Living(5, 100, threads: 2);
        tape.Send(life, 6, last: true);
        tape.Drain();
        Assert.Equal(JoinResult.DrainFirst, tape.Try(tape.Record(life)));
        tape.Send(life);
        tape.Drain();
        Assert.Equal(JoinResult.Joined, tape.Try(tape.Record(life)));
        Assert.Equal(200UL, tape.Figures.ReadBytes);
        Assert.False(tape.Figures.IsIncomplete);
        Assert.Equal((1UL, 0UL, 0), (tape.Join.LateThreads, tape.Join.LostThreads, tape.Join.Living));
    }

    [Fact]
    public void TryJoin_AsksForNoDrain_OfAThreadedProcessThatEndedBeforeTheLastButOne()
    {
        var life = Living(5, 100, threads: 2);
        tape.Send(life);
        tape.Send(life, 6, last: true);
        tape.Drain();
        tape.Drain();
        Assert.Equal(JoinResult.Joined, tape.Try(tape.Record(life)));
    }

    [Fact]
    public void TryJoin_KeepsTheRecordsNameAndCpuTime_WhenTheLeaderIsMissing()
    {
        var life = Living(5, 100, 14_000, threads: 2);
        tape.Send(life, 6, last: true, name: "worker");
        Assert.True(tape.Joins(tape.Record(life, name: "worker")));
        Assert.Equal(JoinTape.Name("worker"), tape.Exit.Command);
        Assert.Equal((10_000UL, 20_000UL, 14_000UL), (
            tape.Exit.UserMicroseconds, tape.Exit.SystemMicroseconds, tape.Exit.ElapsedMicroseconds));
        Assert.True(tape.Figures.IsIncomplete);
        Assert.Equal(1UL, tape.Join.Incomplete);
    }

    /// <summary>A sibling that the record counted and no message tells of: its page faults are seen.</summary>
    [Fact]
    public void TryJoin_IsIncomplete_WhenTheRecordHasFaultsOfAnotherThread()
    {
        var life = Living(5, 100, threads: 3);
        tape.Send(life);
        tape.Send(life, 6, last: true);
        Assert.True(tape.Joins(tape.Record(life)));
        Assert.True(tape.Figures.IsIncomplete);
    }

    /// <summary>It must not open a sum that the next process with this pid would find.</summary>
    [Theory]
    [InlineData(6U)]
    [InlineData(5U)]
    public void Add_LosesASiblingOfAJoinedProcess(uint lateTid)
    {
        var life = Living(5, 100, threads: 3);
        tape.Send(life, lateTid == 5U ? 6U : 5U);
        tape.Send(life, 7, last: true);
        Assert.True(tape.Joins(tape.Record(life)));
        tape.Now += 2 * JoinTape.Millisecond;
        tape.Send(life, lateTid);
        Assert.Equal((1UL, 0), (tape.Join.LostThreads, tape.Join.Living));
        tape.Now += 5 * JoinTape.Second;
        tape.Drain();
        var next = Living(5, 7_000, threads: 2);
        tape.Send(next);
        tape.Send(next, 6, last: true);
        Assert.True(tape.Joins(tape.Record(next)));
        Assert.Equal((14_000UL, false), (tape.Figures.ReadBytes, tape.Figures.IsIncomplete));
    }

    /// <summary>The pids went round in the time between two drains: whose thread it is, nothing tells.</summary>
    [Fact]
    public void Add_BelievesNeither_WhenAThreadMayBeALateSiblingOrTheNextProcesss()
    {
        var small = new JoinTape(JoinTape.SmallPidMax);
        small.Now += JoinTape.Second;
        var first = new Life(5, 100, small.Now - 900, 2);
        small.Send(first);
        small.Send(first, 6, last: true);
        small.Now += 100;
        var next = new Life(5, 7_000, small.Now - 50, 2);
        small.Send(next, 8);
        small.Send(next, last: true);
        small.Drain();
        Assert.True(small.Joins(small.Record(first, small.Now - 100)));
        Assert.Equal((200UL, true), (small.Figures.ReadBytes, small.Figures.IsIncomplete));
        Assert.True(small.Joins(small.Record(next)));
        Assert.Equal((7_000UL, true), (small.Figures.ReadBytes, small.Figures.IsIncomplete));
        Assert.Equal(1UL, small.Join.LostThreads);
    }

    [Fact]
    public void Add_ForgetsAStaleSum_WhenAProcessOfOneThreadHasItsPid()
    {
        tape.Send(Living(5, 100, threads: 2), 6);
        tape.End(Living(5, 7_000, 100));
        Assert.True(tape.Joins(tape.Record(Living(5, 7_000, 100))));
        Assert.Equal((7_000UL, 1UL, 0), (tape.Figures.ReadBytes, tape.Join.UncertainThreads, tape.Join.Living));
    }

    [Fact]
    public void Add_ForgetsAStaleSum_WhenThePidsProcessBeganLater()
    {
        tape.Send(Living(5, 100, threads: 2), 6);
        tape.Drain();
        tape.Now += 10 * JoinTape.Second;
        tape.Drain();
        var next = Living(5, 7_000, threads: 2);
        tape.Send(next);
        tape.Send(next, 8, last: true);
        Assert.True(tape.Joins(tape.Record(next)));
        Assert.Equal((14_000UL, false, 1UL), (
            tape.Figures.ReadBytes, tape.Figures.IsIncomplete, tape.Join.UncertainThreads));
    }

    [Fact]
    public void Add_AndTryJoin_AllocateNothing()
    {
        var single = tape.Thread(Living(5, 1), last: true);
        var sibling = tape.Thread(Living(5, 2, threads: 2), 6);
        var last = tape.Thread(Living(5, 2, threads: 2), last: true);
        var record = tape.Record(Living(5, 1));
        Assert.Equal(0, Allocated.By(() =>
        {
            for (var turn = 0U; turn < 10_000; turn++)
            {
                single.Pid = single.Tgid = sibling.Tgid = last.Pid = last.Tgid = 5 + (turn % 1_000);
                tape.Join.Add(turn % 4 == 0 ? sibling : single, tape.Now);
                tape.Join.Add(turn % 4 == 0 ? last : single, tape.Now);
                tape.Drain();
                tape.Drain();
                var exit = record;
                exit.Pid = single.Pid;
                _ = tape.Join.TryJoin(ref exit, out _);
                tape.Pass();
            }
        }));
        Assert.Equal(11 * 10_000UL, tape.Join.Joined);
    }
}
