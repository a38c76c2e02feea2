// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Kernel;
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>
/// Runs the suite when its time has come, on a thread of its own that gives way to all others. What is due is found
/// anew each half minute by the wall clock and the suite's files: so a time that was missed is made up for, once; what
/// somebody else ran is not run again; and a clock that is set back repeats nothing.
/// </summary>
/// <param name="options">When.</param>
/// <param name="tasks">What is run.</param>
/// <param name="clock">The wall clock and its zone.</param>
/// <param name="log">Where it is told.</param>
internal sealed class SuiteSchedule(RunOptions options, ISuiteTasks tasks, TimeProvider clock, ILogger log)
    : IDisposable
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LockedInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ChargeInterval = TimeSpan.FromHours(1);

    private readonly Waiter waiter = new();
    private readonly DateTimeOffset start = clock.GetUtcNow();
    private readonly SuiteAttempts[] attempts =
        [.. Enum.GetValues<SuiteWork>().Select(_ => new SuiteAttempts(clock))];

    private volatile bool stopping;
    private volatile bool isRunning;
    private bool cannotLook;
    private DateOnly? toldFuture;
    private ulong chargedFile;
    private long chargedAt;
    private bool hasCharged;

    /// <summary>How often what came to an end.</summary>
    public SuiteWorkCounts Counts { get; } = new();

    /// <summary>Something is to be run.</summary>
    public static bool IsWanted(SuiteOptions options) => options.Daily is not null || options.Disk is not null;

    /// <summary>Starts the thread. Nobody waits for its end: what is killed in a run, a later one finishes.</summary>
    public void Start()
    {
        isRunning = true;
        new Thread(Run) { Name = "suite", IsBackground = true }.Start();
    }

    /// <summary>Begins nothing more.</summary>
    public void Stop()
    {
        stopping = true;
        waiter.Wake();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        if (!isRunning)
        {
            waiter.Dispose();
        }
    }

    /// <summary>One turn: does what is due. The thread's own, and tests'.</summary>
    public void Turn()
    {
        if (TryLook() is not { } progress)
        {
            return;
        }

        if (options.Suite.Daily is { } daily)
        {
            RunDay(daily, progress);
            if (TryLook() is { } after)
            {
                Close(after);
                Charge(after);
            }
        }

        if (options.Suite.Disk is { } weekly)
        {
            WalkDisks(weekly, progress);
        }
    }

    private void Run()
    {
        ThreadNiceness.Lower();
        MakeFolders();
        if (options.Suite.Daily is { } daily)
        {
            SuiteLog.RunsDaily(
                log, daily.ToString(WeeklyTime.TimeForm, CultureInfo.InvariantCulture), options.Paths.Root);
        }

        while (!stopping)
        {
            Turn();
            waiter.Wait(null, LookInterval);
        }

        isRunning = false;
    }

    /// <summary>From now on the running day is shown. Where they cannot be made, the first run says so.</summary>
    private void MakeFolders()
    {
        try
        {
            options.Paths.MakeFolders();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            SuiteLog.CannotLook(log, FileFault.Tell(error));
            cannotLook = true;
        }
    }

    private SuiteProgress? TryLook()
    {
        try
        {
            var progress = tasks.Look();
            cannotLook = false;
            return progress;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or RunFault)
        {
            if (!cannotLook)
            {
                SuiteLog.CannotLook(log, error is RunFault ? error.Message : FileFault.Tell(error));
                cannotLook = true;
            }

            return null;
        }
    }

    /// <summary>The first time of all is not made up for: before it nobody had asked.</summary>
    private void RunDay(TimeOnly daily, SuiteProgress progress)
    {
        var (day, at) = LocalTimes.LastDay(clock.GetUtcNow(), daily, clock.LocalTimeZone);
        TellFuture(progress.LastDay, day);
        if (!progress.IsPending && !(progress.LastDay is { } last ? last < day : at > start))
        {
            return;
        }

        var begun = clock.GetTimestamp();
        if (Do(SuiteWork.Day, tasks.RunDay) is { } code)
        {
            SuiteLog.DayDone(log, Math.Round(clock.GetElapsedTime(begun).TotalSeconds, 1), (int)code);
        }
    }

    private void TellFuture(DateOnly? last, DateOnly day)
    {
        if (last > day.AddDays(1) && toldFuture != last)
        {
            SuiteLog.FutureDay(log, RunMarks.Text(last.Value), RunMarks.Text(day), options.Paths.LastDate);
            toldFuture = last;
        }
    }

    /// <summary>A period is over when the next run is of another one.</summary>
    private void Close(SuiteProgress progress)
    {
        if (progress is { IsPending: false, FirstOpenDay: { } first, LastOpenDay: { } last }
            && options.Suite.Fiscal.Of(first) is { } period
            && options.Suite.Fiscal.Of(last.AddDays(1)) != period
            && Do(SuiteWork.Close, messages => tasks.Close(period, messages)) is not null)
        {
            SuiteLog.Closed(log, period);
        }
    }

    /// <summary>When a file of the journal was closed, and once an hour.</summary>
    private void Charge(SuiteProgress progress)
    {
        var isDue = !hasCharged || progress.JournalFile != chargedFile
            || clock.GetElapsedTime(chargedAt) >= ChargeInterval;
        if (isDue && Do(SuiteWork.Charge, tasks.Charge) is not null)
        {
            (hasCharged, chargedFile, chargedAt) = (true, progress.JournalFile, clock.GetTimestamp());
        }
    }

    private void WalkDisks(WeeklyTime weekly, SuiteProgress progress)
    {
        if (LocalTimes.LastOfWeek(clock.GetUtcNow(), weekly, clock.LocalTimeZone) > (progress.LastDisk ?? start))
        {
            Do(SuiteWork.Disk, tasks.WalkDisks);
        }
    }

    /// <summary>Does it when it may be tried; null when it was not done.</summary>
    private RunCode? Do(SuiteWork work, Func<TextWriter, RunCode> act)
    {
        var attempt = attempts[(int)work];
        if (stopping || !attempt.MayTry)
        {
            return null;
        }

        var messages = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var code = act(messages);
        var lines = messages.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        switch (code)
        {
            case RunCode.Locked:
                attempt.PutOff(LockedInterval);
                return null;
            case RunCode.Failed:
                Counts.Count(work, isDone: false);
                if (attempt.Fail())
                {
                    SuiteLog.Failed(log, work, lines.LastOrDefault() ?? "it did not say why", options.Paths.Nite);
                }

                return null;
            default:
                Counts.Count(work, isDone: true);
                Tell(work, attempt, lines);
                return code;
        }
    }

    private void Tell(SuiteWork work, SuiteAttempts attempt, string[] lines)
    {
        if (attempt.Succeed())
        {
            SuiteLog.WorksAgain(log, work);
        }

        foreach (var line in lines)
        {
            SuiteLog.Told(log, line);
        }
    }
}
