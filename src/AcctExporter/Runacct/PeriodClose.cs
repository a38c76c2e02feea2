// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Kernel;
using AcctExporter.Reports;
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>
/// The close of a period (<c>monacct</c>): its files in <c>fiscal</c> are whole before anything of its days goes. A
/// mark in <c>sum</c> says how far it is, so that one that was killed is finished by whichever run comes next.
/// </summary>
/// <param name="options">The settings.</param>
/// <param name="io">Messages and the clock.</param>
internal sealed class PeriodClose(RunOptions options, ReportIo io)
{
    /// <summary>The command's name.</summary>
    public const string Name = "monacct";

    private const int LongestName = 64;

    /// <summary>The place in a run at which a close can be killed.</summary>
    private const string Place = "close";

    private readonly SuitePaths paths = options.Paths;
    private readonly PeriodSums sums = new(options.Paths);
    private readonly RunLog log = new(options.Paths, io.Errors, Name);

    private string MarkPath => Path.Combine(paths.Sum, "closing");

    /// <summary>What is wrong with a period's name; null when nothing is.</summary>
    public static string? FaultOf(string period) =>
        period.Length is > 0 and <= LongestName && char.IsAsciiLetterOrDigit(period[0])
            && period.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.') ? null
            : "a period's name is made of letters, digits, '-', '_' and '.', and begins with a letter or digit: "
                + "2026-07";

    /// <summary>Closes the open period.</summary>
    /// <param name="period">Its name; null for the month of its days.</param>
    public RunCode Run(string? period)
    {
        try
        {
            paths.MakeFolders();
            using var held = AccountingLock.TryTake(paths.Lock, out var holder);
            if (held is null)
            {
                log.Say(RunLock.HeldBy(paths, holder));
                return RunCode.Locked;
            }

            var unfinished = RunMarks.Load(MarkPath, RunJson.Default.ClosingMark);
            var code = Finish();
            return unfinished is not null && (code == RunCode.Failed || period is null || period == unfinished.Period)
                ? code : Begin(period);
        }
        catch (RunFault fault)
        {
            log.Say(fault.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            log.Say($"{FileFault.Tell(error)}: mend that, and run it again; nothing is lost");
        }

        return RunCode.Failed;
    }

    /// <summary>Finishes a close that was killed, if there is one. The caller has the lock.</summary>
    public RunCode Finish()
    {
        try
        {
            if (RunMarks.Load(MarkPath, RunJson.Default.ClosingMark) is { } mark)
            {
                Close(mark);
            }

            return log.Warnings > 0 ? RunCode.WithWarnings : RunCode.Done;
        }
        catch (RunFault fault)
        {
            log.Error(fault.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            log.Error($"the close of the period is not finished: {FileFault.Tell(error)}: mend that, and run it again; "
                + "nothing is lost");
        }

        return RunCode.Failed;
    }

    private RunCode Begin(string? period)
    {
        var today = DateOnly.FromDateTime(io.Clock.GetLocalNow().DateTime);
        var marks = RunMarks.Read(paths, today);
        if (marks.State != RunState.Complete)
        {
            var day = marks.Day ?? today;
            throw new RunFault($"{RunMarks.Text(day)} is not finished (its next state is {marks.StateWord}): run "
                + $"`runacct {SuitePaths.MonthAndDay(day)}` first");
        }

        var days = sums.Days("tacct");
        if (days.Count == 0)
        {
            throw new RunFault($"there is no day in {paths.Sum}: there is nothing to close");
        }

        period ??= options.Compat ? today.ToString("MM", CultureInfo.InvariantCulture) : NameOf(days, today);
        if (!options.Compat && File.Exists(paths.OfFiscal("tacct", period)))
        {
            throw new RunFault($"{paths.OfFiscal("tacct", period)} is there: {period} is closed already; give this "
                + $"period another name, as in `monacct {period}b`");
        }

        var mark = new ClosingMark(period, io.Clock.GetUtcNow(), days, IsWritten: false);
        RunMarks.Save(MarkPath, mark, RunJson.Default.ClosingMark);
        Close(mark);
        return log.Warnings > 0 ? RunCode.WithWarnings : RunCode.Done;
    }

    /// <summary>The month of the last day's own doings: its run comes behind it.</summary>
    private string NameOf(IReadOnlyList<string> days, DateOnly today)
    {
        var last = days.Select(mmdd => DayRecord.Load(Path.Combine(paths.Sum, "day" + mmdd))?.Day
            ?? RunMarks.DayOf(mmdd, today) ?? today).Max();
        return last.AddDays(-1).ToString("yyyy-MM", CultureInfo.InvariantCulture);
    }

    private void Close(ClosingMark mark)
    {
        CrashPoint.Reach(CrashPoint.BeforeState(Place));
        if (!mark.IsWritten)
        {
            Write(mark);
            mark = mark with { IsWritten = true };
            RunMarks.Save(MarkPath, mark, RunJson.Default.ClosingMark);
        }

        CrashPoint.Reach(CrashPoint.AfterState(Place));
        foreach (var mmdd in mark.Days)
        {
            foreach (var name in (IEnumerable<string>)
                [.. DayArchive.Inputs, "tacct", "gtacct", "cms", "rprt", "day"])
            {
                SuiteFile.Delete(Path.Combine(paths.Sum, name + mmdd));
            }
        }

        foreach (var name in (ReadOnlySpan<string>)["tacctprev", "gtacctprev", "cmsprev"])
        {
            SuiteFile.Delete(Path.Combine(paths.Sum, name));
        }

        // A file of nothing is a table of nobody.
        SuiteFile.Put(paths.SumTacct, []);
        SuiteFile.Put(paths.SumCms, []);
        if (File.Exists(Path.Combine(paths.Sum, "gtacct")))
        {
            SuiteFile.Put(Path.Combine(paths.Sum, "gtacct"), []);
        }

        SuiteFile.Delete(MarkPath);
    }

    private void Write(ClosingMark mark)
    {
        // By the classic rules sum/tacct is what counts, whatever its days say.
        var tacct = options.Compat ? new UserTable<TacctSums>() : sums.Tacct(mark.Days);
        var cms = options.Compat ? TacctFiles.EmptySummary() : sums.Cms(mark.Days);
        if (options.Compat)
        {
            TacctFiles.Add(paths.SumTacct, tacct, "");
            TacctFiles.Add(paths.SumCms, cms, "");
        }

        SuiteFile.Put(paths.OfFiscal("tacct", mark.Period), file => TacctFile.Write(file, tacct));
        if (sums.Days("gtacct").Count > 0)
        {
            var groups = sums.Tacct(mark.Days, "gtacct");
            SuiteFile.Put(paths.OfFiscal("gtacct", mark.Period), file => TacctFile.Write(file, groups));
        }

        SuiteFile.Put(paths.OfFiscal("cms", mark.Period), file => CmsFile.Write(file, cms));
        var head = new ReportHead(
            Environment.MachineName, TimeZoneInfo.ConvertTime(mark.At, io.Clock.LocalTimeZone));
        SuiteFile.Put(paths.OfFiscal("fiscrpt", mark.Period), file => FiscalReport.Write(
            file, paths, mark.Period, head, options.Compat, log.Warn));
    }
}
