// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;
using AcctExporter.Ledger;
using AcctExporter.Metrics;
using AcctExporter.Records;

namespace AcctExporter.Tests.Metrics;

/// <summary>Classic histograms with bounds that are configured.</summary>
public class BoundsExpositionTests
{
    private static readonly HistogramBounds Own = new()
    {
        DurationMicroseconds = [500_000, 2_500_000],
        CpuMicroseconds = [],
        VirtualMemoryBytes = [1L << 30],
        PeakResidentBytes = [1L << 20, 1L << 30],
        IoBytes = [1_000_000],
    };

    [Fact]
    public void ConfiguredBounds_AreShown()
    {
        var figures = new TaskFigures
        {
            PeakResidentBytes = 2 << 20, ReadBytes = 1_000_000, WrittenBytes = 1_000_001,
            Knowledge = TaskKnowledge.Joined,
        };
        var text = Scrape(Own, FakeSource.Exit("sh", elapsed: 500_001, user: 3_000_000, memory: 1), figures);
        Assert.Equal(
            """
            acct_duration_seconds_bucket{le="0.5"} 0
            acct_duration_seconds_bucket{le="2.5"} 1
            acct_duration_seconds_bucket{le="+Inf"} 1
            acct_cpu_per_exit_seconds_bucket{le="+Inf"} 1
            acct_virtual_memory_bytes_bucket{le="1073741824"} 1
            acct_virtual_memory_bytes_bucket{le="+Inf"} 1
            acct_peak_rss_bytes_bucket{le="1048576"} 0
            acct_peak_rss_bytes_bucket{le="1073741824"} 1
            acct_peak_rss_bytes_bucket{le="+Inf"} 1
            acct_io_per_exit_bytes_bucket{direction="read",le="1000000"} 1
            acct_io_per_exit_bytes_bucket{direction="read",le="+Inf"} 1
            acct_io_per_exit_bytes_bucket{direction="write",le="1000000"} 0
            acct_io_per_exit_bytes_bucket{direction="write",le="+Inf"} 1
            """,
            string.Join('\n', text.Split('\n').Where(line => line.Contains("_bucket{", StringComparison.Ordinal)
                && !line.StartsWith("acct_process_", StringComparison.Ordinal))));
        Assert.Contains("acct_cpu_per_exit_seconds_sum 3\nacct_cpu_per_exit_seconds_count 1\n", text);
        Assert.Contains("""acct_process_duration_seconds_bucket{user="root",command="sh",le="2.5"} 1""", text);
        Assert.Contains("""acct_process_cpu_per_exit_seconds_bucket{user="root",command="sh",le="+Inf"} 1""", text);
        Assert.DoesNotContain("acct_process_cpu_per_exit_seconds_bucket{user=\"root\",command=\"sh\",le=\"0", text);
    }

    /// <summary>The document and the checks of dashboards are of the defaults.</summary>
    [Fact]
    public void Catalog_HasTheDefaults_AndAnyOther()
    {
        Assert.Equal(
            HistogramBounds.Default.DurationMicroseconds, Of(Catalog.All).Bounds);
        Assert.Equal(Own.DurationMicroseconds, Of(Catalog.For(Own)).Bounds);
        Assert.Equal(Catalog.All.Select(family => family.Name), Catalog.For(Own).Select(family => family.Name));
    }

    private static RowBuckets Of(IReadOnlyList<MetricFamily> catalog) =>
        (RowBuckets)catalog.Single(family => family.Name == "acct_duration_seconds").Source;

    private static string Scrape(HistogramBounds bounds, ProcessExit exit, TaskFigures figures)
    {
        using var source = new FakeSource(bounds: bounds);
        source.Count([exit], [figures]);
        var renderer = new ScrapeRenderer(
            source, new ScrapeOptions { Bounds = bounds, AllHistograms = true }, new BuildFacts("1", "a"),
            () => AgentFigures.Unknown, () => 0, TimeProvider.System);
        var output = new ArrayBufferWriter<byte>();
        renderer.Write(output, ExpositionFormat.Text);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
