// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using AcctExporter.Tests.Config;
using AcctExporter.Tests.Records;

namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// What a changed setting does, seen from outside of the real agent. <see cref="SettingEffectTable"/> says which test
/// shows which setting.
/// </summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed partial class SettingEffectTests : IDisposable
{
    private const string OpenMetrics = "application/openmetrics-text; version=1.0.0";

    private readonly FaultLab lab = new();

    public void Dispose() => lab.Dispose();

    /// <summary>Of a file with a kernel thread, a death by a signal and a failure, said by a file.</summary>
    [Fact]
    public void SeriesEventsAndTheWeb_AreAsTheFileSays()
    {
        var source = WriteSource();
        File.WriteAllText(lab.Of("agent.yml"),
            $$"""
            source: {{source}}
            labels: [user, command, group]
            pairs: {limit: 7, fold-kernel-threads: false, all-histograms: true}
            histograms:
              duration-bounds: [0.5, 2500ms]
              cpu-bounds: 0.25
              virtual-memory-bounds: off
            openmetrics:
              created: true
              exemplars: false
            events:
              file: {{lab.Of("events")}}
              select: failure
            web:
              telemetry-path: /odd
            """);
        using var agent = new AgentProcess(
            null, lab.State, null, $"--config.file={lab.Of("agent.yml")}",
            "--web.listen-address=127.0.0.1:0", "--web.listen-address=127.0.0.2:0");
        agent.WaitUntilReady();
        // Both answer, there and only there.
        agent.Until(() => Listening().Count(agent.Log) == 2, "two addresses");
        foreach (Match line in Listening().Matches(agent.Log))
        {
            Assert.Equal((200, 404), (Ask(line.Value, "odd").Code, Ask(line.Value, "metrics").Code));
        }

        var text = Ask(agent.Address, "odd").Body;
        Assert.Contains("acct_exporter_pairs_limit 7\n", text);
        Assert.Contains("""command="kworker/3:1",group=""", text.Replace("user=\"root\",", ""));
        Assert.Equal(["0.5", "2.5", "+Inf"], BoundsOf("acct_duration_seconds", text));
        Assert.Equal(["0.25", "+Inf"], BoundsOf("acct_cpu_per_exit_seconds", text));
        Assert.Equal(["+Inf"], BoundsOf("acct_virtual_memory_bytes", text));
        Assert.Contains("acct_process_virtual_memory_bytes_bucket{", text);
        Assert.Contains("acct_exporter_source_up{source=\"file\"} 1\n", text);
        var open = Ask(agent.Address, "odd", OpenMetrics).Body;
        Assert.Contains("_created{", open);
        Assert.DoesNotContain(" # {", open);
        agent.Until(() => File.Exists(lab.Of("events")) && File.ReadAllLines(lab.Of("events")).Length > 0, "an event");
        Assert.Equal(0, agent.Stop());
        var written = JsonDocument.Parse(Assert.Single(File.ReadAllLines(lab.Of("events")))).RootElement;
        Assert.Equal("fails", written.GetProperty("command").GetString());
    }

    /// <summary>The other side of it: what is seen above is not so without a word.</summary>
    [Fact]
    public void SeriesEventsAndTheWeb_AreTheDefaults_Otherwise()
    {
        using var agent = new AgentProcess(null, lab.State, null, $"--source={WriteSource()}");
        agent.WaitUntilReady();
        var text = agent.Get("/metrics").Body;
        Assert.Contains("acct_exporter_pairs_limit 300\n", text);
        Assert.Contains("command=\"kworker\"", text);
        Assert.DoesNotContain("group=", text);
        Assert.DoesNotContain("acct_process_virtual_memory_bytes_bucket{", text);
        Assert.DoesNotContain("acct_exporter_events_written", text);
        var open = Ask(agent.Address, "metrics", OpenMetrics).Body;
        Assert.DoesNotContain("_created{", open);
        Assert.Contains(" # {", open);
        Assert.Equal(404, agent.Get("/odd").Code);
    }

    [Fact]
    public void Rules_OfTheFile_AreInForce()
    {
        File.WriteAllText(lab.Of("agent.yml"),
            """
            rules:
            - command: 'kworker/.*'
              drop: true
            - command: '(fail)s'
              replace: $1
            """);
        using var agent = new AgentProcess(
            null, lab.State, null, $"--source={WriteSource()}", $"--config.file={lab.Of("agent.yml")}");
        agent.WaitUntilReady();
        var scrape = agent.Scrape();
        Assert.Equal(1, scrape["acct_exporter_exits_dropped_total"]);
        Assert.Equal(0, scrape.Sum("acct_process_exits_total", ("command", "kworker")));
        Assert.Equal(1, scrape.Sum("acct_process_exits_total", ("command", "fail")));
        Assert.Equal(3, agent.Exits());
    }

    /// <summary>8,000 events of 300 bytes and more: three files, of which the oldest is not kept.</summary>
    [Fact]
    public void EventFiles_HaveASize_AndANumber()
    {
        File.WriteAllBytes(lab.Of("many"), new AcctFileGenerator(3).File(8000));
        using var agent = new AgentProcess(
            null, lab.State, null, $"--source={lab.Of("many")}", $"--events.file={lab.Of("lines")}",
            "--events.select=all", "--events.max-size=1MiB", "--events.keep=1");
        agent.Until(() => File.Exists(lab.Of("lines.1")) && agent.Get("/-/ready").Code == 200
            && agent.Own("events_written") == 8000, "all events");
        Assert.InRange(new FileInfo(lab.Of("lines.1")).Length, 900_000, 1 << 20);
        Assert.False(File.Exists(lab.Of("lines.2")));
    }

    [Fact]
    public void MaxRequests_OfOne_RefusesASecond()
    {
        // Thousands of pairs with every histogram: a scrape takes a while.
        File.WriteAllBytes(lab.Of("many"), new AcctFileGenerator(3) { HostileNames = true }.File(12_000));
        using var agent = new AgentProcess(
            null, lab.State, null, $"--source={lab.Of("many")}", "--web.max-requests=1", "--pairs.limit=10000",
            "--pairs.all-histograms");
        agent.WaitUntilReady();
        var refused = false;
        agent.Until(
            () => refused |= Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => agent.Get("/metrics"))))
                .Result.Any(answer => answer.Code == 503), "a refusal");
        Assert.True(agent.Own("scrapes_refused") > 0);
    }

    [Fact]
    public void LogLevel_OfError_SaysNothingOfAGoodStart()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        var port = ((IPEndPoint)free.LocalEndpoint).Port;
        free.Stop();
        using var agent = new AgentProcess(null, lab.State, null, $"--source={WriteSource()}", "--log.level=error",
            $"--web.listen-address=127.0.0.1:{port}");
        agent.Until(() => Ask($"http://127.0.0.1:{port}/", "-/ready").Code == 200, "ready");
        Assert.Equal("", agent.Log);
    }

    [Fact]
    public void LogFormat_OfJson_MakesEachLineAnObject()
    {
        using var agent = new AgentProcess(null, lab.State, null, $"--source={WriteSource()}", "--log.format=json");
        agent.Until(() => agent.Log.Contains("listening on"), "said");
        foreach (var line in agent.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var json = JsonDocument.Parse(line);
            Assert.Contains(json.RootElement.EnumerateObject(), part => part.Name == "level");
        }
    }

    /// <summary>What it does with sockets is seen beside; without one it is a fault to ask for them.</summary>
    [Fact]
    public void SystemdSocket_IsRefused_WithoutOne()
    {
        using var agent = new AgentProcess(
            null, lab.State, null, $"--source={WriteSource()}", "--web.systemd-socket");
        Assert.Equal(1, agent.WaitForEnd());
        Assert.Contains("systemd has passed no socket", agent.Log);
    }

    /// <summary>One agent with many settings of the capture changed.</summary>
    [Fact]
    public void Capture_IsAsTheFlagsSay()
    {
        var agent = lab.Serve(
            $"--accounting.path={lab.Of("here")}", $"--storage.path={lab.Of("there")}", "--accounting.settle-time=2s",
            "--accounting.segment-size=4096", "--storage.checkpoint-interval=100ms",
            $"--events.file={lab.Of("events")}", "--events.select=all");
        // No scrape until the event is written, for a scrape waits for nothing to settle.
        var clock = Stopwatch.StartNew();
        lab.Exit(1);
        agent.Until(() => File.Exists(lab.Of("events")) && new FileInfo(lab.Of("events")).Length > 0, "an event");
        Assert.InRange(clock.Elapsed.TotalSeconds, 1.5, 10);

        Assert.NotEmpty(Directory.GetFiles(lab.Of("here"), "pacct-*"));
        Assert.True(Directory.Exists(lab.Of("there/journal")));
        Assert.Empty(lab.Segments());
        Assert.False(Directory.Exists(lab.Of("storage")));

        // 64 records a segment.
        lab.Exit(200);
        agent.Until(() => agent.Own("rotations") >= 1, "a rotation by size");
        var checkpoints = agent.Own("checkpoints");
        lab.Exit(1);
        agent.Until(() => agent.Own("checkpoints") > checkpoints, "a checkpoint");
        clock.Restart();
        lab.Exit(1);
        agent.Until(() => agent.Own("checkpoints") > checkpoints + 1, "another");
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 8);
    }

    [Fact]
    public void SegmentAge_SwitchesAway_AndSettleTimeIsShort()
    {
        var agent = lab.Serve(
            "--accounting.segment-age=1s", $"--events.file={lab.Of("events")}", "--events.select=all");
        var clock = Stopwatch.StartNew();
        lab.Exit(1);
        agent.Until(() => File.Exists(lab.Of("events")) && new FileInfo(lab.Of("events")).Length > 0, "an event");
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 1.2);
        agent.Until(() => agent.Own("rotations") >= 1, "a rotation by age");
    }

    /// <summary>The file belongs to root, and the agent does not.</summary>
    [Fact]
    public void FileOfSettings_ThatThisUserMayNotRead_IsAFault()
    {
        File.SetUnixFileMode(lab.State, (UnixFileMode)0x1ed); // 0755
        var file = lab.File("agent.yml");
        File.SetUnixFileMode(file, (UnixFileMode)0x180); // 0600
        using var agent = AgentProcess.Through(FaultLab.AsNobody, null, lab.State, $"--config.file={file}");
        Assert.Equal(2, agent.WaitForEnd());
        Assert.Equal($"acct-exporter: {file}: this user may not read it\n", agent.Log);
    }

    /// <summary>Three exits: a kernel thread, a death by SIGSEGV, a failure with code 1.</summary>
    private string WriteSource()
    {
        var plain = Slot.Hex(Slot.True);
        byte[][] records =
        [
            // A child of pid 2 without memory (36) and faults (42).
            Slot.With(
                Slot.With(Slot.With(Slot.With(plain, 20, "02000000"), 36, "0000"), 42, "0000"), 48,
                "6b776f726b65722f333a310000000000"),
            Slot.With(Slot.With(plain, 4, "0b000000"), 48, "63726173686573000000000000000000"),
            Slot.With(Slot.With(plain, 4, "00010000"), 48, "6661696c730000000000000000000000"),
        ];
        File.WriteAllBytes(lab.Of("pacct"), [.. records.SelectMany(record => record)]);
        return lab.Of("pacct");
    }

    private static IEnumerable<string> BoundsOf(string name, string text) =>
        Regex.Matches(text, $"^{name}_bucket{{le=\"([^\"]+)\"}}", RegexOptions.Multiline)
            .Select(match => match.Groups[1].Value);

    private static (int Code, string Body) Ask(string address, string path, string? accept = null)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address + path));
        request.Headers.TryAddWithoutValidation("Accept", accept);
        try
        {
            using var answer = client.Send(request);
            return ((int)answer.StatusCode, answer.Content.ReadAsStringAsync().Result);
        }
        catch (HttpRequestException)
        {
            return (0, "");
        }
    }

    [GeneratedRegex(@"(?<=listening on )http://\S+/")]
    private static partial Regex Listening();
}
