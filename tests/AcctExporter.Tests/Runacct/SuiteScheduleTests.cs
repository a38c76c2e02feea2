// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Runacct;
using AcctExporter.Suite;

namespace AcctExporter.Tests.Runacct;

/// <summary>When the agent runs what, by a clock that the test moves and a suite that remembers its runs.</summary>
public sealed class SuiteScheduleTests
{
    private readonly MovedClock clock = new("2026-07-02T12:00+02:00");
    private readonly Said said = new();
    private readonly FakeTasks tasks;
    private SuiteOptions options = new() { Daily = new TimeOnly(4, 0) };
    private SuiteSchedule? schedule;

    public SuiteScheduleTests() => tasks = new FakeTasks(clock);

    private SuiteSchedule Schedule => schedule ??= New();

    [Fact]
    public void ADay_IsRunOnce_AtItsTime()
    {
        tasks.LastDay = new DateOnly(2026, 7, 2);
        Turn("2026-07-03T03:59:30+02:00");
        Assert.Empty(tasks.Days);
        Turn("2026-07-03T04:00:00+02:00");
        Turn("2026-07-03T04:00:30+02:00");
        Turn("2026-07-03T23:00+02:00");
        Turn("2026-07-04T04:00:29+02:00");
        Assert.Equal(["2026-07-03 04:00", "2026-07-04 04:00"], tasks.Days);
        Assert.Equal((2, 0), (Schedule.Counts.Done(SuiteWork.Day), Schedule.Counts.Failed(SuiteWork.Day)));
    }

    /// <summary>At four the agent was down; the day before it was, too.</summary>
    [Fact]
    public void AMissedDay_IsMadeUpFor_Once()
    {
        tasks.LastDay = new DateOnly(2026, 6, 30);
        Schedule.Turn();
        Schedule.Turn();
        Assert.Equal(["2026-07-02 12:00"], tasks.Days);
    }

    [Fact]
    public void TheFirstOfAll_IsNotMadeUpFor()
    {
        Schedule.Turn();
        Assert.Empty(tasks.Days);
        Turn("2026-07-03T04:00+02:00");
        Assert.Equal(["2026-07-03 04:00"], tasks.Days);
    }

    [Fact]
    public void ADay_ThatAnotherRan_IsNotRunAgain()
    {
        tasks.LastDay = new DateOnly(2026, 7, 2);
        Schedule.Turn();
        tasks.LastDay = new DateOnly(2026, 7, 3);
        Turn("2026-07-03T04:00+02:00");
        Assert.Empty(tasks.Days);
    }

    /// <summary>A run was killed, and the agent is started again.</summary>
    [Fact]
    public void ADay_ThatIsNotFinished_IsFinishedAtOnce()
    {
        tasks.LastDay = new DateOnly(2026, 7, 2);
        tasks.IsPending = true;
        Schedule.Turn();
        Assert.Equal(["2026-07-02 12:00"], tasks.Days);
        Assert.Empty(tasks.Closed);
    }

    [Theory]
    [InlineData("2026-03-28", "2026-03-29T02:59:59+02:00", "2026-03-29T03:00+02:00", "2026-03-29 03:00")]
    [InlineData("2026-10-24", "2026-10-25T02:29:59+02:00", "2026-10-25T02:30+02:00", "2026-10-25 02:30")]
    public void ChangeOfTheClocks_NeitherSkipsADay_NorRepeatsIt(string last, string before, string at, string run)
    {
        options = options with { Daily = new TimeOnly(2, 30) };
        tasks.LastDay = DateOnly.Parse(last);
        clock.Set(before);
        if (DateTimeOffset.Parse(before) < DateTimeOffset.Parse(at))
        {
            Schedule.Turn();
            Assert.Empty(tasks.Days);
        }

        clock.Set(at);
        for (var half = 0; half < 8; half++)
        {
            Schedule.Turn();
            clock.Pass(TimeSpan.FromMinutes(30));
        }

        Assert.Equal([run], tasks.Days);
    }

    [Fact]
    public void AClockThatIsSetBack_RepeatsNothing_AndSaysWhatItWaitsFor()
    {
        tasks.LastDay = new DateOnly(2026, 7, 2);
        Turn("2026-08-20T04:00+02:00");
        Assert.Equal(["2026-08-20 04:00"], tasks.Days);
        Turn("2026-07-03T04:00+02:00");
        Turn("2026-07-04T04:00+02:00");
        Assert.Single(tasks.Days);
        Assert.Contains(
            said.Lines, line => line.Contains("the last daily run is of 2026-08-20", StringComparison.Ordinal));
        Turn("2026-08-21T04:00+02:00");
        Assert.Equal(2, tasks.Days.Count);
    }

    /// <summary>After 5 minutes, 10, 20, 40, then each hour; said once, and once when it works again.</summary>
    [Fact]
    public void AFailedDay_IsTriedAgain_EverLessOften_AndSaidOnce()
    {
        tasks.LastDay = new DateOnly(2026, 7, 1);
        tasks.Code = RunCode.Failed;
        tasks.Message = "CONNECT: the disk is full";
        var tries = new List<double>();
        for (var minute = 0; minute < 240; minute++, clock.Pass(TimeSpan.FromMinutes(1)))
        {
            var before = tasks.Days.Count;
            Schedule.Turn();
            tries.AddRange(tasks.Days.Count > before ? [minute] : []);
        }

        Assert.Equal([0, 5, 15, 35, 75, 135, 195], tries);
        Assert.Equal(7, Schedule.Counts.Failed(SuiteWork.Day));
        Assert.Single(said.Lines, line => line.Contains("CONNECT: the disk is full", StringComparison.Ordinal));
        tasks.Code = RunCode.WithWarnings;
        clock.Pass(TimeSpan.FromHours(1));
        Schedule.Turn();
        Assert.Single(said.Lines, line => line.Contains("works again", StringComparison.Ordinal));
        Assert.Equal(1, Schedule.Counts.Done(SuiteWork.Day));
        Assert.False(tasks.IsPending);
    }

    [Fact]
    public void ALockOfAnother_IsWaitedFor_AndIsNoFailure()
    {
        tasks.LastDay = new DateOnly(2026, 7, 1);
        tasks.Code = RunCode.Locked;
        Schedule.Turn();
        Schedule.Turn();
        Assert.Single(tasks.Days);
        clock.Pass(TimeSpan.FromMinutes(1));
        Schedule.Turn();
        Assert.Equal((2, 0), (tasks.Days.Count, Schedule.Counts.Failed(SuiteWork.Day)));
        Assert.DoesNotContain(said.Lines, line => line.Contains("failed", StringComparison.Ordinal));
    }

    [Fact]
    public void APeriod_IsClosed_BehindTheRunOfTheFirstDayOfTheNext()
    {
        (tasks.LastDay, tasks.FirstOpenDay) = (new DateOnly(2026, 7, 2), new DateOnly(2026, 7, 2));
        for (var day = new DateTime(2026, 7, 3); day < new DateTime(2026, 10, 3); day = day.AddDays(1))
        {
            Turn($"{day:yyyy-MM-dd}T04:00+02:00");
        }

        Assert.Equal(
            ["2026-07 after 2026-08-01", "2026-08 after 2026-09-01", "2026-09 after 2026-10-01"], tasks.Closed);
    }

    /// <summary>The agent was down on the first: the first run behind it is the last of the month before.</summary>
    [Fact]
    public void APeriod_WhoseLastRunWasMissed_IsClosedBehindTheNext()
    {
        (tasks.LastDay, tasks.FirstOpenDay) = (new DateOnly(2026, 7, 31), new DateOnly(2026, 7, 2));
        Schedule.Turn();
        Turn("2026-08-03T09:00+02:00");
        Assert.Equal(["2026-07 after 2026-08-03"], tasks.Closed);
        Turn("2026-08-04T04:00+02:00");
        Assert.Single(tasks.Closed);
    }

    [Fact]
    public void APeriod_ThatCouldNotBeClosed_IsTriedAgain()
    {
        (tasks.LastDay, tasks.FirstOpenDay) = (new DateOnly(2026, 7, 31), new DateOnly(2026, 7, 2));
        tasks.CloseCode = RunCode.Failed;
        Turn("2026-08-01T04:00+02:00");
        clock.Pass(TimeSpan.FromMinutes(5));
        tasks.CloseCode = RunCode.Done;
        Schedule.Turn();
        Assert.Equal(["2026-07 after 2026-08-01", "2026-07 after 2026-08-01"], tasks.Closed);
        Assert.Equal((1, 1), (Schedule.Counts.Done(SuiteWork.Close), Schedule.Counts.Failed(SuiteWork.Close)));
    }

    [Fact]
    public void WithPeriodsOff_NothingIsClosed()
    {
        options = options with { Fiscal = FiscalPeriods.Off };
        (tasks.LastDay, tasks.FirstOpenDay) = (new DateOnly(2026, 7, 31), new DateOnly(2026, 7, 2));
        Turn("2026-08-01T04:00+02:00");
        Assert.Empty(tasks.Closed);
    }

    [Fact]
    public void Charges_ComeAtTheStart_EachHour_AndWithEachClosedFile()
    {
        tasks.LastDay = new DateOnly(2026, 7, 2);
        var charges = new List<int>();
        for (var minute = 0; minute < 180; minute++, clock.Pass(TimeSpan.FromMinutes(1)))
        {
            tasks.JournalFile = minute >= 90 ? 500UL : 1;
            var before = tasks.Charges;
            Schedule.Turn();
            charges.AddRange(tasks.Charges > before ? [minute] : []);
        }

        Assert.Equal([0, 60, 90, 150], charges);
    }

    [Fact]
    public void Disks_AreLookedAt_OnceAWeek_AndAMissedTimeIsMadeUpFor()
    {
        options = new() { Disk = new WeeklyTime(DayOfWeek.Sunday, new TimeOnly(22, 30)) };
        Schedule.Turn();
        Assert.Empty(tasks.Disks);
        Turn("2026-07-05T22:30+02:00");
        Turn("2026-07-05T22:31+02:00");
        Turn("2026-07-12T22:29+02:00");
        // It slept over the time.
        Turn("2026-07-13T08:00+02:00");
        Turn("2026-07-13T09:00+02:00");
        Assert.Equal(["2026-07-05 22:30", "2026-07-13 08:00"], tasks.Disks);
        // Nothing else was asked for.
        Assert.Equal((0, 0, 0), (tasks.Days.Count, tasks.Closed.Count, tasks.Charges));
    }

    [Fact]
    public void WithoutATime_NothingIsWanted()
    {
        Assert.False(SuiteSchedule.IsWanted(new SuiteOptions()));
        options = new();
        tasks.IsPending = true;
        Turn("2026-08-01T04:00+02:00");
        Assert.Equal((0, 0, 0, 0), (tasks.Days.Count, tasks.Closed.Count, tasks.Charges, tasks.Disks.Count));
    }

    /// <summary>Whoever told the agent to end waits for no run.</summary>
    [Fact]
    public void AfterItsEnd_NothingIsBegun()
    {
        tasks.LastDay = new DateOnly(2026, 7, 1);
        Schedule.Stop();
        Schedule.Turn();
        Assert.Empty(tasks.Days);
    }

    [Fact]
    public void AState_ThatCannotBeRead_RunsNothing_AndIsSaidOnce()
    {
        tasks.LastDay = new DateOnly(2026, 7, 1);
        tasks.Fault = new IOException("Input/output error");
        Schedule.Turn();
        Schedule.Turn();
        Assert.Empty(tasks.Days);
        Assert.Single(said.Lines);
        tasks.Fault = null;
        Schedule.Turn();
        Assert.Single(tasks.Days);
    }

    private SuiteSchedule New() =>
        new(new RunOptions { Suite = options, StoragePath = "/nowhere" }, tasks, clock, said);

    private void Turn(string at)
    {
        _ = Schedule;
        clock.Set(at);
        Schedule.Turn();
    }
}
