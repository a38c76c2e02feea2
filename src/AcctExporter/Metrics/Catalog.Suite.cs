// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Logins;
using AcctExporter.Suite;

namespace AcctExporter.Metrics;

/// <content>The accounting suite: what users used, and how its runs go.</content>
internal static partial class Catalog
{
    /// <summary>How many file systems, or printers, the number of series is told for.</summary>
    private const int PlacesTold = 4;

    private const string ScopeText =
        " Scope day is what was done since the last daily run, fiscal the daily runs of the open period.";

    /// <summary>Users with the default limit and <c>other</c>, in both scopes.</summary>
    private static int TotalsMax => 2 * (new SuiteOptions().UsersLimit + 1);

    private static MetricFamily[] SuiteFamilies() =>
    [
        .. RollupFamilies("acct.rollup.", "user", "users", suite => suite.Users),
        .. RollupFamilies("acct.rollup.group.", "group", "groups", suite => suite.Groups),
        OfSuite("acct.fee_units", "", MetricKind.Gauge,
            "Fees of users in the open period, those that no daily run has taken yet among them. A credit subtracts.",
            Rows(["user"], TotalsMax / 2, suite => suite.Fees, row => Reading.Real(
                (double)row.Value / TacctSums.FeeParts))),
        OfSuite("acct.disk.usage", "By", MetricKind.Gauge,
            "Disk space of users by file system, as the last look at the disks found it.",
            Rows(["user", "filesystem"], PlacesTold * TotalsMax / 2, suite => suite.Disks,
                row => Reading.Count(row.Value))),
        OfSuite("acct.disk.sample_timestamp", "s", MetricKind.Gauge, "When disks were last looked at.",
            Suite(suite => Reading.Timestamp(suite.DiskSampleUnixMicroseconds))),
        OfSuite("acct.printed_pages", "{page}", MetricKind.Counter, "Pages that users printed, by printer.",
            Rows(["user", "printer"], PlacesTold * TotalsMax / 2, suite => suite.Pages,
                row => Reading.Count(row.Value))),
        OfSuite("acct.runacct.state", "", MetricKind.Gauge,
            "1 for the next state of the daily run, 0 for the others; complete between two days.",
            Each("state", Enum.GetValues<RunState>(), StateText, state => scrape =>
                scrape.Suite?.State is { } next ? Reading.State(next == state) : Reading.Absent)),
        OfSuite("acct.runacct.last_success_timestamp", "s", MetricKind.Gauge,
            "When a daily run last came to its end, whoever started it.",
            Suite(suite => Reading.Timestamp(suite.LastSuccessUnixMicroseconds))),
        OfSuite("acct.runacct.last_exit_code", "", MetricKind.Gauge,
            "How the last daily run ended: 0 well, 1 with a failure, 2 with warnings.",
            Suite(suite => Reading.Count(suite.LastExitCode))),
        OfSuite("acct.runacct.last_duration", "s", MetricKind.Gauge, "How long the last daily run took.",
            Suite(suite => Reading.Microseconds(suite.LastMicroseconds))),
        OfSuite("acct.monacct.last_success_timestamp", "s", MetricKind.Gauge, "When a fiscal period was last closed.",
            Suite(suite => Reading.Timestamp(suite.ClosedUnixMicroseconds))),
        OfSuite("acct.suite.size", "By", MetricKind.Gauge, "Bytes of the files of the accounting suite.",
            Suite(suite => Reading.Count(suite.FileBytes))),
        OfSuite("acct.suite.uncharged_blocks", "{block}", MetricKind.Gauge,
            "Blocks of the journal that are in no charge yet: their exits are in none of the files.",
            Suite(suite => Reading.Count(suite.UnchargedBlocks))),
        OfSuite("acct.suite.lost_blocks", "{block}", MetricKind.Gauge,
            "Blocks of the journal that were deleted before they were charged: nobody is charged for their exits.",
            Suite(suite => Reading.Count(suite.LostBlocks))),
        .. PageLogFamilies(),
    ];

    /// <summary>How printed pages are learned. All are left out where there is no log of them.</summary>
    private static MetricFamily[] PageLogFamilies() =>
    [
        OfSuite("acct.exporter.page_log_up", "", MetricKind.Gauge,
            "1 while CUPS' log of printed pages is there and can be read.",
            PageLog(log => Reading.State(log.Up))),
        OfSuite("acct.exporter.page_log_lines", "{line}", MetricKind.Counter,
            "Lines of CUPS' log of printed pages that were counted.", PageLog(log => Reading.Count(log.Lines))),
        OfSuite("acct.exporter.page_log_bad_lines", "{line}", MetricKind.Counter,
            "Lines of CUPS' log of printed pages that are not of its default form. Nobody is charged with their pages.",
            PageLog(log => Reading.Count(log.BadLines))),
        OfSuite("acct.exporter.page_log_gaps", "{gap}", MetricKind.Counter,
            "Times when the log that was read was not found again: an unknown number of pages may be missing.",
            PageLog(log => Reading.Count(log.Gaps))),
        OfSuite("acct.exporter.page_log_rotations", "{rotation}", MetricKind.Counter,
            "Times when CUPS' log of printed pages was rotated.", PageLog(log => Reading.Count(log.Rotations)))
            with { SinceStart = true },
        OfSuite("acct.exporter.page_log_failures", "{failure}", MetricKind.Counter,
            "Times when CUPS' log, or what is kept of printed pages, could not be read or written.",
            PageLog(log => Reading.Count(log.Failures))) with { SinceStart = true },
        OfSuite("acct.exporter.page_log_cut_off", "By", MetricKind.Counter,
            "Bytes of qacct that a kill left: they were cut off, and the pages read again. None is lost.",
            PageLog(log => Reading.Count(log.CutOffBytes))) with { SinceStart = true },
        OfSuite("acct.exporter.page_log_lost", "By", MetricKind.Counter,
            "Bytes that qacct had and has no more: nobody is charged with the pages of these jobs.",
            PageLog(log => Reading.Count(log.LostBytes))) with { SinceStart = true },
    ];

    private static MetricFamily[] SuiteWorkFamilies() =>
    [
        Agent("acct.exporter.suite_runs", "{run}", MetricKind.Counter,
            "What the agent ran of the accounting suite by itself: the day (runacct), the close of a period (monacct), "
            + "charges of closed journal files (ckpacct), looks at disks (dodisk).",
            new AgentPoints(["task", "outcome"], [.. Enum.GetValues<SuiteWork>().SelectMany(WorkPoints)]))
            with { SinceStart = true },
        Agent("acct.exporter.suite_read_failures", "{failure}", MetricKind.Counter,
            "Times when a file of the accounting suite could not be read. What is shown of it stands still meanwhile.",
            Suite(suite => Reading.Count(suite.ReadFailures))) with { SinceStart = true },
    ];

    private static MetricFamily[] RollupFamilies(
        string prefix, string key, string whose, Func<SuiteSnapshot, SuiteTotalsRow[]> rows)
    {
        return
        [
            Divided("cpu.time", "s", "CPU time of processes", (in TacctClass sums) =>
                Reading.Microseconds(sums.CpuMicroseconds)),
            Divided("memory.byte_seconds", "{byte_second}",
                "Address space of processes at their end times their CPU time: neither resident nor a mean",
                (in TacctClass sums) => Reading.Real((double)sums.KibMicroseconds * 1024 / 1e6)),
            DividedIo("io", "Bytes that processes read and wrote with system calls", (in TacctClass sums) =>
                Reading.Count(sums.CharacterBytes)),
            DividedIo("storage", "Bytes that processes read from storage and wrote to it", (in TacctClass sums) =>
                Reading.Count(sums.StorageBytes)),
            Divided("connect.time", "s", "Time logged in", (in TacctClass sums) =>
                Reading.Microseconds(sums.ConnectMicroseconds)),
            Whole("disk", "By", "Disk space, the mean of all looks at the disks", (in TacctSums sums) =>
                sums.DiskSamples > 0 ? Reading.Count(sums.DiskBytes / sums.DiskSamples) : Reading.Absent),
            Whole("printed_pages", "{page}", "Printed pages", (in TacctSums sums) =>
                Reading.Count(sums.PrintedPages)),
            Whole("fee_units", "", "Fees", (in TacctSums sums) =>
                Reading.Real((double)sums.FeeMilliunits / TacctSums.FeeParts)),
            Whole("processes", "{process}", "Processes that ended", (in TacctSums sums) =>
                Reading.Count(sums.Processes)),
            Whole("sessions", "{session}", "Logins", (in TacctSums sums) => Reading.Count(sums.Sessions)),
        ];

        MetricFamily Divided(string name, string unit, string help, ClassFigure figure, bool isIo = false) =>
            OfSuite(prefix + name, unit, MetricKind.Gauge, $"{help}, of {whose}, in prime time and outside.{ScopeText}",
                new TableRows([key, "scope"], TotalsMax, Totals, "period",
                    new TableRowPoint("prime", row => Shown(row, isIo) ? figure(OfRow(row).Prime) : Reading.Absent),
                    new TableRowPoint(
                        "nonprime", row => Shown(row, isIo) ? figure(OfRow(row).NonPrime) : Reading.Absent)));

        MetricFamily DividedIo(string name, string help, ClassFigure figure) =>
            Divided(name, "By", help, figure, isIo: true);

        MetricFamily Whole(string name, string unit, string help, SumsFigure figure) =>
            OfSuite(prefix + name, unit, MetricKind.Gauge, $"{help}, of {whose}.{ScopeText}",
                new TableRows([key, "scope"], TotalsMax, Totals, null,
                    new TableRowPoint("", row => figure(OfRow(row)))));

        IReadOnlyList<LabeledRow> Totals(ScrapeData scrape) => scrape.Suite is { } suite ? rows(suite) : [];
    }

    private delegate Reading ClassFigure(in TacctClass sums);

    private delegate Reading SumsFigure(in TacctSums sums);

    private static ref readonly TacctSums OfRow(LabeledRow row) => ref ((SuiteTotalsRow)row).Sums;

    /// <summary>Where nobody's input and output is known, 0 would be a lie.</summary>
    private static bool Shown(LabeledRow row, bool isIo) => !isIo || ((SuiteTotalsRow)row).KnowsIo;

    private static MetricFamily OfSuite(
        string name, string unit, MetricKind kind, string help, MetricSource source) =>
        new(name, unit, kind, MetricScope.Suite, source, help) { Stability = MetricStability.Experimental };

    private static AgentPoints Suite(Func<SuiteSnapshot, Reading> value) =>
        new([], new AgentPoint([], scrape => scrape.Suite is { } suite ? value(suite) : Reading.Absent));

    private static AgentPoints PageLog(Func<PrintFigures, Reading> value) =>
        Suite(suite => suite.PageLog is { } log ? value(log) : Reading.Absent);

    private static TableRows Rows(
        string[] labels, int most, Func<SuiteSnapshot, SuiteRow[]> rows, Func<SuiteRow, Reading> value) =>
        new(labels, most, scrape => scrape.Suite is { } suite ? rows(suite) : [], null,
            new TableRowPoint("", row => value((SuiteRow)row)));

    private static AgentPoint[] WorkPoints(SuiteWork work) =>
    [
        new([WorkText(work), "done"], scrape => scrape.SuiteWork is { } counts
            ? Reading.Count(counts.Done(work)) : Reading.Absent),
        new([WorkText(work), "failed"], scrape => scrape.SuiteWork is { } counts
            ? Reading.Count(counts.Failed(work)) : Reading.Absent),
    ];

    private static string WorkText(SuiteWork work) => work.ToString().ToLowerInvariant();

    private static string StateText(RunState state) => state.ToString().ToLowerInvariant();
}
