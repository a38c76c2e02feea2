// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;
using AcctExporter.Ledger;
using AcctExporter.Records;

namespace AcctExporter.Metrics;

/// <content>What the agent says of the kernel's accounting and of itself.</content>
internal static partial class Catalog
{
    private const string TaskStatsSource = "taskstats";
    private const string ProcessConnector = "process_connector";
    private static readonly string[] Sources =
        ["accounting", "file", TaskStatsSource, ProcessConnector, Wtmp, Btmp, Wtmpdb];
    private static readonly string[] LogLevels = ["debug", "info", "warn", "error"];

    private static MetricFamily[] AccountingFamilies() =>
    [
        Agent("acct.accounting.active", "", MetricKind.Gauge,
            "1 while the kernel writes ended processes to the file that is read, 0 while it does not.",
            scrape => Reading.State(scrape.Status.AccountingActive)),
        Agent("acct.accounting.free", "1", MetricKind.Gauge,
            "Free space of the file system that holds the accounting file.",
            scrape => Reading.Real(scrape.Status.FreeRatio)),
        Agent("acct.accounting.suspend_threshold", "1", MetricKind.Gauge,
            "The kernel stops accounting at or below this ratio of free space (kernel.acct).",
            scrape => Reading.Real(scrape.Status.SuspendRatio)),
        Agent("acct.accounting.resume_threshold", "1", MetricKind.Gauge,
            "The kernel starts accounting again from this ratio of free space on (kernel.acct).",
            scrape => Reading.Real(scrape.Status.ResumeRatio)),
    ];

    private static MetricFamily[] AgentFamilies() =>
    [
        Agent("acct.exporter.build_info", "", MetricKind.Gauge, "Which agent this is; always 1.", new BuildPoint())
            with { ScrapeOnly = true },
        Agent("acct.exporter.source_up", "", MetricKind.Gauge, "1 while a source can be read, else 0.",
            Each<string>("source", Sources, source => source, source => scrape => Up(source, scrape))),
        .. RecordFamilies(),
        .. TaskStatsFamilies(),
        .. PairFamilies(),
        .. CaptureFamilies(),
        .. ScopeFamilies(),
        .. StorageFamilies(),
        .. EventFamilies(),
        .. PushFamilies(),
        .. LoginReadingFamilies(),
        .. SuiteWorkFamilies(),
        .. ConfigurationFamilies(),
        .. WebFamilies(),
        .. LogFamilies(),
        .. ScrapeFamilies(),
    ];

    private static MetricFamily[] RecordFamilies() =>
    [
        Agent("acct.exporter.records_read", "{record}", MetricKind.Counter,
            "Records read from accounting files: exits of the host, children of our own that are none, and the "
            + "kernel's records of living callers.",
            scrape => Reading.Count(scrape.Ledger.Host.Exits + scrape.Ledger.Tallies[Tallies.LeavingRecords]
                + scrape.Ledger.Tallies[Tallies.OwnChildren])),
        Agent("acct.exporter.records_rejected", "{record}", MetricKind.Counter,
            "Slots of accounting files that hold no record that could be counted, by reason.",
            Each("reason", RejectReason.All, RejectReason.Label, status => Tally(Tallies.Rejected(status)))),
        Agent("acct.exporter.records_lost", "{record}", MetricKind.Counter,
            "Records known to be lost, by reason. Where their number is not known, see the gaps.",
            Each("reason", Enum.GetValues<LossReason>(), LossText, reason => Tally(Tallies.Lost(reason)))),
        Agent("acct.exporter.gaps", "{gap}", MetricKind.Counter,
            "Times when an unknown number of exits may be missing, by reason.",
            Each("reason", Enum.GetValues<LossReason>(), LossText, reason => Tally(Tallies.Gap(reason)))),
        Agent("acct.exporter.leaving_records", "{record}", MetricKind.Counter,
            "Pseudo-records: what the kernel writes of a living process when it leaves an accounting file. Not exits.",
            Tally(Tallies.LeavingRecords)),
        Agent("acct.exporter.own_children", "{process}", MetricKind.Counter,
            "Children of our own that ended to test a source: not counted as exits.", Tally(Tallies.OwnChildren)),
        Agent("acct.exporter.storage_set_aside", "{time}", MetricKind.Counter,
            "1 when what was stored could not be used, was set aside, and counting began at 0 (--storage.on-damage).",
            scrape => Reading.Count(
                scrape.Ledger.Tallies[Tallies.StartedAnew] + (scrape.Logins is { StartedAnew: true } ? 1UL : 0))),
        Agent("acct.exporter.last_exit_timestamp", "s", MetricKind.Gauge,
            "When an exit was last counted; left out before the first.",
            scrape => Reading.Timestamp(scrape.Status.LastExitUnixMicroseconds)),
        Agent("acct.exporter.bytes_behind", "By", MetricKind.Gauge,
            "Bytes of accounting files that are not yet counted.",
            scrape => Reading.Count(scrape.Status.BytesBehind)),
    ];

    private static MetricFamily[] PairFamilies() =>
    [
        Agent("acct.exporter.exits_folded", "{exit}", MetricKind.Counter,
            "Exits counted under command and user \"other\", because the limit on pairs was reached.",
            scrape => Reading.Count(scrape.Ledger.Folded)),
        Agent("acct.exporter.exits_dropped", "{exit}", MetricKind.Counter,
            "Exits that a label rule took out of the pairs. Host totals have them.",
            scrape => Reading.Count(scrape.Ledger.Dropped)),
        Agent("acct.exporter.pairs", "{pair}", MetricKind.Gauge, "Pairs of user and command with series of their own.",
            scrape => Reading.Count(scrape.Ledger.PairCount)),
        Agent("acct.exporter.pairs_limit", "{pair}", MetricKind.Gauge, "How many pairs there may be.",
            scrape => Reading.Count(scrape.Ledger.PairLimit)),
    ];

    private static MetricFamily[] CaptureFamilies() =>
    [
        Agent("acct.exporter.rotations", "{rotation}", MetricKind.Counter,
            "Switches of the kernel from one segment to the next, by size or age.", Tally(Tallies.Rotations)),
        Agent("acct.exporter.accounting_taken", "{time}", MetricKind.Counter,
            "Times when somebody else switched accounting off, or to another file.", Tally(Tallies.TakenAway)),
        Agent("acct.exporter.canaries", "{process}", MetricKind.Counter,
            "Processes that the agent itself started and ended, to prove that records come.", Tally(Tallies.Canaries)),
        Agent("acct.exporter.canary_failures", "{process}", MetricKind.Counter,
            "Of these, the ones whose record did not come.", Tally(Tallies.CanaryFailures)),
        Agent("acct.exporter.switch_failures", "{failure}", MetricKind.Counter,
            "Failed attempts to switch accounting to a segment.",
            scrape => Reading.Count(scrape.Status.SwitchFailures)) with { SinceStart = true },
        Agent("acct.exporter.source_failures", "{failure}", MetricKind.Counter,
            "Times when the file that is followed, or one rotated from it, was missing or could not be opened.",
            scrape => Reading.Count(scrape.Status.ReadFailures)) with { SinceStart = true },
        Agent("acct.exporter.user_lookup_timeouts", "{lookup}", MetricKind.Counter,
            "Names of users and groups that the system's directory did not give in time: exits bear the number.",
            scrape => Reading.Count(scrape.Status.UserLookupTimeouts)) with { SinceStart = true },
        Agent("acct.exporter.rule_timeouts", "{match}", MetricKind.Counter,
            "Matches of label rules that took too long, and counted as none.",
            scrape => Reading.Count(scrape.Status.RuleTimeouts)) with { SinceStart = true },
        Agent("acct.exporter.executable_lookup_timeouts", "{lookup}", MetricKind.Counter,
            "Executables that were not found in time: label rules saw an empty path. Left out when no rule asks.",
            scrape => Reading.Count(scrape.Status.ExecutableTimeouts)) with { SinceStart = true },
    ];

    private static MetricFamily[] ScopeFamilies() =>
    [
        OfScopes("acct.exporter.process_connector.events", "{event}",
            "Forks, execs and ends that the kernel's process connector told of. Only with the labels unit, container "
            + "or pod, or a label rule that asks for the unit.", scopes => scopes.Events),
        OfScopes("acct.exporter.process_connector.drops", "{time}",
            "Times when the kernel dropped events not fetched in time; then all processes are looked at anew.",
            scopes => scopes.Drops),
        OfScopes("acct.exporter.exits_without_cgroup", "{exit}",
            "Exits whose control group is not known: their unit, container and pod are left out.",
            scopes => scopes.ExitsWithoutCgroup),
    ];

    private static MetricFamily OfScopes(
        string name, string unit, string help, Func<ProcessScopesStatus, ulong> value) =>
        Agent(name, unit, MetricKind.Counter, help,
            scrape => scrape.Status.Scopes is { } scopes ? Reading.Count(value(scopes)) : Reading.Absent)
            with { SinceStart = true };

    private static MetricFamily[] StorageFamilies() =>
    [
        Agent("acct.exporter.checkpoints", "{checkpoint}", MetricKind.Counter, "Checkpoints written.",
            scrape => Reading.Count(scrape.Status.Checkpoints)) with { SinceStart = true },
        Agent("acct.exporter.checkpoint_failures", "{checkpoint}", MetricKind.Counter,
            "Checkpoints that could not be written.",
            scrape => Reading.Count(scrape.Status.CheckpointFailures)) with { SinceStart = true },
        Agent("acct.exporter.last_checkpoint_timestamp", "s", MetricKind.Gauge,
            "When a checkpoint was last written; left out before the first.",
            scrape => Reading.Timestamp(scrape.Status.LastCheckpointUnixMicroseconds)),
        Agent("acct.exporter.journal", "By", MetricKind.Gauge, "Size of the journal on disk.",
            scrape => Reading.Count(scrape.Status.JournalBytes)),
        Agent("acct.exporter.journal_failures", "{block}", MetricKind.Counter,
            "Times when a block could not be written to the journal. Nothing is counted before it is.",
            scrape => Reading.Count(scrape.Status.JournalFailures)) with { SinceStart = true },
    ];

    private static MetricFamily[] EventFamilies() =>
    [
        Agent("acct.exporter.events_written", "{event}", MetricKind.Counter,
            "Exit events written to the file that was asked for; left out when there is none.",
            scrape => Reading.Count(scrape.Status.EventsWritten)) with { SinceStart = true },
        Agent("acct.exporter.events_dropped", "{event}", MetricKind.Counter,
            "Exit events that were never written, because too many waited for a slow, full or forbidden file.",
            scrape => Reading.Count(scrape.Status.EventsDropped)) with { SinceStart = true },
        Agent("acct.exporter.event_write_failures", "{failure}", MetricKind.Counter,
            "Failed attempts to open or write the file of exit events. What was not written waits.",
            scrape => Reading.Count(scrape.Status.EventWriteFailures)) with { SinceStart = true },
    ];

    private static MetricFamily[] ConfigurationFamilies() =>
    [
        Agent("acct.exporter.config_last_reload_successful", "", MetricKind.Gauge,
            "1 when the configuration was last loaded without a fault, else 0: then the one before it is in force.",
            scrape => scrape.Agent.Reload is { Known: true } reload
                ? Reading.State(reload.Successful) : Reading.Absent),
        Agent("acct.exporter.config_last_reload_success_timestamp", "s", MetricKind.Gauge,
            "When the configuration was last loaded without a fault.",
            scrape => scrape.Agent.Reload is { Known: true } reload
                ? Reading.Timestamp(reload.UnixMicroseconds) : Reading.Absent),
        Agent("acct.exporter.config_reloads", "{reload}", MetricKind.Counter,
            "Times when the configuration was read anew, by SIGHUP or POST /-/reload.",
            scrape => scrape.Agent.Reload is { Known: true } reload
                ? Reading.Count(reload.Reloads) : Reading.Absent) with { SinceStart = true },
        Agent("acct.exporter.config_reload_failures", "{failure}", MetricKind.Counter,
            "Of these, the ones that found faults, and changed nothing.",
            scrape => scrape.Agent.Reload is { Known: true } reload
                ? Reading.Count(reload.Failures) : Reading.Absent) with { SinceStart = true },
    ];

    private static MetricFamily[] LogFamilies() =>
    [
        Agent("acct.exporter.log_messages", "{message}", MetricKind.Counter,
            "Messages logged, by level; those below the level that is logged are not among them.",
            Each<string>("level", LogLevels, level => level,
                level => scrape => Reading.Count(Messages(level, scrape.Agent.Log)))) with { SinceStart = true },
        Agent("acct.exporter.log_messages_dropped", "{message}", MetricKind.Counter,
            "Of these, the ones that were never written, because nobody read stderr in time.",
            scrape => Reading.Count(scrape.Agent.Log.Dropped)) with { SinceStart = true },
    ];

    private static ulong Messages(string level, LogFigures log) => level switch
    {
        "debug" => log.Debug,
        "info" => log.Info,
        "warn" => log.Warn,
        _ => log.Error,
    };

    private static MetricFamily[] ScrapeFamilies() =>
    [
        Scraped("acct.exporter.scrapes", "{scrape}", MetricKind.Counter, "Scrapes begun, this one included.",
            scrape => Reading.Count(scrape.Scrapes.Begun)),
        Scraped("acct.exporter.scrapes_refused", "{scrape}", MetricKind.Counter,
            "Scrapes refused because as many as allowed were running.",
            scrape => Reading.Count(scrape.Scrapes.Refused)),
        Scraped("acct.exporter.scrape_catch_up_timeouts", "{scrape}", MetricKind.Counter,
            "Scrapes that answered before everything in the accounting file on arrival was counted.",
            scrape => Reading.Count(scrape.Scrapes.CatchUpTimeouts)),
        Scraped("acct.exporter.scrape_duration", "s", MetricKind.Gauge,
            "How long the last complete scrape took; left out in the first.",
            scrape => Reading.Microseconds(scrape.Scrapes.LastMicroseconds)),
    ];

    private static MetricFamily[] ProcessFamilies() =>
    [
        Scraped("process.cpu", "s", MetricKind.Counter, "CPU time of the agent, user and system.",
            scrape => Reading.Microseconds(scrape.Agent.Process.CpuMicroseconds)),
        Scraped("process.resident_memory", "By", MetricKind.Gauge, "Resident memory of the agent.",
            scrape => Reading.Count(scrape.Agent.Process.ResidentBytes)),
        Scraped("process.virtual_memory", "By", MetricKind.Gauge, "Address space of the agent.",
            scrape => Reading.Count(scrape.Agent.Process.VirtualBytes)),
        Scraped("process.start_time", "s", MetricKind.Gauge, "When the agent started.",
            scrape => Reading.Timestamp(scrape.Agent.Process.StartUnixMicroseconds)),
        Scraped("process.open_fds", "{fd}", MetricKind.Gauge, "Open file descriptors of the agent.",
            scrape => Reading.Count(scrape.Agent.Process.OpenFiles)),
        Scraped("process.max_fds", "{fd}", MetricKind.Gauge, "How many file descriptors the agent may open.",
            scrape => Reading.Count(scrape.Agent.Process.MaxFiles)),
    ];

    private static MetricFamily Scraped(string name, string unit, MetricKind kind, string help, AgentValue value) =>
        Agent(name, unit, kind, help, value) with { ScrapeOnly = true, SinceStart = kind == MetricKind.Counter };

    private static Reading Up(string source, ScrapeData scrape) => source switch
    {
        TaskStatsSource =>
            scrape.Status.TaskStatsWanted ? Reading.State(scrape.Status.TaskStatsUp) : Reading.Absent,
        ProcessConnector => scrape.Status.Scopes is { } scopes ? Reading.State(scopes.Up) : Reading.Absent,
        Wtmp => Wanted(scrape.Logins?.WtmpUp),
        Btmp => Wanted(scrape.Logins?.BtmpUp),
        Wtmpdb => Wanted(scrape.Logins?.WtmpdbUp),
        _ => scrape.Status.Source == source ? Reading.State(scrape.Status.SourceUp) : Reading.Absent,
    };

    private static Reading Wanted(bool? up) => up is { } known ? Reading.State(known) : Reading.Absent;

    private static AgentValue Tally(int tally) => scrape => Reading.Count(scrape.Ledger.Tallies[tally]);

    private static string LossText(LossReason reason) => reason switch
    {
        LossReason.Suspension => "suspension",
        LossReason.DiskFull => "disk_full",
        LossReason.Reboot => "reboot",
        LossReason.Power => "power",
        LossReason.Truncated => "truncated",
        LossReason.Deleted => "deleted",
        LossReason.Rotated => "rotated",
        LossReason.Taken => "taken",
        LossReason.Silent => "silent",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "a reason without a word"),
    };
}
