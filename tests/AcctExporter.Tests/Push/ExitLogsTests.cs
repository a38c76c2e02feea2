// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;
using AcctExporter.Push;
using AcctExporter.Records;
using AcctExporter.Tests.Capture;
using AcctExporter.Tests.Metrics;
using OpenTelemetry.Resources;

namespace AcctExporter.Tests.Push;

/// <summary>Exit events over OTLP, as a receiver decodes them.</summary>
public sealed class ExitLogsTests : IDisposable
{
    private const string Http = nameof(PushProtocol.HttpProtobuf);
    private const string Grpc = nameof(PushProtocol.Grpc);
    private const uint Killed = 9;
    private const uint Core = 0x8b; // SIGSEGV and the bit of the core

    private readonly OtlpReceiver receiver = new();
    private readonly RecordedLog log = new();
    private ExitLogs? sink;

    public void Dispose() => receiver.Dispose();

    [Theory]
    [InlineData(Http)]
    [InlineData(Grpc)]
    public void EachChosenExit_ArrivesOnce_WithWhoTells(string protocol)
    {
        using var events = New(protocol);
        events.Start();
        for (var pid = 1u; pid <= 3000; pid++)
        {
            // Every third is none of those that were chosen.
            events.Offer(Exit(pid, pid % 3 == 0 ? 0 : Killed), default, FakeSource.Noon);
        }

        events.Stop();
        Assert.Equal(
            Enumerable.Range(1, 3000).Where(pid => pid % 3 != 0).Select(pid => (object)(long)pid),
            receiver.Logs.Select(record => record.Attributes["process.pid"]));
        Assert.Equal((2000L, 0L, 0L), (events.Written, events.Dropped, events.WriteFailures));
        Assert.Equal((ulong)receiver.Requests.Count, sink!.Figures.Exports);
        Assert.InRange(receiver.Requests.Count, 4, 50);
        Assert.Equal(0u, sink.Figures.Failures);
        Assert.True(sink.Figures.LastSuccessUnixMicroseconds > 0);
        Assert.All(receiver.Requests, request => Assert.InRange(request.MessageBytes, 1, 4 << 20));
        Assert.All(receiver.Logs, record =>
        {
            Assert.Equal("acct.process.exit", record.EventName);
            Assert.Equal("acct-exporter", record.Scope);
            Assert.Equal("here", record.Resource["host.name"]);
            Assert.Equal(0u, record.DroppedAttributes);
        });
    }

    [Fact]
    public void Record_SaysWhatTheFileSays_ByOpenTelemetrysNames()
    {
        using var events = New(Http, EventKinds.All);
        events.Start();
        var exit = Exit(24, Core) with
        {
            Ppid = 22, Uid = 0, Gid = 5, ElapsedMicroseconds = 1_310_000, UserMicroseconds = 20_000,
            SystemMicroseconds = 10_000, MinorFaults = 189, MajorFaults = 1, VirtualMemoryBytes = 2654208,
            Flags = AcctFlags.UsedPrivilege, Tty = 0x8803, BeginUnixSeconds = 1_700_000_000,
        };
        events.Offer(exit, new TaskFigures
        {
            Knowledge = TaskKnowledge.Joined, PeakResidentBytes = 4096, ReadBytes = 1024,
            ResidentMebibyteMicroseconds = 1_000_000,
        }, FakeSource.Noon);
        events.Offer(exit with { ExitCode = 3 << 8, Version = 2, Uid = 7 }, default, FakeSource.Noon);
        events.Offer(exit with { ExitCode = 0, Flags = AcctFlags.ForkedWithoutExec }, new TaskFigures
        {
            Knowledge = TaskKnowledge.Joined | TaskKnowledge.Delays, UnknownDelays = 1 << (int)DelayReason.BlockIo,
        }, FakeSource.Noon);
        events.Stop();

        var records = receiver.Logs.ToArray();
        Assert.Equal(3, records.Length);
        Assert.Equal(Sorted(
            "acct.core=True", "acct.elapsed_seconds=1.31", "acct.enriched=True", "acct.forked=False", "acct.gid=5",
            "acct.incomplete=False", "acct.io_read_bytes=1024", "acct.io_write_bytes=0", "acct.major_faults=1",
            "acct.memory_byte_seconds=1048576", "acct.minor_faults=189", "acct.peak_rss_bytes=4096",
            "acct.peak_virtual_memory_bytes=0", "acct.privileged=True", "acct.signal=SIGSEGV",
            "acct.signal_number=11", "acct.storage_cancelled_bytes=0", "acct.storage_read_bytes=0",
            "acct.storage_write_bytes=0", "acct.system_cpu_seconds=0.01", "acct.tty=pts/3",
            "acct.user_cpu_seconds=0.02", "acct.virtual_memory_bytes=2654208",
            "process.creation.time=2023-11-14T22:13:20Z", "process.executable.name=victim",
            "process.parent_pid=22", "process.pid=24", "process.real_user.id=0", "process.real_user.name=root"),
            Sorted(records[0].Attributes.ToString().Split(',')));
        Assert.Equal(1_700_000_001_000_000_000UL, records[0].Time);
        Assert.Equal((ulong)FakeSource.Noon * 1000, records[0].ObservedTime);
        Assert.Equal("victim (pid 24) of root died by SIGSEGV and left a core after 1.31 s", records[0].Body);
        Assert.Equal("victim of 7 failed with 3 after 1.31 s", records[1].Body);
        Assert.Equal("victim (pid 24) of root ended after 1.31 s", records[2].Body);
        Assert.Equal([17, 13, 9], records.Select(record => record.Severity));
        Assert.Equal(["Error", "Warning", "Information"], records.Select(record => record.SeverityText));
        Assert.False(records[1].Attributes.ContainsKey("process.pid"));
        Assert.False(records[1].Attributes.ContainsKey("acct.signal"));
        Assert.Equal(3L, records[1].Attributes["process.exit.code"]);
        Assert.Equal(0.0, records[2].Attributes["acct.delay_seconds.cpu"]);
        Assert.False(records[2].Attributes.ContainsKey("acct.delay_seconds.block_io"));
        Assert.Equal((0L, true), (records[2].Attributes["process.exit.code"], records[2].Attributes["acct.forked"]));
    }

    /// <summary>A begin and a length of strangers together lie behind what nanoseconds can say.</summary>
    [Fact]
    public void TimeOfADamagedRecord_IsTheLastThatThereIs()
    {
        using var events = New(Http);
        events.Start();
        events.Offer(
            Exit(1, Killed) with { BeginUnixSeconds = uint.MaxValue, ElapsedMicroseconds = ulong.MaxValue }, default,
            FakeSource.Noon);
        events.Stop();
        Assert.Equal(9_214_646_400_000_000_000UL, Assert.Single(receiver.Logs).Time);
    }

    [Theory]
    [InlineData(Http, nameof(ReceiverMood.Refuses))]
    [InlineData(Grpc, nameof(ReceiverMood.Refuses))]
    [InlineData(Http, nameof(ReceiverMood.Hangs))]
    [InlineData(Grpc, nameof(ReceiverMood.Hangs))]
    [InlineData(Http, nameof(ReceiverMood.Rejects))]
    public void WhatWasNotTaken_IsSentAgain(string protocol, string mood)
    {
        receiver.Mood = Enum.Parse<ReceiverMood>(mood);
        using var events = New(protocol);
        events.Start();
        events.Offer(Exit(1, Killed), default, FakeSource.Noon);
        Wait.Until(() => events.WriteFailures == 1);
        for (var pid = 2u; pid <= 600; pid++)
        {
            events.Offer(Exit(pid, Killed), default, FakeSource.Noon);
        }

        Assert.Equal((0L, 0L, 1UL), (events.Written, events.Dropped, sink!.Figures.Failures));
        Assert.Equal(0, sink.Figures.LastSuccessUnixMicroseconds);
        receiver.Mood = ReceiverMood.Takes;
        Wait.Until(() => events.Written == 600);
        Assert.Equal(
            Enumerable.Range(1, 600).Select(pid => (object)(long)pid),
            receiver.Logs.Select(record => record.Attributes["process.pid"]));
        Assert.Equal(0, events.Dropped);
        // Why, once.
        var why = (mood, protocol) switch
        {
            (nameof(ReceiverMood.Refuses), Http) => "HTTP 503",
            (nameof(ReceiverMood.Refuses), Grpc) => "gRPC status 14",
            (nameof(ReceiverMood.Rejects), _) => "HTTP 400",
            _ => "no answer in time",
        };
        var said = Assert.Single(
            log.Messages, message => message.Contains("did not take them", StringComparison.Ordinal));
        Assert.Contains(why, said, StringComparison.Ordinal);
        Wait.Until(() => log.Messages.Any(message => message.EndsWith("again", StringComparison.Ordinal)));
    }

    [Fact]
    public void FullRing_DropsWhatDoesNotFit_AndCountsIt()
    {
        using var events = New(Http);
        for (var pid = 1u; pid <= ExitEvents.Capacity + 808; pid++)
        {
            events.Offer(Exit(pid, Killed), default, FakeSource.Noon);
        }

        Assert.Equal((0L, 808L), (events.Written, events.Dropped));
        events.Start();
        Wait.Until(() => events.Written == ExitEvents.Capacity);
        events.Stop();
        Assert.Equal(808, events.Dropped);
        Assert.Equal(
            Enumerable.Range(1, ExitEvents.Capacity).Select(pid => (object)(long)pid),
            receiver.Logs.Select(record => record.Attributes["process.pid"]));
    }

    [Fact]
    public void End_IsBounded_WhenTheReceiverHangs()
    {
        receiver.Mood = ReceiverMood.Hangs;
        var events = New(Http, timeout: 60_000);
        events.Start();
        events.Offer(Exit(1, Killed), default, FakeSource.Noon);
        receiver.Until(it => it.Requests.Count == 1, "one request");
        var clock = System.Diagnostics.Stopwatch.StartNew();
        events.Stop();
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, ExitEvents.DrainTime + TimeSpan.FromSeconds(5));
        Assert.Equal((0L, 1L), (events.Written, events.Dropped));
        Assert.Equal("1 exit events were not written before the end", log.Messages.Last());
    }

    private ExitEvents New(
        string protocol, EventKinds kinds = EventKinds.Signal | EventKinds.Core, int timeout = 1000)
    {
        sink = new ExitLogs(
            new OtlpSettings
            {
                Protocol = Enum.Parse<PushProtocol>(protocol),
                Endpoint = new Uri(protocol == Grpc ? receiver.GrpcEndpoint : $"{receiver.HttpEndpoint}/v1/logs"),
                Timeout = TimeSpan.FromMilliseconds(timeout),
            },
            ResourceBuilder.CreateEmpty().AddAttributes([new("host.name", "here")]), ("acct-exporter", "1.2.3"),
            TimeProvider.System);
        return new ExitEvents(
            new EventSelection(kinds), sink, uid => uid == 0 ? "root"u8.ToArray() : null, TimeProvider.System, log);
    }

    private static IEnumerable<string> Sorted(params IEnumerable<string> texts) => texts.Order(StringComparer.Ordinal);

    private static ProcessExit Exit(uint pid, uint exitCode) =>
        FakeSource.Exit("victim", exitCode: exitCode) with { Pid = pid, Version = 3 };
}
