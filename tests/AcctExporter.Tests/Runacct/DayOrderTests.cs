// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Runacct;
using AcctExporter.Suite;

namespace AcctExporter.Tests.Runacct;

/// <summary>Days out of their order, done again, of another year, without marks: each is charged once.</summary>
public sealed class DayOrderTests : IDisposable
{
    private readonly RunLab lab = new();

    public void Dispose() => lab.Dispose();

    /// <summary>An older day that is taken again from its beginning leaves where the newest one ended.</summary>
    [Fact]
    public void AnOlderDayDoneAgain_ChargesNothingOfLaterOnes()
    {
        TwoDays();
        Assert.Equal(File.ReadAllBytes(lab.Sum("cms0702")), File.ReadAllBytes(lab.Sum("cmsprev")));
        Assert.Equal(RunCode.Done, lab.Restart("2026-07-03 05:00:00", "2026-07-02", RunState.Setup).Code);
        lab.SomeDay("2026-07-03");
        Assert.Equal(RunCode.Done, lab.Run("2026-07-04 04:00:00").Code);
        var day = RunLab.Tacct(lab.Sum("tacct0704"))[(1, "daemon")];
        Assert.Equal((2, 1, 12_500), (day.Processes, day.Sessions, day.FeeMilliunits));
        Assert.Equal(6, RunLab.Tacct(lab.Paths.SumTacct)[(1, "daemon")].Processes);
    }

    /// <summary>The sum of a day of last year, whose period was never closed, is not written over.</summary>
    [Fact]
    public void ADayOfLastYear_IsNotWrittenOver()
    {
        lab.SomeDay("2025-07-01");
        Assert.NotEqual(RunCode.Failed, lab.Run("2025-07-02 04:00:00").Code);
        var before = lab.Kept();
        lab.SomeDay("2026-07-01");
        var (code, errors) = lab.Run("2026-07-02 04:00:00");
        Assert.Equal(RunCode.Failed, code);
        Assert.Contains("tacct0702 is of 2025-07-02: close its period with monacct", errors);
        Assert.Equal(before, lab.Kept());
        Assert.Equal(RunCode.Done, lab.Close("2026-07-02 04:00:00").Code);
        Assert.Equal(RunCode.Done, lab.Run("2026-07-02 04:00:00").Code);
        Assert.Equal(2, RunLab.Tacct(lab.Paths.SumTacct)[(1, "daemon")].Processes);
    }

    /// <summary>Nor are its marks taken for those of this year's.</summary>
    [Fact]
    public void AnUnfinishedDayOfLastYear_IsNotGoneOnWith()
    {
        lab.SomeDay("2025-07-01");
        Directory.CreateDirectory(lab.Paths.DayTacct);
        Assert.Equal(RunCode.Failed, lab.Run("2025-07-02 04:00:00").Code);
        Directory.Delete(lab.Paths.DayTacct);
        // Somebody gave it up.
        File.Delete(lab.Paths.StateFile);
        lab.SomeDay("2026-07-01");
        var (code, errors) = lab.Run("2026-07-02 04:00:00");
        Assert.Equal(RunCode.Failed, code);
        Assert.Contains("is of 2025-07-02, which is not finished: move it and the other files of that name", errors);
        Assert.False(File.Exists(lab.Paths.SumTacct));
    }

    [Fact]
    public void AnotherDayThanTheUnfinishedOne_Waits()
    {
        lab.SomeDay("2026-07-01");
        Assert.Equal(RunCode.Done, lab.Run("2026-07-02 04:00:00").Code);
        lab.SomeDay("2026-07-02");
        Directory.CreateDirectory(lab.Paths.DayTacct + ".new");
        Assert.Equal(RunCode.Failed, lab.Run("2026-07-03 04:00:00").Code);
        Directory.Delete(lab.Paths.DayTacct + ".new");
        var (code, errors) = lab.Restart("2026-07-03 05:00:00", "2026-07-02", RunState.Merge);
        Assert.Equal(RunCode.Failed, code);
        Assert.Contains("2026-07-03 is not finished (its next state is MERGE): run `runacct 0703` first", errors);

        // The run of the same day finishes it, and begins no other.
        Assert.Equal((RunCode.Done, ""), lab.Run("2026-07-03 06:00:00"));
        Assert.Equal(4, RunLab.Tacct(lab.Paths.SumTacct)[(1, "daemon")].Processes);
    }

    /// <summary>Without its marks a day that is done is known by its record.</summary>
    [Fact]
    public void ADayWhoseMarksAreLost_IsNotRunAgain()
    {
        TwoDays();
        File.Delete(lab.Paths.LastDate);
        File.Delete(lab.Paths.StateFile);
        Assert.Equal(RunCode.AlreadyRun, lab.Run("2026-07-03 06:00:00").Code);
        lab.SomeDay("2026-07-03");
        Assert.Equal(RunCode.Done, lab.Run("2026-07-04 04:00:00").Code);
        Assert.Equal(6, RunLab.Tacct(lab.Paths.SumTacct)[(1, "daemon")].Processes);
    }

    /// <summary>A close that was begun is finished by the next one, whatever that is asked for.</summary>
    [Theory]
    [InlineData(false, null)]
    [InlineData(false, "07")]
    [InlineData(true, null)]
    public void ABegunClose_IsFinished_AndIsTheClose(bool written, string? period)
    {
        TwoDays();
        var users = RunLab.Tacct(lab.Paths.SumTacct);
        if (written)
        {
            // The period's files are whole, and its first day is gone.
            File.Copy(lab.Paths.SumTacct, lab.Fiscal("tacct07"));
            File.Copy(lab.Paths.SumCms, lab.Fiscal("cms07"));
            File.Delete(lab.Sum("tacct0702"));
        }

        RunMarks.Save(
            lab.Sum("closing"), new ClosingMark("07", lab.At("2026-07-03 05:00:00"), ["0702", "0703"], written),
            RunJson.Default.ClosingMark);
        Assert.Equal((RunCode.Done, ""), lab.Close("2026-07-03 05:00:00", period));
        Assert.Equal(users, RunLab.Tacct(lab.Fiscal("tacct07")));
        Assert.Empty(RunLab.Tacct(lab.Paths.SumTacct));
        Assert.Empty(Directory.GetFiles(lab.Paths.Sum, "*070?"));
    }

    private void TwoDays()
    {
        lab.SomeDay("2026-07-01");
        Assert.Equal((RunCode.Done, ""), lab.Run("2026-07-02 04:00:00"));
        lab.SomeDay("2026-07-02");
        Assert.Equal((RunCode.Done, ""), lab.Run("2026-07-03 04:00:00"));
    }
}
