// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Tests.Properties;
using FsCheck;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Capture;

public sealed class ExitJoinProperties
{
    private static readonly SimulatedKernel Few = new(20, 20, int.MaxValue, true, false);
    private static readonly SimulatedKernel Many = new(100_000, JoinTape.LargePidMax, int.MaxValue, true, false);

    private static Gen<int> Times(int rarely, int often) => Gen.Frequency(
        (2, Gen.Constant(0)), (4, Gen.Choose(0, often)), (1, Gen.Choose(0, rarely)));

    private static Gen<Plan> Plans { get; } =
        from wait in Times(1_500_000, 20_000)
        from duration in Times(3_000_000, 3_000)
        from threads in Gen.Frequency((3, Gen.Constant(1)), (2, Gen.Choose(2, Plan.MaxThreads)))
        from late in Times(2_000_000, 200)
        from lag in Times(90_000, 1_000)
        from pass in Times(1_200_000, 50_000)
        from otherName in Gen.Choose(0, 3)
        from leaderLast in Gen.Choose(0, 1)
        select new Plan(wait, duration, threads, late, lag, pass, otherName == 0, leaderLast == 0);

    /// <summary>Pids come again at once, siblings come when they like, the socket overflows or not.</summary>
    [Theory]
    [InlineData(int.MaxValue, false)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    [InlineData(7, true)]
    public void NoExit_IsEverJoinedWithAnothersMessages(int queueMessages, bool knowsWhatWasFrozen)
    {
        var (joined, drops) = (0L, 0UL);
        Holds.ForAllOf(Plans, 150, 300, plans =>
        {
            var run = new JoinSimulation(
                Few with
                {
                    QueueMessages = queueMessages,
                    KnowsWhatWasFrozen = knowsWhatWasFrozen,
                    SeesAll = plans.Length % 2 == 0,
                },
                plans);
            joined += run.Joined;
            drops += run.Drops;
            return Sound(run);
        });
        Assert.True(joined > 100, $"{joined} joined");
        Assert.Equal(queueMessages != int.MaxValue, drops > 1_000);
    }

    [Fact]
    public void NoExit_IsEverJoinedWithAnothersMessages_WhenPidsAreMany() => Holds.ForAllOf(Plans, 150, 300, plans =>
        Sound(new(Many with { QueueMessages = 3, KnowsWhatWasFrozen = true }, plans)));

    [Fact]
    public void EveryExit_IsJoined_WhenNothingIsLost()
    {
        Holds.ForAllOf(Plans, 150, 300, plans =>
            new JoinSimulation(Few with { SeesAll = true }, plans) is { Missed: 0, Fault: null });
        Holds.ForAllOf(Plans, 150, 300, plans => new JoinSimulation(Many, plans) is { Missed: 0, Fault: null });
    }

    /// <summary>Threads and processes look alike there; what is told apart by page faults is right.</summary>
    [Fact]
    public void NoExit_IsEverJoinedWithAnothersMessages_OnAnOldKernel()
    {
        var joined = 0L;
        Holds.ForAllOf(Plans, 100, 300, plans =>
        {
            var run = new JoinSimulation(Few with { HasTgid = false, SeesAll = plans.Length % 2 == 0 }, plans);
            joined += run.Joined;
            return Sound(run);
        });
        Assert.True(joined > 100, $"{joined} joined");
    }

    private static bool Sound(JoinSimulation run)
    {
        if (run.Fault is { } fault)
        {
            throw new Xunit.Sdk.XunitException(fault);
        }

        return (ulong)run.Joined == run.Join.Joined && run.Joined <= run.Records;
    }
}
