// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;

namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// A day in small, on the real kernel: what users did is known from outside (what was spawned and its times(1), the
/// blocks of files, how long somebody was logged in), and every figure of the day is held against it.
/// </summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class SuiteTests : IDisposable
{
    /// <summary>CPU time in records is cut down to ticks of 10 ms, user and system apart.</summary>
    private const double TwoTicks = 0.02;

    private readonly FaultLab lab = new();

    public SuiteTests()
    {
        lab.Inside.RunBeside("mount", "-t", "tmpfs", "logs", "/var/log");
        foreach (var name in (string[])["wtmp", "btmp", "lastlog"])
        {
            File.WriteAllText(lab.Inside.PathOf($"/var/log/{name}"), "");
        }
    }

    private string Storage => $"--storage.path={lab.Of("storage")}";

    public void Dispose() => lab.Dispose();

    /// <summary>The agent runs the day by itself, at the minute after next.</summary>
    [Fact]
    public void ARealDay_IsCharged_ToWhoDidWhat()
    {
        File.WriteAllText(lab.Of("page_log"), "");
        var daily = DateTime.Now.AddMinutes(2).ToString("HH:mm", CultureInfo.InvariantCulture);
        var agent = lab.Serve(
            $"--suite.daily={daily}", $"--suite.page-log={lab.Of("page_log")}",
            "--suite.groups", $"--logins.holidays={Holidays()}");
        // What was printed before it looked at the log is nobody's.
        agent.Until(() => agent.Log.Contains("following printed pages", StringComparison.Ordinal), "the page log");

        var daemon = Enumerable.Range(0, 3).Sum(_ => Work(1));
        var nobody = Enumerable.Range(0, 2).Sum(_ => Work(65534));
        var loggedIn = LogInAndOut();
        File.AppendAllText(
            lab.Of("page_log"), string.Create(
                CultureInfo.InvariantCulture,
                $"laser daemon 7 [{DateTime.UtcNow:dd/MMM/yyyy:HH:mm:ss} +0000] total 4 - localhost job\n"));
        Command("chargefee", "daemon", "12.5");
        var blocks = MakeTree();
        Command("dodisk", lab.Of("tree"));

        // Live, before any run.
        agent.Until(() => Of(agent, "acct_rollup_printed_pages", "daemon", "day") == 4, "the running day");
        Assert.Equal((3, 2), (Of(agent, "acct_rollup_processes", "daemon", "day"),
            Of(agent, "acct_rollup_processes", "nobody", "day")));
        Assert.Equal(12.5, Of(agent, "acct_rollup_fee_units", "daemon", "day"));
        Assert.Equal(blocks.Daemon, agent.Scrape().Sum("acct_disk_usage_bytes", ("user", "daemon")));
        Assert.Equal(0, agent.Scrape().Sum("acct_rollup_processes", ("scope", "fiscal")));

        Await(agent, () => agent.Scrape().Sum("acct_runacct_last_success_timestamp_seconds") > 0, "the daily run");
        Await(agent, () => Of(agent, "acct_rollup_processes", "daemon", "fiscal") > 0, "its figures");
        Assert.Equal((3, 2), (Of(agent, "acct_rollup_processes", "daemon", "fiscal"),
            Of(agent, "acct_rollup_processes", "nobody", "fiscal")));
        Assert.InRange(
            Of(agent, "acct_rollup_cpu_time_seconds", "daemon", "fiscal"), daemon - (3 * TwoTicks),
            daemon + (3 * TwoTicks));
        Assert.InRange(
            Of(agent, "acct_rollup_cpu_time_seconds", "nobody", "fiscal"), nobody - (2 * TwoTicks),
            nobody + (2 * TwoTicks));
        Assert.InRange(Of(agent, "acct_rollup_connect_time_seconds", "root", "fiscal"), loggedIn - 1, loggedIn + 1);
        Assert.Equal(1, Of(agent, "acct_rollup_sessions", "root", "fiscal"));
        Assert.Equal(4, Of(agent, "acct_rollup_printed_pages", "daemon", "fiscal"));
        Assert.Equal(12.5, Of(agent, "acct_rollup_fee_units", "daemon", "fiscal"));
        Assert.Equal((blocks.Daemon, blocks.Nobody), (Of(agent, "acct_rollup_disk_bytes", "daemon", "fiscal"),
            Of(agent, "acct_rollup_disk_bytes", "nobody", "fiscal")));
        Assert.Equal(0, agent.Scrape().Sum("acct_rollup_fee_units", ("scope", "day")));
        Assert.Equal(3, agent.Scrape().Sum("acct_rollup_group_processes", ("group", "daemon"), ("scope", "fiscal")));
        Assert.Equal(1, agent.Scrape()["acct_runacct_state{state=\"complete\"}"]);
        Assert.Equal(0, agent.Scrape()["acct_runacct_last_exit_code"]);
        Assert.Equal(4, agent.Scrape().Sum("acct_printed_pages_total", ("user", "daemon"), ("printer", "laser")));
        Assert.Equal(1, agent.Scrape()["acct_exporter_suite_runs_total{task=\"day\",outcome=\"done\"}"]);
        Assert.Contains("the daily run is done", agent.Log, StringComparison.Ordinal);

        var report = Command("prdaily");
        Assert.Contains("DAILY USAGE REPORT", report, StringComparison.Ordinal);
        Assert.Contains("daemon", report, StringComparison.Ordinal);
        Assert.Contains("nobody", report, StringComparison.Ordinal);
        // What was run is not run again, by whomever.
        Assert.Equal(4, Code("runacct"));
        Assert.Equal(0, agent.Stop());
    }

    [Fact]
    public void Settings_DoWhatTheySay()
    {
        File.WriteAllText(lab.Of("site"), $"#!/bin/sh\ntouch {lab.Of("was-here")}\n");
        File.SetUnixFileMode(lab.Of("site"), (UnixFileMode)0x1ed); // 0755
        var place = $"--suite.path={lab.Of("acct")}";
        var agent = lab.Serve(place, "--suite.users-limit=1", "--suite.daily=off");
        Work(1);
        Work(65534);
        Assert.DoesNotContain("acct_rollup", agent.Get("/metrics").Body, StringComparison.Ordinal);
        Assert.False(Directory.Exists(lab.Of("acct")));

        Assert.Equal(1, Code("runacct", place, "--suite.minimum-free=1000TiB"));
        Assert.Equal(0, Code(
            "runacct", place, $"--suite.user-exit={lab.Of("site")}", "--suite.groups=true",
            $"--logins.holidays={Holidays()}"));
        Assert.True(File.Exists(lab.Of("was-here")));
        Assert.True(File.Exists(lab.Of("acct/sum/gtacct")));
        Assert.False(Directory.Exists(lab.Of("storage/suite")));
        agent.Until(() => Of(agent, "acct_rollup_processes", "other", "fiscal") > 0, "the others are other");
        Assert.Equal(2, agent.Scrape().Series.Keys.Count(series =>
            series.StartsWith("acct_rollup_processes{", StringComparison.Ordinal)
            && series.Contains("scope=\"fiscal\"", StringComparison.Ordinal)));
        Assert.Equal(0, agent.Stop());
    }

    /// <summary>A process of a user that computes for a while; what it says that it took.</summary>
    private double Work(int uid)
    {
        var said = lab.Inside.Run(
            "setpriv", $"--reuid={uid}", $"--regid={uid}", "--clear-groups", "bash", "-c",
            "for ((i = 0; i < 300000; i++)); do :; done; times");
        return Times(said.Split('\n')[0]);
    }

    /// <summary>Seconds of <c>0m1.234s 0m0.010s</c>.</summary>
    private static double Times(string line) => line.Split(' ').Sum(part =>
    {
        var minutes = part.IndexOf('m', StringComparison.Ordinal);
        return (60 * double.Parse(part[..minutes], CultureInfo.InvariantCulture))
            + double.Parse(part[(minutes + 1)..].TrimEnd('s'), CultureInfo.InvariantCulture);
    });

    private double LogInAndOut()
    {
        var start = new ProcessStartInfo("nsenter", ["-t", $"{lab.Inside.FirstPid}", "-m", "--", Tools.PtyLogin])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        };
        using var login = Process.Start(start)!;
        Assert.StartsWith("pts/", login.StandardOutput.ReadLine() ?? "", StringComparison.Ordinal);
        var clock = Stopwatch.StartNew();
        Thread.Sleep(3000);
        login.StandardInput.WriteLine();
        Assert.Equal("out", login.StandardOutput.ReadLine());
        login.WaitForExit();
        return clock.Elapsed.TotalSeconds;
    }

    /// <summary>Files of two users; what they have, as du(1) says.</summary>
    private (double Daemon, double Nobody) MakeTree()
    {
        Directory.CreateDirectory(lab.Of("tree/d"));
        File.WriteAllBytes(lab.Of("tree/d/large"), new byte[1_000_000]);
        File.WriteAllBytes(lab.Of("tree/small"), new byte[5_000]);
        lab.Inside.RunBeside("ln", lab.Of("tree/d/large"), lab.Of("tree/again"));
        lab.Inside.RunBeside("chown", "-R", "1:1", lab.Of("tree"));
        lab.Inside.RunBeside("chown", "65534:65534", lab.Of("tree/small"));
        var small = Du(lab.Of("tree/small"));
        return (Du(lab.Of("tree")) - small, small);
    }

    private double Du(string path) => double.Parse(
        lab.Inside.RunBeside("du", "-s", "-B1", path).Split('\t')[0], CultureInfo.InvariantCulture);

    private string Holidays()
    {
        File.WriteAllText(lab.Of("holidays"), $"  {DateTime.Now.Year}  0800  1800\n12/25 Christmas\n");
        return lab.Of("holidays");
    }

    private static double Of(AgentProcess agent, string family, string user, string scope) =>
        agent.Scrape().Sum(family, ("user", user), ("scope", scope));

    /// <summary>A command of ours, as root: its own end is one of root's processes, and of nobody else's.</summary>
    private string Command(string name, params string[] arguments) =>
        lab.Inside.Run(AgentProcess.Program, [name, .. arguments, Storage]);

    private int Code(string name, params string[] arguments) => int.Parse(lab.Inside.Run(
        "sh", ["-c", "\"$@\" >/dev/null 2>&1; echo $?", "sh", AgentProcess.Program, name, .. arguments, Storage]));

    private static void Await(AgentProcess agent, Func<bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(agent.IsRunning && clock.Elapsed < TimeSpan.FromMinutes(4), $"not '{what}': {agent.Log}");
            Thread.Sleep(500);
        }
    }
}
