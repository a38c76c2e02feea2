// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Capture;
using AcctExporter.Ledger;
using AcctExporter.Metrics;
using AcctExporter.Service;
using AcctExporter.Web;

namespace AcctExporter.Cli;

/// <summary><c>acct-exporter serve</c>: the agent. Here its flags become the options of the rooms.</summary>
internal static class ServeCommand
{
    private static readonly CaptureOptions Standard = new();

    private static readonly Option<string[]> ListenAddresses = new("--web.listen-address")
    {
        Description = "Where to answer: [HOST]:PORT; may be given more than once",
        HelpName = "ADDRESS",
        DefaultValueFactory = _ => [WebOptions.DefaultListenAddress],
    };

    private static readonly Option<int> MaxScrapes = Flags.Number(
        "--web.max-requests", "Scrapes answered at the same time; what is over gets 503",
        WebOptions.DefaultMaxScrapes, 1, 10_000);

    private static readonly Option<string?> AccountingPath = Flags.PathOf(
        "--accounting.path", "Directory of the segments that the kernel writes; best a small tmpfs",
        Standard.AccountingPath);

    private static readonly Option<string?> StoragePath = Flags.PathOf(
        "--storage.path", "Directory of the journal and the checkpoint: what must last", Standard.StoragePath);

    private static readonly Option<string?> Source = Flags.PathOf(
        "--source", "Follow this accounting file of another program, read only, and never switch accounting", null);

    private static readonly Option<AccountingOnExit> OnExit = Flags.Choice(
        "--accounting.on-exit",
        "What becomes of accounting when the agent stops: keep (what ends meanwhile is counted later) or off",
        Standard.OnExit);

    private static readonly Option<bool> TakeOver = Flags.Switch(
        "--accounting.take-over",
        "Switch accounting to us although another program has it on; given back at the end with on-exit=off");

    private static readonly Option<bool> FollowActive = Flags.Switch(
        "--accounting.follow-active",
        "Where another program has accounting on, follow its file read only instead of refusing");

    private static readonly Option<ByteSize> SegmentSize = Flags.Size(
        "--accounting.segment-size", "Size at which a segment is switched away from", Standard.SegmentBytes, 4096);

    private static readonly Option<Duration> SegmentAge = Flags.Duration(
        "--accounting.segment-age", "Age at which a segment that is not empty is switched away from",
        Standard.SegmentAge, TimeSpan.FromSeconds(1), TimeSpan.FromDays(7));

    private static readonly Option<Duration> SettleTime = Flags.Duration(
        "--accounting.settle-time", "How long records gather before they are read; a scrape never waits for it",
        Standard.SettleTime, TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(5));

    private static readonly Option<Duration> CanaryInterval = Flags.Duration(
        "--accounting.canary-interval", "Silence after which one child of our own ends, and must be seen",
        Standard.CanaryInterval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1), mayBeOff: true);

    private static readonly Option<Duration> RearmDelay = Flags.Duration(
        "--accounting.rearm-delay",
        "First wait before accounting is taken back from whoever took it; doubles each time",
        Standard.RearmDelay, TimeSpan.FromMilliseconds(10), CaptureOptions.LongestRearmDelay);

    private static readonly Option<TaskStatsMode> TaskStats = Flags.Choice(
        "--taskstats",
        "Join the kernel's taskstats for exact CPU time, names, I/O and memory: auto (where they can be had), on (else "
        + "do not start) or off",
        Standard.TaskStats);

    private static readonly Option<ByteSize> TaskStatsBuffer = Flags.Size(
        "--taskstats.buffer-size",
        "Room for messages that wait, 640 bytes each; what finds none is dropped and counted",
        Standard.TaskStatsBufferBytes, 4096);

    private static readonly Option<bool> EnableDelays = Flags.Switch(
        "--taskstats.enable-delays", "Let the kernel measure delays while the agent runs (kernel.task_delayacct=1)");

    private static readonly Option<Duration> CheckpointInterval = Flags.Duration(
        "--storage.checkpoint-interval", "How often the counters are saved; a restart replays the journal behind that",
        Standard.CheckpointInterval, TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1));

    private static readonly Option<bool> StartAnew = Flags.Switch(
        "--storage.start-anew", "Set what is stored aside under another name and begin with empty counters");

    private static readonly Option<Duration> RetentionAge = Flags.Duration(
        "--journal.retention-age", "Age at which journal files are deleted; off keeps only what a restart needs",
        Standard.JournalRetentionAge, TimeSpan.FromMinutes(1), TimeSpan.FromDays(3660), mayBeOff: true);

    private static readonly Option<ByteSize> RetentionSize = Flags.Size(
        "--journal.retention-size", "Size of the journal above which its oldest files are deleted; off likewise",
        Standard.JournalRetentionBytes, 1 << 20, mayBeOff: true);

    private static readonly Option<bool> Created = Flags.Switch(
        "--openmetrics.created",
        "Give the start time of each counter to scrapers of OpenMetrics (older servers take it for series)");

    private static readonly Option<bool> NoExemplars = Flags.Switch(
        "--openmetrics.no-exemplars",
        "Leave out the exemplars: process id and time of the last death behind each counter of deaths, in OpenMetrics");

    private static readonly Option<LogSeverity> LogLevelFlag = new("--log.level")
    {
        Description = "Least level that is logged",
        HelpName = "debug|info|warn|error",
        DefaultValueFactory = _ => LogSeverity.Info,
    };

    private static readonly Option<LogFormat> LogFormatFlag = new("--log.format")
    {
        Description = "Form of the log",
        HelpName = "logfmt|json",
        DefaultValueFactory = _ => LogFormat.Logfmt,
    };

    private static readonly Option<bool> SystemdSocket = Flags.Switch(
        "--web.systemd-socket", "Answer on the sockets that systemd has opened, and on no address of our own");

    /// <summary>Pairs of user and command with series of their own; <c>replay</c> has it too.</summary>
    public static Option<int> PairLimit() => Flags.Number(
        "--pairs.limit", "Pairs of user and command with series of their own; the rest is counted under 'other'",
        LedgerOptions.DefaultPairLimit, 1, LedgerOptions.LargestPairLimit);

    /// <summary>Histograms of every kind for every pair; <c>replay</c> has it too.</summary>
    public static Option<bool> AllHistograms() => Flags.Switch(
        "--pairs.all-histograms", "Every histogram for every pair, not only those of duration and CPU time");

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var pairLimit = PairLimit();
        var allHistograms = AllHistograms();
        var labels = Flags.Labels(
            "--labels", "What tells pairs apart: user,command, and any of group, unit, container, pod");
        var pairIdle = Flags.Duration(
            "--pairs.idle-time", "Time without an exit after which a pair may give its place up when all are taken",
            new LedgerOptions().PairIdleTime, TimeSpan.FromSeconds(1), TimeSpan.FromDays(3660));
        var command = new Command("serve", "Switch process accounting on and serve what it says on /metrics")
        {
            ListenAddresses, MaxScrapes, AccountingPath, StoragePath, Source, OnExit, TakeOver, FollowActive,
            SegmentSize, SegmentAge, SettleTime, CanaryInterval, RearmDelay, CheckpointInterval, StartAnew,
            TaskStats, TaskStatsBuffer, EnableDelays, RetentionAge, RetentionSize, EventFlags.File, EventFlags.Select,
            EventFlags.MaxSize, EventFlags.Keep, labels, pairLimit, pairIdle, allHistograms, Created, NoExemplars,
            LogLevelFlag, LogFormatFlag, SystemdSocket,
        };
        command.SetAction((result, cancellation) =>
        {
            var web = new WebOptions
            {
                ListenAddresses = result.GetValue(ListenAddresses)!,
                MaxScrapes = result.GetValue(MaxScrapes),
                SystemdSocket = result.GetValue(SystemdSocket),
            };
            if (web.Faults().ToArray() is { Length: > 0 } faults)
            {
                foreach (var fault in faults)
                {
                    result.InvocationConfiguration.Error.WriteLine($"acct-exporter: --web.listen-address: {fault}");
                }

                return Task.FromResult(ExitCode.Usage);
            }

            var limits =
                new LedgerOptions
                {
                    PairLimit = result.GetValue(pairLimit),
                    PairIdleTime = result.GetValue(pairIdle).Span,
                    Labels = result.GetValue(labels).Labels,
                };
            var scrape =
                new ScrapeOptions
                {
                    AllHistograms = result.GetValue(allHistograms),
                    Created = result.GetValue(Created),
                    Exemplars = !result.GetValue(NoExemplars),
                };
            var agent = new Agent(Capture(result), limits, scrape, web, new LogOptions
            {
                Level = result.GetValue(LogLevelFlag),
                Format = result.GetValue(LogFormatFlag),
            });
            return agent.RunAsync(result.GetValue(FollowActive), cancellation);
        });
        return command;
    }

    private static CaptureOptions Capture(ParseResult result) => new()
    {
        AccountingPath = result.GetValue(AccountingPath)!,
        StoragePath = result.GetValue(StoragePath)!,
        SourceFile = result.GetValue(Source),
        OnExit = result.GetValue(OnExit),
        TakeOver = result.GetValue(TakeOver),
        SegmentBytes = result.GetValue(SegmentSize).Bytes,
        SegmentAge = result.GetValue(SegmentAge).Span,
        SettleTime = result.GetValue(SettleTime).Span,
        CanaryInterval = result.GetValue(CanaryInterval).Span,
        RearmDelay = result.GetValue(RearmDelay).Span,
        CheckpointInterval = result.GetValue(CheckpointInterval).Span,
        TaskStats = result.GetValue(TaskStats),
        TaskStatsBufferBytes = result.GetValue(TaskStatsBuffer).Bytes,
        EnableDelays = result.GetValue(EnableDelays),
        StartAnew = result.GetValue(StartAnew),
        JournalRetentionAge = result.GetValue(RetentionAge).Span,
        JournalRetentionBytes = result.GetValue(RetentionSize).Bytes,
        Events = EventFlags.Options(result),
    };
}
