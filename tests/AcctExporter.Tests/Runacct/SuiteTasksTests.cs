// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Runacct;

namespace AcctExporter.Tests.Runacct;

/// <summary>The suite's runs as the agent does them, beside those that somebody does by hand.</summary>
public sealed class SuiteTasksTests : IDisposable
{
    private readonly RunLab lab = new();

    public void Dispose() => lab.Dispose();

    /// <summary>What was closed by hand is not written over: the rest of that period gets a name of its own.</summary>
    [Fact]
    public void APeriodThatWasClosedInPart_KeepsBothParts()
    {
        for (var day = 2; day <= 4; day++)
        {
            lab.SomeDay($"2026-07-0{day - 1}");
            Assert.Equal(RunCode.Done, lab.Run($"2026-07-0{day} 04:00:00").Code);
            Assert.Equal(
                RunCode.Done,
                day == 2 ? lab.Close("2026-07-02 05:00:00").Code
                    : Tasks($"2026-07-0{day} 05:00:00").Close("2026-07", TextWriter.Null));
        }

        foreach (var name in (string[])["tacct2026-07", "tacct2026-07.2", "tacct2026-07.3"])
        {
            Assert.Equal(2, RunLab.Tacct(lab.Fiscal(name))[(1, "daemon")].Processes);
        }
    }

    /// <summary>The first and last day are those by their dates, not by their names.</summary>
    [Fact]
    public void OpenDays_AreInOrderOverTheTurnOfTheYear()
    {
        Assert.Null(Tasks("2026-12-31 05:00:00").Look().FirstOpenDay);
        foreach (var day in (string[])["2026-12-31", "2027-01-01"])
        {
            lab.SomeDay(day);
            Assert.NotEqual(RunCode.Failed, lab.Run(day + " 04:00:00").Code);
        }

        var progress = Tasks("2027-01-01 05:00:00").Look();
        Assert.Equal(
            (new DateOnly(2026, 12, 31), new DateOnly(2027, 1, 1)), (progress.FirstOpenDay, progress.LastOpenDay));
        Assert.Equal((new DateOnly(2027, 1, 1), false), (progress.LastDay, progress.IsPending));
    }

    /// <summary>Whoever ran it: it is done.</summary>
    [Fact]
    public void ADayThatWasRunByHand_IsDone()
    {
        lab.SomeDay("2026-07-01");
        Assert.Equal(RunCode.Done, lab.Run("2026-07-02 04:00:00").Code);
        var before = lab.Kept();
        Assert.Equal(RunCode.Done, Tasks("2026-07-02 04:00:30").RunDay(TextWriter.Null));
        Assert.Equal(before, lab.Kept());
    }

    private SuiteTasks Tasks(string local) => new(lab.Options, lab.Io(local, TextWriter.Null).Clock);
}
