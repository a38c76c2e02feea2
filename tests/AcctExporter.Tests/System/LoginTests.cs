// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// Real logins, by login(1), in files of the test's own: /var/log of the namespace is its alone.
/// </summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class LoginTests : IDisposable
{
    private const string Pts = "acct_logins_total{line=\"pts\"}";
    private const string PtsOut = "acct_logouts_total{line=\"pts\"}";

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FaultLab lab = new();

    public LoginTests()
    {
        lab.Inside.RunBeside("mount", "-t", "tmpfs", "logs", "/var/log");
        foreach (var name in (string[])["wtmp", "btmp", "lastlog"])
        {
            File.WriteAllText(lab.Inside.PathOf($"/var/log/{name}"), "");
        }
    }

    public void Dispose() => lab.Dispose();

    [Fact]
    public void ALoginAndItsLogout_AreSeenWithinASecond_AndLastSaysTheSame()
    {
        var agent = lab.Serve();
        Assert.Equal((0, 0), (agent.Scrape()[Pts], agent.Scrape()[PtsOut]));
        using var login = LogIn(out var line);
        var clock = Stopwatch.StartNew();
        agent.Until(() => agent.Scrape()[Pts] == 1, "login");
        Assert.True(clock.Elapsed < Second, $"seen after {clock.Elapsed}");
        Assert.Equal(1, agent.Scrape()["acct_sessions{user=\"root\",line=\"pts\"}"]);
        Assert.Equal(1, agent.Scrape()[$"acct_line_logins_total{{tty=\"{line}\"}}"]);
        Thread.Sleep(2500);
        var open = agent.Scrape()["acct_connect_time_seconds_total{user=\"root\",period=\"nonprime\"}"];
        Assert.InRange(open, 2, 10);

        LogOut(login);
        clock.Restart();
        agent.Until(() => agent.Scrape()[PtsOut] == 1, "logout");
        Assert.True(clock.Elapsed < Second, $"seen after {clock.Elapsed}");
        var shown = agent.Scrape();
        Assert.Equal(0, shown["acct_sessions{user=\"root\",line=\"pts\"}"]);
        Assert.True(shown["acct_last_login_timestamp_seconds{user=\"root\"}"] > 1_700_000_000);
        // To last, what ended this very second still runs.
        Thread.Sleep(1500);
        var said = lab.Inside.RunBeside("last", "-F", "-f", "/var/log/wtmp");
        Assert.Single(said.Split('\n'), row => row.StartsWith("root ", StringComparison.Ordinal)
            && row.Contains(line, StringComparison.Ordinal) && row.Contains("(00:00)", StringComparison.Ordinal));
        Assert.Equal(0, agent.Stop());
    }

    /// <summary>SIGKILL at each place of saving: what the next agent shows is all there is, once.</summary>
    [Fact]
    public void KilledAnywhere_NothingIsLost_AndNothingTwice()
    {
        var count = 0;
        foreach (var point in AcctExporter.Kernel.CrashPoint.OfLogins)
        {
            // The first save is that of the start, the second comes with the login.
            using (var killed = new AgentProcess(lab.Inside, lab.State, $"{point}:{(count == 0 ? 3 : 2)}"))
            {
                killed.Until(() => killed.HasAddress || !killed.IsRunning, "start");
                for (; killed.IsRunning && count < 100; count++)
                {
                    using var login = LogIn(out _);
                    LogOut(login);
                    killed.Get("/metrics");
                    Thread.Sleep(300);
                }

                Assert.NotEqual(0, killed.WaitForEnd());
            }

            using var next = lab.Serve();
            next.Until(() => next.Scrape()[PtsOut] == count, $"{count} logouts after {point}");
            Assert.Equal((count, count), (next.Scrape()[Pts], next.Scrape().Sum("acct_line_logins_total")));
            Assert.Equal(0, next.Scrape().Sum("acct_exporter_login_gaps_total"));
            next.Kill();
        }

        Assert.True(count >= AcctExporter.Kernel.CrashPoint.OfLogins.Count);
    }

    [Fact]
    public void Settings_DoWhatTheySay()
    {
        File.WriteAllText(lab.Of("holidays"), "* a table\n");
        var agent = lab.Serve(
            "--logins.source=wtmp", $"--logins.wtmp={lab.Of("wtmp")}", $"--logins.btmp={lab.File("btmp")}",
            $"--logins.wtmpdb={lab.Of("none.db")}", $"--logins.holidays={lab.Of("holidays")}",
            "--logins.users-limit=1", "--logins.lines-limit=1");
        Assert.Equal(0, agent.Scrape()["acct_exporter_source_up{source=\"wtmp\"}"]);
        Assert.Equal(1, agent.Scrape()["acct_exporter_source_up{source=\"btmp\"}"]);
        Assert.False(agent.Scrape().Series.ContainsKey("acct_exporter_source_up{source=\"wtmpdb\"}"));
        Assert.Equal(1, agent.Own("holiday_failures"));
        Assert.DoesNotContain("acct_logins_total", agent.Get("/metrics").Body, StringComparison.Ordinal);
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        File.WriteAllBytes(lab.Of("wtmp"), [.. Logins.LoginLab.Login("ann", "pts/1", now),
            .. Logins.LoginLab.Login("bob", "pts/2", now)]);
        agent.Until(
            () => agent.Scrape()["acct_sessions{user=\"other\",line=\"pts\"}"] == 1, "the second user is other");
        Assert.Equal(1, agent.Scrape()["acct_line_logins_total{tty=\"other\"}"]);

        var off = new AgentProcess(lab.Inside, lab.Of("off"), null, "--logins.source=off");
        using (off)
        {
            off.WaitUntilReady();
            Assert.DoesNotContain("login", off.Get("/metrics").Body, StringComparison.Ordinal);
        }
    }

    private Process LogIn(out string line)
    {
        var start = new ProcessStartInfo("nsenter", ["-t", $"{lab.Inside.FirstPid}", "-m", "--", Tools.PtyLogin])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true,
        };
        var login = Process.Start(start)!;
        line = login.StandardOutput.ReadLine()?.Split(' ')[0] ?? "";
        Assert.StartsWith("pts/", line, StringComparison.Ordinal);
        return login;
    }

    private static void LogOut(Process login)
    {
        login.StandardInput.WriteLine();
        Assert.Equal("out", login.StandardOutput.ReadLine());
        login.WaitForExit();
    }
}
