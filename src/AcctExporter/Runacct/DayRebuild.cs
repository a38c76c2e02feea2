// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AcctExporter.Kernel;
using AcctExporter.Reports;
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>
/// Makes a finished day anew (<c>runacct --rebuild</c>), from the journal and from what else it was made of, beside the
/// suite's files, and compares.
/// </summary>
/// <param name="options">The settings.</param>
/// <param name="io">Where it tells, and the clock.</param>
internal sealed class DayRebuild(RunOptions options, ReportIo io)
{
    private const int MostShown = 50;

    /// <summary>What the day is made of anew.</summary>
    private static readonly RunState[] States =
    [
        RunState.WtmpFix, RunState.Connect, RunState.Process, RunState.Merge, RunState.Fees, RunState.Disk,
        RunState.QueueAcct,
    ];

    private readonly SuitePaths paths = options.Paths;
    private readonly RunLog log = new(options.Paths, io.Errors, DailyRun.Name);

    private string Scratch => Path.Combine(paths.Nite, "rebuild");

    /// <summary>Compares a day with what it comes to now.</summary>
    /// <param name="day">The day.</param>
    /// <param name="replace">Put what is made anew in the place of what there is, and add the period up again.</param>
    /// <returns>
    /// Done when both are equal, or the new one is in place; Failed when they differ or it cannot be.
    /// </returns>
    public RunCode Run(DateOnly day, bool replace)
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

            if (new PeriodClose(options, io).Finish() == RunCode.Failed)
            {
                return RunCode.Failed;
            }

            return Compare(day, replace);
        }
        catch (RunFault fault)
        {
            log.Say(fault.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            log.Say($"{FileFault.Tell(error)}: the day's files are as they were");
        }

        return RunCode.Failed;
    }

    private RunCode Compare(DateOnly day, bool replace)
    {
        var archive = new DayArchive(paths, day);
        if (archive.Record() is not { } record || record.Day != day)
        {
            throw new RunFault($"there is no finished day {RunMarks.Text(day)} in {paths.Sum}: it was not run, is not "
                + "finished, or its period is closed");
        }

        if (archive.WhyNotAgain(options.StoragePath) is { } why)
        {
            throw new RunFault($"{RunMarks.Text(day)} cannot be made anew: {why}");
        }

        SuiteFile.Delete(Scratch);
        try
        {
            var made = Make(record);
            var isEqual = Tell(day, made);
            if (isEqual || !replace)
            {
                return isEqual ? RunCode.Done : RunCode.Failed;
            }

            Replace(made);
            return RunCode.Done;
        }
        finally
        {
            SuiteFile.Delete(Scratch);
        }
    }

    /// <summary>Does the day's states in a folder of its own.</summary>
    private DayContext Make(DayRecord record)
    {
        var apart = options with { Suite = options.Suite with { Path = Scratch } };
        var context = new DayContext(apart, record.Day, log, io) { Record = record with { States = [] } };
        context.Paths.MakeFolders();
        foreach (var name in DayArchive.Inputs)
        {
            Copy(paths.OfSum(name, record.Day), context.Nite(name));
        }

        var states = new DayStates(context);
        foreach (var state in States)
        {
            states.Do(state);
        }

        return context;
    }

    private static void Copy(string from, string to)
    {
        if (Directory.Exists(from))
        {
            Directory.CreateDirectory(to);
            foreach (var file in Directory.EnumerateFiles(from))
            {
                File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
            }
        }
        else if (File.Exists(from))
        {
            File.Copy(from, to);
        }
    }

    /// <summary>Tells whether both are equal, and where they differ.</summary>
    private bool Tell(DateOnly day, DayContext made)
    {
        var (old, anew) = (new UserTable<TacctSums>(), new UserTable<TacctSums>());
        var (oldCommands, newCommands) = (TacctFiles.EmptySummary(), DayProcess.Commands(made));
        var lines = new List<string>();
        Read(() => TacctFiles.Add(paths.OfSum("tacct", day), old, ""), paths.OfSum("tacct", day), lines);
        Read(() => TacctFiles.Add(paths.OfSum("cms", day), oldCommands, ""), paths.OfSum("cms", day), lines);
        TacctFiles.Add(made.Paths.DayTacct, anew, "");
        TacctDifference.Users(old, anew, lines);
        TacctDifference.Commands(oldCommands, newCommands, lines);
        var text = new StringBuilder();
        foreach (var line in lines.Take(MostShown))
        {
            text.Append(line).Append('\n');
        }

        if (lines.Count > MostShown)
        {
            text.Append(CultureInfo.InvariantCulture, $"and {lines.Count - MostShown} more differences\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"{RunMarks.Text(day)}: ").Append(lines.Count == 0
            ? $"equal: {anew.Count} users, {newCommands.Count} commands\n"
            : "what the journal and the logins come to now is not what was charged\n");
        io.Output.Write(Encoding.UTF8.GetBytes(text.ToString()));
        return lines.Count == 0;
    }

    private static void Read(Func<bool> read, string path, List<string> lines)
    {
        try
        {
            if (!read())
            {
                lines.Add($"{path}: is not there");
            }
        }
        catch (RunFault fault)
        {
            lines.Add(fault.Message);
        }
    }

    private void Replace(DayContext made)
    {
        using (var file = File.OpenRead(made.Paths.DayTacct))
        {
            SuiteFile.Put(paths.OfSum("tacct", made.Day), file.CopyTo);
        }

        if (options.Suite.Groups)
        {
            using var groups = File.OpenRead(DayMerge.GroupsPath(made));
            SuiteFile.Put(paths.OfSum("gtacct", made.Day), groups.CopyTo);
        }

        var commands = DayProcess.Commands(made);
        SuiteFile.Put(paths.OfSum("cms", made.Day), file => CmsFile.Write(file, commands));
        var sums = new PeriodSums(paths);
        sums.WriteTacct(made.Mmdd);
        if (options.Suite.Groups)
        {
            sums.WriteTacct(made.Mmdd, "gtacct");
        }

        sums.WriteCms(made.Mmdd);
        log.Say($"{RunMarks.Text(made.Day)} was replaced, and the period added up again");
    }
}
