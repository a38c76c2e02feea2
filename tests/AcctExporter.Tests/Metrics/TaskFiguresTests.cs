// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;
using AcctExporter.Records;
using static AcctExporter.Tests.Metrics.FakeSource;

namespace AcctExporter.Tests.Metrics;

/// <summary>What taskstats add, on the page: and above all when it is not there.</summary>
public class TaskFiguresTests
{
    internal static readonly TaskFigures WithoutDelays = new()
    {
        ReadBytes = 3 << 20, WrittenBytes = 1024, StorageReadBytes = 4096, StorageWrittenBytes = 8192,
        StorageCancelledBytes = 2048, ResidentMebibyteMicroseconds = 30_000, PeakResidentBytes = 2_100_000,
        Knowledge = TaskKnowledge.Joined,
    };

    internal static readonly TaskFigures Small = WithDelays(WithoutDelays, 1_000);

    /// <summary>64 GiB for a month.</summary>
    internal static readonly TaskFigures Large = WithDelays(
        new TaskFigures
        {
            ReadBytes = 1L << 42, WrittenBytes = (1L << 42) + 1, PeakResidentBytes = 1L << 36,
            ResidentMebibyteMicroseconds = 65_536UL * 2_592_000_000_000, Knowledge = TaskKnowledge.Joined,
        },
        2_500_000);

    private static readonly string[] Everything =
    [
        "acct_process_io_bytes_total", "acct_process_storage_bytes_total", "acct_process_memory_byte_seconds_total",
        "acct_process_delay_time_seconds_total", "acct_process_peak_rss_bytes", "acct_process_io_per_exit_bytes",
    ];

    [Fact]
    public void WithoutTaskStats_NothingOfThemIsShown()
    {
        using var source = new FakeSource();
        source.Count(Exit("a"), Exit("b"));
        var text = source.Scrape(allHistograms: true);
        foreach (var name in Everything)
        {
            Assert.DoesNotContain(name, text, StringComparison.Ordinal);
            Assert.DoesNotContain(Host(name), text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("taskstats", Series(text), StringComparison.Ordinal);
        Assert.DoesNotContain("acct_exporter_exits_unenriched", text, StringComparison.Ordinal);
        Assert.DoesNotContain("acct_exporter_exits_incomplete", text, StringComparison.Ordinal);
        Assert.Contains("\nacct_exporter_own_children_total 0\n", text, StringComparison.Ordinal);
    }

    /// <summary>Wanted, but not to be had: the agent says so, and the figures are absent.</summary>
    [Fact]
    public void WantedAndDown_IsSaid_AndNoFigureIsZero()
    {
        using var source = new FakeSource();
        source.Status = source.Status with { TaskStatsWanted = true, DelaysOn = true, TaskStatsVersion = 17 };
        source.Count(Exit("a"));
        var samples = ExpositionReader.Read(source.Scrape(allHistograms: true));
        Assert.Equal("0", Only(samples, "acct_exporter_source_up", ("source", "taskstats")).Text);
        Assert.Equal("0", Only(samples, "acct_exporter_exits_unenriched_total").Text);
        Assert.Equal("0", Only(samples, "acct_exporter_taskstats_late_threads_total", ("outcome", "lost")).Text);
        Assert.DoesNotContain(samples, sample => Everything.Any(name => sample.Name.StartsWith(name, Full)
            || sample.Name.StartsWith(Host(name), Full)));
    }

    [Fact]
    public void Up_TheHostStartsAtZero_AndPairsAreAbsent_HeadAndAll()
    {
        using var source = Up();
        source.Count(Exit("a"));
        var text = source.Scrape(allHistograms: true);
        var samples = ExpositionReader.Read(text);
        Assert.Equal("0", Only(samples, "acct_io_bytes_total", ("direction", "read")).Text);
        Assert.Equal("0", Only(samples, "acct_memory_byte_seconds_total").Text);
        Assert.Equal("0", Only(samples, "acct_peak_rss_bytes_count").Text);
        Assert.Equal("0", Only(samples, "acct_delay_time_seconds_total", ("reason", "cpu")).Text);
        Assert.All(Everything, name => Assert.DoesNotContain(name, text, StringComparison.Ordinal));
    }

    [Fact]
    public void PairsWithoutKnownExits_AreAbsent_AmongThoseWithThem()
    {
        using var source = Up();
        source.Count([Exit("known"), Exit("unknown"), Exit("nodelays")], [Small, default, WithoutDelays]);
        var samples = ExpositionReader.Read(source.Scrape(allHistograms: true));
        Assert.Equal(["known", "nodelays"], Commands("acct_process_io_bytes_total"));
        Assert.Equal(["known", "nodelays"], Commands("acct_process_memory_byte_seconds_total"));
        Assert.Equal(["known", "nodelays"], Commands("acct_process_peak_rss_bytes_count"));
        Assert.Equal(["known", "nodelays"], Commands("acct_process_io_per_exit_bytes_bucket"));
        Assert.Equal(["known"], Commands("acct_process_delay_time_seconds_total"));

        IEnumerable<string> Commands(string name) =>
            samples.Where(sample => sample.Name == name).Select(sample => sample.Label("command")).Distinct();
    }

    /// <summary>A counter that was shown once does not vanish with the source.</summary>
    [Fact]
    public void WhatWasCounted_StaysWhenTheSourceIsGone()
    {
        using var source = new FakeSource();
        source.Count([Exit("a")], [Small]);
        ExpositionTests.Tally(source.Ledger, Tallies.Unenriched, 3);
        var samples = ExpositionReader.Read(source.Scrape());
        Assert.Equal("3145728", Only(samples, "acct_process_io_bytes_total", ("direction", "read")).Text);
        Assert.Equal("3145728", Only(samples, "acct_io_bytes_total", ("direction", "read")).Text);
        Assert.Equal("0.002", Only(samples, "acct_process_delay_time_seconds_total", ("reason", "block_io")).Text);
        Assert.Equal("0.005", Only(samples, "acct_delay_time_seconds_total", ("reason", "thrashing")).Text);
        Assert.Equal("3", Only(samples, "acct_exporter_exits_unenriched_total").Text);
    }

    /// <summary>
    /// taskstats.h: thrashing since version 9, compaction 11, write-protect copies 13; irq when seen.
    /// </summary>
    [Theory]
    [InlineData(8, "cpu block_io swap_in reclaim")]
    [InlineData(9, "cpu block_io swap_in reclaim thrashing")]
    [InlineData(10, "cpu block_io swap_in reclaim thrashing")]
    [InlineData(11, "cpu block_io swap_in reclaim thrashing compaction")]
    [InlineData(12, "cpu block_io swap_in reclaim thrashing compaction")]
    [InlineData(13, "cpu block_io swap_in reclaim thrashing compaction write_protect_copy")]
    [InlineData(17, "cpu block_io swap_in reclaim thrashing compaction write_protect_copy")]
    public void DelayReasons_ThatTheKernelDoesNotHave_AreLeftOut(int version, string expected)
    {
        using var source = Up(version);
        Assert.Equal(expected, Reasons("acct_delay_time_seconds_total"));
        var delays = WithDelays(WithoutDelays, 0);
        source.Count([Exit("a")], [delays]);
        Assert.Equal(expected, Reasons("acct_process_delay_time_seconds_total"));
        delays.DelayMicroseconds[(int)DelayReason.Irq] = 1;
        source.Count([Exit("b")], [delays]);
        Assert.Equal($"{expected} irq", Reasons("acct_delay_time_seconds_total"));

        string Reasons(string name) => string.Join(' ', ExpositionReader.Read(source.Scrape())
            .Where(sample => sample.Name == name).Select(sample => sample.Label("reason")).Distinct());
    }

    [Fact]
    public void DelaysOff_LeaveTheirFamilyOut()
    {
        using var source = Up();
        source.Status = source.Status with { DelaysOn = false };
        source.Count([Exit("a")], [WithoutDelays]);
        var text = source.Scrape();
        Assert.DoesNotContain("delay_time", text, StringComparison.Ordinal);
        Assert.Contains("acct_process_io_bytes_total", text, StringComparison.Ordinal);
    }

    [Fact]
    public void HistogramsOfPairs_AreShownOnlyWithTheSwitch()
    {
        using var source = Up();
        source.Count([Exit("a")], [Small]);
        Assert.DoesNotMatch("acct_process_(peak_rss|io_per_exit)", source.Scrape());
        var samples = ExpositionReader.Read(source.Scrape(allHistograms: true));
        Assert.Equal("0", Only(samples, "acct_io_per_exit_bytes_bucket", ("direction", "read"),
            ("le", "1048576")).Text);
        Assert.Equal("1", Only(samples, "acct_process_io_per_exit_bytes_bucket", ("direction", "read"),
            ("le", "4194304")).Text);
        Assert.Equal("1", Only(samples, "acct_process_io_per_exit_bytes_bucket", ("direction", "write"),
            ("le", "1048576")).Text);
        Assert.Equal("3145728", Only(samples, "acct_io_per_exit_bytes_sum", ("direction", "read")).Text);
        Assert.Equal("2100000", Only(samples, "acct_process_peak_rss_bytes_sum").Text);
    }

    /// <summary>64 GiB for a month: 68719476736 x 2592000.</summary>
    [Fact]
    public void ByteSeconds_AreExact()
    {
        using var source = Up();
        source.Count([Exit("a"), Exit("a")], [Large, Small]);
        var samples = ExpositionReader.Read(source.Scrape());
        Assert.Equal("178120883699743457.28", Only(samples, "acct_memory_byte_seconds_total").Text);
    }

    private const StringComparison Full = StringComparison.Ordinal;

    private static string Host(string name) => name.Replace("_process", "", Full);

    private static Sample Only(List<Sample> samples, string name, params (string Key, string Value)[] labels) =>
        ExpositionTests.Only(samples, name, labels);

    private static string Series(string text) =>
        string.Join('\n', text.Split('\n').Where(line => !line.StartsWith('#')));

    private static FakeSource Up(int version = 17)
    {
        var source = new FakeSource();
        source.Status = source.Status with
        {
            TaskStatsWanted = true, TaskStatsUp = true, TaskStatsVersion = version, DelaysOn = true,
        };
        return source;
    }

    /// <summary>The first reason gets the amount, the second twice as much, ...; interrupts nothing.</summary>
    private static TaskFigures WithDelays(TaskFigures figures, ulong microseconds)
    {
        figures.Knowledge |= TaskKnowledge.Delays;
        for (var reason = DelayReason.Cpu; reason < DelayReason.Irq; reason++)
        {
            figures.DelayMicroseconds[(int)reason] = microseconds * ((ulong)reason + 1);
        }

        return figures;
    }
}
