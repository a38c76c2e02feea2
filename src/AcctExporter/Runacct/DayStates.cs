// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Reports;
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>
/// The states of a day. SETUP takes; each other is a function of what is there before it, writes whole files, and can
/// be done again.
/// </summary>
/// <param name="context">The day.</param>
internal sealed class DayStates(DayContext context)
{
    private const string Passwd = "/etc/passwd";

    private readonly SuitePaths paths = context.Paths;
    private readonly PeriodSums sums = new(context.Paths);

    /// <summary>Some state of the day, in this run or before it was restarted, told of something.</summary>
    public bool HadWarnings { get; private set; }

    private ConnectFiles Logins => ConnectFiles.Of(paths, context.Day);

    private DayConnect Connect => new(
        Logins, context.Options.Suite.Logins.HolidaysFile, context.Options.Compat, LoginAccounts.OfHost(),
        context.Clock);

    /// <summary>Does one.</summary>
    /// <exception cref="RunFault">It cannot go on; why and what to do.</exception>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Do(RunState state)
    {
        if (state == RunState.Cleanup)
        {
            CleanUp();
            return;
        }

        var outcome = Work(state);
        Keep(state, outcome);
    }

    /// <summary>The record says that a state failed, as far as it can be written.</summary>
    public void Failed(RunState state)
    {
        try
        {
            if (context.Record is not null && File.Exists(context.RecordPath))
            {
                Keep(state, StateOutcome.Failed);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            context.Log.Say($"cannot write {FileFault.Tell(error)}");
        }
    }

    private void Keep(RunState state, string outcome)
    {
        var record = context.Taken.With(new(RunMarks.WordOf(state), outcome, context.Log.TakeWarnings()));
        record.Save(context.RecordPath);
        context.Record = record;
        HadWarnings = record.HasWarnings;
    }

    private string Work(RunState state) => state switch
    {
        RunState.Setup => TakeSetup(),
        RunState.WtmpFix => Told(Connect.Fix(), Logins.FixErrors, "wtmp processing complete"),
        RunState.Connect => Told(Connect.Charge(), Logins.Log, "connect acctg complete"),
        RunState.Process => Told(
            DayProcess.Charge(context), $"all process actg complete for {context.Mmdd}", null),
        RunState.Merge => Told(new DayMerge(context).Do(state), "tacct merge to create daytacct complete", null),
        RunState.Fees => Told(new DayMerge(context).Do(state), "merged fees", "no fees"),
        RunState.Disk => Told(new DayMerge(context).Do(state), "merged disk records", "no disk records"),
        RunState.QueueAcct => Told(
            new DayMerge(context).Do(state), "merged queueing system records", "no queueing system records"),
        RunState.MergeTacct => MergeTacct(),
        RunState.Cms => Cms(),
        _ => Told(
            UserExitProgram.Run(
                context.Options.Suite.UserExit, context.Mmdd, context.Options.UserExitTime, context.Log),
            $"{context.Options.Suite.UserExit} complete", $"no {context.Options.Suite.UserExit}"),
    };

    private string TakeSetup()
    {
        new DaySetup(context).Take();
        context.Log.Progress("files setups complete");
        return StateOutcome.Ok;
    }

    /// <param name="stage">How it went; its messages are in a file of their own.</param>
    /// <param name="messages">That file.</param>
    /// <param name="done">What is told when it is done.</param>
    private string Told(LoginStage stage, string messages, string done)
    {
        if (stage.Warnings > 0)
        {
            context.Log.Warn($"{messages}: {stage.Warnings} message{(stage.Warnings > 1 ? "s" : "")}, the first: "
                + File.ReadLines(messages).FirstOrDefault());
        }

        context.Log.Progress(done);
        return stage.HasInput ? StateOutcome.Ok : StateOutcome.Empty;
    }

    private string Told(string outcome, string done, string? empty)
    {
        context.Log.Progress(outcome == StateOutcome.Ok ? done : empty ?? done);
        return outcome;
    }

    private string MergeTacct()
    {
        Copy(paths.DayTacct, context.Sum("tacct"), RunState.Merge);
        if (context.Options.Suite.Groups)
        {
            Copy(DayMerge.GroupsPath(context), context.Sum("gtacct"), RunState.Merge);
            sums.WriteTacct(context.Mmdd, "gtacct");
        }

        if (context.Options.Compat)
        {
            sums.AddTacct(context.Mmdd);
        }
        else
        {
            sums.WriteTacct(context.Mmdd);
        }

        context.Log.Progress("updated sum/tacct");
        return StateOutcome.Ok;
    }

    private string Cms()
    {
        var commands = DayProcess.Commands(context);
        SuiteFile.Put(context.Sum("cms"), file => CmsFile.Write(file, commands));
        SuiteFile.Put(paths.DayCms, file => CmsFile.Write(file, commands));
        if (context.Options.Compat)
        {
            sums.AddCms(context.Mmdd);
        }
        else
        {
            sums.WriteCms(context.Mmdd);
        }

        Page(paths.DayCms, "daycms");
        Page(paths.SumCms, "cms");
        DayLoginlog.Write(
            paths, Logins, context.Day, context.Options.Compat, context.Clock, Passwd, context.Log.Warn);
        context.Log.Progress("command summaries complete");
        return StateOutcome.Ok;
    }

    /// <summary>The commands of a summary for people.</summary>
    private void Page(string from, string name)
    {
        var summary = TacctFiles.EmptySummary();
        TacctFiles.Add(from, summary, "");
        SuiteFile.Put(Path.Combine(paths.Nite, name), file => CommandPage.WriteFirst(file, summary));
    }

    private void Copy(string from, string to, RunState maker)
    {
        using var file = SuiteFile.TryOpen(from) ?? throw new RunFault(
            $"{from} is not there: go on with `runacct {context.Mmdd} {RunMarks.WordOf(maker)}`, which makes it");
        SuiteFile.Put(to, file.CopyTo);
    }

    private void CleanUp()
    {
        var archive = new DayArchive(paths, context.Day);
        if (context.Record is { } record)
        {
            var head = new ReportHead(Environment.MachineName, TimeZoneInfo.ConvertTime(
                record.CutOff, context.Now.LocalTimeZone));
            var report = DailyReport.OfLast(paths, context.Day, head, context.Log.Warn);
            SuiteFile.Put(context.Sum("rprt"), file => report.WriteText(file, context.Options.Compat));
            record = record.With(
                new(RunMarks.WordOf(RunState.Cleanup), StateOutcome.Ok, context.Log.TakeWarnings()));
            HadWarnings = record.HasWarnings;
            DayProcess.Stage(context).Forget(record.From, record.To);
            archive.Keep(record);
        }
        else if (archive.Record() is { } done && done.Day == context.Day)
        {
            // It was killed behind its last step but one.
            HadWarnings = done.HasWarnings;
        }
        else
        {
            _ = context.Taken;
        }

        var process = DayProcess.Stage(context);
        foreach (var name in (ReadOnlySpan<string>)
            [ProcessStage.UsersName, ProcessStage.GroupsName, ProcessStage.CommandsName])
        {
            foreach (var (_, path) in process.Files(name, context.Day))
            {
                SuiteFile.Delete(path);
            }
        }

        SuiteFile.Delete(context.Nite("ctacct"));
        foreach (var name in RunLog.KeptNames)
        {
            SuiteFile.Delete(Path.Combine(paths.Nite, name + context.Mmdd));
        }

        SuiteFile.Delete(Path.Combine(paths.Nite, "tmpwtmp"));
    }
}
