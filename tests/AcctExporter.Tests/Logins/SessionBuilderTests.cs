// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using AcctExporter.Logins;
using AcctExporter.Records;
using AcctExporter.Tests.Properties;
using AcctExporter.Tests.Records;

namespace AcctExporter.Tests.Logins;

/// <summary>When a session ends, and how it is counted.</summary>
public class SessionBuilderTests
{
    [Fact]
    public void Sessions_OfACrash()
    {
        var (sessions, builder) = LoginFile.Crash.Built();
        Assert.Equal(
            [
                "pts/2 bob 08:15:00-09:00:00 Logout", "pts/2 carol 10:00:00-11:00:00 NextLogin",
                "pts/2 bob 11:00:00-12:00:00 Logout", "pts/1 alice 07:30:00-13:00:00 Crash",
                "console dave 13:00:00-13:00:00 Crash", "pts/1 alice 17:00:00-04:00:00 Logout",
            ],
            sessions.Select(Shown));
        Assert.Equal(
            new SessionCounts
            {
                Logins = 6, Logouts = 3, UnmatchedLogouts = 1, MissingLogouts = 1, Boots = 2, Crashes = 1,
            },
            builder.Counts);
    }

    [Fact]
    public void AShutdown_EndsWhatIsOpen_AndIsNoCrash()
    {
        var (sessions, builder) = new LoginFile("2026-07-07").Boot("06:00").Login("07:00", "alice", "tty1")
            .Shutdown("08:00").Login("08:01", "late", "tty2").Logout("08:02", "tty1").Boot("09:00").Built();
        Assert.Equal(
            ["tty1 alice 07:00:00-08:00:00 Shutdown", "tty2 late 08:01:00-08:02:00 Shutdown"], sessions.Select(Shown));
        Assert.Equal((2, 1, 0), (builder.Counts.Boots, builder.Counts.Shutdowns, builder.Counts.Crashes));
    }

    /// <summary>sysvinit writes the change to level 0 or 6, and the shutdown behind it.</summary>
    [Theory]
    [InlineData('0')]
    [InlineData('6')]
    public void RunLevels0And6_AreTheShutdown(char level)
    {
        var (sessions, builder) = new LoginFile("2026-07-07").Boot("06:00").Login("07:00", "alice", "tty1")
            .RunLevel("08:00", level).Shutdown("08:00:05").Boot("09:00").Built();
        Assert.Equal(["tty1 alice 07:00:00-08:00:00 Shutdown"], sessions.Select(Shown));
        Assert.Equal((1, 0), (builder.Counts.Shutdowns, builder.Counts.Crashes));
    }

    [Fact]
    public void TheFirstBoot_IsNoCrash_AndTheSecondIs()
    {
        Assert.Equal(0, new LoginFile("2026-07-07").Boot("06:00").Built().Builder.Counts.Crashes);
        Assert.Equal(1, new LoginFile("2026-07-07").Boot("06:00").Boot("07:00").Built().Builder.Counts.Crashes);
    }

    [Fact]
    public void ALogoutWithoutALine_IsTheIds_ElseTheProcesss()
    {
        var (sessions, builder) = new LoginFile("2026-07-07")
            .Login("07:00", "alice", "tty1", "1", 100).Login("07:00", "bob", "tty2", "2", 200)
            .Login("07:00", "carol", "tty3", "3", 300)
            .Logout("08:00", "", "2", 100) // bob's, by id, though the process is alice's
            .Logout("09:00", "", "9", 300) // carol's, by process
            .Logout("10:00", "", "9", 999).Logout("10:00", "").Built(); // nobody's
        Assert.Equal(
            ["tty2 bob 07:00:00-08:00:00 Logout", "tty3 carol 07:00:00-09:00:00 Logout"], sessions.Select(Shown));
        Assert.Equal((2, 2), (builder.Counts.Logouts, builder.Counts.WithoutLine));
        Assert.Equal(["alice"], builder.OpenSessions.Select(open => open.User));
    }

    [Fact]
    public void AnId_IsItsNewestLines()
    {
        var (sessions, _) = new LoginFile("2026-07-07")
            .Login("07:00", "alice", "tty1", "x").Login("07:30", "bob", "tty2", "x").Logout("08:00", "", "x")
            .Logout("09:00", "", "x").Built();
        Assert.Equal(["tty2 bob 07:30:00-08:00:00 Logout"], sessions.Select(Shown));
    }

    [Fact]
    public void AGetty_EndsASession_AndElseCountsNothing()
    {
        var (sessions, builder) = new LoginFile("2026-07-07").Getty("06:00", "tty1").Login("07:00", "alice", "tty1")
            .Getty("08:00", "tty1").Getty("09:00", "tty1").Built();
        Assert.Equal(["tty1 alice 07:00:00-08:00:00 Logout"], sessions.Select(Shown));
        Assert.Equal([new LineUse("tty1", 1, 1, 1, 3600)], builder.Lines);
    }

    [Fact]
    public void ALoginOfNobody_IsALogout()
    {
        var (sessions, _) = new LoginFile("2026-07-07")
            .Login("07:00", "alice", "tty1").Login("08:00", "", "tty1").Built();
        Assert.Equal(["tty1 alice 07:00:00-08:00:00 Logout"], sessions.Select(Shown));
    }

    [Fact]
    public void ARecordedChangeOfTheClock_MovesWhatIsOpen_Once()
    {
        var (sessions, builder) = LoginFile.ClockForward.Built();
        Assert.Equal(["pts/1 alice 11:00:00-13:00:00 Logout"], sessions.Select(Shown));
        Assert.Equal((1, 0), (builder.Counts.ClockChanges, builder.Counts.ClockAnomalies));
    }

    [Fact]
    public void HalfAChangeOfTheClock_ChangesNothing()
    {
        var (sessions, builder) = new LoginFile("2026-07-07").NewTime("06:00").Login("07:00", "alice", "tty1")
            .OldTime("07:30").Getty("07:30", "tty9").NewTime("09:00").Logout("10:00", "tty1").Built();
        Assert.Equal(["tty1 alice 07:00:00-10:00:00 Logout"], sessions.Select(Shown));
        Assert.Equal((0, 3), (builder.Counts.ClockChanges, builder.Counts.ClockAnomalies));
    }

    [Fact]
    public void AnUnrecordedStepBack_GivesASessionNoLength()
    {
        var (sessions, builder) = LoginFile.ClockBack.Built();
        Assert.Equal(
            ["pts/1 alice 10:00:00-10:00:00 ClockAnomaly", "pts/1 bob 09:45:00-10:15:00 Logout"],
            sessions.Select(Shown));
        Assert.Equal(1, builder.Counts.ClockAnomalies);
        var (others, again) = new LoginFile("2026-07-07").Login("10:00", "alice", "tty1").Login("09:00", "bob", "tty1")
            .Logout("09:30", "tty1").Built();
        Assert.Equal(
            ["tty1 alice 10:00:00-10:00:00 ClockAnomaly", "tty1 bob 09:00:00-09:30:00 Logout"], others.Select(Shown));
        Assert.Equal(1, again.Counts.ClockAnomalies);
    }

    [Fact]
    public void ACutOff_ChargesUpToIt_AndTheRestLater()
    {
        var (sessions, builder) = new LoginFile("2026-07-07").Login("07:00", "alice", "tty1", host: "h").Built();
        builder.CutOff(Calendar.At("2026-07-07 08:00"));
        builder.CutOff(Calendar.At("2026-07-07 08:00"));
        var open = builder.OpenSessions.Single();
        Assert.Equal(
            (Calendar.At("2026-07-07 07:00"), Calendar.At("2026-07-07 08:00"), "h"),
            (open.StartSeconds, open.ChargedUntilSeconds, open.Host));
        builder.Apply(new LoginFile("2026-07-07").Logout("09:30", "tty1").Events.Single());

        Assert.Equal(
            [(3600, true), (5400, false)], sessions.Select(part => ((int)part.ChargedSeconds, part.IsFirstPart)));
        Assert.Equal((9000, SessionEnd.Logout), (sessions[1].Seconds, sessions[1].EndedBy));
        Assert.Equal(9000, builder.Lines.Single().Seconds);
    }

    /// <summary>The host was up at the cut-off, so it crashed later than that.</summary>
    [Fact]
    public void ACrashBehindACutOff_TakesNothingBack()
    {
        var (sessions, builder) = new LoginFile("2026-07-07").Login("07:00", "alice", "tty1").Built();
        builder.CutOff(Calendar.At("2026-07-07 08:00"));
        builder.Apply(new LoginFile("2026-07-07").Boot("12:00").Events.Single());
        Assert.Equal([3600, 0], sessions.Select(part => (int)part.ChargedSeconds));
    }

    [Fact]
    public void ALogoutReadLate_SaysWhatWasChargedTooMuch()
    {
        var (sessions, builder) = new LoginFile("2026-07-07").Login("07:00", "alice", "tty1").Built();
        builder.CutOff(Calendar.At("2026-07-07 08:00"));
        builder.Apply(new LoginFile("2026-07-07").Logout("07:45", "tty1").Events.Single());
        Assert.Equal([3600, -900], sessions.Select(part => (int)part.ChargedSeconds));
        Assert.Equal(2700, sessions[1].Seconds);
        Assert.Equal(2700, builder.Lines.Single().Seconds);
    }

    [Fact]
    public void TryEnd_IsForWhatNoRecordTells()
    {
        var (sessions, builder) = new LoginFile("2026-07-07").Login("07:00", "alice", "tty1").Built();
        Assert.False(builder.TryEnd("tty2", Calendar.At("2026-07-07 08:00"), SessionEnd.Gone));
        Assert.True(builder.TryEnd("tty1", Calendar.At("2026-07-07 08:00"), SessionEnd.Gone));
        Assert.Equal(["tty1 alice 07:00:00-08:00:00 Gone"], sessions.Select(Shown));
        Assert.Equal(0, builder.OpenCount);
    }

    /// <summary>Idle lines go first; then the session that is open longest. Memory stays as it is.</summary>
    [Fact]
    public void MoreLinesThanAreFollowed_AreForgotten_AndCounted()
    {
        var sessions = new List<Session>();
        var builder = new SessionBuilder(sessions.Add, linesLimit: 3);
        foreach (var login in new LoginFile("2026-07-07").Login("07:00", "a", "1").Logout("07:10", "2")
            .Login("07:20", "b", "3").Login("07:30", "c", "4").Login("07:40", "d", "5").Events)
        {
            builder.Apply(login);
        }

        Assert.Equal(["1 a 07:00:00-07:30:00 Gone"], sessions.Select(Shown));
        Assert.Equal((2, 1), (builder.Counts.ForgottenLines, builder.Counts.ForgottenSessions));
        Assert.Equal(["3", "4", "5"], builder.Lines.Select(line => line.Line));
        Assert.Equal(new LineUse("", 1, 1, 1, 1800), builder.ForgottenUse);
    }

    [Fact]
    public void AMillionLines_StayWithinTheLimit()
    {
        long ended = 0;
        var builder = new SessionBuilder(_ => ended++);
        for (var number = 0; number < 1_000_000; number++)
        {
            builder.Apply(new(LoginEventKind.Login, number, "u", $"line{number}", "x", 7, "", ""));
        }

        Assert.Equal(SessionBuilder.LinesMax, builder.OpenCount);
        Assert.Equal(1_000_000 - SessionBuilder.LinesMax, ended);
        var state = new ArrayBufferWriter<byte>();
        builder.Save(state);
        Assert.True(state.WrittenCount < SessionBuilder.LinesMax * 64, $"{state.WrittenCount} bytes");
    }

    /// <summary>Names that come again, on lines that are known: the usual record.</summary>
    [Fact]
    public void UsualRecords_AllocateNothing()
    {
        var file = new LoginFile("2026-07-07").Login("07:00", "alice", "pts/1", "ts/1", 100, "host.example")
            .Logout("08:00", "pts/1", "ts/1", 100).Bytes;
        var names = new LoginNames();
        var builder = new SessionBuilder(_ => { });
        Assert.Equal(0, Allocated.By(() =>
        {
            for (var round = 0; round < 5000; round++)
            {
                builder.Apply(LoginEvent.Of(new(file.AsSpan(0, 384), UtmpLayout.Usual), names));
                builder.Apply(LoginEvent.Of(new(file.AsSpan(384), UtmpLayout.Usual), names));
            }
        }));
    }

    [Fact]
    public void Names_OfAnyBytes_AreRemembered_ButNotAll()
    {
        var names = new LoginNames();
        Assert.Same(names.Of("alice"u8), names.Of("alice"u8));
        Assert.Equal("", names.Of([]));
        Assert.Equal("a\ufffdb", names.Of([(byte)'a', 0xff, (byte)'b']));
        Assert.Equal("müller", names.Of("müller"u8));
    }

    [Theory]
    [InlineData('3' + ('N' << 8), "run-level 3")]
    [InlineData('S', "run-level S")]
    [InlineData(0, "run-level ?")]
    [InlineData(0xff, "run-level ?")]
    [InlineData(-1, "run-level ?")]
    public void ARunLevel_IsTheLowByte(int pid, string reason)
    {
        var login = new LoginFile("2026-07-07")
            .Add(UtmpType.RunLevel, "07:00", "runlevel", "~", "~~", pid).Events.Single();
        Assert.Equal(reason, login.Reason);
    }

    private static string Shown(Session session) =>
        $"{session.Line} {session.User} {Time(session.StartSeconds)}-{Time(session.EndSeconds)} {session.EndedBy}";

    private static string Time(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("HH:mm:ss");
}
