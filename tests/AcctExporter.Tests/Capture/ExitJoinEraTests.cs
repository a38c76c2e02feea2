// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;

namespace AcctExporter.Tests.Capture;

public sealed class ExitJoinEraTests
{
    private JoinTape tape = new();

    private Life Living(uint pid, ulong serial, long age = 5 * JoinTape.Millisecond, int threads = 1) =>
        new(pid, serial, tape.Now - age, threads);

    [Fact]
    public void BeginEra_ForgetsTheThreadsOfLivingProcesses_AndKeepsWhatIsComplete()
    {
        var server = Living(5, 100, threads: 4);
        tape.Send(server, 6);
        tape.Send(server, 7);
        tape.End(Living(9, 300));
        tape.Join.BeginEra(tape.Now);
        Assert.Equal((0, 1, 2UL), (tape.Join.Living, tape.Join.Waiting, tape.Join.UncertainThreads));
        Assert.True(tape.Joins(tape.Record(Living(9, 300))));
        tape.Send(server);
        tape.Send(server, 8, last: true);
        Assert.True(tape.Joins(tape.Record(server)));
        Assert.Equal((200UL, true), (tape.Figures.ReadBytes, tape.Figures.IsIncomplete));
        Assert.Equal(10_000UL, tape.Exit.UserMicroseconds);
    }

    [Theory]
    [InlineData(1, 1_500, false)] // one thread is whole by itself
    [InlineData(1, 5_000, false)]
    [InlineData(2, 5_000, true)] // older than the era
    [InlineData(2, 1_500, true)] // began within the margin
    [InlineData(2, 500, false)]
    public void TryJoin_IsIncomplete_WhenThreadsMayHaveEndedBeforeTheEra(int threads, long ageMs, bool incomplete)
    {
        tape.Join.BeginEra(tape.Now);
        tape.Now += 2 * JoinTape.Second;
        tape.Drain();
        var life = Living(5, 100, ageMs * JoinTape.Millisecond, threads);
        if (threads > 1)
        {
            tape.Send(life);
        }

        tape.Send(life, threads > 1 ? 6U : 5U, last: true);
        Assert.True(tape.Joins(tape.Record(life)));
        Assert.Equal((incomplete, incomplete ? 1UL : 0UL), (tape.Figures.IsIncomplete, tape.Join.Incomplete));
        Assert.Equal(incomplete ? 10_000UL : 1_234UL * (ulong)threads, tape.Exit.UserMicroseconds);
    }

    [Fact]
    public void Discard_CountsWhatIsSetAside()
    {
        tape.Join.Discard(7);
        Assert.Equal((7UL, 7UL), (tape.Join.Messages, tape.Join.UncertainThreads));
    }

    /// <summary>
    /// The message of the first life is lost in the gap, its record is not; the second life has the same pid, name,
    /// user and duration.
    /// </summary>
    [Theory]
    [InlineData(0)]
    [InlineData(900)]
    [InlineData(3_000)] // the agent slept: what was sent when is not known
    public void TryJoin_NeverGivesALostExitTheMessageOfTheNextLife(long laterMs)
    {
        tape = new JoinTape(JoinTape.SmallPidMax);
        tape.Now += 100 * JoinTape.Millisecond;
        tape.Join.BeginEra(tape.Now);
        var lost = tape.Record(Living(5, 1));
        tape.Now += 6 * JoinTape.Millisecond;
        var next = Living(5, 2);
        var record = tape.Record(next);
        tape.Now += laterMs * JoinTape.Millisecond;
        tape.Join.Add(tape.Thread(next with { Start = next.Start + (laterMs * 1000) }, last: true), tape.Now);
        tape.Drain();
        Assert.False(tape.Joins(lost));
        Assert.False(tape.Joins(record));
        Assert.Equal((1UL, 0UL), (tape.Join.UncertainThreads, tape.Join.Joined));
    }

    [Fact]
    public void Add_SetsNothingAside_WhenPidsCannotGoRoundInTime()
    {
        tape.Join.BeginEra(tape.Now);
        tape.Now += 6 * JoinTape.Millisecond;
        tape.End(Living(5, 1, 100));
        Assert.True(tape.Joins(tape.Record(Living(5, 1, 100))));
    }

    [Fact]
    public void Add_SetsNothingAside_OfAProcessThatHadItsPidBeforeTheGap()
    {
        tape = new JoinTape(JoinTape.SmallPidMax);
        tape.Now += JoinTape.Second;
        tape.Join.BeginEra(tape.Now);
        var beforeTheGap = Living(5, 1, 1_100 * JoinTape.Millisecond);
        var inTheGap = Living(6, 2, 900 * JoinTape.Millisecond);
        tape.End(beforeTheGap);
        tape.End(inTheGap);
        Assert.True(tape.Joins(tape.Record(beforeTheGap)));
        Assert.False(tape.Joins(tape.Record(inTheGap)));
    }

    [Fact]
    public void Add_TakesAllAgain_WhenTheRecordsOfTheGapHaveBeenRead()
    {
        tape = new JoinTape(JoinTape.SmallPidMax);
        var gapEnd = tape.Now;
        tape.Join.BeginEra(gapEnd);
        tape.Now += 5 * JoinTape.Second;
        tape.Drain();
        tape.Join.EndPass(tape.Now, gapEnd + 999_999);
        tape.End(Living(5, 1));
        Assert.False(tape.Joins(tape.Record(Living(5, 1))));
        tape.Join.EndPass(tape.Now, gapEnd + 1_000_000);
        tape.End(Living(6, 2));
        Assert.True(tape.Joins(tape.Record(Living(6, 2))));
        Assert.False(tape.Joins(tape.Record(Living(5, 1))));
        tape.Join.EndPass(tape.Now + 1, tape.Now + (2 * JoinTape.Second));
        Assert.Equal((0, 0UL), (tape.Join.Waiting, tape.Join.Unmatched));
    }

    /// <summary>Half of a process that was set aside must not pass for the whole.</summary>
    [Fact]
    public void TryJoin_IsIncomplete_WhenAThreadWasSetAside()
    {
        tape = new JoinTape(JoinTape.SmallPidMax);
        tape.Join.BeginEra(tape.Now);
        tape.Now += 4 * JoinTape.Second;
        var life = Living(5, 100, threads: 3);
        tape.Send(life, 6);
        tape.Drain();
        tape.Pass();
        tape.Send(life);
        tape.Send(life, 7, last: true);
        Assert.True(tape.Joins(tape.Record(life)));
        Assert.Equal((200UL, true), (tape.Figures.ReadBytes, tape.Figures.IsIncomplete));
    }

    [Fact]
    public void EndPass_DropsWhatWaitedForAMinute()
    {
        tape.End(Living(5, 1));
        tape.Join.EndPass(tape.Now + ExitJoin.WaitMicroseconds, 0);
        Assert.Equal((1, 0UL), (tape.Join.Waiting, tape.Join.Unmatched));
        tape.Join.EndPass(tape.Now + ExitJoin.WaitMicroseconds + 1, 0);
        Assert.Equal((0, 1UL), (tape.Join.Waiting, tape.Join.Unmatched));
    }

    /// <summary>Else exits that accounting did not record would be found by later lives of their pids.</summary>
    [Fact]
    public void EndPass_DropsWhatHasNoRecord_WhenAllRecordsOfItsTimeWereRead()
    {
        tape.End(Living(5, 1));
        var ended = tape.Now;
        tape.Now += 10 * JoinTape.Second;
        tape.Join.EndPass(tape.Now, ended + 1_100_000);
        Assert.Equal(1, tape.Join.Waiting);
        tape.Join.EndPass(tape.Now, ended + 1_100_001);
        Assert.Equal((0, 1UL), (tape.Join.Waiting, tape.Join.Unmatched));
    }

    [Fact]
    public void Add_KeepsLivingProcesses_ForMonths()
    {
        var server = Living(5, 100, threads: 2);
        tape.Send(server, 6);
        tape.Drain();
        tape.Now += 100L * 86_400 * JoinTape.Second;
        tape.Drain();
        tape.Pass();
        tape.Send(server, last: true);
        tape.Drain();
        Assert.True(tape.Joins(tape.Record(server)));
        Assert.Equal((200UL, false), (tape.Figures.ReadBytes, tape.Figures.IsIncomplete));
    }

    [Fact]
    public void Add_DropsTheQuietestLivingProcess_WhenThereAreTooMany()
    {
        tape = new JoinTape(limit: 3);
        var lives = Enumerable.Range(1, 4).Select(pid => Living((uint)pid, (ulong)pid, threads: 4)).ToArray();
        tape.Send(lives[0], 11);
        tape.Send(lives[1], 12);
        tape.Send(lives[1], 13);
        tape.Send(lives[2], 14);
        tape.Send(lives[0], 15);
        tape.Send(lives[3], 16);
        Assert.Equal((3, 2UL), (tape.Join.Living, tape.Join.DroppedThreads));
        tape.Send(lives[1], last: true);
        Assert.True(tape.Joins(tape.Record(lives[1])));
        Assert.True(tape.Figures.IsIncomplete);
        tape.Send(lives[0], last: true);
        Assert.True(tape.Joins(tape.Record(lives[0] with { Threads = 3 })));
        Assert.Equal((3UL, false), (tape.Figures.ReadBytes, tape.Figures.IsIncomplete));
    }

    [Fact]
    public void Add_DropsTheOldestThatWaits_WhenThereAreTooMany()
    {
        tape = new JoinTape(limit: 100);
        for (var pid = 1U; pid <= 1_000; pid++)
        {
            tape.Send(Living(pid, pid, threads: 2), last: true);
        }

        Assert.Equal((100, 900UL), (tape.Join.Waiting, tape.Join.Unmatched));
        Assert.False(tape.Joins(tape.Record(Living(900, 900, threads: 2))));
        Assert.True(tape.Joins(tape.Record(Living(901, 901, threads: 2))));
    }

    [Fact]
    public void Add_ForgetsLateSiblings_AfterTenSeconds()
    {
        var life = Living(5, 100, threads: 2);
        tape.Send(life, last: true);
        Assert.True(tape.Joins(tape.Record(life)));
        tape.Now += ExitJoin.LateMicroseconds + 1;
        tape.Pass();
        tape.Send(life, 6);
        Assert.Equal((0UL, 1), (tape.Join.LostThreads, tape.Join.Living));
    }

    [Fact]
    public void TryJoin_JoinsAProcessOfAnOldKernel()
    {
        var life = Living(5, 100) with { HasTgid = false };
        tape.End(life);
        Assert.Equal(JoinResult.Joined, tape.Try(tape.Record(life)));
        Assert.Equal((100UL, false, 1_234UL), (
            tape.Figures.ReadBytes, tape.Figures.IsIncomplete, tape.Exit.UserMicroseconds));
    }

    [Theory]
    [InlineData("java")] // as its leader is called
    [InlineData("worker")] // as the thread that ended last
    public void TryJoin_IsIncomplete_OfAThreadedProcessOfAnOldKernel(string recordName)
    {
        var life = Living(5, 100, threads: 2) with { HasTgid = false, Name = "java" };
        tape.Send(life);
        tape.Send(life, 6, last: true, name: recordName);
        tape.Drain();
        Assert.Equal(JoinResult.Joined, tape.Try(tape.Record(life, name: recordName)));
        Assert.Equal((100UL, true, 10_000UL), (
            tape.Figures.ReadBytes, tape.Figures.IsIncomplete, tape.Exit.UserMicroseconds));
        Assert.Equal(JoinTape.Name("java"), tape.Exit.Command);
        tape.Join.EndPass(tape.Now + ExitJoin.WaitMicroseconds + 1, 0);
        Assert.Equal((0, 0UL), (tape.Join.Waiting, tape.Join.Unmatched));
    }

    [Fact]
    public void TryJoin_JoinsNeither_WhenTwoThreadsOfAnOldKernelMayBeTheLeader()
    {
        var life = Living(5, 100, threads: 2) with { HasTgid = false };
        tape.Send(Living(4, 7, threads: 2) with { HasTgid = false }, 5);
        tape.Send(life);
        Assert.Equal(JoinResult.None, tape.Try(tape.Record(life, name: "worker")));
    }
}
