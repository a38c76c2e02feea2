// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Cli;
using AcctExporter.Metrics;
using AcctExporter.Tests.Golden;

namespace AcctExporter.Tests.Metrics;

public class CatalogTests
{
    /// <summary>Every label that a series may bear. A new one is a decision, not an accident.</summary>
    private static readonly string[] ClosedLabels =
        [
            "user", "command", "signal", "mode", "fault", "direction", "reason", "source", "outcome", "version",
            "revision", "level", "line", "tty", "period", "known_user", "scope", "group", "state", "filesystem",
            "printer", "task", "data",
        ];

    [Fact]
    public void Names_AreUniqueInBothSpellings()
    {
        Assert.Equal(Catalog.All.Count, Catalog.All.Select(family => family.Name).Distinct().Count());
        Assert.Equal(Catalog.All.Count, Catalog.All.Select(family => family.OTelName).Distinct().Count());
    }

    [Fact]
    public void Names_HaveOurPrefix() => Assert.All(Catalog.All, family =>
    {
        Assert.Matches("^(acct|process)[a-z_]+$", family.Name);
        Assert.Matches("^(acct|process)(\\.[a-z][a-z_]*[a-z])+$", family.OTelName);
    });

    [Fact]
    public void Labels_AreFromTheClosedList() => Assert.All(Catalog.All.SelectMany(family => family.Labels),
        label => Assert.Contains(label, ClosedLabels));

    [Fact]
    public void Help_IsOneLineOfWholeSentences() => Assert.All(Catalog.All, family =>
    {
        Assert.EndsWith(".", family.Help, StringComparison.Ordinal);
        Assert.True(char.IsUpper(family.Help[0]) || char.IsDigit(family.Help[0]), family.Help);
        Assert.DoesNotContain('\n', family.Help);
        // A pipe would end the cell in docs/metrics.md.
        Assert.DoesNotContain('|', family.Help);
    });

    [Fact]
    public void Bounds_AreNoIntegersInText_AndRise() => Assert.All(
        Catalog.All.Where(family => family.Kind == MetricKind.Histogram).Select(family => family.Source),
        buckets =>
        {
            Assert.All(buckets.BoundTexts, text => Assert.Matches(@"[.]|^\d{7,}$", text));
            var bounds = buckets.BoundTexts.Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
            Assert.Equal(bounds.Order(), bounds);
            Assert.NotEmpty(bounds);
        });

    [Fact]
    public void EveryPairRow_HasItsHostRow() => Assert.All(
        Catalog.All.Where(family => family.Scope == MetricScope.Pair),
        family => Assert.Contains(Catalog.All, host => host.Scope == MetricScope.Host
            && host.OTelName == family.OTelName.Replace(".process", "", StringComparison.Ordinal)
            && host.Kind == family.Kind));

    [Theory]
    [InlineData("acct_process_exits_total")]
    [InlineData("acct_process_signals_total")]
    [InlineData("acct_core_dumps_total")]
    [InlineData("acct_cpu_time_seconds_total")]
    [InlineData("acct_page_faults_total")]
    [InlineData("acct_forks_without_exec_total")]
    [InlineData("acct_privileged_exits_total")]
    [InlineData("acct_duration_seconds")]
    [InlineData("acct_cpu_per_exit_seconds")]
    [InlineData("acct_virtual_memory_bytes")]
    [InlineData("acct_process_io_bytes_total")]
    [InlineData("acct_process_storage_bytes_total")]
    [InlineData("acct_process_memory_byte_seconds_total")]
    [InlineData("acct_process_delay_time_seconds_total")]
    [InlineData("acct_process_peak_rss_bytes")]
    [InlineData("acct_io_per_exit_bytes")]
    [InlineData("acct_exporter_exits_unenriched_total")]
    [InlineData("acct_exporter_taskstats_late_threads_total")]
    [InlineData("acct_exporter_build_info")]
    [InlineData("acct_exporter_records_lost_total")]
    [InlineData("acct_exporter_journal_bytes")]
    [InlineData("acct_exporter_scrape_duration_seconds")]
    [InlineData("acct_accounting_suspend_threshold_ratio")]
    [InlineData("acct_logins_total")]
    [InlineData("acct_logouts_total")]
    [InlineData("acct_sessions")]
    [InlineData("acct_connect_time_seconds_total")]
    [InlineData("acct_connect_time_corrections_seconds_total")]
    [InlineData("acct_failed_logins_total")]
    [InlineData("acct_boots_total")]
    [InlineData("acct_crashes_total")]
    [InlineData("acct_shutdowns_total")]
    [InlineData("acct_clock_changes_total")]
    [InlineData("acct_last_login_timestamp_seconds")]
    [InlineData("acct_holidays_stale")]
    [InlineData("acct_rollup_cpu_time_seconds")]
    [InlineData("acct_rollup_memory_byte_seconds")]
    [InlineData("acct_rollup_io_bytes")]
    [InlineData("acct_rollup_storage_bytes")]
    [InlineData("acct_rollup_connect_time_seconds")]
    [InlineData("acct_rollup_disk_bytes")]
    [InlineData("acct_rollup_printed_pages")]
    [InlineData("acct_rollup_fee_units")]
    [InlineData("acct_rollup_processes")]
    [InlineData("acct_rollup_sessions")]
    [InlineData("acct_rollup_group_cpu_time_seconds")]
    [InlineData("acct_fee_units")]
    [InlineData("acct_disk_usage_bytes")]
    [InlineData("acct_disk_sample_timestamp_seconds")]
    [InlineData("acct_printed_pages_total")]
    [InlineData("acct_runacct_state")]
    [InlineData("acct_runacct_last_success_timestamp_seconds")]
    [InlineData("acct_runacct_last_exit_code")]
    [InlineData("acct_runacct_last_duration_seconds")]
    [InlineData("acct_holidays_year")]
    [InlineData("acct_suite_size_bytes")]
    [InlineData("acct_exporter_suite_runs_total")]
    [InlineData("process_cpu_seconds_total")]
    [InlineData("process_resident_memory_bytes")]
    [InlineData("process_virtual_memory_bytes")]
    [InlineData("process_start_time_seconds")]
    [InlineData("process_max_fds")]
    public void Names_ThatOthersRelyOn_Stand(string name) =>
        Assert.Contains(Catalog.All, family => family.Name == name);

    [Fact]
    public void Document_IsTheCatalog()
    {
        var output = new StringWriter { NewLine = "\n" };
        var status = MetricsCommand.Create().Parse(["--format", "markdown"]).Invoke(new() { Output = output });
        Assert.Equal(0, status);
        GoldenFile.CheckFile(Path.Combine("docs", "metrics.md"), output.ToString());
    }

    [Fact]
    public void Table_ListsEveryMetricOnce()
    {
        var output = new StringWriter { NewLine = "\n" };
        Assert.Equal(0, MetricsCommand.Create().Parse([]).Invoke(new() { Output = output }));
        var lines = output.ToString().TrimEnd('\n').Split('\n');
        Assert.Equal(Catalog.All.Select(family => family.Name), lines.Skip(1).Select(line => line.Split(' ')[0]));
    }

    [Fact]
    public void Command_RefusesAFormatThatItDoesNotKnow() =>
        Assert.NotEmpty(MetricsCommand.Create().Parse(["--format", "xml"]).Errors);
}
