// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using AcctExporter.Tests.Push;

namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// Receivers that refuse, hang or are not there, and agents that begin anew: counting knows nothing of it.
/// </summary>
[Trait("Lane", "peers")]
public sealed class PushTroubleTests : IDisposable
{
    private const string Exits = "acct.exits";

    private readonly FaultLab lab = new();
    private OtlpReceiver receiver = new();

    public void Dispose()
    {
        lab.Dispose();
        receiver.Dispose();
    }

    [Theory]
    [InlineData(nameof(ReceiverMood.Refuses), "http/protobuf")]
    [InlineData(nameof(ReceiverMood.Refuses), "grpc")]
    [InlineData(nameof(ReceiverMood.Hangs), "http/protobuf")]
    [InlineData("", "http/protobuf")]
    [InlineData("", "grpc")]
    public void AReceiverInTrouble_CostsNothing_AndHasAllOfItLater(string mood, string protocol)
    {
        if (mood.Length > 0)
        {
            receiver.Mood = Enum.Parse<ReceiverMood>(mood);
        }
        else
        {
            receiver.Dispose();
        }

        var agent = Serve(protocol);
        agent.Until(() => Failures(agent) >= 1, "a failure");
        lab.Exit(2000);
        agent.HasCounted(2000);
        var before = Failures(agent);
        agent.Until(() => Failures(agent) > before, "one more failure");
        Assert.Equal(0, Exported(agent) - Failures(agent), 1.0);
        Assert.DoesNotContain("acct_exporter_otlp_last_success_timestamp_seconds{data=\"metrics\"}",
            agent.Scrape().Series.Keys);
        Assert.Contains("could not be pushed", agent.Log, StringComparison.Ordinal);

        if (mood.Length > 0)
        {
            receiver.Mood = ReceiverMood.Takes;
        }
        else
        {
            receiver = new OtlpReceiver(receiver.HttpPort, receiver.GrpcPort);
        }

        receiver.Until(it => Last(it, Exits) == 2000, "all exits");
        // The histogram was recorded while nothing could be pushed.
        receiver.Until(it => it.Last().Any(one => one.Key.Name == "acct.duration" && one.Value.Count == 2000),
            "all durations");
        agent.Until(() => agent.Log.Contains(" again\"", StringComparison.Ordinal), "the log says so");
        Assert.True(agent.Scrape()["acct_exporter_otlp_last_success_timestamp_seconds{data=\"metrics\"}"] > 0);
        Assert.Equal(0, agent.Stop());
    }

    [Fact]
    public void EndOfTheAgent_IsBounded_WhenTheReceiverHangs()
    {
        receiver.Mood = ReceiverMood.Hangs;
        var agent = Serve("http/protobuf", "--otlp.timeout=60s");
        receiver.Until(it => it.Requests.Count >= 1, "a request");
        lab.Exit(100);
        agent.HasCounted(100);
        var clock = Stopwatch.StartNew();
        Assert.Equal(0, agent.Stop());
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));
    }

    /// <summary>What ended after the last push but one is in the last, which the end of the agent makes.</summary>
    [Fact]
    public void EndOfTheAgent_PushesWhatIsLeft()
    {
        var agent = Serve("http/protobuf", "--otlp.interval=1h");
        lab.Exit(500);
        agent.HasCounted(500);
        Assert.Equal(0, agent.Stop());
        // The agent's own end is not seen by itself.
        Assert.Equal(500, Last(receiver, Exits));
    }

    /// <summary>A new start time and values from zero by the push; /metrics goes on.</summary>
    [Fact]
    public void Restart_BeginsAnew_InThePush_AndGoesOnOnThePage()
    {
        var agent = Serve("grpc");
        lab.Exit(300);
        agent.HasCounted(300);
        receiver.Until(it => Last(it, Exits) == 300, "300 exits");
        var first = receiver.Last()[(Exits, "")];
        Assert.Equal(0, agent.Stop());
        receiver.Forget();

        var next = Serve("grpc");
        receiver.Until(it => it.Last().ContainsKey((Exits, "")), "a push");
        // The first agent ended inside, and is counted by the second: before or behind the start of its meters.
        Assert.InRange(receiver.Last()[(Exits, "")].Value, 0, 1);
        Assert.InRange(next.Exits(), 300, 301);
        lab.Exit(40);
        next.HasCounted(341);
        receiver.Until(it => Last(it, Exits) >= 40, "40 exits");
        var second = receiver.Last()[(Exits, "")];
        Assert.InRange(second.Value, 40, 41);
        Assert.True(second.Start > first.Time, "a new start");
        var duration = receiver.Last().Single(one => one.Key.Name == "acct.duration").Value;
        Assert.Equal(second.Value, duration.Count);
        Assert.All(
            receiver.Metrics.Where(metric => metric.Kind is OtlpKind.Sum or OtlpKind.Histogram)
                .SelectMany(metric => metric.Points),
            point => Assert.True(point.Start > first.Time, "a new start"));
        Assert.Equal(0, next.Stop());
    }

    private static double Last(OtlpReceiver receiver, string name) =>
        receiver.Last().TryGetValue((name, ""), out var point) ? point.Value : double.NaN;

    private static double Failures(AgentProcess agent) =>
        agent.Scrape()["acct_exporter_otlp_export_failures_total{data=\"metrics\"}"];

    private static double Exported(AgentProcess agent) =>
        agent.Scrape()["acct_exporter_otlp_exports_total{data=\"metrics\"}"];

    private AgentProcess Serve(string protocol, params string[] flags) => lab.Serve([
        $"--otlp.endpoint={(protocol == "grpc" ? receiver.GrpcEndpoint : receiver.HttpEndpoint)}",
        $"--otlp.protocol={protocol}", "--accounting.canary-interval=off",
        .. new[] { "--otlp.interval=1s", "--otlp.timeout=1s" }
            .Where(standard => !flags.Any(flag => flag.Split('=')[0] == standard.Split('=')[0])),
        .. flags]);
}
