// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Logins;
using AcctExporter.Records;
using static AcctExporter.Tests.Logins.LoginLab;

namespace AcctExporter.Tests.Logins;

/// <summary>Each figure of logins rises with what it is named after, and with nothing else.</summary>
public sealed class LoginCountTests : IDisposable
{
    private readonly LoginLab lab = new();

    public void Dispose() => lab.Dispose();

    [Fact]
    public void Oddities_AreCountedByReason()
    {
        Begin();
        lab.Write(
            Login("a", "pts/0", Noon + 1), Login("b", "pts/0", Noon + 2), // nobody logged a out
            Login("c", "pts/1", Noon + 3), Logout("pts/1", Noon - 20), // it ends before it begins
            Record(UtmpType.OldTime, "date", "|", Noon + 4), Record(UtmpType.NewTime, "date", "{", Noon + 5),
            Record(UtmpType.NewTime, "date", "{", Noon + 6), // a half
            Record(UtmpType.UserProcess, "d", "", Noon + 7), Record(UtmpType.DeadProcess, "", "", Noon + 8, 77),
            Logout("pts/3", Noon + 9));
        var shown = lab.After(10);
        Assert.Equal(
            [1UL, 1UL, 2UL, 2UL, 0UL, 0UL],
            Enum.GetValues<LoginAnomaly>().Select(shown.Anomaly));
        Assert.Equal((1UL, 3UL), (shown.ClockChanges, shown.LoginsOf()));
    }

    [Fact]
    public void SessionsOnTooManyLines_AreGivenUp_AndCounted()
    {
        Begin();
        lab.Write([.. Enumerable.Range(0, 4100).Select(i => Login("a", $"pts/{i}", Noon))]);
        var shown = lab.After(10);
        Assert.Equal((4100UL, 4UL), (shown.LoginsOf(), shown.Anomaly(LoginAnomaly.Forgotten)));
        Assert.Equal(4096, shown.User("a").SessionsOn(LineClass.Pts));
    }

    [Fact]
    public void ACrash_IsALogoutOfTheLine()
    {
        Begin();
        lab.Write(Login("a", "pts/0", Noon + 1), Login("b", "pts/1", Noon + 1), Logout("pts/1", Noon + 5));
        lab.After(10);
        lab.Write(Boot(Noon + 100));
        var shown = lab.After(100);
        Assert.Equal((1UL, 1UL), (shown.Line("pts/0").Logouts, shown.Line("pts/1").Logouts));
        Assert.Equal((1UL, 1UL), (shown.Crashes, shown.LogoutsOf()));
    }

    /// <summary>A getty's record names its line as the login did, whatever bytes that has.</summary>
    [Fact]
    public void AGetty_EndsASession_OnALineOfAnyName()
    {
        Begin();
        lab.Write(Login("a", "hvc\\0", Noon), Record(UtmpType.LoginProcess, "LOGIN", "hvc\\0", Noon + 5));
        var shown = lab.After(10);
        Assert.Equal((1UL, 5UL), (shown.LogoutsOf(), shown.Connected("a")));
    }

    [Fact]
    public void TheLastLogin_IsTheNewest_NotTheLastThatWasRead()
    {
        Begin();
        lab.Write(Login("a", "pts/0", Noon + 9), Login("a", "pts/1", Noon + 3));
        Assert.Equal(Noon + 9, lab.After(10).User("a").LastLoginSeconds);
    }

    [Fact]
    public void OneSecondTooMany_IsACorrection()
    {
        Begin();
        lab.Write(Login("a", "pts/0", Noon));
        lab.After(100);
        lab.Write(Logout("pts/0", Noon + 99));
        Assert.Equal((100UL, 1UL), (lab.After(1).Connected("a"), lab.Shown!.CorrectedSeconds));
    }

    /// <summary>What was on before the counting was never credited for that time.</summary>
    [Fact]
    public void ACorrection_IsNoMoreThanWasCredited()
    {
        lab.Write(Boot(Noon - 1000), Login("a", "pts/0", Noon - 100));
        lab.Turn();
        Assert.Equal(100UL, lab.After(100).Connected("a"));
        lab.Write(Logout("pts/0", Noon - 50));
        Assert.Equal((100UL, 100UL), (lab.After(1).Connected("a"), lab.Shown!.CorrectedSeconds));
    }

    /// <summary>Blocks end in the middle of a record, also in a file that nobody writes to any more.</summary>
    [Fact]
    public void ALongRotatedFile_IsReadWhole()
    {
        Begin();
        lab.Write([.. Enumerable.Range(0, 500).Select(i => Login("a", $"pts/{i}", Noon))]);
        File.Move(lab.Wtmp, lab.Of("wtmp.1"));
        lab.Write(Login("b", "pts/0", Noon));
        var shown = lab.Restart();
        Assert.Equal((501UL, 501UL, 0UL), (shown.LoginsOf(), shown.SessionRecords, shown.SessionGaps));
        Assert.All(shown.Flaws, count => Assert.Equal(0UL, count));
    }

    [Fact]
    public void FailedLogins_AreFollowedAlike()
    {
        var bad = Login("a", "ssh:notty", Noon);
        bad[0] = 77;
        var btmp = lab.Of("btmp");
        Begin();
        Assert.Equal(1UL, lab.Shown!.ReadFailures);
        lab.Append(btmp, Login("a", "ssh:notty", Noon), bad, Login("b", "ssh:notty", Noon), Login("c", "x", Noon));
        Assert.Equal((3UL, 1UL), (lab.After(1).FailureRecords, lab.Shown!.Flaw(UtmpFlaw.Type)));
        File.Move(btmp, lab.Of("btmp.1"));
        lab.Append(btmp, Login("a", "ssh:notty", Noon));
        lab.Turn();
        Assert.Equal((4UL, 1UL), (lab.Turn().FailureRecords, lab.Shown!.Rotations));
        Assert.Equal((0UL, 0UL), (lab.Shown!.FailureGaps, lab.Shown!.SessionGaps));
    }

    [Fact]
    public void AState_WithMoreBehindIt_IsNone()
    {
        static LoginBook Book() => new(new LoginOptions(), new PrimeTime(Holidays.None, TimeZoneInfo.Utc), 0);
        var (counts, sessions) = (Book().SaveCounts(), Book().SaveSessions());
        Assert.True(Book().TryRestore(counts, sessions));
        Assert.False(Book().TryRestore([.. counts, 0], sessions));
        Assert.False(Book().TryRestore(counts, [.. sessions, 0]));
    }

    /// <summary>What is there is history, and the counting begins now.</summary>
    private void Begin()
    {
        lab.Write(Boot(Noon - 1000));
        lab.Turn();
    }
}
