// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using AcctExporter.Tests.Service;
using Xunit.Abstractions;

namespace AcctExporter.Tests.RealSystem;

/// <summary>The agent as a service: what it tells its manager, whose sockets it answers on, how it ends.</summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class ServiceLifeTests(ITestOutputHelper output) : IDisposable
{
    private readonly FaultLab lab = new();

    public void Dispose() => lab.Dispose();

    [Fact]
    public void Manager_IsToldOfReadinessAfterTheBacklog_OfTheState_AndOfTheEnd()
    {
        var first = lab.Serve();
        Assert.Equal(0, first.Stop());
        lab.Exit(500);
        using var manager = new NotifySocket(lab.Of("notify"));
        var agent = lab.StartThrough(["env", $"NOTIFY_SOCKET={lab.Of("notify")}", "WATCHDOG_USEC=1000000"]);
        manager.Await("READY=1");
        // The first agent is one of them.
        Assert.StartsWith("STATUS=501 exits counted", manager.Await("STATUS="), StringComparison.Ordinal);
        Assert.EndsWith(", accounting active, taskstats missing", manager.Await("STATUS="), StringComparison.Ordinal);
        Assert.Equal(200, agent.Get("/-/ready").Code);
        agent.HasCounted(501);
        manager.Await("WATCHDOG=1");
        Assert.Equal(0, agent.Stop());
        manager.Await("STOPPING=1");
        Assert.Single(manager.Said, "READY=1");
    }

    [Fact]
    public void ThreadThatHangs_IsNotAlive()
    {
        using var manager = new NotifySocket(lab.Of("notify"));
        var agent = lab.StartThrough([
            "env", $"NOTIFY_SOCKET={lab.Of("notify")}", "WATCHDOG_USEC=1000000",
            "ACCT_EXPORTER_CRASH_AT=before-checkpoint:hang",
        ], "--storage.checkpoint-interval=2s");
        agent.WaitUntilReady();
        lab.Exit(3);
        manager.Await("WATCHDOG=1");
        var clock = Stopwatch.StartNew();
        // What was said is heard, and its time taken, when it is asked for.
        agent.Until(() => manager.Said.Count > 0 && agent.Get("/-/healthy").Code == 503, "not healthy");
        Assert.Contains("the thread that counts exits has stood still for", agent.Get("/-/healthy").Body);
        var silent = DateTime.UtcNow - manager.Last("WATCHDOG=1");
        output.WriteLine($"not healthy after {clock.Elapsed}, no sign of life for {silent}");
        // After 3 seconds without a turn none was given; health waits 30.
        Assert.True(silent > TimeSpan.FromSeconds(20), $"{silent}");
        clock.Restart();
        agent.Signal("TERM");
        Assert.Equal(1, agent.WaitForEnd());
        output.WriteLine($"ended in {clock.Elapsed}");
        Assert.Contains("counting has not ended in 00:00:15", agent.Log);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{clock.Elapsed}");
    }

    [Fact]
    public void StderrThatNobodyReads_HoldsNothingUp()
    {
        var pipe = lab.Of("stderr");
        lab.Inside.RunBeside("mkfifo", pipe);
        var port = FreePort();
        var agent = lab.StartThrough(
            ["sh", "-c", $"exec 3<>{pipe}; head -c 65536 /dev/zero >&3; exec \"$0\" \"$@\" 2>&3"],
            $"--web.listen-address=127.0.0.1:{port}");
        // head and the shell's own children are not the agent's: it begins with what ends from now on.
        var scrape = Until(port, body => Figure(body, "acct_accounting_active") > 0);
        var before = Figure(scrape, "acct_exits_total");
        lab.Exit(200);
        scrape = Until(port, body => Figure(body, "acct_exits_total") >= before + 200);
        Assert.True(Figure(scrape, "acct_exporter_log_messages_total{level=\"info\"}") >= 3);
        Assert.Equal("", agent.Log);
        var clock = Stopwatch.StartNew();
        Assert.Equal(0, agent.Stop());
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(10), $"{clock.Elapsed}");
    }

    [Theory]
    [InlineData("json")]
    [InlineData("logfmt")]
    public void Log_IsInOneForm_FromTheFirstLineToTheLast(string format)
    {
        var agent = lab.Serve($"--log.format={format}", "--log.level=debug");
        lab.Exit(3);
        Assert.Equal(0, agent.Stop());
        var lines = agent.Log.Trim().Split('\n');
        Assert.True(lines.Length > 3, agent.Log);
        Assert.All(lines, line =>
        {
            if (format == "logfmt")
            {
                Assert.Matches("^time=[0-9T:.-]+Z level=(info|warn) source=(capture|logins|rights|web) msg=", line);
                return;
            }

            using var json = JsonDocument.Parse(line);
            Assert.Matches("^(info|warn)$", json.RootElement.GetProperty("level").GetString());
        });
    }

    [Theory]
    [InlineData("warn", false)]
    [InlineData("info", true)]
    public void LogLevel_LeavesOutWhatIsLess(string level, bool saysInfo)
    {
        var port = FreePort();
        var agent = lab.Start($"--log.level={level}", $"--web.listen-address=127.0.0.1:{port}");
        var scrape = Until(port, body => body.Contains("acct_exits_total", StringComparison.Ordinal));
        Assert.Equal(saysInfo, Figure(scrape, "acct_exporter_log_messages_total{level=\"info\"}") > 0);
        Assert.Equal(1, Figure(scrape, "acct_exporter_log_messages_total{level=\"warn\"}"));
        Assert.Equal(0, agent.Stop());
        Assert.Equal(saysInfo, agent.Log.Contains("level=info", StringComparison.Ordinal));
        Assert.Contains("level=warn", agent.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("/unix")]
    public async Task SystemdSocket_IsAnsweredOn(string where)
    {
        var activate = Tools.Installed("/usr/bin/systemd-socket-activate", "systemd");
        var isUnix = where[0] == '/';
        var port = isUnix ? 0 : FreePort();
        var path = lab.Of("web.sock");
        var agent = lab.StartThrough([activate, "-l", isUnix ? path : $"{where}:{port}"], "--web.systemd-socket");
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = isUnix ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
                    : new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(
                    isUnix ? new UnixDomainSocketEndPoint(path) : new IPEndPoint(IPAddress.Loopback, port),
                    cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        // It starts with the first client, who waits in the queue of the socket.
        string? body = null;
        for (var attempt = 0; body is null && attempt < 200; attempt++)
        {
            try
            {
                body = await client.GetStringAsync(new Uri("http://localhost/metrics"));
            }
            catch (HttpRequestException)
            {
                await Task.Delay(50);
            }
        }

        Assert.Contains("acct_exits_total", body, StringComparison.Ordinal);
        Assert.Contains("listening on http://", agent.Log, StringComparison.Ordinal);
        output.WriteLine(agent.Log);
        Assert.Equal(0, agent.Stop());
    }

    [Fact]
    public void SystemdSocket_WithoutOne_IsRefused()
    {
        var agent = lab.Start("--web.systemd-socket");
        Assert.Equal(1, agent.WaitForEnd());
        Assert.Contains("systemd has passed no socket (LISTEN_FDS is not set): start the socket unit", agent.Log);
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("INT")]
    public async Task Signal_InAStorm_EndsInTime_AndLosesNothing(string signal)
    {
        var agent = lab.Serve("--accounting.segment-size=64KiB");
        var storm = Task.Run(
            () => lab.Inside.Run(Tools.Storm, "--count", "20000", "--parallel", "8", "--cores", "0"));
        agent.Until(() => agent.Exits() > 2000, "in the storm");
        var clock = Stopwatch.StartNew();
        agent.Signal(signal);
        // A second one changes nothing.
        agent.Signal(signal);
        Assert.Equal(0, agent.WaitForEnd());
        output.WriteLine($"ended in {clock.Elapsed}, storm over: {storm.IsCompleted}");
        Assert.True(clock.Elapsed < AcctExporter.Cli.Agent.StopTime, $"{clock.Elapsed}");
        Assert.Contains("\"exits\":20000", await storm);
        var next = lab.Serve();
        // The storm, its own end, the agent.
        next.HasCounted(20002);
        Assert.Equal(0, next.Gaps());
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string Until(int port, Func<string, bool> holds)
    {
        using var client = new HttpClient();
        var body = "";
        var came = SpinWait.SpinUntil(
            () =>
            {
                try
                {
                    body = client.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics")).Result;
                    return holds(body);
                }
                catch (AggregateException error) when (error.InnerException is HttpRequestException)
                {
                    Thread.Sleep(20);
                    return false;
                }
            },
            TimeSpan.FromSeconds(30));
        Assert.True(came, body);
        return body;
    }

    private static double Figure(string body, string series) => Scraped.Parse(body)[series];
}
