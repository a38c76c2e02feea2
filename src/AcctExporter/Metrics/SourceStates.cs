// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Capture;
using AcctExporter.Logins;
using AcctExporter.Suite;

namespace AcctExporter.Metrics;

/// <summary>Says of each source how it does and what mends it, of what a scrape knows.</summary>
internal static class SourceStates
{
    private const string Doctor = "Run acct-exporter doctor on the host: it says what stands in the way.";

    private static readonly long Minute = (long)TimeSpan.FromMinutes(1).TotalMicroseconds;

    /// <summary>All of them, the one that counts first.</summary>
    public static List<SourceState> Of(ScrapeData scrape, long nowUnixMicroseconds)
    {
        var status = scrape.Status;
        List<SourceState> states =
        [
            status.Source == "file" ? Followed(status) : Own(status),
            Storage(status),
            TaskStats(status),
            Connector(status.Scopes),
            Logins(scrape.Logins),
            Suite(scrape.Suite),
            MetricsPush(scrape.Agent.MetricsPush, nowUnixMicroseconds),
            Events("Exit events, file", status.EventsWritten, status.EventsDropped, "--events.file"),
            Events("Exit events, OTLP", status.EventsPushed, status.EventsNotPushed, "--events.otlp"),
        ];
        return states;
    }

    private static SourceState Own(CaptureStatus status)
    {
        const string name = "Process accounting";
        if (Suspended(name, status) is { } suspended)
        {
            return suspended;
        }

        return status switch
        {
            { SourceUp: false } => new(name, SourceHealth.Bad, $"The segments in {status.Path} cannot be read.",
                Doctor, Runbook("AcctSourceUnreadable")),
            { AccountingActive: false } => new(name, SourceHealth.Bad,
                "The kernel writes no records to our file: accounting is off, or somebody took it.",
                $"The agent tries to take it back. {Doctor}", Runbook("AcctAccountingInactive")),
            _ => new(name, SourceHealth.Good,
                $"Switched on by the agent: the kernel writes one record of each exit to {status.Path}."),
        };
    }

    private static SourceState Followed(CaptureStatus status)
    {
        const string name = "Accounting file";
        if (Suspended(name, status) is { } suspended)
        {
            return suspended;
        }

        return status switch
        {
            { SourceUp: false } => new(name, SourceHealth.Bad, $"{status.Path} is missing or cannot be read.",
                "See that the file is there and that the agent's user may read it.", Runbook("AcctSourceUnreadable")),
            { AccountingActive: false } => new(name, SourceHealth.Bad,
                $"{status.Path} can be read, but the kernel does not write to it.",
                $"Switch accounting on: accton {status.Path}", Runbook("AcctAccountingInactive")),
            _ => new(name, SourceHealth.Good,
                $"Another program's: {status.Path} is read only, and the kernel writes to it."),
        };
    }

    private static SourceState? Suspended(string name, CaptureStatus status) =>
        status is { AccountingActive: false, SourceUp: true } && status.FreeRatio <= status.SuspendRatio
            ? new(name, SourceHealth.Bad, string.Create(CultureInfo.InvariantCulture,
                $"Suspended by the kernel: {status.FreeRatio:P1} of the file system is free, it stops at {
                    status.SuspendRatio:P0}."),
                string.Create(CultureInfo.InvariantCulture,
                    $"Make room where {status.Path} is: it goes on by itself at {status.ResumeRatio:P0}."),
                Runbook("AcctAccountingSuspended"))
            : null;

    private static SourceState Storage(CaptureStatus status)
    {
        const string name = "Journal";
        if (status.JournalFailures + status.CheckpointFailures > 0)
        {
            return new(name, SourceHealth.Lacking, string.Create(CultureInfo.InvariantCulture,
                $"{status.JournalFailures + status.CheckpointFailures:N0} writes failed since the start of the agent; "
                + $"each is tried again, and nothing is lost by it."),
                "Look at room and rights of --storage.path.",
                Runbook(status.JournalFailures > 0 ? "AcctJournalFailing" : "AcctCheckpointFailing"));
        }

        return new(name, SourceHealth.Good, string.Create(CultureInfo.InvariantCulture,
            $"Every counted exit is on disk before it is shown: {status.JournalBytes / 1024:N0} KiB."));
    }

    private static SourceState TaskStats(CaptureStatus status)
    {
        const string name = "Taskstats";
        return status switch
        {
            { TaskStatsWanted: false } => new(name, SourceHealth.Off,
                "Not wanted: no input and output, and CPU time in ticks of 10 ms.",
                "--taskstats.mode=auto joins them."),
            { TaskStatsUp: false } => new(name, SourceHealth.Lacking,
                "Missing: no input and output, and CPU time in ticks of 10 ms. Exits are counted all the same.",
                "It takes CAP_NET_ADMIN and the host's PID and network namespace; the log says what is missing.",
                Runbook("AcctEnrichmentDown")),
            { TaskStatsDrops: > 0 } => new(name, SourceHealth.Lacking, string.Create(CultureInfo.InvariantCulture,
                $"Joined, but the kernel dropped messages {status.TaskStatsDrops:N0} times: those exits have ticks."),
                "A larger --taskstats.buffer-size holds more of a storm.", Runbook("AcctTaskstatsDropped")),
            { DelaysOn: true } => new(name, SourceHealth.Good,
                "Joined: exact CPU time, input and output, memory, and delays."),
            _ => new(name, SourceHealth.Good,
                "Joined: exact CPU time, input and output, memory; without delays (kernel.task_delayacct is 0).",
                "--taskstats.enable-delays adds what processes waited for."),
        };
    }

    private static SourceState Connector(ProcessScopesStatus? scopes)
    {
        const string name = "Process connector";
        return scopes switch
        {
            null => new(name, SourceHealth.Off, "No label or rule asks for units, containers or executables.",
                "--labels adds them."),
            { Up: false } => new(name, SourceHealth.Lacking,
                "Missing: processes that live shortly have no unit, container or pod.",
                "It takes CAP_NET_ADMIN and the host's PID and network namespace; the log says what is missing.",
                Runbook("AcctSourceUnreadable")),
            { Drops: > 0 } => new(name, SourceHealth.Lacking, string.Create(CultureInfo.InvariantCulture,
                $"The kernel dropped events {scopes.Drops:N0} times; {scopes.ExitsWithoutCgroup:N0} exits have no unit."
                )),
            _ => new(name, SourceHealth.Good, "Tells unit, container and pod of each process."),
        };
    }

    private static SourceState Logins(LoginSnapshot? logins)
    {
        const string name = "Logins";
        if (logins is null)
        {
            return new(name, SourceHealth.Off, "Not followed.", "--logins.source=auto follows wtmp and btmp.");
        }

        var missing = new List<string>();
        AddIfDown(missing, "wtmp", logins.WtmpUp);
        AddIfDown(missing, "btmp", logins.BtmpUp);
        AddIfDown(missing, "wtmpdb", logins.WtmpdbUp);
        return missing.Count > 0
            ? new(name, SourceHealth.Lacking, $"Cannot be read: {string.Join(", ", missing)}.",
                "See that the file is there and that the agent's user may read it (group utmp).",
                Runbook("AcctLoginSourceGone"))
            : new(name, SourceHealth.Good, "Sessions and failed logins are counted.");
    }

    private static void AddIfDown(List<string> missing, string name, bool? up)
    {
        if (up == false)
        {
            missing.Add(name);
        }
    }

    private static SourceState Suite(SuiteSnapshot? suite)
    {
        const string name = "Accounting suite";
        return suite switch
        {
            null or { State: null, LastSuccessUnixMicroseconds: 0 } => new(name, SourceHealth.Off,
                "No daily run on this host.", "--suite.daily runs it.", "docs/suite.md"),
            { LastExitCode: > 0 } => new(name, SourceHealth.Lacking, string.Create(CultureInfo.InvariantCulture,
                $"The last daily run ended with code {suite.LastExitCode}."),
                "Its messages are in the suite's folder.", Runbook("AcctDailyRunFailed")),
            { LastSuccessUnixMicroseconds: 0 } => new(name, SourceHealth.Good, "The first daily run is still to come."),
            _ => new(name, SourceHealth.Good, string.Create(CultureInfo.InvariantCulture,
                $"The last daily run ended well at {TimeOf(suite.LastSuccessUnixMicroseconds):yyyy-MM-dd HH:mm} UTC.")),
        };
    }

    private static SourceState MetricsPush(PushFigures? push, long now)
    {
        const string name = "OTLP push";
        return push switch
        {
            null => new(name, SourceHealth.Off, "Metrics are not pushed; they are there to be scraped.",
                "--otlp.endpoint pushes them.", "docs/otlp.md"),
            { Exports: 0 } => new(name, SourceHealth.Good, "The first push is still to come."),
            { Failures: > 0 } figures when now - figures.LastSuccessUnixMicroseconds > 5 * Minute => new(name,
                SourceHealth.Bad, "The receiver has taken nothing for five minutes or more.",
                "Look at --otlp.endpoint; the log has its answer.", Runbook("AcctOtlpExportFailing")),
            { } figures => new(name, SourceHealth.Good, string.Create(CultureInfo.InvariantCulture,
                $"{figures.Exports - figures.Failures:N0} of {figures.Exports:N0} pushes were taken.")),
        };
    }

    private static SourceState Events(string name, long written, long dropped, string flag) => written switch
    {
        < 0 => new(name, SourceHealth.Off, "Not wanted.", $"{flag} has each exit on a line.", "docs/events.md"),
        _ when dropped > 0 => new(name, SourceHealth.Lacking, string.Create(CultureInfo.InvariantCulture,
            $"{written:N0} written; {dropped:N0} never arrived."), "The log says what stands in the way.",
            Runbook("AcctEventsDropped")),
        _ => new(name, SourceHealth.Good, string.Create(CultureInfo.InvariantCulture, $"{written:N0} written.")),
    };

    private static DateTimeOffset TimeOf(long unixMicroseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(unixMicroseconds / 1000);

    private static string Runbook(string alert) => $"docs/runbooks/{alert}.md";
}
