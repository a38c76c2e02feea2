// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Metrics;

namespace AcctExporter.Tests.Metrics;

public class PrometheusNameTests
{
    [Theory]
    [InlineData("acct.process.exits", "{exit}", "Counter", "acct_process_exits_total")] // an annotation adds nothing
    [InlineData("acct.process.core_dumps", "{exit}", "Counter", "acct_process_core_dumps_total")]
    [InlineData("acct.process.cpu.time", "s", "Counter", "acct_process_cpu_time_seconds_total")] // unit, then total
    [InlineData("acct.process.io", "By", "Counter", "acct_process_io_bytes_total")]
    [InlineData("acct.memory.byte_seconds", "{byte_second}", "Counter", "acct_memory_byte_seconds_total")]
    [InlineData("acct.process.duration", "s", "Histogram", "acct_process_duration_seconds")]
    [InlineData("acct.process.cpu.per_exit", "s", "Histogram", "acct_process_cpu_per_exit_seconds")]
    [InlineData("acct.process.virtual_memory", "By", "Histogram", "acct_process_virtual_memory_bytes")]
    [InlineData("acct.accounting.active", "", "Gauge", "acct_accounting_active")] // no unit, no suffix
    [InlineData("acct.accounting.free", "1", "Gauge", "acct_accounting_free_ratio")]
    [InlineData("acct.accounting.free_ratio", "1", "Gauge", "acct_accounting_free_ratio")] // never twice
    [InlineData("acct.switches", "1", "Counter", "acct_switches_total")] // ratio is for gauges
    [InlineData("acct.exporter.bytes_behind", "By", "Gauge", "acct_exporter_bytes_behind")] // said already, wherever
    [InlineData("acct.exporter.uptime_seconds", "s", "Gauge", "acct_exporter_uptime_seconds")]
    [InlineData("acct.exporter.requests_total", "{request}", "Counter", "acct_exporter_requests_total")]
    [InlineData("acct.exporter.total.time", "s", "Counter", "acct_exporter_time_seconds_total")] // goes to the end
    [InlineData("acct.exporter.last_exit_timestamp", "s", "Gauge", "acct_exporter_last_exit_timestamp_seconds")]
    [InlineData("process.open_fds", "{fd}", "Gauge", "process_open_fds")]
    public void Name_IsDerivedAsServersDeriveIt(string otelName, string unit, string kind, string expected) =>
        Assert.Equal(expected, PrometheusName.Of(otelName, unit, Enum.Parse<MetricKind>(kind)));

    [Theory]
    [InlineData("ms")]
    [InlineData("bytes")]
    [InlineData("{half")]
    public void Name_IsRefused_ForAUnitWithoutARule(string unit) =>
        Assert.Throws<ArgumentException>(() => PrometheusName.Of("acct.x", unit, MetricKind.Gauge));

    [Theory]
    [InlineData("acct_process_exits_total", "acct_process_exits", "")]
    [InlineData("acct_cpu_time_seconds_total", "acct_cpu_time_seconds", "seconds")]
    [InlineData("acct_process_duration_seconds", "acct_process_duration_seconds", "seconds")]
    [InlineData("acct_accounting_free_ratio", "acct_accounting_free_ratio", "ratio")]
    [InlineData("acct_exporter_bytes_behind", "acct_exporter_bytes_behind", "")] // UNIT must be the last word
    [InlineData("acct_accounting_active", "acct_accounting_active", "")]
    public void OpenMetrics_HasFamilyAndUnit(string name, string familyName, string unit)
    {
        var family = Catalog.All.Single(family => family.Name == name);
        Assert.Equal(familyName, PrometheusName.OpenMetricsFamily(family));
        Assert.Equal(unit, PrometheusName.OpenMetricsUnit(family));
    }
}
