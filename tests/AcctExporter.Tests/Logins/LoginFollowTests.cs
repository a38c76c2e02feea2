// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Logins;
using AcctExporter.Records;
using static AcctExporter.Tests.Logins.LoginLab;

namespace AcctExporter.Tests.Logins;

/// <summary>A login file through everything that is done to one: each login is counted once, or a gap is.</summary>
public sealed class LoginFollowTests : IDisposable
{
    private readonly LoginLab lab = new();

    public LoginFollowTests()
    {
        lab.Write(Boot(Noon - 1000), Login("root", "tty1", Noon - 900), Logout("tty1", Noon - 800));
        lab.Turn();
    }

    public void Dispose() => lab.Dispose();

    [Fact]
    public void Rename_IsFollowed_AndTheOldFileReadToItsEnd()
    {
        lab.Write(Login("a", "pts/1", Noon));
        File.Move(lab.Wtmp, lab.Of("wtmp.1"));
        lab.Write(Login("b", "pts/2", Noon));
        Assert.Equal(1UL, lab.Turn().LoginsOf());
        // Whoever had it open still writes to the old one.
        lab.Append(lab.Of("wtmp.1"), Login("late", "pts/3", Noon));
        Assert.Equal((3UL, 1UL), (lab.Turn().LoginsOf(), lab.Shown!.Rotations));
        Assert.Equal(0UL, lab.Shown!.SessionGaps);
    }

    [Fact]
    public void Rename_WithTheNewFileLater_IsAMissingFileMeanwhile()
    {
        lab.Write(Login("a", "pts/1", Noon));
        File.Move(lab.Wtmp, lab.Of("wtmp-20260301"));
        Assert.Equal((1UL, false), (lab.Turn().LoginsOf(), lab.Shown!.WtmpUp!.Value));
        lab.Turn();
        Assert.Single(lab.Log.Messages, text => text.Contains("wtmp is not there", StringComparison.Ordinal));
        lab.Write(Login("b", "pts/2", Noon));
        Assert.Equal((2UL, true), (Two().LoginsOf(), lab.Shown!.WtmpUp!.Value));
        Assert.Equal(0UL, lab.Shown!.SessionGaps);
    }

    [Theory]
    [InlineData("wtmp.3", "wtmp.2", "wtmp.1")]
    [InlineData("wtmp-20260301", "wtmp-20260302", "wtmp-20260303")]
    public void ManyRotations_WhileNobodyLooked_LoseNothing(params string[] names)
    {
        lab.Write(Login("a", "pts/1", Noon));
        lab.Turn();
        lab.Write(Logout("pts/1", Noon + 1));
        for (var i = 0; i < names.Length; i++)
        {
            File.Move(lab.Wtmp, lab.Of(names[i]));
            lab.Write(Login($"u{i}", $"pts/{i + 5}", Noon + 2 + i));
        }

        var shown = lab.Restart();
        Assert.Equal((4UL, 1UL, 0UL), (shown.LoginsOf(), shown.LogoutsOf(), shown.SessionGaps));
        Assert.Equal(shown.Counters(), lab.Restart().Counters());
    }

    [Fact]
    public void ManyRotations_BetweenTwoLooks_LoseNothing()
    {
        lab.Write(Login("a", "pts/1", Noon));
        File.Move(lab.Wtmp, lab.Of("wtmp.2"));
        lab.Write(Login("b", "pts/2", Noon));
        File.Move(lab.Wtmp, lab.Of("wtmp.1"));
        lab.Write(Login("c", "pts/3", Noon));
        Assert.Equal((3UL, 0UL), (Two().LoginsOf(), lab.Shown!.SessionGaps));
    }

    [Fact]
    public void AMissingFileBetween_IsAGap_ToldOnce()
    {
        lab.Write(Login("a", "pts/1", Noon));
        lab.Turn();
        File.Move(lab.Wtmp, lab.Of("wtmp.3"));
        lab.Append(lab.Of("wtmp.1"), Login("c", "pts/3", Noon));
        lab.Write(Login("d", "pts/4", Noon));
        Assert.Equal((3UL, 1UL), (lab.Restart().LoginsOf(), lab.Shown!.SessionGaps));
        Assert.Equal(1UL, lab.Restart().SessionGaps);
        Assert.Single(lab.Log.Messages, text => text.Contains("logins in between are lost", StringComparison.Ordinal));
    }

    [Fact]
    public void AFileThatIsGone_WhileNobodyLooked_IsAGap()
    {
        File.Delete(lab.Wtmp);
        lab.Write(Login("b", "pts/2", Noon));
        Assert.Equal((1UL, 1UL), (lab.Restart().LoginsOf(), lab.Shown!.SessionGaps));
    }

    [Fact]
    public void DeletionAndANewFile_LoseNothing_WhileSomebodyLooks()
    {
        lab.Write(Login("a", "pts/1", Noon));
        File.Delete(lab.Wtmp);
        lab.Write(Login("b", "pts/2", Noon));
        Assert.Equal((2UL, 0UL), (Two().LoginsOf(), lab.Shown!.SessionGaps));
    }

    [Fact]
    public void CopyAndTruncate_IsReadOnInTheCopy()
    {
        lab.Write(Login("a", "pts/1", Noon));
        lab.Turn();
        lab.Write(Login("b", "pts/2", Noon));
        File.Copy(lab.Wtmp, lab.Of("wtmp.1"));
        Truncate();
        // Longer than before: the size alone would not tell.
        lab.Write([.. Enumerable.Range(0, 9).Select(i => Login($"n{i}", $"pts/{i + 10}", Noon))]);
        Assert.Equal((11UL, 0UL), (lab.Turn().LoginsOf(), lab.Shown!.SessionGaps));
        Assert.Equal(11UL, lab.Restart().LoginsOf());
    }

    [Fact]
    public void Truncation_WithoutACopy_IsAGap_ToldOnce()
    {
        Truncate();
        lab.Write(Login("a", "pts/1", Noon));
        Assert.Equal((1UL, 1UL), (lab.Turn().LoginsOf(), lab.Shown!.SessionGaps));
        Assert.Equal(1UL, Two().SessionGaps);
        Assert.Single(lab.Log.Messages, text => text.Contains("was truncated", StringComparison.Ordinal));
    }

    /// <summary>Size, inode and first record are what they were: only what was read last tells.</summary>
    [Fact]
    public void Truncation_WithTheSameFirstRecord_IsAGap_AndAllIsReadAnew()
    {
        Truncate();
        lab.Write(Boot(Noon - 1000));
        lab.Write([.. Enumerable.Range(0, 9).Select(i => Login($"n{i}", $"pts/{i + 10}", Noon))]);
        Assert.Equal((9UL, 1UL), (lab.Turn().LoginsOf(), lab.Shown!.SessionGaps));
        Assert.Equal((9UL, 1UL), (lab.Restart().LoginsOf(), lab.Shown!.SessionGaps));
    }

    [Fact]
    public void ACopyWithAnotherInode_GoesOnWhereTheOldOneWas()
    {
        lab.Write(Login("a", "pts/1", Noon));
        lab.Turn();
        File.Copy(lab.Wtmp, lab.Of("restored"));
        File.Move(lab.Of("restored"), lab.Wtmp, overwrite: true);
        lab.Write(Login("b", "pts/2", Noon));
        Assert.Equal((2UL, 0UL), (lab.Restart().LoginsOf(), lab.Shown!.SessionGaps));
    }

    /// <summary>What is not whole waits, however it is cut, and is counted the moment that it is.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ARecord_IsCounted_WhenItsLastByteIsThere(bool isWide)
    {
        var layout = new UtmpLayout(isWide, IsBigEndian: false);
        var bytes = Record(UtmpType.UserProcess, "alice", "pts/7", Noon, layout: layout);
        lab.Options = lab.Options with { WtmpFile = lab.Of("other") };
        File.WriteAllBytes(lab.Of("other"), isWide ? Record(UtmpType.BootTime, "reboot", "~", 1, 0, layout) : []);
        Directory.Delete(lab.Storage, recursive: true);
        Directory.CreateDirectory(lab.Storage);
        lab.Start();
        lab.Turn();
        for (var i = 0; i < bytes.Length; i++)
        {
            Assert.Equal(0UL, lab.Turn().LoginsOf());
            lab.Append(lab.Of("other"), bytes[i..(i + 1)]);
        }

        Assert.Equal((1UL, 0UL), (lab.Turn().LoginsOf(), lab.Shown!.Flaw(UtmpFlaw.Partial)));
        Assert.Equal(1, lab.Shown!.User("alice").SessionsOn(LineClass.Pts));
    }

    [Fact]
    public void DamagedRecords_AreCountedByReason_AndWhatFollowsIsRead()
    {
        var type = Login("a", "pts/1", Noon);
        type[0] = 77;
        lab.Write(type, Login("b", "pts/2", Noon), Login("c", "pts/3", Noon), Login("d", "pts/4", Noon));
        Assert.Equal((3UL, 1UL), (lab.Turn().LoginsOf(), lab.Shown!.Flaw(UtmpFlaw.Type)));
        lab.Write(Login("late", "pts/5", Noon)[..100]);
        File.Move(lab.Wtmp, lab.Of("wtmp.1"));
        lab.Write(Login("e", "pts/5", Noon));
        Assert.Equal((4UL, 1UL), (Two().LoginsOf(), lab.Shown!.Flaw(UtmpFlaw.Partial)));
    }

    [Fact]
    public void AnEmptyFile_ThatIsRotated_IsFoundByItsInode()
    {
        Truncate();
        lab.Turn();
        lab.Write(Login("a", "pts/1", Noon));
        File.Move(lab.Wtmp, lab.Of("wtmp.1"));
        lab.Write(Login("b", "pts/2", Noon));
        Assert.Equal((2UL, 1UL), (lab.Restart().LoginsOf(), lab.Shown!.SessionGaps));
    }

    private void Truncate()
    {
        using var file = new FileStream(lab.Wtmp, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.SetLength(0);
    }

    /// <summary>The first looks once more at what was left, the second goes over.</summary>
    private LoginSnapshot Two()
    {
        lab.Turn();
        return lab.Turn();
    }
}
