// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Ledger;

namespace AcctExporter.Capture;

/// <summary>
/// The sources beside the accounting file: taskstats, which correct and enrich an exit, and the process connector,
/// which
/// knows its control group. The file alone decides that an exit happened, so each of them may be missing.
/// </summary>
/// <param name="options">Whether taskstats are wanted.</param>
/// <param name="limits">Whether labels or rules ask for control groups, groups or executables.</param>
/// <param name="clock">The clocks.</param>
/// <param name="log">Where it is said what is missing.</param>
internal sealed class SideSources(CaptureOptions options, LedgerOptions limits, TimeProvider clock, ILogger log)
    : IDisposable
{
    /// <summary>
    /// So often while records gather, events of processes are fetched as soon as they come. A storm would wake us for
    /// each one, which costs both sides more than all else of an exit: then they are fetched once a millisecond.
    /// </summary>
    private const int PromptLooks = 8;

    private static readonly TimeSpan StormPause = TimeSpan.FromMilliseconds(1);

    /// <summary>How long counting may wait for the path of an executable.</summary>
    private static readonly TimeSpan PathPatience = TimeSpan.FromMilliseconds(200);

    private readonly OptionalLabels labels = limits.Labels;
    private TaskStatsFeed? tasks;
    private ExecutablePaths? executables;

    /// <summary>What optional labels and rules need of each exit. Another one after some changes of rules.</summary>
    public ProcessScopes Scopes { get; private set; } =
        new(limits.Labels, CommandRules.NeedUnit(limits.Rules), clock, opened: options.Opened);

    /// <summary>A socket to wait for; null where there is none.</summary>
    public NetlinkSocket? TaskSocket => tasks?.Socket;

    /// <inheritdoc cref="TaskSocket"/>
    public NetlinkSocket? ScopeSocket => Scopes.Socket;

    /// <summary>
    /// Begins, once accounting is on: a message without a record means something only then. Each proves itself with a
    /// short child of our own.
    /// </summary>
    /// <exception cref="CaptureFault">Taskstats are demanded, and cannot be had.</exception>
    public void Start(ExitRecorder recorder, IAccountingSource source)
    {
        StartScopes(limits, recorder);

        if (options.TaskStats == TaskStatsMode.Off)
        {
            return;
        }

        tasks = TaskStatsFeed.TryStart(options, recorder.Children, clock, log, out var why);
        if (tasks is not null)
        {
            recorder.Enricher = tasks.Enricher;
            foreach (var file in source.Files)
            {
                file.JoinFrom = file.Length;
            }

            return;
        }

        if (options.TaskStats == TaskStatsMode.On)
        {
            throw new CaptureFault(why);
        }

        recorder.LacksTaskStats = true;
        CaptureLog.TaskStatsMissing(log, why);
    }

    /// <summary>
    /// Changes limits and rules; on the capture thread, between two passes. When a rule is the first to ask for the
    /// unit, processes are looked at now; of those that ended just before, the unit is not known. The
    /// connector stays when no rule asks for the unit any more.
    /// </summary>
    /// <param name="changed">The new limits and rules. Labels stay what they are.</param>
    /// <param name="recorder">Asks <see cref="Scopes"/>.</param>
    /// <param name="ledger">Forgets what it found by the old rules.</param>
    public void Reconfigure(LedgerOptions changed, ExitRecorder recorder, ExitLedger ledger)
    {
        var before = Scopes;
        if (CommandRules.NeedUnit(changed.Rules) && !before.KnowsUnits)
        {
            Scopes = new ProcessScopes(labels, unitForRules: true, clock);
        }

        StartScopes(changed, recorder);
        ledger.Reconfigure(changed);
        if (before != Scopes)
        {
            before.Dispose();
        }
    }

    /// <summary>
    /// Records gather for a moment, unless a scrape waits. Events of processes do not: where a process belongs can be
    /// read only while it lives.
    /// </summary>
    public void Settle(Waiter waiter)
    {
        var begin = clock.GetTimestamp();
        for (var looks = 1; ; looks++)
        {
            Scopes.Drain();
            var left = options.SettleTime - clock.GetElapsedTime(begin);
            if (left <= TimeSpan.Zero)
            {
                return;
            }

            var woken = looks <= PromptLooks
                ? waiter.Wait(null, left, null, ScopeSocket)
                : waiter.Wait(null, left < StormPause ? left : StormPause);
            if ((woken & WaitResult.Woken) != 0)
            {
                return;
            }
        }
    }

    /// <summary>Once a second.</summary>
    public void LookAround() => tasks?.LookAround();

    /// <summary>Adds what these sources know of themselves.</summary>
    public CaptureStatus AddTo(CaptureStatus status) => status with
    {
        Scopes = Scopes.Status,
        ExecutableTimeouts = executables is null ? -1 : (long)executables.Timeouts,
        TaskStatsWanted = options.TaskStats != TaskStatsMode.Off,
        TaskStatsUp = tasks is not null,
        TaskStatsVersion = tasks?.Version ?? 0,
        DelaysOn = tasks?.Join.DelaysOn ?? false,
        TaskStatsMessages = tasks?.Join.Messages ?? 0,
        TaskStatsDrops = tasks?.Drops ?? 0,
        TaskStatsRejected = tasks?.Rejected ?? 0,
        TaskStatsRejectedDelays = tasks?.RejectedDelays ?? default,
        TaskStatsUnmatched = tasks?.Join.Unmatched ?? 0,
        TaskStatsUncertain = tasks?.Join.UncertainThreads ?? 0,
        TaskStatsLateThreads = tasks?.Join.LateThreads ?? 0,
        TaskStatsLostThreads = tasks?.Join.LostThreads ?? 0,
        TaskStatsDroppedThreads = tasks?.Join.DroppedThreads ?? 0,
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        tasks?.Dispose();
        Scopes.Dispose();
        executables?.Dispose();
    }

    private void StartScopes(LedgerOptions wanted, ExitRecorder recorder)
    {
        Scopes.Executables = CommandRules.NeedExe(wanted.Rules)
            ? executables ??= new ExecutablePaths(new Executables(clock), clock, PathPatience)
            : null;
        recorder.Scopes = Scopes;
        if (!Scopes.TryStart(out var missing))
        {
            CaptureLog.ScopesMissing(log, missing);
        }
    }
}
