// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Journal;
using AcctExporter.Runacct;
using AcctExporter.Suite;

namespace AcctExporter.Tests.Runacct;

/// <summary>The close of a period, and days that are made anew.</summary>
public sealed class PeriodTests : IDisposable
{
    private readonly RunLab lab = new();

    public void Dispose() => lab.Dispose();

    /// <summary>T-R8.</summary>
    [Fact]
    public void AClose_PutsThePeriodAway()
    {
        TwoDays();
        var (users, commands) = (lab.Text(lab.Paths.SumTacct), lab.Text(lab.Paths.SumCms));
        Assert.Equal((RunCode.Done, ""), lab.Close("2026-07-03 05:00:00", "07"));
        Assert.Equal(users, lab.Text(lab.Fiscal("tacct07")));
        Assert.Equal(commands, lab.Text(lab.Fiscal("cms07")));
        Assert.Contains("FISCAL", lab.Text(lab.Fiscal("fiscrpt07")));
        Assert.Equal(("", ""), (lab.Text(lab.Paths.SumTacct), lab.Text(lab.Paths.SumCms)));
        Assert.Equal(
            ["cms", "daycms", "loginlog", "tacct"],
            Directory.GetFiles(lab.Paths.Sum).Select(path => Path.GetFileName(path)!).Order());

        var (code, errors) = lab.Close("2026-07-03 05:00:00");
        Assert.Equal(RunCode.Failed, code);
        Assert.Contains("there is nothing to close", errors);
        lab.SomeDay("2026-07-03");
        Assert.Equal(RunCode.Done, lab.Run("2026-07-04 04:00:00").Code);
        Assert.Equal(2, RunLab.Tacct(lab.Paths.SumTacct)[(1, "daemon")].Processes);
    }

    [Fact]
    public void APeriod_IsNamedByItsDays_AndIsNotOverwritten()
    {
        lab.SomeDay("2026-07-31");
        lab.Run("2026-08-01 04:00:00");
        Assert.Equal(RunCode.Done, lab.Close("2026-08-01 05:00:00").Code);
        Assert.True(File.Exists(lab.Fiscal("tacct2026-07")));

        lab.SomeDay("2026-07-31");
        lab.Run("2026-08-02 04:00:00");
        var before = lab.Kept();
        var (code, errors) = lab.Close("2026-08-02 05:00:00", "2026-07");
        Assert.Equal(RunCode.Failed, code);
        Assert.Contains("2026-07 is closed already", errors);
        Assert.Equal(before, lab.Kept());

        // By the classic rules it has the month of today, and is written over.
        lab.Options = lab.Options with { Compat = true };
        Assert.Equal(RunCode.Done, lab.Close("2026-08-02 05:00:00").Code);
        Assert.True(File.Exists(lab.Fiscal("tacct08")));
    }

    /// <summary>By hand a period has the name that the agent gives it.</summary>
    [Theory]
    [InlineData("monthly", "2026-07-31", "2026-08-01", "2026-07")]
    [InlineData("monthly", "2026-07-31", "2026-08-03", "2026-07")]
    [InlineData("04-01,10-01", "2026-07-31", "2026-08-01", "2026-04-01")]
    [InlineData("04-01,10-01", "2026-10-01", "2026-10-02", "2026-04-01")]
    [InlineData("2026-09-01", "2026-08-01", "2026-08-02", "before-2026-09-01")]
    [InlineData("off", "2026-08-01", "2026-08-02", "2026-07")]
    public void APeriod_IsNamedByTheSettings(string fiscal, string first, string last, string name)
    {
        lab.Options = lab.Options with
        {
            Suite = lab.Options.Suite with { Fiscal = FiscalPeriods.Parse(fiscal, out _)! },
        };
        lab.SomeDay("2026-07-30");
        lab.Run($"{first} 04:00:00");
        lab.Run($"{last} 04:00:00");
        Assert.Equal(RunCode.Done, lab.Close($"{last} 05:00:00").Code);
        Assert.Equal([lab.Fiscal("tacct" + name)], Directory.GetFiles(lab.Paths.Fiscal, "tacct*"));
    }

    [Theory]
    [InlineData("2026-07", true)]
    [InlineData("q3", true)]
    [InlineData("", false)]
    [InlineData("../x", false)]
    [InlineData("-x", false)]
    [InlineData("a b", false)]
    public void APeriodsName_StaysInItsFolder(string name, bool isGood) =>
        Assert.Equal(isGood, PeriodClose.FaultOf(name) is null);

    [Fact]
    public void AClose_Waits_WhileADayIsNotFinished()
    {
        lab.SomeDay("2026-07-01");
        Directory.CreateDirectory(lab.Paths.DayTacct);
        lab.Run("2026-07-02 04:00:00");
        var (code, errors) = lab.Close("2026-07-02 05:00:00");
        Assert.Equal(RunCode.Failed, code);
        Assert.Contains("2026-07-02 is not finished (its next state is MERGE)", errors);
    }

    [Fact]
    public void ADayMadeAnew_IsEqual_OrShowsWhoDiffers()
    {
        TwoDays();
        var before = lab.Kept();
        var (code, output, errors) = lab.Rebuild("2026-07-03 09:00:00", "2026-07-02");
        Assert.Equal((RunCode.Done, "2026-07-02: equal: 2 users, 3 commands\n", ""), (code, output, errors));
        Assert.Equal(before, lab.Kept());

        File.Copy(lab.Sum("tacctprev"), lab.Sum("tacct0703"), overwrite: true);
        File.Copy(lab.Sum("cms0702"), lab.Sum("cms0703"), overwrite: true);
        lab.Exit(2, "2026-07-03 10:00:00", 100, 5);
        lab.Count("2026-07-03 11:00:00");
        Assert.Equal(RunCode.Done, lab.Rebuild("2026-07-03 09:00:00", "2026-07-03").Code);
        File.Copy(lab.Fiscal("../nite/daytacct"), lab.Sum("tacct0703"), overwrite: true);
        Tamper();
        (code, output, _) = lab.Rebuild("2026-07-03 09:00:00", "2026-07-03");
        Assert.Equal(RunCode.Failed, code);
        Assert.Contains("user 1 daemon: fee_milliunits: 0, now 12500\n", output);
        Assert.Contains("2026-07-03: what the journal and the logins come to now is not what was charged\n", output);
        Assert.Equal(RunCode.Done, lab.Rebuild("2026-07-03 09:00:00", "2026-07-03", replace: true).Code);
        Assert.Equal(before, lab.Kept());
    }

    [Fact]
    public void ADayWhoseJournalIsGone_CannotBeMadeAnew()
    {
        TwoDays();
        foreach (var (_, path) in JournalFiles.List(lab.Of("storage/journal")))
        {
            File.Delete(path);
        }

        var before = lab.Kept();
        var (code, _, errors) = lab.Rebuild("2026-07-03 09:00:00", "2026-07-03");
        Assert.Equal(RunCode.Failed, code);
        Assert.Contains("cannot be made anew: the journal in", errors);
        (code, errors) = lab.Restart("2026-07-03 09:00:00", "2026-07-03", RunState.Process);
        Assert.Equal(RunCode.Failed, code);
        Assert.Contains("cannot be done again", errors);
        Assert.Equal(before, lab.Kept());

        (code, _, errors) = lab.Rebuild("2026-07-03 09:00:00", "2026-06-01");
        Assert.Equal(RunCode.Failed, code);
        Assert.Contains("there is no finished day 2026-06-01", errors);
    }

    [Fact]
    public void Groups_HaveProcessesByTheirs_AndTheRestByTheUsersOwn()
    {
        lab.Options = lab.Options with { Suite = lab.Options.Suite with { Groups = true } };
        TwoDays();
        var groups = RunLab.Tacct(lab.Sum("gtacct0703"));
        Assert.Equal((2, 1, 12_500), (
            groups[(1, "daemon")].Processes, groups[(1, "daemon")].Sessions, groups[(1, "daemon")].FeeMilliunits));
        Assert.Equal(1, groups[(2, "bin")].Processes);
        Assert.Equal(4, RunLab.Tacct(lab.Sum("gtacct"))[(1, "daemon")].Processes);
        Assert.Equal((RunCode.Done, ""), lab.Close("2026-07-03 05:00:00"));
        Assert.Equal(25_000, RunLab.Tacct(lab.Fiscal("gtacct2026-07"))[(1, "daemon")].FeeMilliunits);
    }

    private void TwoDays()
    {
        lab.SomeDay("2026-07-01");
        Assert.Equal((RunCode.Done, ""), lab.Run("2026-07-02 04:00:00"));
        lab.SomeDay("2026-07-02");
        Assert.Equal((RunCode.Done, ""), lab.Run("2026-07-03 04:00:00"));
    }

    /// <summary>Somebody takes a fee out of a day that was charged.</summary>
    private void Tamper()
    {
        var table = new UserTable<TacctSums>();
        using (var file = File.OpenRead(lab.Sum("tacct0703")))
        {
            TacctFile.Read(file, table);
        }

        table.Of(1, "daemon"u8).FeeMilliunits = 0;
        using var output = File.Create(lab.Sum("tacct0703"));
        TacctFile.Write(output, table);
    }
}
