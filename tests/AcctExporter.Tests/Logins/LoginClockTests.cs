// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using AcctExporter.Kernel;
using AcctExporter.Logins;
using AcctExporter.Records;
using static AcctExporter.Tests.Logins.LoginLab;

namespace AcctExporter.Tests.Logins;

/// <summary>The clock is set, the host sleeps, process ids are given again: time passes as it passes.</summary>
public sealed class LoginClockTests : IDisposable
{
    private readonly LoginLab lab = new();

    public LoginClockTests()
    {
        lab.Write();
        lab.Turn();
    }

    public void Dispose() => lab.Dispose();

    [Theory]
    [InlineData(50 * 365 * 86_400L)]
    [InlineData(3600)]
    [InlineData(-3600)]
    [InlineData(-20)]
    public void AStepOfTheClock_IsNoConnectTime(long seconds)
    {
        lab.Write(Login("alice", "pts/0", Noon));
        Assert.Equal(100UL, lab.After(100).Connected("alice"));
        lab.Pass(10);
        lab.SetClock(TimeSpan.FromSeconds(seconds));
        lab.Pass(10);
        var shown = lab.Turn();
        Assert.Equal((120UL, 1UL), (shown.Connected("alice"), shown.Anomaly(LoginAnomaly.Clock)));
        lab.Restart();
        lab.Write(Logout("pts/0", lab.Now + 30));
        shown = lab.After(40);
        Assert.Equal((150UL, 0UL), (shown.Connected("alice"), shown.CorrectedSeconds));
        Assert.Equal((150UL, 1UL), (shown.Line("pts/0").Seconds, shown.Anomaly(LoginAnomaly.Clock)));
    }

    /// <summary>Records of both sides of a change that one turn reads.</summary>
    [Theory]
    [InlineData(50 * 365 * 86_400L)]
    [InlineData(-3600)]
    public void RecordsOfBeforeTheStep_AreMovedWithIt(long seconds)
    {
        lab.Write(Login("alice", "pts/0", Noon));
        lab.After(100);
        lab.Write(Login("bob", "pts/1", lab.Now), Logout("pts/0", lab.Now + 5));
        lab.Pass(10);
        lab.SetClock(TimeSpan.FromSeconds(seconds));
        lab.Write(Login("carol", "pts/2", lab.Now));
        var shown = lab.After(10);
        Assert.Equal(
            (105UL, 20UL, 10UL), (shown.Connected("alice"), shown.Connected("bob"), shown.Connected("carol")));
        Assert.Equal(0UL, shown.CorrectedSeconds);
        Assert.Equal(lab.Now - 20, shown.User("bob").LastLoginSeconds);
    }

    /// <summary>What is both recorded and seen is one change.</summary>
    [Fact]
    public void ARecordedStep_MovesOnce()
    {
        lab.Write(Login("alice", "pts/0", Noon));
        lab.After(100);
        lab.Write(Record(UtmpType.OldTime, "date", "|", lab.Now));
        lab.SetClock(TimeSpan.FromHours(1));
        lab.Write(Record(UtmpType.NewTime, "date", "{", lab.Now));
        var shown = lab.After(20);
        Assert.Equal((120UL, 1UL, 0UL), (
            shown.Connected("alice"), shown.ClockChanges, shown.Anomaly(LoginAnomaly.Clock)));
    }

    /// <summary>A host that sleeps goes on by its boot clock: the session was open all the time.</summary>
    [Fact]
    public void ASuspendedHost_IsCredited()
    {
        lab.Write(Login("alice", "pts/0", Noon));
        lab.After(10);
        Assert.Equal(28_810UL, lab.After(8 * 3600).Connected("alice"));
        Assert.Equal(0UL, lab.Shown!.Anomaly(LoginAnomaly.Clock));
    }

    /// <summary>
    /// A board without a clock: somebody is logged in at 1970, the clock is set, and only then the agent starts.
    /// </summary>
    [Fact]
    public void ALoginFromBeforeTheClockWasSet_BeginsWithTheHost()
    {
        lab.Write(Boot(Noon - 90_000), Shutdown(Noon - 80_000));
        lab.Turn();
        lab.BootedAt = lab.Clock.Now - TimeSpan.FromMinutes(5);
        // A record of 1970 is judged by what follows it.
        lab.Write(Boot(8), Login("alice", "tty1", 20), Login("bob", "tty2", lab.Now));
        lab.Pass(100);
        var shown = lab.Restart();
        Assert.InRange(shown.Connected("alice"), 400UL, 410UL);
        Assert.Equal(1UL, shown.Anomaly(LoginAnomaly.Clock));
        Assert.InRange(lab.After(100).Connected("alice"), 500UL, 510UL);
        Assert.Equal(1UL, lab.Shown!.Anomaly(LoginAnomaly.Clock));
    }

    [Fact]
    public void AProcessId_ThatIsAnothersNow_IsGone()
    {
        var start = lab.Clock.Now - lab.BootedAt;
        lab.StartOf = _ => start;
        lab.Start();
        lab.Turn();
        lab.Write(Login("alice", "pts/0", Noon));
        lab.After(20);
        Assert.Equal(0UL, lab.After(20).Anomaly(LoginAnomaly.Gone));
        start += TimeSpan.FromSeconds(70);
        lab.After(20);
        Assert.Equal(1UL, lab.After(20).Anomaly(LoginAnomaly.Gone));
        Assert.Equal(0, lab.Shown!.User("alice").SessionsOn(LineClass.Pts));
    }

    /// <summary>A real process that dies without a record, as /proc shows it.</summary>
    [Fact]
    public void AProcessThatDied_IsGone()
    {
        using var child = Process.Start("sleep", "1000");
        try
        {
            var age = BootClock.Now() - LoginProcess.StartOf(child.Id)!.Value;
            Assert.InRange(age.TotalSeconds, -0.1, 10);
            lab.StartOf = LoginProcess.StartOf;
            lab.BootedAt = lab.Clock.Now - BootClock.Now();
            lab.Start();
            lab.Turn();
            lab.Write(Login("alice", "pts/0", Noon, child.Id));
            lab.After(20);
            Assert.Equal(0UL, lab.After(20).Anomaly(LoginAnomaly.Gone));
        }
        finally
        {
            child.Kill();
            child.WaitForExit();
        }

        Assert.Null(LoginProcess.StartOf(child.Id));
        lab.After(20);
        var shown = lab.After(20);
        Assert.Equal(1UL, shown.Anomaly(LoginAnomaly.Gone));
        Assert.Equal(60UL, shown.Connected("alice") - shown.CorrectedSeconds);
    }

    [Theory]
    [InlineData("7 (a b) c) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 250 0", 2.5)]
    [InlineData("7 (x) S 1", 0)]
    [InlineData("", 0)]
    public void TheStartOfAProcess_IsReadBehindItsName(string stat, double seconds) =>
        Assert.Equal(seconds, LoginProcess.ReadStart(stat).TotalSeconds);

    /// <summary>A directory server that never answers holds up reading once, and for a moment.</summary>
    [Fact]
    public void NamesThatNobodyAnswers_AreUnknown()
    {
        var answered = new ManualResetEventSlim();
        lab.Knows = _ =>
        {
            answered.Wait();
            return true;
        };
        lab.NamePatience = TimeSpan.FromMilliseconds(100);
        lab.Start();
        lab.Turn();
        lab.Append(lab.Of("btmp"), [.. Enumerable.Range(0, 1000).Select(i => Login($"u{i}", "ssh:notty", Noon + 1))]);
        var started = Stopwatch.GetTimestamp();
        var shown = lab.Turn();
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(5));
        answered.Set();
        Assert.Equal([1000UL, 0, 0], shown.Failed);
        Assert.True(shown.LookupTimeouts > 0);
    }
}
