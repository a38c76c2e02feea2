// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Runacct;
using AcctExporter.Suite;

namespace AcctExporter.Tests.Runacct;

/// <summary>What the daily run refuses, and what it says. Numbers T-R are those of the vectors.</summary>
public sealed class DailyRunRefusalTests : IDisposable
{
    private readonly RunLab lab = new();

    public void Dispose() => lab.Dispose();

    /// <summary>
    /// The day of another year is another day: what is there stays, and the last run is still a good one.
    /// </summary>
    [Theory]
    [InlineData(null)]
    [InlineData(RunState.WtmpFix)]
    public void ADayOfTheWrongYear_ChangesNothing(object? state)
    {
        lab.SomeDay("2026-07-01");
        lab.Run("2026-07-02 04:00:00");
        var (before, last) = (lab.Kept(), lab.Text(Path.Combine(lab.Paths.Nite, "lastrun")));
        var (code, errors) = lab.Restart("2026-07-02 05:00:00", "2025-07-02", (RunState?)state);
        Assert.Equal(RunCode.Failed, code);
        Assert.Contains("no run of 2025-07-02 was begun", errors, StringComparison.Ordinal);
        Assert.Equal(before, lab.Kept());
        Assert.Equal("COMPLETE\n2026-07-02\n", lab.Text(lab.Paths.StateFile));
        Assert.Equal(last, lab.Text(Path.Combine(lab.Paths.Nite, "lastrun")));
        Assert.True(File.Exists(lab.Paths.Active));
    }

    /// <summary>A day's file of nothing, as a broken disk leaves it, is no day without users.</summary>
    [Theory]
    [InlineData("tacct")]
    [InlineData("cms")]
    public void AnEmptyFileOfADay_IsTold(string name)
    {
        lab.SomeDay("2026-07-01");
        lab.Run("2026-07-02 04:00:00");
        File.WriteAllText(lab.Sum(name + "0702"), "");
        lab.SomeDay("2026-07-02");
        var (code, errors) = lab.Run("2026-07-03 04:00:00");
        Assert.Equal(RunCode.Failed, code);
        Assert.Contains(
            name + "0702 is empty: make it anew with `runacct --rebuild 0702", errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("logins", "runacct: SETUP: {0} is damaged")]
    [InlineData("statefile", "runacct: {0} says '?[31m?x', which is no state")]
    public void ADamagedFile_IsToldByItsName(string name, string told)
    {
        lab.SomeDay("2026-07-01");
        lab.Run("2026-07-02 04:00:00");
        var path = Path.Combine(lab.Paths.Nite, name);
        File.WriteAllBytes(path, "\u001b[31m\u007fx\n"u8.ToArray());
        var (code, errors) = lab.Run("2026-07-03 04:00:00");
        Assert.Equal(RunCode.Failed, code);
        Assert.Contains(string.Format(null, told, path), errors, StringComparison.Ordinal);
    }

    /// <summary>T-R1.</summary>
    [Theory]
    [InlineData(false, (int)RunCode.AlreadyRun)]
    [InlineData(true, (int)RunCode.Failed)]
    public void ASecondRunOfADay_IsRefused(bool compat, int code)
    {
        lab.Options = lab.Options with { Compat = compat };
        lab.SomeDay("2026-07-01");
        lab.Run("2026-07-02 04:00:00");
        var before = lab.Kept();
        lab.SomeDay("2026-07-02");

        Assert.Equal((RunCode)code, lab.Run("2026-07-02 23:00:00").Code);
        Assert.Equal(before, lab.Kept());
        Assert.Contains("ERROR: acctg already run for 2026-07-02", lab.Text(lab.Paths.Active));
        Assert.Equal(RunCode.AlreadyRun, lab.Restart("2026-07-02 23:00:00", "2026-07-02").Code);
    }

    [Fact]
    public void AClockThatWasSetBack_RunsNothing()
    {
        lab.SomeDay("2026-07-01");
        lab.Run("2026-07-02 04:00:00");
        var (code, errors) = lab.Run("2026-07-01 04:00:00");
        Assert.Equal(RunCode.AlreadyRun, code);
        Assert.Contains("2026-07-02 was run before, and the clock says 2026-07-01", errors);
    }

    [Fact]
    public void ADamagedFile_StopsTheRun_AndTheStateThatMadeItMendsIt()
    {
        lab.SomeDay("2026-07-01");
        lab.Run("2026-07-02 04:00:00");
        lab.SomeDay("2026-07-02");
        var whole = File.ReadAllBytes(lab.Sum("tacct0702"));
        File.WriteAllBytes(lab.Sum("tacct0702"), whole[..^9]);
        var (code, errors) = lab.Run("2026-07-03 04:00:00");
        Assert.Equal(RunCode.Failed, code);
        Assert.Contains("tacct0702 is damaged: make it anew with `runacct --rebuild 0702 --replace`", errors);

        Assert.Equal(RunCode.Done, lab.Rebuild("2026-07-03 04:00:00", "2026-07-02", replace: true).Code);
        Assert.Equal(whole, File.ReadAllBytes(lab.Sum("tacct0702")));
        Assert.Equal(RunCode.Done, lab.Restart("2026-07-03 04:00:00", "2026-07-03").Code);
        Assert.Equal(4, RunLab.Tacct(lab.Paths.SumTacct)[(1, "daemon")].Processes);
    }

    /// <summary>T-R5.</summary>
    [Fact]
    public void WithoutSpace_NothingIsBegun()
    {
        lab.SomeDay("2026-07-01");
        lab.Options = lab.Options with { Suite = lab.Options.Suite with { MinimumFreeBytes = long.MaxValue } };
        var (code, errors) = lab.Run("2026-07-02 04:00:00");
        Assert.Equal(RunCode.Failed, code);
        Assert.Contains("bytes are free, and more than", errors);
        Assert.Equal("(not there)", lab.Text(lab.Paths.StateFile));
        Assert.True(File.Exists(lab.Paths.Fee));
    }

    /// <summary>T-R5: at 500 free blocks it does not begin, at 501 it does; ours has a limit of its own.</summary>
    [Theory]
    [InlineData(true, 500 * 512, false)]
    [InlineData(true, 499 * 512, false)]
    [InlineData(true, (500 * 512) + 1, true)]
    [InlineData(false, 100_000, false)]
    [InlineData(false, 100_001, true)]
    public void FreeSpace_HasItsLimit(bool compat, long free, bool begins)
    {
        lab.SomeDay("2026-07-01");
        var run = new DailyRun(
            lab.Options with { Compat = compat, Suite = lab.Options.Suite with { MinimumFreeBytes = 100_000 } },
            lab.Io("2026-07-02 04:00:00", TextWriter.Null)) { FreeBytes = _ => free };
        Assert.Equal(begins ? RunCode.Done : RunCode.Failed, run.Run());
        Assert.Equal(begins, File.Exists(lab.Paths.StateFile));
        Assert.Equal(!begins, File.Exists(lab.Paths.Fee));
    }

    /// <summary>T-R7; an empty statefile is no day that is done.</summary>
    [Theory]
    [InlineData("MERGEACCT\n", "MERGEACCT")]
    [InlineData("", "")]
    public void AnUnknownState_IsRefused_AndNamedAgainGoesOn(string text, string word)
    {
        lab.SomeDay("2026-07-01");
        Directory.CreateDirectory(lab.Paths.DayTacct);
        lab.Run("2026-07-02 04:00:00");
        Directory.Delete(lab.Paths.DayTacct);
        File.WriteAllText(lab.Paths.StateFile, text);
        var (code, errors) = lab.Restart("2026-07-02 05:00:00", "2026-07-02");
        Assert.Equal(RunCode.Failed, code);
        Assert.Contains($"says '{word}', which is no state", errors);
        Assert.Contains($"says '{word}'", lab.Text(lab.Paths.Active + "0702"));
        Assert.Equal(RunCode.Done, lab.Restart("2026-07-02 05:00:00", "2026-07-02", RunState.Merge).Code);
        Assert.Equal(2, RunLab.Tacct(lab.Sum("tacct0702"))[(1, "daemon")].Processes);
    }

    [Fact]
    public void ADayThatWasNeverBegun_CannotBeRestarted()
    {
        var (code, errors) = lab.Restart("2026-07-03 04:00:00", "2026-07-01", RunState.Merge);
        Assert.Equal(RunCode.Failed, code);
        Assert.Contains("no run of 2026-07-01 was begun", errors);
    }

    [Fact]
    public void TheLock_RefusesASecondRun_WhichChangesNothing()
    {
        lab.SomeDay("2026-07-01");
        lab.Paths.MakeFolders();
        using (AccountingLock.TryTake(lab.Paths.Lock, out _))
        {
            var (code, errors) = lab.Run("2026-07-02 04:00:00");
            Assert.Equal(RunCode.Locked, code);
            Assert.Contains($"is held by process {Environment.ProcessId}", errors);
            Assert.Equal(RunCode.Locked, lab.Close("2026-07-02 04:00:00").Code);
            Assert.Equal(RunCode.Locked, lab.Rebuild("2026-07-02 04:00:00", "2026-07-02").Code);
            Assert.Equal("(not there)", lab.Text(lab.Paths.StateFile));
            Assert.True(File.Exists(lab.Paths.Fee));
        }

        Assert.Equal(RunCode.Done, lab.Run("2026-07-02 04:00:00").Code);
    }
}
