// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Logins;
using AcctExporter.Records;
using static AcctExporter.Tests.Logins.LoginLab;

namespace AcctExporter.Tests.Logins;

/// <summary>What logins come to in figures.</summary>
public sealed class LoginWatchTests : IDisposable
{
    private readonly LoginLab lab = new();

    public void Dispose() => lab.Dispose();

    [Fact]
    public void TheFirstStart_KnowsWhoIsLoggedIn_AndCountsNothing()
    {
        lab.Append(lab.Of("wtmp.1"), Login("carol", "tty2", Noon - 90_000));
        lab.Write(
            Login("alice", "pts/0", Noon - 3600), Logout("pts/0", Noon - 1800), Login("bob", "pts/1", Noon - 600));
        lab.Append(lab.Of("btmp"), Login("root", "ssh:notty", Noon - 5));
        var shown = lab.Turn();
        Assert.All(shown.Counters(), counter => Assert.Equal(0UL, counter.Value));
        Assert.Equal(["carol", "bob"], lab.Shown!.Users.Select(user => Text(user)));
        Assert.Equal(1, shown.User("bob").SessionsOn(LineClass.Pts));
        Assert.Equal(1, shown.User("carol").SessionsOn(LineClass.Tty));
        Assert.Equal(Noon - 600, shown.User("bob").LastLoginSeconds);
        Assert.Equal(60UL, lab.After(60).Connected("bob"));
        lab.Write(Logout("pts/1", Noon + 70));
        Assert.Equal((70UL, 0UL), (lab.After(20).Connected("bob"), lab.Shown!.CorrectedSeconds));
        Assert.Equal(0, lab.Shown!.User("bob").SessionsOn(LineClass.Pts));
    }

    [Fact]
    public void LoginsAndLogouts_AreCounted_ByKindOfLine_UserAndLine()
    {
        lab.Write();
        lab.Turn();
        lab.Write(
            Login("alice", "pts/0", Noon), Login("alice", "tty1", Noon), Login("bob", "ttyS0", Noon),
            Login("bob", ":0", Noon), Login("bob", "console", Noon), Login("bob", "ftpd77", Noon),
            Logout("pts/0", Noon + 30), Logout("pts/0", Noon + 31), Logout("pts/0", Noon + 32));
        var shown = lab.After(60);
        Assert.Equal([1UL, 1, 1, 1, 1, 1], shown.Logins);
        Assert.Equal([0UL, 0, 1, 0, 0, 0], shown.Logouts);
        Assert.Equal((90UL, 240UL), (shown.Connected("alice"), shown.Connected("bob")));
        var line = shown.Line("pts/0");
        Assert.Equal((1UL, 3UL, 30UL), (line.Logins, line.Logouts, line.Seconds));
        Assert.Equal(2UL, shown.Anomaly(LoginAnomaly.UnmatchedLogout));
        Assert.Equal(60UL, shown.Line("tty1").Seconds);
    }

    [Fact]
    public void FailedLogins_AreCounted_ByWhetherThereIsSuchAUser_AndNeverByName()
    {
        lab.Write();
        lab.Turn();
        lab.Append(
            lab.Of("btmp"), Login("root", "ssh:notty", Noon), Login("hunter2", "ssh:notty", Noon),
            Record(UtmpType.LoginProcess, "UNKNOWN", "tty1", Noon), Login("alice", "ssh:notty", Noon));
        var shown = lab.Turn();
        Assert.Equal([0UL, 2, 2], shown.Failed);
        Assert.Empty(shown.Users);
        Assert.Equal(0UL, shown.LoginsOf());
    }

    [Fact]
    public void NoSource_IsSaidOnce_AndKnowsNothing_UntilThereIsOne()
    {
        var shown = lab.Turn();
        Assert.Equal((false, false, false), (shown.WtmpUp, shown.WtmpdbUp, shown.BtmpUp));
        Assert.False(shown.KnowsSessions || shown.KnowsFailures);
        lab.Turn();
        Assert.Single(lab.Log.Messages, text => text.StartsWith("there is no ", StringComparison.Ordinal));
        lab.Pass(10);
        lab.Write(Login("alice", "pts/0", lab.Now));
        shown = lab.Turn();
        Assert.Equal((true, true, 1UL), (shown.WtmpUp, shown.KnowsSessions, shown.LoginsOf()));
        Assert.Null(shown.WtmpdbUp);
    }

    /// <summary>A file that is put back is older than the counting: what it holds is no news.</summary>
    [Fact]
    public void AnOldFile_ThatAppearsLater_IsHistory()
    {
        lab.Turn();
        lab.Write(Login("alice", "pts/0", Noon - 100), Login("bob", "pts/1", Noon - 50), Logout("pts/1", Noon - 40));
        var shown = lab.After(10);
        Assert.Equal((0UL, 1), (shown.LoginsOf(), shown.User("alice").SessionsOn(LineClass.Pts)));
        Assert.Equal(5UL, lab.After(5).Connected("alice"));
    }

    [Theory]
    [InlineData(false, 1, 1, 0)]
    [InlineData(true, 1, 0, 1)]
    public void ABoot_BetweenTwoRuns_IsCounted_AndEndsWhatWasOpen(bool inOrder, ulong boots, ulong crashes, ulong downs)
    {
        lab.Write(Boot(Noon - 10), Login("alice", "pts/0", Noon - 5));
        lab.Turn();
        lab.After(100);
        if (inOrder)
        {
            lab.Write(Shutdown(Noon + 150));
        }

        lab.Write(Boot(Noon + 500));
        lab.Pass(1000);
        var shown = lab.Restart();
        Assert.Equal((boots, crashes, downs), (shown.Boots, shown.Crashes, shown.Shutdowns));
        // After a crash nobody knows more than what was credited.
        Assert.Equal(inOrder ? 150UL : 100UL, shown.Connected("alice"));
        Assert.Equal(0, shown.User("alice").SessionsOn(LineClass.Pts));
    }

    [Fact]
    public void ALogoutBeforeWhatWasCredited_IsACorrection_AndTakesNothingBack()
    {
        lab.Write();
        lab.Turn();
        lab.Write(Login("alice", "pts/0", Noon));
        Assert.Equal(100UL, lab.After(100).Connected("alice"));
        lab.Write(Logout("pts/0", Noon + 90));
        var shown = lab.After(10);
        Assert.Equal((100UL, 10UL), (shown.Connected("alice"), shown.CorrectedSeconds));
    }

    [Fact]
    public void AClockThatGoesBack_LowersNothing()
    {
        lab.Write();
        lab.Turn();
        lab.Write(Login("alice", "pts/0", Noon));
        var before = lab.After(3600).Counters();
        // While no agent runs, nobody sees it: it credits nothing until it has caught up.
        lab.SetClock(TimeSpan.FromSeconds(-3000));
        lab.Restart();
        Assert.Equal(before, lab.Shown!.Counters());
        Assert.Equal(3700UL, lab.After(3100).Connected("alice"));
    }

    [Fact]
    public void ASession_WhoseProcessIsGone_EndsWithTheFirstLookThatMissedIt()
    {
        var alive = true;
        lab.StartOf = _ => alive ? TimeSpan.FromDays(99) : null;
        lab.Write(Login("alice", "pts/0", Noon - 100));
        lab.Turn();
        Assert.Equal(20UL, lab.After(20).Connected("alice"));
        alive = false;
        lab.After(10);
        Assert.Equal(1, lab.Shown!.User("alice").SessionsOn(LineClass.Pts));
        var shown = lab.After(10);
        Assert.Equal(0, shown.User("alice").SessionsOn(LineClass.Pts));
        Assert.Equal(30UL, shown.Connected("alice") - shown.CorrectedSeconds);
        Assert.Equal(1UL, shown.Anomaly(LoginAnomaly.Gone));
    }

    [Fact]
    public void WhoIsOverALimit_IsOther()
    {
        lab.Options = lab.Options with { UsersLimit = 2, LinesLimit = 1 };
        lab.Write();
        lab.Turn();
        lab.Write([.. Enumerable.Range(0, 9).Select(i => Login($"u{i}", $"pts/{i}", Noon + i))]);
        var shown = lab.After(60);
        Assert.Equal(["u0", "u1", "other"], shown.Users.Select(Text));
        Assert.Equal(7, shown.User("other").SessionsOn(LineClass.Pts));
        Assert.Equal((8UL, 60UL), (shown.Line("other").Logins, shown.Connected("u0")));
        Assert.Equal((ulong)Enumerable.Range(2, 7).Sum(i => 60 - i), shown.Connected("other"));
        Assert.Equal(shown.Counters(), lab.Restart().Counters());
    }

    /// <summary>One to one: no two names share a series, and none is the one of those over the limit.</summary>
    [Fact]
    public void HostileNames_NeverCollide()
    {
        lab.Write();
        lab.Turn();
        byte[][] names = ["other"u8.ToArray(), [0xff], "\\xff"u8.ToArray(), "a\"b"u8.ToArray(), [0xc3], [0xc3, 0xa9]];
        lab.Write([.. names.Select((name, i) => Record(UtmpType.UserProcess, name, $"pts/{i}", Noon))]);
        var shown = lab.Turn();
        Assert.Equal(
            [@"\\x6fther", @"\\xff", @"\\x5cxff", "a\\\"b", @"\\xc3", "é"],
            shown.Users.Select(user => Text(user)));
        Assert.Equal(6UL, shown.LoginsOf());
    }

    [Fact]
    public void Holidays_ThatAreNamedAndMissing_AreAnError_AndAtTheUsualPlaceAWord()
    {
        lab.Write();
        Assert.Equal(1UL, lab.Turn().HolidayFailures);
        Assert.Null(lab.Shown!.HolidaysStale);
        Assert.Single(lab.Log.Messages, text => text.Contains("holidays cannot be used", StringComparison.Ordinal));
        File.WriteAllText(lab.Of("holidays"), "nothing of use\n");
        lab.Reload();
        Assert.Equal(2UL, lab.Turn().HolidayFailures);
    }

    /// <summary>From 08:00 to 18:00 on a Monday is prime, and the table may change while somebody is on.</summary>
    [Fact]
    public void ConnectTime_IsDivided_ByTheTableInForce()
    {
        lab.Clock.Now = new DateTimeOffset(2026, 3, 2, 7, 59, 0, lab.Clock.LocalTimeZone.BaseUtcOffset);
        File.WriteAllText(lab.Of("holidays"), " 2026 0800 1800\n12/25 Christmas\n");
        lab.Write();
        Assert.False(lab.Turn().HolidaysStale);
        lab.Write(Login("alice", "pts/0", lab.Now));
        lab.Turn();
        var shown = lab.After(180);
        Assert.Equal((120UL, 60UL), (shown.User("alice").PrimeSeconds, shown.User("alice").NonPrimeSeconds));
        File.WriteAllText(lab.Of("holidays"), " 2025 0800 1800\n3/2 A holiday\n");
        lab.Pass(20);
        lab.Reload();
        lab.Turn();
        shown = lab.After(10);
        Assert.Equal((140UL, 70UL), (shown.User("alice").PrimeSeconds, shown.User("alice").NonPrimeSeconds));
        Assert.True(shown.HolidaysStale);
    }

    private static string Text(LabeledRow row) =>
        System.Text.Encoding.UTF8.GetString(row.Labels.AsSpan()[(row.Labels.AsSpan().IndexOf((byte)'"') + 1)..^1]);
}
