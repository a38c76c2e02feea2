// SPDX-License-Identifier: Apache-2.0
using System.Net.Sockets;
using System.Text;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.RealSystem;
using AcctExporter.Tests.Records;

namespace AcctExporter.Tests.Config;

/// <summary>The real agent, following a file, reads its configuration anew.</summary>
public sealed class ReloadTests : IDisposable
{
    private const string Successful = "acct_exporter_config_last_reload_successful";
    private const string Timestamp = "acct_exporter_config_last_reload_success_timestamp_seconds";
    private const string Done = "the configuration was read anew";

    private readonly TemporaryDirectory temporary = new();
    private readonly string config;
    private AgentProcess? agent;

    public ReloadTests()
    {
        config = temporary.Of("agent.yml");
        File.WriteAllBytes(temporary.Of("pacct"), new AcctFileGenerator(1).File(10));
    }

    private AgentProcess Agent => agent!;

    public void Dispose()
    {
        agent?.Dispose();
        temporary.Dispose();
    }

    [Fact]
    public void Post_ReadsAnew_AndAFaultKeepsEverything()
    {
        Start("pairs.limit: 5\n", "--web.enable-lifecycle");
        Assert.Equal((5, 1), (Limit(), Agent.Scrape()[Successful]));
        var atStart = Agent.Scrape()[Timestamp];
        Assert.InRange(atStart, DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 120, double.MaxValue);

        File.WriteAllText(config, "pairs.limit: 6\nrules:\n- {command: x, drop: true}\n");
        Assert.Equal((200, Done + "\n"), Send("POST"));
        Assert.Equal((6, 1), (Limit(), Agent.Scrape()[Successful]));
        Assert.Contains($"{Done} from {config}: 1 rules are in force", Agent.Log);
        var atSuccess = Agent.Scrape()[Timestamp];
        Assert.True(atSuccess > atStart);

        File.WriteAllText(config, "pairs.limit: 7\nfoo: 1\nlog.level: loud\n");
        string[] faults =
        [
            $"{config}:2:1: foo: there is no such key",
            $"{config}:3:12: log.level: 'loud' is none of debug, info, warn, error",
        ];
        Assert.Equal(
            (500, $"the configuration in force stays as it was: {string.Join('\n', faults)}\n"), Send("POST"));
        var scrape = Agent.Scrape();
        Assert.Equal((6, 0, atSuccess), (Limit(), scrape[Successful], scrape[Timestamp]));
        Agent.Until(() => Agent.Log.Contains("is faulty (faults: 2), so what was in force stays in force"), "said");
        Assert.All(faults, fault => Assert.Contains(fault, Agent.Log));

        File.Delete(config);
        Assert.Equal(
            (500, $"the configuration in force stays as it was: {config}: there is no such file\n"), Send("POST"));

        File.WriteAllText(config, "pairs.limit: 8\n");
        Assert.Equal(200, Send("POST").Code);
        scrape = Agent.Scrape();
        Assert.Equal((8, 1), (Limit(), scrape[Successful]));
        Assert.True(scrape[Timestamp] > atSuccess);
        Assert.Equal((4, 2), (Agent.Own("config_reloads"), Agent.Own("config_reload_failures")));
        Assert.Equal(0, Agent.Stop());
    }

    [Fact]
    public void WhatNeedsARestart_IsNamed_AndStays()
    {
        Start("web:\n  telemetry-path: /metrics\n");
        File.WriteAllText(config, "web:\n  telemetry-path: /odd\n  max-requests: 3\npairs.limit: 6\n");
        Agent.Signal("HUP");
        Agent.Until(() => Agent.Log.Contains(Done), "read anew");
        Assert.Contains("web.telemetry-path needs a restart to change: it stays /metrics", Agent.Log);
        Assert.Contains("web.max-requests needs a restart to change: it stays 40", Agent.Log);
        Assert.DoesNotContain("pairs.limit needs", Agent.Log);
        Assert.Equal((404, 6), (Agent.Get("/odd").Code, Limit()));
    }

    [Fact]
    public void LogLevel_IsThatOfTheFile_FromTheReloadOn()
    {
        Start("log.level: info\n", "--web.enable-lifecycle");
        File.WriteAllText(config, "log.level: error\n");
        Assert.Equal((200, Done + "\n"), Send("POST"));
        Assert.Equal(0, Agent.Stop());
        Assert.DoesNotContain(Done, Agent.Log);
    }

    /// <summary>A flag is as strong at a reload as at the start.</summary>
    [Fact]
    public void Flag_WinsOverTheFile_AtAReloadToo()
    {
        Start("pairs.limit: 5\n", "--pairs.limit=4");
        File.WriteAllText(config, "pairs.limit: 6\n");
        Agent.Signal("HUP");
        Agent.Until(() => Agent.Log.Contains(Done), "read anew");
        Assert.Equal(4, Limit());
    }

    /// <summary>Standard input is no terminal: then SIGHUP does not mean that the terminal is gone.</summary>
    [Fact]
    public void HangUp_WithoutAFile_ChangesNothing()
    {
        agent = AgentProcess.Through(
            ["sh", "-c", "exec \"$@\" < /dev/null", "sh"], null, temporary.Path, $"--source={temporary.Of("pacct")}",
            "--pairs.limit=4");
        Agent.WaitUntilReady();
        var exits = Agent.Exits();
        Agent.Signal("HUP");
        Agent.Until(() => Agent.Log.Contains($"{Done} from no file: 0 rules are in force"), "said");
        Assert.Equal((4, exits, 1), (Limit(), Agent.Exits(), Agent.Scrape()[Successful]));
        Assert.True(Agent.IsRunning);
        Assert.Equal(0, Agent.Stop());
    }

    [Fact]
    public async Task Reloads_AtTheSameTime_AreAllDone()
    {
        Start("pairs.limit: 5\n", "--web.enable-lifecycle");
        File.WriteAllText(config, "pairs.limit: 9\n");
        var answers = Enumerable.Range(0, 20).Select(_ => Task.Run(() => Send("POST"))).ToArray();
        Agent.Signal("HUP");
        Assert.All(await Task.WhenAll(answers), answer => Assert.Equal((200, Done + "\n"), answer));
        Assert.Equal((9, 1), (Limit(), Agent.Scrape()[Successful]));
        Assert.Equal(0, Agent.Stop());
    }

    [Fact]
    public void Post_IsForbidden_UnlessAllowed()
    {
        Start("pairs.limit: 5\n");
        File.WriteAllText(config, "pairs.limit: 6\n");
        var (code, body) = Send("POST");
        Assert.Equal(403, code);
        Assert.Contains("--web.enable-lifecycle", body);
        Assert.Equal((405, "only POST: it reads the configuration anew\n"), Send("GET"));
        Assert.Equal(405, Send("PUT").Code);
        Assert.Equal(5, Limit());
        Assert.DoesNotContain(Done, Agent.Log);
    }

    private double Limit() => Agent.Scrape()["acct_exporter_pairs_limit"];

    private void Start(string text, params string[] flags)
    {
        File.WriteAllText(config, text);
        agent = new AgentProcess(
            null, temporary.Path, null, [$"--source={temporary.Of("pacct")}", $"--config.file={config}", .. flags]);
        Agent.WaitUntilReady();
    }

    /// <summary>As <c>curl -X POST</c> sends it: without a body, and without a length of one.</summary>
    private (int Code, string Body) Send(string method)
    {
        var address = new Uri(Agent.Address);
        using var client = new TcpClient(address.Host, address.Port);
        using var stream = client.GetStream();
        stream.Write(Encoding.ASCII.GetBytes(
            $"{method} /-/reload HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: close\r\n\r\n"));
        using var reader = new StreamReader(stream);
        var answer = reader.ReadToEnd().Split("\r\n\r\n", 2);
        return (int.Parse(answer[0].Split(' ')[1]), answer[1]);
    }
}
