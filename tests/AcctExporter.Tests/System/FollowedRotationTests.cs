// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// GNU accton writes inside, an agent outside follows its file read only, and the file is rotated under it. Every
/// accton that switches accounting on leaves its own exit in the new file.
/// </summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class FollowedRotationTests : IDisposable
{
    private readonly FaultLab lab = new();
    private readonly string pacct;

    public FollowedRotationTests()
    {
        pacct = lab.File("pacct");
        lab.Inside.Run("accton", pacct);
    }

    public void Dispose() => lab.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rename_ThenAccton_LosesNothing(bool asNobody)
    {
        var agent = asNobody ? lab.FollowAsNobody(pacct) : lab.Follow(pacct);
        lab.Exit(30);
        for (var rotation = 1; rotation <= 2; rotation++)
        {
            File.Move(pacct, $"{pacct}.{3 - rotation}");
            lab.File("pacct");
            // The kernel follows the file and not its name.
            lab.Exit(10);
            lab.Inside.Run("accton", pacct);
            lab.Exit(5);
            agent.Until(() => agent.Own("rotations") == rotation, "rotation seen");
        }

        agent.HasCounted(1 + 30 + 2 * (10 + 1 + 5));
        Assert.Contains("was rotated: the old file is counted to its end", agent.Log);
        Assert.Equal(2, agent.Own("leaving_records"));
        Assert.Equal(0, agent.Gaps());
        Assert.True(agent.IsActive());
    }

    [Fact]
    public void Savelog_LosesNothing()
    {
        var agent = lab.Follow(pacct);
        lab.Exit(30);
        for (var rotation = 1; rotation <= 3; rotation++)
        {
            lab.Inside.RunBeside("savelog", "-q", "-p", "-c", "5", pacct);
            lab.Inside.RunBeside("touch", pacct);
            lab.Exit(3);
            lab.Inside.Run("accton", pacct);
            lab.Exit(5);
            agent.Until(() => agent.Own("rotations") == rotation, "rotation seen");
        }

        agent.HasCounted(1 + 30 + 3 * (3 + 1 + 5));
        Assert.Equal(0, agent.Gaps());
    }

    [Fact]
    public void RotatedTwice_BetweenTwoLooks_LosesNothing()
    {
        var agent = lab.Follow(pacct);
        lab.Exit(30);
        agent.HasCounted(31);
        agent.Signal("STOP");
        Rotate();
        lab.Exit(7);
        Rotate();
        lab.Exit(4);
        agent.Signal("CONT");
        agent.Until(() => agent.Own("rotations") > 0, "rotation seen");
        agent.HasCounted(1 + 30 + 1 + 7 + 1 + 4);
        Assert.Equal(0, agent.Gaps());
    }

    [Fact]
    public void CopyTruncate_LosesOnlyWhatCameInBetween_AndSaysSo()
    {
        var agent = lab.Follow(pacct);
        lab.Exit(30);
        agent.HasCounted(31);
        agent.Signal("STOP");
        lab.Exit(25);
        File.Copy(pacct, pacct + ".1");
        lab.Exit(2);
        File.WriteAllText(pacct, "");
        lab.Exit(6);
        agent.Signal("CONT");
        agent.Until(() => agent.Gaps("truncated") == 1, "truncation seen");
        agent.HasCounted(31 + 25 + 6);
        Assert.Contains("was truncated: records that were written to it and not yet read are lost", agent.Log);
        Assert.Contains("Rotate by renaming", agent.Log);

        agent.Kill();
        var next = lab.Follow(pacct);
        next.HasCounted(31 + 25 + 6);
        Assert.Equal(1, next.Gaps());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Truncate_IsAGap_AndNothingIsCountedTwice(bool asNobody)
    {
        var agent = asNobody ? lab.FollowAsNobody(pacct) : lab.Follow(pacct);
        lab.Exit(40);
        agent.HasCounted(41);
        Cut(0);
        agent.Until(() => agent.Gaps("truncated") == 1, "truncation seen");
        lab.Exit(50);
        agent.HasCounted(91);
        Cut(20 * 64);
        agent.Until(() => agent.Gaps("truncated") == 2, "truncation in part seen");
        lab.Exit(3);
        agent.HasCounted(94);
        Assert.Equal(2, agent.Gaps());
    }

    [Fact]
    public void Deleted_AndMadeAgain_LosesNothing()
    {
        var agent = lab.Follow(pacct);
        lab.Exit(30);
        File.Delete(pacct);
        lab.Exit(10);
        agent.HasCounted(41);
        lab.File("pacct");
        lab.Exit(10);
        lab.Inside.Run("accton", pacct);
        lab.Exit(5);
        agent.Until(() => agent.Own("rotations") == 1, "new file seen");
        agent.HasCounted(1 + 30 + 10 + 10 + 1 + 5);
        Assert.Equal(0, agent.Gaps());
    }

    [Fact]
    public void Deleted_AndAccountingOff_IsSaid_AndTheNextFileFound()
    {
        var agent = lab.Follow(pacct);
        lab.Exit(30);
        agent.HasCounted(31);
        File.Delete(pacct);
        lab.Inside.Run("accton", "off");
        agent.Until(() => agent.Log.Contains("is not there: waiting for it"), "said");
        Assert.False(agent.IsActive());
        lab.File("pacct");
        lab.Inside.Run("accton", pacct);
        lab.Exit(5);
        agent.Until(agent.IsActive, "active again");
        agent.HasCounted(37);
    }

    /// <summary>acct(2) makes the kernel write a record of its living caller into the file that it leaves.</summary>
    [Fact]
    public void Following_NeverSwitchesAccounting()
    {
        var agent = lab.Follow(pacct);
        lab.Exit(30);
        agent.HasCounted(31);
        Assert.Equal(0, agent.Stop());
        var second = lab.Serve($"--source={pacct}");
        second.HasCounted(31);
        second.Kill();
        lab.Exit(5);
        var records = FaultLab.Records(pacct);
        Assert.DoesNotContain(records, exit => exit.LooksLikeLeaving);
        // accton, 30, the agent that ran inside, and 5.
        Assert.Equal(37, records.Count);
        Assert.False(Directory.Exists(lab.Of("segments")));
    }

    private void Rotate()
    {
        if (File.Exists(pacct + ".1"))
        {
            File.Move(pacct + ".1", pacct + ".2");
        }

        File.Move(pacct, pacct + ".1");
        lab.File("pacct");
        lab.Inside.Run("accton", pacct);
    }

    private void Cut(long length)
    {
        using var file = File.OpenHandle(pacct, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.SetLength(file, length);
    }
}
