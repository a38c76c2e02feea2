// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Tests.RealSystem;

/// <summary>The agent that follows a file was down while the file was rotated.</summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class FollowedRestartTests : IDisposable
{
    private readonly FaultLab lab = new();
    private readonly string pacct;

    public FollowedRestartTests()
    {
        pacct = lab.File("pacct");
        lab.Inside.Run("accton", pacct);
        var agent = lab.Follow(pacct);
        lab.Exit(30);
        agent.HasCounted(31);
        agent.Kill();
        lab.Exit(4);
    }

    public void Dispose() => lab.Dispose();

    [Fact]
    public void NotRotated_GoesOnWhereItWas() => Expect(35, gaps: 0);

    [Fact]
    public void RotatedOnce_LosesNothing()
    {
        RotateTo(".1");
        Expect(35 + 6, gaps: 0);
    }

    [Fact]
    public void RotatedTwice_LosesNothing()
    {
        RotateTo(".2");
        RotateTo(".1");
        Expect(35 + 2 * 6, gaps: 0);
    }

    [Fact]
    public void RotatedByDate_LosesNothing()
    {
        RotateTo("-20261121");
        RotateTo("-20261122");
        RotateTo("-20261123");
        Expect(35 + 3 * 6, gaps: 0);
    }

    [Fact]
    public void RotatedWithStrayCopies_CountsNothingTwice()
    {
        File.Copy(pacct, pacct + ".bak");
        lab.Exit(2);
        RotateTo(".1");
        File.Copy(pacct, pacct + ".new");
        File.Copy(pacct + ".1", pacct + "-saved");
        Expect(35 + 2 + 6, gaps: 0);
    }

    [Fact]
    public void RotatedAndOneOfThemGone_IsAGap()
    {
        RotateTo(".2");
        RotateTo(".1");
        File.Delete(pacct + ".1");
        Expect(35 + 6, gaps: 1);
    }

    [Fact]
    public void RotatedAway_IsAGap_AndSaid()
    {
        RotateTo(".1");
        File.Delete(pacct + ".1");
        var agent = Expect(31 + 6, gaps: 1);
        Assert.Contains("is not the file that was being followed, and no file beside it is", agent.Log);
    }

    [Fact]
    public void RotatedAgain_WhileTheNewFileHadNoRecord_LosesNothing()
    {
        // The agent sees the rotation and ends before there is any record in the new file.
        var agent = lab.Follow(pacct);
        File.Move(pacct, pacct + ".2");
        lab.Inside.Run("accton", "off");
        lab.File("pacct");
        agent.Until(() => agent.Own("rotations") == 1, "rotation seen");
        agent.Kill();
        lab.Inside.Run("accton", pacct);
        lab.Exit(2);
        RotateTo(".1");
        Expect(35 + 3 + 6, gaps: 0);
    }

    [Fact]
    public void CopyTruncated_LosesNothingThatTheCopyHas()
    {
        File.Copy(pacct, pacct + ".1");
        using (var file = File.OpenHandle(pacct, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            RandomAccess.SetLength(file, 0);
        }

        lab.Exit(5);
        Expect(35 + 5, gaps: 0);
    }

    [Fact]
    public void SegmentsOfItsOwn_AfterAFollowedFile_AreNoGap()
    {
        lab.Inside.Run("accton", "off");
        var agent = lab.Serve();
        lab.Exit(10);
        agent.HasCounted(41);
        Assert.Equal(0, agent.Gaps());
    }

    /// <summary>Another file takes its place, with accton's own exit and 5 more.</summary>
    private void RotateTo(string suffix)
    {
        File.Move(pacct, pacct + suffix);
        lab.File("pacct");
        lab.Inside.Run("accton", pacct);
        lab.Exit(5);
    }

    private AgentProcess Expect(int exits, int gaps)
    {
        var agent = lab.Follow(pacct);
        agent.HasCounted(exits);
        Assert.Equal(gaps, agent.Gaps("rotated"));
        Assert.Equal(gaps, agent.Gaps());
        lab.Exit(3);
        agent.HasCounted(exits + 3);
        agent.Kill();
        var next = lab.Follow(pacct);
        next.HasCounted(exits + 3);
        Assert.Equal(gaps, next.Gaps());
        return agent;
    }
}
