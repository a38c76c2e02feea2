// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AcctExporter.Capture;
using AcctExporter.Tests.Push;

namespace AcctExporter.Tests.RealSystem;

/// <summary>Real ends of real processes, as a receiver of OTLP is told of them.</summary>
[Trait("Lane", "peers")]
public sealed class PushedEventTests : IDisposable
{
    /// <summary>
    /// Tells the clock before and after, and of each child its pid and what wait(2) gave: one dies with a core, one is
    /// killed, one fails.
    /// </summary>
    private const string Deaths =
        """
        cd "$0" && ulimit -c unlimited && echo "$$" && date +%s
        setpriv --reuid=65534 --regid=65533 --clear-groups sh -c 'echo $$; sleep 0.3; kill -s SEGV $$'; echo "$?"
        sh -c 'echo $$; kill -s KILL $$'; echo "$?"
        sh -c 'echo $$; exit 3'; echo "$?"
        date +%s
        """;

    private readonly FaultLab lab = new();
    private OtlpReceiver receiver = new();

    public void Dispose()
    {
        lab.Dispose();
        receiver.Dispose();
    }

    [Theory]
    [InlineData("http/protobuf")]
    [InlineData("grpc")]
    public void ARealDeath_ArrivesOnce_WithWhatWaitSaid(string protocol)
    {
        var cores = Directory.CreateDirectory(lab.Of("cores")).FullName;
        File.SetUnixFileMode(lab.State, (UnixFileMode)0x1ed); // 0755
        File.SetUnixFileMode(cores, (UnixFileMode)0x1ff); // 0777
        var agent = Serve(protocol, "--events.select=core,signal,failure", $"--events.file={lab.Of("lines")}");
        lab.Exit(1);
        var said = lab.Inside.Run("sh", "-c", Deaths, cores).Split('\n').Select(Number).ToArray();
        agent.Until(() => agent.Own("otlp_events_pushed") == 3, "three events");
        // Nothing follows them.
        lab.Exit(3);
        // Before, seven in the shell, and after.
        agent.HasCounted(1 + 7 + 3);
        Assert.Equal(0, agent.Stop());

        var records = receiver.Logs.ToArray();
        Assert.Equal([said[2], said[4], said[6]], records.Select(record => record.Attributes["process.pid"]));
        Assert.Equal([128 + 11, 128 + 9, 3], [said[3], said[5], said[7]]);
        Assert.Equal(["SIGSEGV", "SIGKILL", null], records.Select(record => Text(record, "acct.signal")));
        Assert.Equal(
            [null, null, 3L], records.Select(record => record.Attributes.GetValueOrDefault("process.exit.code")));
        var core = Directory.GetFiles(cores).Length == 1 || PipesCores();
        Assert.Equal([core, false, false], records.Select(record => record.Attributes["acct.core"]));
        Assert.Equal([core ? 17 : 13, 13, 13], records.Select(record => record.Severity));
        Assert.Equal([65534L, 0L, 0L], records.Select(record => record.Attributes["process.real_user.id"]));
        Assert.Equal(["nobody", "root", "root"], records.Select(record => Text(record, "process.real_user.name")));
        Assert.Equal([65533L, 0L, 0L], records.Select(record => record.Attributes["acct.gid"]));
        Assert.All(records, record =>
        {
            Assert.Equal("acct.process.exit", record.EventName);
            Assert.Equal("sh", Text(record, "process.executable.name"));
            Assert.Equal(said[0], record.Attributes["process.parent_pid"]);
            Assert.InRange((long)(record.Time / 1_000_000_000), said[1], said[8]);
            Assert.InRange((long)(record.ObservedTime / 1_000_000_000), said[1], said[8] + 60);
            Assert.Equal("acct-exporter", record.Resource["service.name"]);
            Assert.Equal(Environment.MachineName, record.Resource["host.name"]);
        });
        Assert.InRange((double)records[0].Attributes["acct.elapsed_seconds"]!, 0.29, 30);
        AssertSameAsLines(records);
    }

    /// <summary>Events are tried again; file, counting and scrapes know nothing of it.</summary>
    [Theory]
    [InlineData(nameof(ReceiverMood.Refuses))]
    [InlineData(nameof(ReceiverMood.Hangs))]
    [InlineData("")]
    public void AReceiverInTrouble_CostsNothing_AndGetsAllOfThemLater(string mood)
    {
        if (mood.Length > 0)
        {
            receiver.Mood = Enum.Parse<ReceiverMood>(mood);
        }
        else
        {
            receiver.Dispose();
        }

        var agent = Serve(
            "http/protobuf", "OTEL_EXPORTER_OTLP_TIMEOUT=1000", "--events.select=all",
            $"--events.file={lab.Of("lines")}");
        lab.Exit(1000);
        agent.HasCounted(1000);
        agent.Until(() => agent.Own("events_written") == 1000, "the file");
        agent.Until(() => Failures(agent) >= 2, "two failures");
        Assert.Equal((0, 0), (agent.Own("otlp_events_pushed"), agent.Own("otlp_events_dropped")));
        Assert.DoesNotContain("acct_exporter_otlp_last_success_timestamp_seconds{data=\"events\"}",
            agent.Scrape().Series.Keys);
        Assert.Contains("did not take them", agent.Log, StringComparison.Ordinal);

        if (mood.Length > 0)
        {
            receiver.Mood = ReceiverMood.Takes;
        }
        else
        {
            receiver = new OtlpReceiver(receiver.HttpPort, receiver.GrpcPort);
        }

        agent.Until(() => agent.Own("otlp_events_pushed") == 1000, "all events");
        Assert.Equal(0, agent.Own("otlp_events_dropped"));
        AssertSameAsLines([.. receiver.Logs]);
        Assert.Equal(0, agent.Stop());
    }

    /// <summary>What finds no room is counted: pushed and dropped together are all there were.</summary>
    [Fact]
    public void FullRing_IsCounted_ToTheLastEvent()
    {
        const int exits = ExitEvents.Capacity + 3000;
        receiver.Dispose();
        var agent = Serve("http/protobuf", "--events.select=all");
        lab.Exit(exits);
        agent.HasCounted(exits);
        // A scrape may be ahead of the status that it shows.
        agent.Until(() => agent.Own("otlp_events_dropped") > 2000, "dropped events");
        receiver = new OtlpReceiver(receiver.HttpPort, receiver.GrpcPort);
        agent.Until(
            () => agent.Own("otlp_events_pushed") + agent.Own("otlp_events_dropped") == exits, "all accounted for");
        var arrived = receiver.Logs.Select(record => record.Attributes["process.pid"]).ToArray();
        Assert.Equal(agent.Own("otlp_events_pushed"), arrived.Length);
        Assert.Equal(arrived.Length, arrived.Distinct().Count());
        Assert.InRange(arrived.Length, ExitEvents.Capacity, exits - 2000);
    }

    [Fact]
    public void EndOfTheAgent_IsBounded_WhenTheReceiverHangs()
    {
        receiver.Mood = ReceiverMood.Hangs;
        var agent = Serve("grpc", "--events.select=all");
        lab.Exit(1);
        receiver.Until(it => it.Requests.Count == 1, "one request");
        lab.Exit(1);
        agent.HasCounted(2);
        var clock = Stopwatch.StartNew();
        Assert.Equal(0, agent.Stop());
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        Assert.Contains("2 exit events were not written before the end", agent.Log, StringComparison.Ordinal);
    }

    private static double Failures(AgentProcess agent) =>
        agent.Scrape()["acct_exporter_otlp_export_failures_total{data=\"events\"}"];

    /// <summary>The file has the same exits in the same order: other words, the same values.</summary>
    private void AssertSameAsLines(OtlpLog[] records)
    {
        var lines = File.ReadAllLines(lab.Of("lines"));
        Assert.Equal(lines.Length, records.Length);
        foreach (var (text, record) in lines.Zip(records))
        {
            using var document = JsonDocument.Parse(text);
            var line = document.RootElement;
            Assert.Equal(line.GetProperty("pid").GetInt64(), record.Attributes["process.pid"]);
            Assert.Equal(line.GetProperty("command").GetString(), Text(record, "process.executable.name"));
            Assert.Equal(line.GetProperty("user").GetString(), Text(record, "process.real_user.name"));
            Assert.Equal(line.GetProperty("start").GetString(), Text(record, "process.creation.time"));
            Assert.Equal(line.GetProperty("elapsed_seconds").GetDouble(), record.Attributes["acct.elapsed_seconds"]);
            Assert.Equal(
                line.GetProperty("virtual_memory_bytes").GetInt64(), record.Attributes["acct.virtual_memory_bytes"]);
            Assert.Equal(
                line.GetProperty("time").GetDateTimeOffset().ToUnixTimeSeconds() * 1_000_000_000, (long)record.Time);
            Assert.Equal(
                line.GetProperty("counted").GetDateTimeOffset().ToUnixTimeMilliseconds(),
                (long)record.ObservedTime / 1_000_000);
        }
    }

    /// <summary>An agent whose environment names the receiver, as every program with OpenTelemetry has it.</summary>
    private AgentProcess Serve(string protocol, params string[] more)
    {
        var endpoint = protocol == "grpc" ? receiver.GrpcEndpoint : receiver.HttpEndpoint;
        return FaultLab.Ready(lab.StartThrough(
            [
                "env", $"OTEL_EXPORTER_OTLP_ENDPOINT={endpoint}", $"OTEL_EXPORTER_OTLP_PROTOCOL={protocol}",
                "OTEL_METRICS_EXPORTER=none", .. more.Where(one => !one.StartsWith("--", StringComparison.Ordinal)),
            ],
            ["--events.otlp", .. more.Where(one => one.StartsWith("--", StringComparison.Ordinal))]));
    }

    private static bool PipesCores() => File.ReadAllText("/proc/sys/kernel/core_pattern").StartsWith('|');

    private static string? Text(OtlpLog record, string name) => (string?)record.Attributes.GetValueOrDefault(name);

    private static long Number(string text) => text.Length == 0 ? 0 : long.Parse(text, CultureInfo.InvariantCulture);
}
