// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Tests.RealSystem;

/// <summary>Another program has accounting on when the agent starts.</summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class OthersAccountingTests : IDisposable
{
    private readonly FaultLab lab = new();

    public OthersAccountingTests()
    {
        lab.MountUsualFile();
        lab.Inside.Run("accton", FaultLab.UsualFile);
    }

    private int InUsualFile => FaultLab.Records(lab.Inside.PathOf(FaultLab.UsualFile))
        .Count(exit => !exit.LooksLikeLeaving);

    public void Dispose() => lab.Dispose();

    [Fact]
    public void Start_IsRefused_WithBothWaysOut()
    {
        var agent = lab.Start();
        Assert.Equal(1, agent.WaitForEnd());
        Assert.Contains($"another program has accounting on, to {FaultLab.UsualFile}", agent.Log);
        Assert.Contains($"--source={FaultLab.UsualFile}", agent.Log);
        Assert.Contains("--accounting.take-over", agent.Log);
        lab.Exit(2);
        // accton, the agent, and 2: nothing was taken.
        Assert.Equal(4, InUsualFile);
        Assert.Empty(lab.Segments());
    }

    [Fact]
    public void TakeOver_TakesIt_AndHandsItBack()
    {
        var agent = lab.Serve("--accounting.take-over", "--accounting.on-exit=off");
        lab.Exit(30);
        agent.HasCounted(30);
        Assert.Equal(1, InUsualFile);
        Assert.Equal(0, agent.Stop());
        Assert.Contains($"accounting goes back to {FaultLab.UsualFile}", agent.Log);
        lab.Exit(5);
        // accton, the agent, and 5.
        Assert.Equal(7, InUsualFile);
    }

    [Fact]
    public void TakeOver_SwitchesOff_WhenItCannotBeHandedBack()
    {
        var agent = lab.Serve("--accounting.take-over", "--accounting.on-exit=off");
        lab.Exit(30);
        agent.HasCounted(30);
        lab.Inside.RunBeside("rm", FaultLab.UsualFile);
        Assert.Equal(0, agent.Stop());
        Assert.Contains("accounting cannot go back to whom it was taken from, so it is off", agent.Log);
        lab.Exit(3);
        var next = lab.Serve();
        next.HasCounted(30);
        Assert.Equal(0, next.Gaps());
    }

    [Fact]
    public void FollowActive_FollowsItReadOnly()
    {
        var agent = lab.Serve("--accounting.follow-active");
        Assert.Contains($"another program has accounting on, to {FaultLab.UsualFile}: following that file", agent.Log);
        lab.Exit(30);
        // With accton itself.
        agent.HasCounted(31);
        Assert.Equal(1, agent.Scrape()["acct_exporter_source_up{source=\"file\"}"]);
        Assert.Equal(0, agent.Stop());
        lab.Exit(5);
        // accton, 30, the agent, 5; and no record of anybody who left the file.
        Assert.Equal(37, InUsualFile);
        Assert.Equal(37, FaultLab.Records(lab.Inside.PathOf(FaultLab.UsualFile)).Count);
    }
}
