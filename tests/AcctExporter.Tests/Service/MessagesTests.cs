// SPDX-License-Identifier: Apache-2.0
using System.Reflection;
using AcctExporter.Cli;
using AcctExporter.Metrics;
using Microsoft.Extensions.Logging;

namespace AcctExporter.Tests.Service;

/// <summary>
/// What can be said more than once in the life of an agent has a counter: a log is read when a graph has said that
/// there is something to read.
/// </summary>
public class MessagesTests
{
    /// <summary>Said at the start or at the end, or once for all.</summary>
    private const string Once = "once";

    private const string Gaps = "acct_exporter_gaps_total";
    private const string Taken = "acct_exporter_accounting_taken_total";
    private const string Rotations = "acct_exporter_rotations_total";
    private const string SourceFailures = "acct_exporter_source_failures_total";
    private const string JournalFailures = "acct_exporter_journal_failures_total";
    private const string CheckpointFailures = "acct_exporter_checkpoint_failures_total";
    private const string EventFailures = "acct_exporter_event_write_failures_total";

    private const string SuiteRuns = "acct_exporter_suite_runs_total";
    private const string SuiteReads = "acct_exporter_suite_read_failures_total";

    private const string PageLogFailures = "acct_exporter_page_log_failures_total";

    private const string PushFailures = "acct_exporter_otlp_export_failures_total";

    private const string LoginFailures = "acct_exporter_login_source_failures_total";
    private const string LoginGaps = "acct_exporter_login_gaps_total";

    /// <summary>Every message by its number, and what counts the change that it tells of, or the one before.</summary>
    private static readonly Dictionary<int, string> CountedBy = new()
    {
        [1] = Taken, // at the start, and when accounting was taken back
        [2] = Once,
        [3] = Once,
        [4] = Gaps,
        [5] = Gaps,
        [6] = Gaps,
        [7] = Taken,
        [8] = Gaps, // reason silent
        [9] = Taken,
        [10] = "acct_exporter_switch_failures_total",
        [11] = Once,
        [12] = Once,
        [13] = Once,
        [14] = JournalFailures,
        [15] = JournalFailures,
        [16] = CheckpointFailures,
        [17] = CheckpointFailures,
        [18] = Once,
        [19] = Once,
        [20] = "acct_exporter_canary_failures_total",
        [21] = Once,
        [22] = SourceFailures,
        [23] = Rotations,
        [24] = Gaps,
        [25] = Once,
        [26] = SourceFailures,
        [27] = Once,
        [28] = Once,
        [29] = Once,
        [30] = Once,
        [31] = Gaps,
        [32] = Rotations, // a new segment at once
        [33] = Once,
        [34] = Once,
        [35] = Once,
        [36] = Once,
        [37] = Once,
        [40] = Once,
        [41] = Once,
        [42] = Once,
        [43] = "acct_exporter_taskstats_drops_total",
        [44] = Once,
        [45] = Once,
        [46] = Once,
        [60] = Once,
        [61] = EventFailures,
        [62] = EventFailures,
        [63] = "acct_exporter_events_dropped_total",
        [70] = "acct_exporter_storage_set_aside_total",
        [80] = Once,
        [81] = Once,
        [82] = Once,
        [83] = Once,
        [90] = "acct_exporter_config_reloads_total",
        [91] = "acct_exporter_config_reload_failures_total",
        [92] = "acct_exporter_config_reload_failures_total",
        [93] = "acct_exporter_config_reloads_total",
        [100] = Once,
        [101] = LoginFailures,
        [102] = LoginFailures,
        [103] = "acct_exporter_login_rotations_total",
        [104] = LoginGaps,
        [105] = LoginGaps,
        [106] = "acct_exporter_login_save_failures_total",
        [107] = "acct_exporter_login_save_failures_total",
        [108] = Once,
        [109] = "acct_exporter_holiday_failures_total",
        [110] = "acct_exporter_config_reloads_total", // at the start, and with each reading of the table
        [111] = "acct_exporter_storage_set_aside_total",
        [112] = Once,
        [113] = Once,
        [114] = Once,
        [115] = LoginFailures,
        [116] = Once,
        [117] = "acct_login_anomalies_total",
        [118] = "acct_exporter_login_save_failures_total",
        [130] = Once,
        [131] = SuiteRuns,
        [132] = SuiteRuns,
        [133] = SuiteRuns,
        [134] = SuiteRuns,
        [135] = SuiteRuns, // what a run complained of
        [136] = SuiteReads, // the watch reads the same files
        [137] = Once,
        [138] = SuiteReads,
        [150] = PageLogFailures, // at the start, and when what was kept had to be set aside (155)
        [151] = PageLogFailures,
        [152] = "acct_exporter_page_log_bad_lines_total",
        [153] = "acct_exporter_page_log_gaps_total",
        [154] = "acct_exporter_page_log_cut_off_bytes_total",
        [155] = PageLogFailures,
        [156] = "acct_exporter_page_log_lost_bytes_total",
        [157] = PageLogFailures,
        [170] = Once,
        [171] = PushFailures,
        [172] = PushFailures,
        [173] = Once,
        [174] = Once,
        [190] = "acct_exporter_web_config_reloads_total",
        [191] = "acct_exporter_web_config_reload_failures_total",
        [192] = "acct_exporter_web_config_reload_failures_total",
        [193] = "acct_exporter_web_config_reloads_total",
        [194] = "acct_exporter_web_config_reloads_total", // at the start, and with each reading
    };

    [Fact]
    public void EachMessage_IsSaidOnce_OrHasACounter()
    {
        var numbers = Messages().Select(message => message.EventId).ToList();
        Assert.Equal(numbers.Count, numbers.Distinct().Count());
        Assert.Equal(CountedBy.Keys.Order(), numbers.Order());
    }

    [Fact]
    public void EachCounter_IsInTheCatalog_AndIsOne()
    {
        var counters = Catalog.All.Where(family => family.Kind == MetricKind.Counter).Select(family => family.Name);
        Assert.Empty(CountedBy.Values.Where(name => name != Once).Except(counters));
    }

    [Fact]
    public void EachLevel_IsOneThatTheCounterOfMessagesHas()
    {
        var levels = Catalog.All.Single(family => family.Name == "acct_exporter_log_messages_total");
        Assert.Equal(["debug", "info", "warn", "error"],
            ((AgentPoints)levels.Source).Points.Select(point => point.LabelValues[0]));
        Assert.Equal(["debug", "info", "warn", "error"],
            Enum.GetValues<AcctExporter.Service.LogSeverity>().Select(AcctExporter.Service.LogLine.WordOf));
    }

    private static IEnumerable<LoggerMessageAttribute> Messages() =>
        from type in typeof(Agent).Assembly.GetTypes()
        from method in type.GetMethods(
            BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
        let message = method.GetCustomAttribute<LoggerMessageAttribute>()
        where message is not null
        select message;
}
