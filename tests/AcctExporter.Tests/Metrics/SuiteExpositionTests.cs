// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using AcctExporter.Metrics;
using AcctExporter.Suite;
using AcctExporter.Tests.Properties;

namespace AcctExporter.Tests.Metrics;

public sealed class SuiteExpositionTests
{
    [Fact]
    public void WithoutTheSuite_ThereIsNothingOfIt()
    {
        using var source = new FakeSource();
        Assert.DoesNotContain("suite", source.Scrape(), StringComparison.Ordinal);
        source.Suite = new SuiteSnapshot();
        var text = source.Scrape();
        Assert.All(
            Catalog.All.Where(family => family.Scope == MetricScope.Suite),
            family => Assert.DoesNotContain(family.Name, text, StringComparison.Ordinal));
    }

    [Fact]
    public void Figures_AreThoseOfTheSnapshot()
    {
        using var source = ExpositionTests.Small();
        var samples = ExpositionReader.Read(source.Scrape());
        (string, string)[] prime = [("user", "ann"), ("scope", "day"), ("period", "prime")];
        (string, string)[] day = [("user", "ann"), ("scope", "day")];
        Assert.Equal("1.5", Text("acct_rollup_cpu_time_seconds", prime));
        Assert.Equal("0.01", Text(
            "acct_rollup_cpu_time_seconds", ("user", "ann"), ("scope", "fiscal"), ("period", "nonprime")));
        Assert.Equal("3072", Text("acct_rollup_memory_byte_seconds", prime));
        Assert.Equal("4096", Text("acct_rollup_io_bytes", prime));
        Assert.Equal("512", Text("acct_rollup_storage_bytes", prime));
        Assert.Equal("60", Text("acct_rollup_connect_time_seconds", prime));
        Assert.Equal("1536", Text("acct_rollup_disk_bytes", day));
        Assert.Equal("7", Text("acct_rollup_printed_pages", day));
        Assert.Equal("-2.5", Text("acct_rollup_fee_units", day));
        Assert.Equal("11", Text("acct_rollup_processes", day));
        Assert.Equal("2", Text("acct_rollup_sessions", day));
        Assert.Equal("11", Text("acct_rollup_group_processes", ("group", "staff"), ("scope", "fiscal")));
        Assert.Equal("-2.5", Text("acct_fee_units", ("user", "ann")));
        Assert.Equal("3072", Text("acct_disk_usage_bytes", ("user", "ann"), ("filesystem", "/home")));
        Assert.Equal("7", Text("acct_printed_pages_total", ("user", "ann"), ("printer", "laser")));
        Assert.Equal("1", Text("acct_exporter_page_log_up"));
        Assert.Equal("21", Text("acct_exporter_page_log_lines_total"));
        Assert.Equal("22", Text("acct_exporter_page_log_bad_lines_total"));
        Assert.Equal("23", Text("acct_exporter_page_log_gaps_total"));
        Assert.Equal("24", Text("acct_exporter_page_log_rotations_total"));
        Assert.Equal("25", Text("acct_exporter_page_log_failures_total"));
        Assert.Equal("26", Text("acct_exporter_page_log_cut_off_bytes_total"));
        Assert.Equal("27", Text("acct_exporter_page_log_lost_bytes_total"));
        Assert.Equal("1", Text("acct_runacct_state", ("state", "complete")));
        Assert.Equal("0", Text("acct_runacct_state", ("state", "mergetacct")));
        Assert.Equal("1700000000", Text("acct_runacct_last_success_timestamp_seconds"));
        Assert.Equal("2", Text("acct_runacct_last_exit_code"));
        Assert.Equal("1.25", Text("acct_runacct_last_duration_seconds"));
        Assert.Equal("2026", Text("acct_holidays_year"));
        Assert.Equal("2", Text("acct_exporter_suite_runs_total", ("task", "day"), ("outcome", "failed")));
        // Who has no sample has no mean; who knows of no input and output, none of that.
        Assert.Equal(2, samples.Count(sample => sample.Name == "acct_rollup_disk_bytes"));
        Assert.DoesNotContain(samples, sample =>
            sample.Name == "acct_rollup_io_bytes" && sample.Label("scope") == "fiscal");
        Assert.Contains(samples, sample =>
            sample.Name == "acct_rollup_processes" && sample.Label("user") == "a\"b\\x0a");

        string Text(string name, params (string, string)[] labels) =>
            ExpositionTests.Only(samples, name, labels).Text;
    }

    [Fact]
    public void AScrape_AllocatesNothing_ForAUser()
    {
        using var few = With(10);
        using var many = With(300);
        Assert.InRange(BytesOf(many) - BytesOf(few), -2048, 2048);
    }

    private static FakeSource With(int users)
    {
        var source = ExpositionTests.Small();
        source.Suite = SuiteSamples.Small with
        {
            Users =
            [
                .. Enumerable.Range(0, users)
                    .Select(i => new SuiteTotalsRow("user", $"u{i}", SuiteScope.Day, SuiteSamples.Ann, knowsIo: true)),
            ],
        };
        return source;
    }

    private static long BytesOf(FakeSource source)
    {
        var renderer = source.Renderer();
        var output = new ArrayBufferWriter<byte>(1 << 21);
        return Allocated.By(() =>
        {
            output.Clear();
            renderer.Write(output, ExpositionFormat.Text);
        });
    }
}
