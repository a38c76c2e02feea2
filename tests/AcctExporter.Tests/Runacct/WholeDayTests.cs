// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Runacct;
using AcctExporter.Suite;
using AcctExporter.Tests.Logins;

namespace AcctExporter.Tests.Runacct;

/// <summary>A day with each of its inputs: what is charged for it, and what it comes to when it is made anew.</summary>
public sealed class WholeDayTests : IDisposable
{
    private const long Hour = 3600_000_000;

    private readonly RunLab lab = new();

    public WholeDayTests()
    {
        File.WriteAllText(lab.Of("page_log"), "DeskJet bin 1 [01/Jul/2026:19:21:05 +0000] 1 9 acme-123\n");
        lab.Options = lab.Options with { Suite = lab.Options.Suite with { Groups = true } };
        lab.SomeDay("2026-07-01");
        Assert.Equal((RunCode.Done, ""), lab.Run("2026-07-02 04:00:00"));
    }

    public void Dispose() => lab.Dispose();

    [Fact]
    public void EachInput_IsChargedOnce_WhicheverStateIsDoneAgain()
    {
        TwoDays();
        Charged();
        var before = lab.Kept();
        foreach (var state in (RunState[])
            [RunState.Setup, RunState.Connect, RunState.Fees, RunState.Disk, RunState.QueueAcct, RunState.Cms])
        {
            Assert.Equal(RunCode.Done, lab.Restart("2026-07-04 05:00:00", "2026-07-04", state).Code);
            Assert.Equal(RunCode.Done, lab.Restart("2026-07-04 05:00:00", "2026-07-03", state).Code);
            Charged();
            foreach (var name in (string[])["sum/tacct", "sum/gtacct", "sum/cms", "sum/tacct0703", "sum/gtacct0703"])
            {
                Assert.Equal((state, name, before[name]), (state, name, lab.Kept()[name]));
            }
        }
    }

    [Fact]
    public void MadeAnew_ItIsEqual()
    {
        TwoDays();
        var before = lab.Kept();
        foreach (var day in (string[])["2026-07-02", "2026-07-03", "2026-07-04"])
        {
            var (code, output, errors) = lab.Rebuild("2026-07-04 09:00:00", day);
            Assert.Equal((RunCode.Done, ""), (code, errors));
            Assert.Contains("equal", output);
        }

        Assert.Equal(before, lab.Kept());

        // What is put in its place is all of it: users, groups, commands, and the period.
        foreach (var name in (string[])["tacct", "gtacct", "cms"])
        {
            File.Copy(lab.Sum(name), lab.Sum(name + "0703"), overwrite: true);
            File.Copy(lab.Sum(name + "0702"), lab.Sum(name), overwrite: true);
        }

        var damaged = lab.Kept();
        Assert.Equal(RunCode.Failed, lab.Rebuild("2026-07-04 09:00:00", "2026-07-03").Code);
        Assert.Equal(damaged, lab.Kept());
        Assert.Equal(RunCode.Done, lab.Rebuild("2026-07-04 09:00:00", "2026-07-03", replace: true).Code);
        foreach (var name in (string[])
            ["sum/tacct0703", "sum/gtacct0703", "sum/cms0703", "sum/tacct", "sum/gtacct", "sum/cms"])
        {
            Assert.Equal((name, before[name]), (name, lab.Kept()[name]));
        }
    }

    [Fact]
    public void OnlyTheCommandsDiffer_AndThatIsSaid()
    {
        TwoDays();
        File.Copy(lab.Sum("cms"), lab.Sum("cms0703"), overwrite: true);
        var (code, output, _) = lab.Rebuild("2026-07-04 09:00:00", "2026-07-03");
        Assert.Equal(RunCode.Failed, code);
        Assert.Contains("is not what was charged", output);
    }

    /// <summary>The next period begins with nothing, also for groups and by the classic rules.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TheNextPeriod_BeginsWithNothing(bool compat)
    {
        lab.Options = lab.Options with { Compat = compat };
        TwoDays();
        var (users, groups) = (RunLab.Tacct(lab.Paths.SumTacct), RunLab.Tacct(lab.Sum("gtacct")));
        Assert.Equal((4, 4), (users[(1, "daemon")].Processes, groups[(1, "daemon")].Processes));
        Assert.Equal(RunCode.Done, lab.Close("2026-07-04 05:00:00", "07").Code);
        Assert.Equal(users, RunLab.Tacct(lab.Fiscal("tacct07")));
        Assert.Equal(groups, RunLab.Tacct(lab.Fiscal("gtacct07")));
        lab.SomeDay("2026-07-04");
        Assert.Equal(RunCode.Done, lab.Run("2026-07-05 04:00:00").Code);
        foreach (var name in (string[])["tacct", "gtacct", "tacct0705", "gtacct0705"])
        {
            Assert.Equal((name, 2L), (name, (long)RunLab.Tacct(lab.Sum(name))[(1, "daemon")].Processes));
        }

        Assert.Empty(RunLab.Tacct(lab.Sum("tacctprev")));
    }

    /// <summary>SETUP fails behind its takings: what comes then is of the next day.</summary>
    [Fact]
    public void WhatComesAfterItWasTaken_IsOfTheNextDay()
    {
        Inputs();
        Directory.CreateDirectory(lab.Nite("day.0703.new"));
        Assert.Equal(RunCode.Failed, lab.Run("2026-07-03 04:00:00").Code);
        Directory.Delete(lab.Nite("day.0703.new"));
        Assert.True(File.Exists(lab.Nite("disktacct.0703")));
        Inputs();
        Assert.Equal(RunCode.Done, lab.Run("2026-07-03 05:00:00").Code);
        Assert.Equal(RunCode.Done, lab.Run("2026-07-04 04:00:00").Code);
        foreach (var name in (string[])["tacct0703", "tacct0704"])
        {
            var bin = RunLab.Tacct(lab.Sum(name))[(2, "bin")];
            Assert.Equal((name, 4_000L, 51_200L, 1L), (name, bin.FeeMilliunits, bin.DiskBytes, bin.DiskSamples));
            Assert.Equal((name, 15_500L), (name, RunLab.Tacct(lab.Sum(name))[(1, "daemon")].FeeMilliunits));
        }

        Assert.Equal(6, RunLab.Tacct(lab.Paths.SumTacct)[(1, "daemon")].PrintedPages);
    }

    private void TwoDays()
    {
        Inputs();
        lab.Logged(LoginLab.Login("bin", "pts/2", lab.At("2026-07-02 22:00:00").ToUnixTimeSeconds()));
        Assert.Equal(RunCode.Done, lab.Run("2026-07-03 04:00:00").Code);
        lab.Logged(LoginLab.Logout("pts/2", lab.At("2026-07-03 05:00:00").ToUnixTimeSeconds()));
        Assert.Equal(RunCode.Done, lab.Run("2026-07-04 04:00:00").Code);
    }

    private void Inputs()
    {
        lab.SomeDay("2026-07-02");
        File.AppendAllText(lab.Of("page_log"), "DeskJet daemon 2 [02/Jul/2026:19:21:05 +0000] 1 3 acme-123\n");
        File.WriteAllText(Path.Combine(lab.Paths.FeeDrop, "backups"), "daemon 3\n");
        File.WriteAllText(Path.Combine(lab.Paths.FeeDrop, "copies"), "bin 4\n");
        var samples = new UserTable<TacctSums>();
        samples.Of(2, "bin"u8).Add(new TacctSums { DiskBytes = 51_200, DiskSamples = 1 });
        using var disk = File.Create(lab.Paths.DiskTacct);
        TacctFile.Write(disk, samples);
    }

    private void Charged()
    {
        var sums = RunLab.Tacct(lab.Sum("tacct0703"));
        var (daemon, bin) = (sums[(1, "daemon")], sums[(2, "bin")]);
        Assert.Equal((2, 15_500, 3), (daemon.Processes, daemon.FeeMilliunits, daemon.PrintedPages));
        Assert.Equal((4_000, 51_200, 1), (bin.FeeMilliunits, bin.DiskBytes, bin.DiskSamples));
        Assert.Equal((0, 6 * Hour), (bin.Prime.ConnectMicroseconds, bin.NonPrime.ConnectMicroseconds));
        Assert.Equal(
            Hour, RunLab.Tacct(lab.Sum("tacct0704"))[(2, "bin")].NonPrime.ConnectMicroseconds);
        Assert.Equal(7 * Hour, RunLab.Tacct(lab.Paths.SumTacct)[(2, "bin")].NonPrime.ConnectMicroseconds);
        var group = RunLab.Tacct(lab.Sum("gtacct0703"))[(1, "daemon")];
        Assert.Equal((2, 15_500, 3), (group.Processes, group.FeeMilliunits, group.PrintedPages));
    }
}
