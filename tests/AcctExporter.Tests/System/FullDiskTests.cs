// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Tests.RealSystem;

/// <summary>No room for the kernel, or none for the agent.</summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class FullDiskTests : IDisposable
{
    private readonly FaultLab lab = new();

    public void Dispose() => lab.Dispose();

    [Fact]
    public void Suspension_IsCountedAndSaid_WhenTheFileSystemOfTheSegmentsFillsUp()
    {
        lab.MountSmall("segments", "4m");
        var agent = lab.Serve();
        lab.Exit(5);
        Assert.True(agent.IsActive());
        lab.Fill("segments", 10);
        agent.Until(() => agent.Gaps("suspension") == 1, "suspension counted");
        Assert.False(agent.IsActive());
        Assert.Contains("the kernel has suspended accounting", agent.Log);
        Assert.Contains("Make room, or give --accounting.path a small tmpfs of its own", agent.Log);

        lab.Free("segments");
        agent.Until(agent.IsActive, "active again");
        Assert.Contains("has room again", agent.Log);
        lab.Exit(300);
        agent.HasCounted(305);
        Assert.Equal(1, agent.Gaps());
    }

    /// <summary>
    /// The kernel looks every 30 seconds only. A new segment makes it look at once, so no exit is missed from then on.
    /// </summary>
    [Fact]
    public void Suspension_EndsAtOnce_WhenThereIsRoomAgain()
    {
        lab.MountSmall("segments", "4m");
        lab.Fill("segments", 15);
        var agent = lab.Serve();
        Assert.Equal(1, agent.Gaps("suspension"));
        lab.Exit(3);
        agent.HasCounted(0);

        lab.Free("segments");
        agent.Until(agent.IsActive, "active again");
        lab.Exit(30);
        agent.HasCounted(30);
        Assert.Equal(1, agent.Gaps());
    }

    [Fact]
    public void DiskFull_IsCountedAndSaid_WhenTheKernelDropsRecordsWithoutASign()
    {
        lab.MountSmall("segments", "4m");
        var agent = lab.Serve();
        lab.Exit(5);
        lab.Fill("segments", 0);
        agent.Until(() => agent.Gaps("disk_full") == 1, "full counted");
        Assert.Contains("is full: the kernel drops records without a sign. Make room", agent.Log);
        lab.Exit(300);
        var before = (int)agent.Exits();
        Assert.InRange(before, 5, 5 + 64);

        lab.Free("segments");
        agent.Until(agent.IsActive, "active again");
        lab.Exit(100);
        agent.HasCounted(before + 100);
        Assert.Equal(0, agent.Scrape().Sum("acct_exporter_records_rejected_total"));
    }

    [Fact]
    public void Rotation_Waits_BetweenTheTwoThresholds()
    {
        // 1024 blocks: suspended at 20, resumed from 40 on.
        lab.MountSmall("segments", "4m");
        var agent = lab.Serve("--accounting.segment-size=4096");
        lab.Exit(1);
        lab.Fill("segments", 33);
        lab.Exit(400);
        agent.HasCounted(401);
        Assert.Equal(0, agent.Own("rotations"));

        lab.Free("segments");
        agent.Until(() => agent.Own("rotations") > 0, "rotated");
        lab.Exit(50);
        agent.HasCounted(451);
        Assert.Equal(0, agent.Gaps());
    }

    [Fact]
    public void Start_GoesOnWithTheOldSegment_BetweenTheTwoThresholds()
    {
        lab.MountSmall("segments", "4m");
        var first = lab.Serve();
        lab.Exit(30);
        first.HasCounted(30);
        lab.Fill("segments", 33);
        first.Kill();

        lab.Exit(40);
        var agent = lab.Serve();
        Assert.Contains("goes on: there is too little free space to begin a new one", agent.Log);
        lab.Exit(50);
        // The killed agent is one of them.
        agent.HasCounted(121);
        Assert.Equal(0, agent.Gaps());
    }

    [Fact]
    public void Counting_Waits_WhileTheJournalHasNoRoom()
    {
        lab.MountSmall("storage", "1m");
        var agent = lab.Serve();
        lab.Exit(30);
        agent.HasCounted(30);
        lab.Fill("storage", 0);
        lab.Exit(3000);
        agent.Until(() => agent.Own("journal_failures") > 1, "failures counted");
        Assert.Contains("cannot write the journal", agent.Log);
        Assert.Contains($"counting waits until it can. Make room in {lab.Of("storage")}", agent.Log);
        var visible = agent.Scrape();
        Assert.InRange(visible["acct_exits_total"], 30, 3029);
        Assert.True(visible["acct_exporter_bytes_behind"] > 0);

        // What was visible can be rebuilt: nothing was shown that the journal did not hold.
        agent.Kill();
        lab.Free("storage");
        var next = lab.Serve();
        // The killed agent is one of them.
        next.HasCounted(3031);
        Assert.Empty(next.Scrape().FallenSince(visible));
    }

    [Fact]
    public void Counting_GoesOn_WhenTheJournalHasRoomAgain()
    {
        lab.MountSmall("storage", "1m");
        var agent = lab.Serve("--accounting.segment-size=16KiB");
        lab.Fill("storage", 0);
        lab.Exit(3000);
        agent.Until(() => agent.Own("journal_failures") > 0, "failures counted");
        Assert.True(agent.Exits() < 3000);
        lab.Free("storage");
        agent.Until(() => agent.Exits() == 3000, "all counted");
        Assert.Contains("the journal can be written again", agent.Log);
        Assert.Equal(0, agent.Gaps());
        Assert.Equal(0, agent.Scrape().Sum("acct_exporter_records_lost_total"));
    }

    [Fact]
    public void Start_WaitsForRoom_WhenTheJournalHasNone()
    {
        lab.MountSmall("storage", "1m");
        lab.Fill("storage", 0);
        var agent = lab.Start();
        agent.Until(() => agent.Log.Contains("cannot write the journal"), "said");
        Assert.Equal(503, agent.Get("/-/ready").Code);
        lab.Exit(30);
        lab.Free("storage");
        agent.WaitUntilReady();
        agent.HasCounted(30);
    }

    /// <summary>
    /// A file that the kernel was just given records nothing until there is room over the upper limit.
    /// </summary>
    [Fact]
    public void Suspension_IsSeen_WhenTheFirstExitFindsTooLittleRoom()
    {
        lab.MountSmall("segments", "4m");
        var agent = lab.Serve();
        lab.Fill("segments", 33);
        lab.Exit(1);
        agent.Until(() => agent.Gaps("suspension") == 1, "suspension counted");
        agent.HasCounted(0);
        lab.Free("segments");
        agent.Until(agent.IsActive, "active again");
        lab.Exit(30);
        agent.HasCounted(30);
    }

    /// <summary>Accounting is not left on because the last records could not be counted.</summary>
    [Fact]
    public void Stop_SwitchesAccountingOff_AlthoughTheJournalHasNoRoom()
    {
        lab.MountSmall("storage", "1m");
        var first = lab.Serve("--accounting.on-exit=off");
        lab.Fill("storage", 0);
        lab.Exit(2000);
        first.Stop();

        lab.Exit(5);
        Assert.Equal(2000, lab.Segments().Sum(file => FaultLab.Records(file).Count(exit => !exit.LooksLikeLeaving)));
        lab.Free("storage");
        var agent = lab.Serve();
        agent.HasCounted(2000);
        // Nobody took it: we switched it off ourselves.
        Assert.Equal(0, agent.Gaps());
        Assert.DoesNotContain("while no agent ran", agent.Log);
    }
}
