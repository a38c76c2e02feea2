// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Runacct;
using AcctExporter.Suite;

namespace AcctExporter.Tests.Runacct;

/// <summary>The daily run: its order, its refusals, its restarts. Numbers T-R are those of the vectors.</summary>
public sealed class DailyRunTests : IDisposable
{
    private readonly RunLab lab = new();

    public void Dispose() => lab.Dispose();

    [Fact]
    public void ADay_IsChargedByItsStates_WithTheClassicMessages()
    {
        lab.SomeDay("2026-07-01");
        Assert.Equal((RunCode.Done, ""), lab.Run("2026-07-02 04:00:00"));

        Assert.Equal("COMPLETE\n2026-07-02\n", lab.Text(lab.Paths.StateFile));
        Assert.Equal("2026-07-02\n", lab.Text(lab.Paths.LastDate));
        var active = lab.Text(lab.Paths.Active).Split('\n');
        string[] messages =
        [
            "0702", "files setups complete", "wtmp processing complete", "connect acctg complete",
            "all process actg complete for 0702", "tacct merge to create daytacct complete", "merged fees",
            "no disk records", "no queueing system records", "updated sum/tacct", "command summaries complete",
        ];
        Assert.Equal(messages, active.Where(messages.Contains));
        Assert.StartsWith("system accounting completed at 2026-07-02 04:00:00", active[^2]);

        // 17:59:50 for 20 seconds is half in prime time, and so is its CPU time.
        var sums = RunLab.Tacct(lab.Sum("tacct0702"));
        var (daemon, bin) = (sums[(1, "daemon")], sums[(2, "bin")]);
        Assert.Equal(70_000, daemon.Prime.CpuMicroseconds);
        Assert.Equal(
            (3600_000_000, 5400_000_000), (daemon.Prime.ConnectMicroseconds, daemon.NonPrime.ConnectMicroseconds));
        Assert.Equal((2, 1, 12_500), (daemon.Processes, daemon.Sessions, daemon.FeeMilliunits));
        Assert.Equal(
            (2_000_000, 2_000_000, 1), (bin.Prime.CpuMicroseconds, bin.NonPrime.CpuMicroseconds, bin.Processes));
        Assert.Equal(lab.Text(lab.Paths.SumTacct), lab.Text(lab.Sum("tacct0702")));
        Assert.Contains("DAILY", lab.Text(lab.Sum("rprt0702")));
        Assert.False(File.Exists(lab.Paths.Fee));
        Assert.True(File.Exists(lab.Sum("fee0702")));
        Assert.Empty(Directory.GetFiles(lab.Paths.Nite, "*.0702"));
    }

    [Fact]
    public void DaysThatWereMissed_AreInTheNextRun()
    {
        lab.SomeDay("2026-07-01");
        lab.Run("2026-07-02 04:00:00");
        lab.SomeDay("2026-07-02");
        lab.SomeDay("2026-07-03");
        lab.SomeDay("2026-07-04");
        Assert.Equal(RunCode.Done, lab.Run("2026-07-05 04:00:00").Code);
        Assert.Equal(6, RunLab.Tacct(lab.Sum("tacct0705"))[(1, "daemon")].Processes);
        Assert.Equal(8, RunLab.Tacct(lab.Paths.SumTacct)[(1, "daemon")].Processes);
        Assert.Equal(2, RunLab.Tacct(lab.Sum("tacctprev"))[(1, "daemon")].Processes);
    }

    [Fact]
    public void ADayThatFailed_IsFinishedBeforeTheNextBegins()
    {
        lab.SomeDay("2026-07-01");

        // A folder stands where the state wants to write its file.
        Directory.CreateDirectory(lab.Paths.DayTacct);
        var (code, errors) = lab.Run("2026-07-02 04:00:00");
        Assert.Equal(RunCode.Failed, code);
        Assert.Contains("MERGE: ", errors);
        Assert.Contains("go on with `runacct 0702`", errors);
        Assert.Equal("MERGE\n2026-07-02\n", lab.Text(lab.Paths.StateFile));
        Assert.Contains("ERROR: MERGE", lab.Text(lab.Paths.Active + "0702"));
        Assert.Contains("\"failed\"", lab.Text(lab.Nite("day.0702")));

        lab.SomeDay("2026-07-02");
        Directory.Delete(lab.Paths.DayTacct);
        Assert.Equal(RunCode.Done, lab.Run("2026-07-03 04:00:00").Code);
        Assert.Equal(2, RunLab.Tacct(lab.Sum("tacct0702"))[(1, "daemon")].Processes);
        Assert.Equal(2, RunLab.Tacct(lab.Sum("tacct0703"))[(1, "daemon")].Processes);
        Assert.False(File.Exists(lab.Paths.Active + "0702"));
    }

    /// <summary>T-R4.</summary>
    [Fact]
    public void WithoutHolidays_AllIsNonPrime_AndByTheClassicRulesNothingIsCharged()
    {
        File.Delete(lab.Of("holidays"));
        lab.SomeDay("2026-07-01");
        var (code, errors) = lab.Run("2026-07-02 04:00:00");
        Assert.Equal(RunCode.WithWarnings, code);
        Assert.Contains("all time is taken for non-prime", errors);
        var daemon = RunLab.Tacct(lab.Sum("tacct0702"))[(1, "daemon")];
        Assert.Equal((0, 70_000), (daemon.Prime.CpuMicroseconds, daemon.NonPrime.CpuMicroseconds));
        Assert.Equal((0, 9_000_000_000), (daemon.Prime.ConnectMicroseconds, daemon.NonPrime.ConnectMicroseconds));
        Assert.Contains("all time is taken for non-prime", lab.Text(lab.Nite("log")));

        lab.Options = lab.Options with { Compat = true };
        lab.SomeDay("2026-07-02");
        Assert.Equal(RunCode.WithWarnings, lab.Run("2026-07-03 04:00:00").Code);
        var classic = RunLab.Tacct(lab.Sum("tacct0703")).Values.Single();
        Assert.Equal((0, 0, 12_500), (classic.Processes, classic.Sessions, classic.FeeMilliunits));
        Assert.StartsWith("COMPLETE", lab.Text(lab.Paths.StateFile));
    }

    /// <summary>
    /// T-R2: PROCESS named again with one piece there and the other empty or damaged. No piece is added to what is
    /// there: both are whole again, whatever they were, and the day is charged once.
    /// </summary>
    [Theory]
    [InlineData(false, "", "")]
    [InlineData(true, "", "")]
    [InlineData(false, "ptacct1", "rubbish")]
    [InlineData(false, "ptacct2", null)]
    public void PiecesOfProcess_AreMadeWholeAgain(bool compat, string damaged, string? with)
    {
        using var pieces = new RunLab(journalFileBytes: 1024);
        pieces.Options = pieces.Options with { Compat = compat };
        for (var block = 0; block < 40; block++)
        {
            for (var exit = 0; exit < 25; exit++)
            {
                pieces.Exit(1, $"2026-07-01 10:{block:00}:{exit:00}", (ulong)(block * exit), 10, $"c{block * 7 % 13}");
            }

            pieces.Count($"2026-07-01 10:{block:00}:40");
        }

        var check = new AccountingCheck(pieces.Options, pieces.Io("2026-07-01 12:00:00", TextWriter.Null));
        Assert.Equal(RunCode.Done, check.Run(limitBytes: 0));
        pieces.SomeDay("2026-07-01");
        Directory.CreateDirectory(pieces.Paths.DayTacct);
        Assert.Equal(RunCode.Failed, pieces.Run("2026-07-02 04:00:00").Code);
        Directory.Delete(pieces.Paths.DayTacct);
        var whole = ((string[])["ptacct1", "ptacct2"]).ToDictionary(
            name => name, name => File.ReadAllBytes(pieces.Nite(name + ".0702")));
        var name = damaged.Length > 0 ? damaged : "ptacct2";
        if (with is null)
        {
            File.Delete(pieces.Nite(name + ".0702"));
        }
        else
        {
            File.WriteAllText(pieces.Nite(name + ".0702"), with);
        }

        // Nothing is done again behind MERGE's back: what is damaged is said.
        if (with == "rubbish")
        {
            Assert.Equal(RunCode.Failed, pieces.Restart("2026-07-02 05:00:00", "2026-07-02").Code);
        }

        // It ends before MERGE again, so that the pieces can be seen.
        Directory.CreateDirectory(pieces.Paths.DayTacct);
        Assert.Equal(
            RunCode.Failed, pieces.Restart("2026-07-02 05:00:00", "2026-07-02", RunState.Process).Code);
        Directory.Delete(pieces.Paths.DayTacct);
        Assert.All(whole, piece => Assert.Equal(piece.Value, File.ReadAllBytes(pieces.Nite(piece.Key + ".0702"))));
        Assert.Equal(RunCode.Done, pieces.Restart("2026-07-02 05:00:00", "2026-07-02").Code);
        Assert.Equal(1002, RunLab.Tacct(pieces.Paths.SumTacct)[(1, "daemon")].Processes);
    }

    [Fact]
    public void ADayThatIsDoneAgain_CountsOnce()
    {
        lab.SomeDay("2026-07-01");
        lab.Run("2026-07-02 04:00:00");
        lab.SomeDay("2026-07-02");
        lab.Run("2026-07-03 04:00:00");
        var before = lab.Kept();
        foreach (var state in (RunState[])[RunState.Setup, RunState.WtmpFix, RunState.Fees, RunState.MergeTacct])
        {
            Assert.Equal(RunCode.Done, lab.Restart("2026-07-03 04:00:00", "2026-07-03", state).Code);
            Assert.Equal(before, lab.Kept());
        }

        Assert.Equal(RunCode.Done, lab.Restart("2026-07-03 04:00:00", "2026-07-02", RunState.Connect).Code);
        foreach (var name in (string[])["sum/tacct", "sum/tacct0702", "sum/cms", "sum/cms0702"])
        {
            Assert.Equal(before[name], lab.Kept()[name]);
        }
    }

    [Theory]
    [InlineData("echo day $1 > $0.out; exit 0", (int)RunCode.Done, "")]
    [InlineData("echo to log; exit 7", (int)RunCode.WithWarnings, "ended with 7")]
    [InlineData("sleep 100", (int)RunCode.WithWarnings, "it was killed")]
    public void TheSitesProgram_IsRunWithTheDay(string script, int expected, string message)
    {
        File.WriteAllText(lab.Of("runacct.local"), $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(lab.Of("runacct.local"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        lab.Options = lab.Options with { UserExitTime = TimeSpan.FromSeconds(message.Contains("kill") ? 1 : 60) };
        lab.SomeDay("2026-07-01");
        var (code, errors) = lab.Run("2026-07-02 04:00:00");
        Assert.Equal((RunCode)expected, code);
        Assert.Contains(message, errors);
        Assert.Equal(script.Contains("$0.out") ? "day 0702\n" : "(not there)", lab.Text(lab.Of("runacct.local.out")));
        Assert.StartsWith("COMPLETE", lab.Text(lab.Paths.StateFile));
    }

    [Theory]
    [InlineData("0702", "2026-07-10", "2026-07-02")]
    [InlineData("1231", "2026-07-10", "2025-12-31")]
    [InlineData("0710", "2026-07-10", "2026-07-10")]
    [InlineData("0711", "2026-07-10", "2025-07-11")]
    [InlineData("0229", "2026-07-10", "2024-02-29")]
    [InlineData("2026-07-02", "2026-07-10", "2026-07-02")]
    [InlineData("0000", "2026-07-10", null)]
    [InlineData("1301", "2026-07-10", null)]
    [InlineData("702", "2026-07-10", null)]
    [InlineData("", "2026-07-10", null)]
    public void ADayWithoutAYear_IsTheNewest(string text, string today, string? day) =>
        Assert.Equal(day, RunMarks.DayOf(text, DateOnly.Parse(today)) is { } known ? RunMarks.Text(known) : null);

    [Fact]
    public void CrashPoints_AreThereForEachState() => Assert.All(
        Enum.GetValues<RunState>().Where(state => state != RunState.Complete),
        state => Assert.Contains(CrashPoint.AfterState(RunMarks.WordOf(state).ToLowerInvariant()), CrashPoint.OfSuite));
}
