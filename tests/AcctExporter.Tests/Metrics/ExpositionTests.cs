// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;
using AcctExporter.Capture;
using AcctExporter.Ledger;
using AcctExporter.Metrics;
using AcctExporter.Records;
using AcctExporter.Tests.Golden;
using static AcctExporter.Tests.Metrics.FakeSource;

namespace AcctExporter.Tests.Metrics;

public class ExpositionTests
{
    private const uint Core = 0x80;

    /// <summary>Figures of a process, so that every family has a series.</summary>
    internal static readonly ProcessFigures Process = new()
    {
        CpuMicroseconds = 1_230_000,
        ResidentBytes = 50_000_000,
        VirtualBytes = 250_000_000,
        StartUnixMicroseconds = Noon,
        OpenFiles = 42,
        MaxFiles = 1024,
    };

    [Theory]
    [InlineData("Text", "scrape.prom")]
    [InlineData("OpenMetrics", "scrape.openmetrics")]
    public void Scrape_IsTheGoldenOne(string format, string file)
    {
        using var source = Small();
        GoldenFile.Check(file, source.Scrape(Enum.Parse<ExpositionFormat>(format), process: Process));
    }

    [Fact]
    public void Scrape_WithEverything_IsTheGoldenOne()
    {
        using var source = Small();
        GoldenFile.Check("scrape-all.openmetrics", source.Scrape(
            ExpositionFormat.OpenMetrics, allHistograms: true, created: true, process: Process));
    }

    [Fact]
    public void Scrape_ShowsEveryFamilyOfTheCatalog_WhenAllIsKnown()
    {
        using var source = Small();
        source.Status = source.Status with
        {
            ExecutableTimeouts = 0, EventsWritten = 0,
            EventsDropped = 0,
            EventWriteFailures = 0,
            EventsPushed = 0,
            EventsNotPushed = 0,
            Scopes = new ProcessScopesStatus(true, 1, 0, 0),
        };
        var renderer = source.Renderer(allHistograms: true, process: Process);
        renderer.Figures.Complete(TimeSpan.FromMilliseconds(3));
        var heads = Text(renderer, ExpositionFormat.Text).Split('\n')
            .Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2]);
        Assert.Equal(Catalog.All.Select(family => family.Name), heads);
    }

    [Fact]
    public void BothFormats_HaveTheSameSamples()
    {
        using var source = Small();
        var text = ExpositionReader.Read(source.Scrape(ExpositionFormat.Text));
        var openMetrics = ExpositionReader.Read(source.Scrape(ExpositionFormat.OpenMetrics));
        Assert.Equal(
            text.Select(sample => (sample.Series, sample.Text)),
            openMetrics.Select(sample => (sample.Series, sample.Text)));
    }

    [Fact]
    public void OpenMetrics_EndsWithEof_AndTextHasNone()
    {
        using var source = Small();
        Assert.EndsWith("\n# EOF\n", source.Scrape(ExpositionFormat.OpenMetrics), StringComparison.Ordinal);
        Assert.DoesNotContain("EOF", source.Scrape(ExpositionFormat.Text), StringComparison.Ordinal);
    }

    [Fact]
    public void Created_IsWrittenOnlyInOpenMetrics_AndOnlyWithTheFlag()
    {
        using var source = Small();
        Assert.DoesNotMatch("_created", source.Scrape(ExpositionFormat.OpenMetrics));
        Assert.DoesNotMatch("_created", source.Scrape(ExpositionFormat.Text, created: true));
        Assert.Matches("_created", source.Scrape(ExpositionFormat.OpenMetrics, created: true));
    }

    [Fact]
    public void Created_IsTheBirthOfThePair_AndTheStartOfCountingForTheHost()
    {
        using var source = Small();
        var samples = ExpositionReader.Read(
            source.Scrape(ExpositionFormat.OpenMetrics, created: true, process: Process));
        Assert.Equal("1700000000", Only(samples, "acct_process_exits_created", ("command", "sh")).Text);
        Assert.Equal("1700000002", Only(samples, "acct_process_exits_created", ("command", "java")).Text);
        Assert.Equal("1699999999", Only(samples, "acct_exits_created").Text);
        Assert.Equal("1699999999", Only(samples, "acct_exporter_rotations_created").Text);
        Assert.Equal("1700000000", Only(samples, "acct_exporter_scrapes_created").Text);
    }

    [Fact]
    public void HostTotals_StartAtZero_AndPairsAreAbsent()
    {
        using var source = new FakeSource();
        var samples = ExpositionReader.Read(source.Scrape());
        Assert.Equal("0", Only(samples, "acct_exits_total").Text);
        Assert.Equal(
            SignalName.UsuallyFatal.Select(SignalName.Of),
            Named("acct_core_dumps_total").Select(sample => sample.Label("signal")));
        Assert.All(Named("acct_signals_total"), sample => Assert.Equal("0", sample.Text));
        Assert.Equal(RejectReason.All.Length, Named("acct_exporter_records_rejected_total").Count());
        Assert.Equal(Tallies.LossReasons, Named("acct_exporter_records_lost_total").Count());
        Assert.Equal(Tallies.LossReasons, Named("acct_exporter_gaps_total").Count());
        Assert.DoesNotContain(samples, sample => sample.Name.StartsWith("acct_process_", StringComparison.Ordinal));

        IEnumerable<Sample> Named(string name) => samples.Where(sample => sample.Name == name);
    }

    [Fact]
    public void WhatIsNotKnown_IsLeftOut_HeadAndAll()
    {
        using var source = new FakeSource();
        var text = source.Scrape();
        Assert.DoesNotContain("acct_accounting_free_ratio", text, StringComparison.Ordinal);
        Assert.DoesNotContain("acct_exporter_last_exit_timestamp", text, StringComparison.Ordinal);
        Assert.DoesNotContain("process_open_fds", text, StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", text, StringComparison.Ordinal);
        source.Status = source.Status with { FreeRatio = 0.5, LastExitUnixMicroseconds = Noon };
        text = source.Scrape();
        Assert.Contains("\nacct_accounting_free_ratio 0.5\n", text, StringComparison.Ordinal);
        Assert.Contains("\nacct_exporter_last_exit_timestamp_seconds 1700000000\n", text, StringComparison.Ordinal);
    }

    /// <summary>Up or not, events, drops, exits without a group: nothing of it is there when no label asks.</summary>
    [Fact]
    public void ProcessConnector_IsShown_WhereALabelAsksForIt()
    {
        using var source = new FakeSource();
        Assert.DoesNotContain("process_connector", source.Scrape(), StringComparison.Ordinal);
        Assert.DoesNotContain("without_cgroup", source.Scrape(), StringComparison.Ordinal);
        source.Status = source.Status with { Scopes = new ProcessScopesStatus(Up: false, 7, 1, 3) };
        var text = source.Scrape();
        Assert.Contains("\nacct_exporter_source_up{source=\"process_connector\"} 0\n", text, StringComparison.Ordinal);
        Assert.Contains("\nacct_exporter_process_connector_events_total 7\n", text, StringComparison.Ordinal);
        Assert.Contains("\nacct_exporter_process_connector_drops_total 1\n", text, StringComparison.Ordinal);
        Assert.Contains("\nacct_exporter_exits_without_cgroup_total 3\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void SourceUp_NamesTheSourceThatIsRead()
    {
        using var source = new FakeSource();
        source.Status = source.Status with { Source = "file", SourceUp = false };
        var up = Only(ExpositionReader.Read(source.Scrape()), "acct_exporter_source_up");
        Assert.Equal("acct_exporter_source_up{source=file} 0", $"{up.Series} {up.Text}");
    }

    [Fact]
    public void RecordsRead_AreExits_LeavingRecords_AndOwnChildren()
    {
        using var source = new FakeSource();
        source.Count(Exit("a"), Exit("b"));
        Tally(source.Ledger, Tallies.LeavingRecords, 3);
        Tally(source.Ledger, Tallies.OwnChildren, 4);
        var samples = ExpositionReader.Read(source.Scrape());
        Assert.Equal("9", Only(samples, "acct_exporter_records_read_total").Text);
        Assert.Equal("3", Only(samples, "acct_exporter_leaving_records_total").Text);
    }

    [Fact]
    public void AllHistograms_AreShownOnlyWithTheSwitch_AndForTheHostAlways()
    {
        using var source = Small();
        Assert.DoesNotMatch("acct_process_virtual_memory_bytes", source.Scrape());
        Assert.Matches("acct_virtual_memory_bytes_bucket", source.Scrape());
        Assert.Matches("acct_process_virtual_memory_bytes_bucket", source.Scrape(allHistograms: true));
    }

    [Fact]
    public void Signals_AreDeathsWithAndWithoutACore()
    {
        using var source = new FakeSource();
        source.Count(Exit("a", exitCode: 11), Exit("a", exitCode: 11 | Core), Exit("a", exitCode: 11 | Core),
            Exit("a", exitCode: 9), Exit("b", exitCode: 6 | Core), Exit("c", exitCode: 40));
        var samples = ExpositionReader.Read(source.Scrape());
        Assert.Equal("3", Only(samples, "acct_process_signals_total", ("command", "a"), ("signal", "SIGSEGV")).Text);
        Assert.Equal("2", Only(samples, "acct_process_core_dumps_total", ("command", "a"), ("signal", "SIGSEGV")).Text);
        Assert.Equal("1", Only(samples, "acct_process_signals_total", ("command", "a"), ("signal", "SIGKILL")).Text);
        Assert.Equal("1", Only(samples, "acct_process_signals_total", ("command", "b"), ("signal", "SIGABRT")).Text);
        Assert.Equal("1", Only(samples, "acct_process_signals_total", ("command", "c"), ("signal", "SIGRTMIN+6")).Text);
        Assert.Equal("1", Only(samples, "acct_signals_total", ("signal", "SIGRTMIN+6")).Text);
        Assert.Equal(4, samples.Count(sample => sample.Name == "acct_process_signals_total"));
        Assert.Equal(2, samples.Count(sample => sample.Name == "acct_process_core_dumps_total"));
    }

    [Fact]
    public void Chunks_JoinToTheWhole_HoweverSmallTheOutputs()
    {
        using var source = new FakeSource(pairLimit: 2_000);
        source.Count([.. Enumerable.Range(0, 2_000)
            .Select(i => Exit($"command-{i}", (uint)i % 7, exitCode: i % 3 == 0 ? 139u : 0))]);
        var whole = Text(source.Renderer(), ExpositionFormat.OpenMetrics);
        Assert.True(whole.Length > 1_000_000);
        var pieces = new SmallestSpans();
        source.Renderer().Write(pieces, ExpositionFormat.OpenMetrics);
        Assert.Equal(whole, Encoding.UTF8.GetString(pieces.Written.WrittenSpan));
        var messages = new SmallestSpans();
        source.Renderer().Write(messages, ExpositionFormat.Protobuf);
        var large = new ArrayBufferWriter<byte>(1 << 24);
        source.Renderer().Write(large, ExpositionFormat.Protobuf);
        Assert.Equal(large.WrittenSpan, messages.Written.WrittenSpan);
        Assert.Equal(whole.Split('\n').Length, whole.Split('\n').Where(line => line.Length > 0).Distinct().Count() + 1);
    }

    [Fact]
    public void LabelsLongerThanAChunk_AreWritten()
    {
        var user = new string('\\', 510);
        using var source = new FakeSource(userName: _ => user);
        source.Count(Exit("a"), Exit("b"));
        var samples = ExpositionReader.Read(source.Scrape(allHistograms: true));
        Assert.Equal(user, samples.First(sample => sample.Name == "acct_process_exits_total").Label("user"));
    }

    internal static Sample Only(IEnumerable<Sample> samples, string name, params (string Key, string Value)[] labels) =>
        Assert.Single(samples, sample => sample.Name == name
            && labels.All(label => sample.Label(label.Key) == label.Value));

    /// <summary>A small ledger in which every family has something to say.</summary>
    internal static FakeSource Small() => Fill(new FakeSource(pairLimit: 4));

    /// <summary>Counts that into a source.</summary>
    internal static FakeSource Fill(FakeSource source)
    {
        ProcessExit[] exits =
        [
            Exit("sh", user: 10_000, system: 20_000, elapsed: 30_000, memory: 2_000_000, minor: 120,
                flags: AcctFlags.UsedPrivilege),
            Exit("sh", exitCode: 0x100, elapsed: 10_000, memory: 2_000_000, minor: 90),
            Exit("java", 1000, exitCode: 11 | Core, user: 12_500_000, system: 990_000, elapsed: 7_812_510_000,
                memory: 1L << 33, minor: 500_000, major: 17),
            Exit("java", 1000, exitCode: 9, elapsed: 500_000),
            Exit("say \"hi\"\\n", 1000, flags: AcctFlags.ForkedWithoutExec),
            Exit("two\nlines", 1001, exitCode: 15, elapsed: 1),
            Exit("late", 1002, exitCode: 0x200, elapsed: 12_500_000),
        ];
        for (var i = 0U; i < exits.Length; i++)
        {
            (exits[i].Pid, exits[i].BeginUnixSeconds) = (1_000 + i, 1_690_000_000 + i);
        }

        source.Count(exits, [TaskFiguresTests.Small, default, TaskFiguresTests.Large, default, default, default,
            TaskFiguresTests.WithoutDelays]);
        Tally(source.Ledger, Tallies.Unenriched, 4);
        Tally(source.Ledger, Tallies.OwnChildren, 1);
        Tally(source.Ledger, Tallies.LeavingRecords, 2);
        Tally(source.Ledger, Tallies.Rotations, 5);
        Tally(source.Ledger, Tallies.Lost(LossReason.Truncated), 7);
        Tally(source.Ledger, Tallies.Gap(LossReason.Suspension), 1);
        Tally(source.Ledger, Tallies.Rejected(DecodeStatus.Hole), 4);
        source.Status = source.Status with
        {
            FreeRatio = 0.9375,
            SuspendRatio = 0.02,
            ResumeRatio = 0.04,
            BytesBehind = 128,
            LastExitUnixMicroseconds = Noon + 5_250_000,
            Checkpoints = 3,
            LastCheckpointUnixMicroseconds = Noon + 1_000_000,
            JournalBytes = 4_096,
            TaskStatsWanted = true,
            TaskStatsUp = true,
            TaskStatsVersion = 17,
            DelaysOn = true,
            TaskStatsMessages = 9,
            TaskStatsDrops = 1,
            TaskStatsRejectedDelays = RejectedDelays(),
            TaskStatsLateThreads = 2,
        };
        source.Snapshot = LoginSamples.Small;
        source.Suite = SuiteSamples.Small;
        source.Work = SuiteSamples.Work;
        return source;
    }

    private static DelayFigures RejectedDelays()
    {
        var rejected = default(DelayFigures);
        rejected[(int)DelayReason.BlockIo] = 3;
        return rejected;
    }

    private static string Text(ScrapeRenderer renderer, ExpositionFormat format)
    {
        var output = new ArrayBufferWriter<byte>();
        renderer.Write(output, format);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>An output that never gives a byte more than it is asked for.</summary>
    private sealed class SmallestSpans : IBufferWriter<byte>
    {
        private byte[] lent = [];

        public ArrayBufferWriter<byte> Written { get; } = new();

        public void Advance(int count) => Written.Write(lent.AsSpan(0, count));

        public Memory<byte> GetMemory(int sizeHint = 0) => lent = new byte[Math.Max(sizeHint, 1)];

        public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
    }

    internal static void Tally(ExitLedger ledger, int tally, ulong amount)
    {
        var decisions = new ArrayBufferWriter<byte>();
        Decisions.WriteTally(decisions, tally, amount);
        ledger.Apply(decisions.WrittenSpan);
    }
}
