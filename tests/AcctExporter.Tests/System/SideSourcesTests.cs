// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace AcctExporter.Tests.RealSystem;

/// <summary>What the agent does where taskstats or the process connector cannot be had, and what labels show.</summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class SideSourcesTests
{
    private const string NoTaskStats = "Exits are counted by their accounting records alone";

    private static readonly string[] WithoutNetAdmin =
        ["setpriv", "--bounding-set=-net_admin", "--inh-caps=-net_admin"];

    [Fact]
    public void InAPidNamespace_ItSaysSo_AndCountsTheRecords()
    {
        using var lab = new FaultLab();
        var agent = lab.Serve();
        lab.Exit(30);
        agent.HasCounted(30);
        Assert.Contains("this is not the initial PID namespace; run the agent in the host's (hostPID", agent.Log);
        Assert.Contains(NoTaskStats, agent.Log);
        Assert.Single(agent.Log.Split(NoTaskStats)[1..]);
        var scrape = agent.Scrape();
        Assert.Equal(0, scrape.Series["acct_exporter_source_up{source=\"taskstats\"}"]);
        Assert.Equal(30, scrape["acct_exporter_exits_unenriched_total"]);
        Assert.DoesNotContain(scrape.Series.Keys, IsOfTaskStats);
    }

    [Fact]
    public void Demanded_AndNotToBeHad_ItRefuses_AndLeavesAccountingAsFound()
    {
        using var lab = new FaultLab();
        var agent = lab.Start("--taskstats.mode=on");
        Assert.Equal(1, agent.WaitForEnd());
        Assert.Contains("this is not the initial PID namespace", agent.Log);
        lab.Exit(3);
        Assert.True(lab.Segments().All(file => FaultLab.Records(file).All(exit => exit.LooksLikeLeaving)));
    }

    [Fact]
    public void SwitchedOff_SaysNothing_AndShowsNothing()
    {
        using var lab = new FaultLab();
        var agent = lab.Serve("--taskstats.mode=off");
        lab.Exit(5);
        agent.HasCounted(5);
        Assert.DoesNotContain("taskstats", agent.Log);
        Assert.DoesNotContain(
            agent.Scrape().Series.Keys, series => series.Contains("taskstats", StringComparison.Ordinal));
    }

    [Fact]
    public void InAnotherNetworkNamespace_ItNoticesThatNothingComes()
    {
        using var lab = new HostLab();
        using var agent = AgentProcess.Through(["unshare", "--net"], null, lab.State, "--taskstats.mode=on");
        Assert.Equal(1, agent.WaitForEnd());
        Assert.Contains("the kernel agreed to send exits and sends none: this is not the initial network namespace",
            agent.Log);
    }

    [Fact]
    public void WithoutTheCapability_ItNamesIt_AndGoesOn()
    {
        using var lab = new HostLab();
        using var agent = AgentProcess.Through(WithoutNetAdmin, null, lab.State, "--labels=user,command,unit");
        agent.WaitUntilReady();
        Assert.Contains("CAP_NET_ADMIN", agent.Log);
        Assert.Contains(NoTaskStats, agent.Log);
        HostLab.Run("true");
        agent.Until(() => agent.Scrape().Sum("acct_process_exits_total", ("command", "true")) >= 1, "true");
        agent.Stop();
    }

    /// <summary>A process that lives a millisecond bears the unit that it was born into, and its group.</summary>
    [Fact]
    public void Labels_TellUnitAndGroup_OfTheShortestLife()
    {
        var root = File.ReadLines("/proc/mounts").Select(line => line.Split(' '))
            .Where(mount => mount[2] == "cgroup2").Select(mount => mount[1]).First();
        var unit = Path.Combine(root, $"acct-test-{Environment.ProcessId}.service");
        Directory.CreateDirectory(unit);
        try
        {
            using var lab = new HostLab();
            var agent = lab.Serve("--labels=user,command,group,unit");
            // As systemd does it: moved, then exec'ed. Each child is born there, and lives as long as /bin/true does.
            HostLab.Run("sh", "-c",
                $"echo $$ > {unit}/cgroup.procs; exec sh -c 'for i in 1 2 3 4 5 6 7 8 9 10; do /bin/true; done; :'");
            using var asNobody = Process.Start("setpriv", [.. FaultLab.AsNobody[1..], "/bin/true"]);
            asNobody.WaitForExit();
            agent.Until(() => agent.Scrape().Sum("acct_process_exits_total", ("command", "true")) >= 11, "all true");
            var scrape = agent.Scrape();
            Assert.Equal(10, scrape.Sum("acct_process_exits_total",
                ("user", "root"), ("command", "true"), ("group", "root"), ("unit", Path.GetFileName(unit))));
            Assert.Equal(1, scrape.Sum("acct_process_exits_total", ("command", "true"), ("group", "nogroup")));
            Assert.Equal(1, scrape.Series["acct_exporter_source_up{source=\"process_connector\"}"]);
            Assert.Equal(0, agent.Stop());
        }
        finally
        {
            Directory.Delete(unit);
        }
    }

    private static bool IsOfTaskStats(string series) => series.StartsWith("acct_io_", StringComparison.Ordinal)
        || series.StartsWith("acct_peak_rss", StringComparison.Ordinal)
        || series.StartsWith("acct_process_storage", StringComparison.Ordinal);
}
