// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Journal;
using AcctExporter.Kernel;
using AcctExporter.Reports;
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>
/// The daily run (<c>runacct</c>): a day by its states, each of which can be killed anywhere and done again. One run at
/// a time has the lock, which dies with it. A day that is not finished is finished before the next begins.
/// </summary>
/// <param name="options">The settings.</param>
/// <param name="io">Messages and the clock.</param>
internal sealed class DailyRun(RunOptions options, ReportIo io)
{
    /// <summary>The command's name.</summary>
    public const string Name = "runacct";

    /// <summary>Bytes that must be free by the classic rules: 500 blocks.</summary>
    private const long CompatFreeBytes = 500 * TacctSums.BlockBytes;

    private readonly SuitePaths paths = options.Paths;
    private readonly RunLog log = new(options.Paths, io.Errors, Name);
    private readonly DateTimeOffset began = io.Clock.GetUtcNow();
    private readonly DateOnly today = DateOnly.FromDateTime(io.Clock.GetLocalNow().DateTime);
    private RunMarks marks = null!;

    /// <summary>Does what is not finished, and then today.</summary>
    public RunCode Run() => Locked(() =>
    {
        var code = RunCode.Done;
        var pending = marks.State != RunState.Complete;
        if (pending && (!options.Compat || marks.LastDate < today))
        {
            if (marks.Day is not { } day || marks.State is not { } state)
            {
                return Unknown(marks.Day ?? today);
            }

            log.Progress($"restarting acctg for {SuitePaths.MonthAndDay(day)} at {marks.StateWord}");
            code = RunDay(day, state);
            if (code == RunCode.Failed || day >= today)
            {
                return code;
            }
        }

        return HasRun() ? Refused() : Worse(code, Begin());
    });

    /// <summary>Goes on with a day.</summary>
    /// <param name="day">The day.</param>
    /// <param name="asked">From this state on; null: from the next one.</param>
    public RunCode Restart(DateOnly day, RunState? asked) => Locked(() =>
    {
        var mmdd = SuitePaths.MonthAndDay(day);
        var isPending = marks.State != RunState.Complete;
        if (isPending && marks.Day is { } other && other != day)
        {
            return Fail(day, $"{RunMarks.Text(other)} is not finished (its next state is {marks.StateWord}): run "
                + $"`runacct {SuitePaths.MonthAndDay(other)}` first");
        }

        log.Progress($"restarting acctg for {mmdd}{(asked is { } named ? " at " + RunMarks.WordOf(named) : "")}");
        if (isPending)
        {
            return (asked ?? marks.State) is { } next ? RunDay(day, next) : Unknown(day);
        }

        var archive = new DayArchive(paths, day);
        if (archive.Record()?.Day == day)
        {
            if (asked is null)
            {
                log.Error($"{RunMarks.Text(day)} is complete: to do it again name the state, as in "
                    + $"`runacct {mmdd} WTMPFIX`, or check it with `runacct --rebuild {mmdd}`");
                return RunCode.AlreadyRun;
            }

            if (archive.WhyNotAgain(options.StoragePath) is { } why)
            {
                log.Error($"{RunMarks.Text(day)} cannot be done again: {why}. What it came to stands in "
                    + paths.OfSum("tacct", day));
                return RunCode.Failed;
            }

            return RunDay(day, DayArchive.First(asked.Value, log));
        }

        if (asked is { } state && DayRecord.Load(paths.OfNite("day", day))?.Day == day)
        {
            return RunDay(day, state);
        }

        // The last run, and what it told, are no matter of a day that was misspelt.
        log.Error($"no run of {RunMarks.Text(day)} was begun, or its period is closed: there is nothing to restart. "
            + "`runacct` alone charges all that was done since the last run");
        return RunCode.Failed;
    });

    /// <summary>Holds the lock over some work, behind what must be in order before any.</summary>
    private RunCode Locked(Func<RunCode> work)
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

            marks = RunMarks.Read(paths, today);
            if (new PeriodClose(options, io).Finish() is RunCode.Failed)
            {
                return RunCode.Failed;
            }

            return HasSpace() ? work() : RunCode.Failed;
        }
        catch (RunFault fault)
        {
            log.Error(fault.Message);
            return RunCode.Failed;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            log.Error($"cannot use {paths.Root}: {FileFault.Tell(error)}");
            return RunCode.Failed;
        }
    }

    private bool HasSpace()
    {
        var least = options.Compat ? CompatFreeBytes : options.Suite.MinimumFreeBytes;
        if (!FreeSpace.TryRead(paths.Root, out var free) || free.FreeBytes > least)
        {
            return true;
        }

        log.Error($"{paths.Root}: {free.FreeBytes} bytes are free, and more than {least} must be: nothing was begun "
            + "and nothing is lost; make room and run it again");
        return false;
    }

    /// <summary>Today, or a later day where the clock was set back, was begun before.</summary>
    private bool HasRun() =>
        marks.LastDate >= today || new DayArchive(paths, today).Record()?.Day == today;

    private RunCode Refused()
    {
        var last = RunMarks.Text(marks.LastDate > today ? marks.LastDate.Value : today);
        log.Progress($"ERROR: acctg already run for {last}: check {paths.LastDate}");
        log.Say(marks.LastDate > today
            ? $"{last} was run before, and the clock says {RunMarks.Text(today)}: set the clock, or wait for that day"
            : $"acctg already run for {last}: the next run charges what comes from now on");
        return options.Compat ? RunCode.Failed : RunCode.AlreadyRun;
    }

    private RunCode Begin()
    {
        if (new DayArchive(paths, today).Record() is { } older)
        {
            return Fail(today, $"{paths.OfSum("tacct", today)} is of {RunMarks.Text(older.Day)}: close its period "
                + "with monacct, and run it again");
        }

        // The state with its day first: killed behind it, the next run goes on with this day.
        marks.Set(RunState.Setup, today);
        log.Begin(today);
        return RunDay(today, RunState.Setup);
    }

    private RunCode RunDay(DateOnly day, RunState first)
    {
        var context = new DayContext(options, day, log, io) { Record = DayRecord.Load(paths.OfNite("day", day)) };
        if (context.Record is { } record && record.Day != day)
        {
            return Fail(day, $"{context.RecordPath} is of {RunMarks.Text(record.Day)}, which is not finished: move it "
                + "and the other files of that name away, and run it again");
        }

        marks.Begin(day);
        if (context.Record is null && first is not (RunState.Cleanup or RunState.Complete)
            && new DayArchive(paths, day) is var archive && archive.Record()?.Day == day)
        {
            marks.Set(first, day);
            context.Record = archive.Reopen();
        }

        var states = new DayStates(context);
        log.TakeWarnings();
        for (var state = first; state != RunState.Complete; state++)
        {
            if (!Do(context, states, state))
            {
                return RunCode.Failed;
            }
        }

        var code = states.HadWarnings ? RunCode.WithWarnings : RunCode.Done;
        log.Progress($"system accounting completed at {io.Clock.GetLocalNow():yyyy-MM-dd HH:mm:ss zzz}");
        Ended(day, code);
        return code;
    }

    /// <summary>Does a state; false, and said why, when it failed.</summary>
    private bool Do(DayContext context, DayStates states, RunState state)
    {
        var word = RunMarks.WordOf(state);
        try
        {
            marks.Set(state, context.Day);
            CrashPoint.Reach(CrashPoint.BeforeState(word.ToLowerInvariant()));
            states.Do(state);
            CrashPoint.Reach(CrashPoint.AfterState(word.ToLowerInvariant()));
            marks.Set(state + 1, context.Day);
            return true;
        }
        catch (RunFault fault)
        {
            Fail(context.Day, $"{word}: {fault.Message}");
        }
        catch (Exception error) when (error is JournalException or InvalidDataException)
        {
            Fail(context.Day, $"{word}: {error.Message}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Fail(context.Day, $"{word}: {FileFault.Tell(error)}: mend that, and go on with `runacct {context.Mmdd}`; "
                + "nothing is lost, and nothing is charged twice");
        }

        states.Failed(state);
        return false;
    }

    private RunCode Unknown(DateOnly day) => Fail(
        day, $"{paths.StateFile} says '{marks.StateWord}', which is no state: name one, as in "
            + $"`runacct {SuitePaths.MonthAndDay(day)} WTMPFIX`");

    /// <summary>Says what failed; <c>active</c> stays under the day's name.</summary>
    private RunCode Fail(DateOnly day, string message)
    {
        log.Error(message);
        log.Keep(day);
        Ended(day, RunCode.Failed);
        return RunCode.Failed;
    }

    private void Ended(DateOnly day, RunCode code)
    {
        try
        {
            LastRuns.Save(paths, day, io.Clock.GetUtcNow(), code, began);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            log.Say($"cannot write {FileFault.Tell(error)}");
        }
    }

    private static RunCode Worse(RunCode before, RunCode now) => before == RunCode.Done ? now
        : now == RunCode.Done ? before : now;
}
