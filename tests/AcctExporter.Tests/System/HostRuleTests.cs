// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// Rules that ask for the unit and for the executable, which only the initial namespaces tell: they come with a reload
/// to an agent that had looked for neither.
/// </summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class HostRuleTests
{
    private const string Exits = "acct_process_exits_total";

    [Fact]
    public void UnitAndExe_DecideFromTheReloadOn_AndAreNoLabels()
    {
        var root = File.ReadLines("/proc/mounts").Select(line => line.Split(' '))
            .Where(mount => mount[2] == "cgroup2").Select(mount => mount[1]).First();
        var unit = Path.Combine(root, $"acct-rule-{Environment.ProcessId}.service");
        Directory.CreateDirectory(unit);
        try
        {
            using var lab = new HostLab();
            var file = lab.Of("agent.yml");
            File.WriteAllText(file, "log:\n  level: debug\n");
            var agent = lab.Serve($"--config.file={file}", "--web.enable-lifecycle");
            RunInUnit(unit);
            agent.Until(() => agent.Scrape().Sum(Exits, ("command", "true")) >= 10, "before the rules");
            var before = agent.Scrape();

            File.WriteAllText(file,
                $$"""
                rules:
                  - unit: 'acct-rule-\d+\.service'
                    command: 'true'
                    replace: of-unit
                  - exe: '(/usr)?/bin/env'
                    replace: of-env
                """);
            Assert.Equal((200, "the configuration was read anew"), (Post(agent).Code, Post(agent).Body.Trim()));
            RunInUnit(unit);
            for (var i = 0; i < 5; i++)
            {
                HostLab.Run("env");
            }

            agent.Until(() => agent.Scrape().Sum(Exits, ("command", "of-unit")) >= 10, "of the unit");
            agent.Until(() => agent.Scrape().Sum(Exits, ("command", "of-env")) >= 5, "of the executable");
            var after = agent.Scrape();
            Assert.Equal(10, after.Sum(Exits, ("command", "of-unit")));
            Assert.Equal(5, after.Sum(Exits, ("command", "of-env")));
            // On the host others run it, too; those of the unit are no longer among them.
            Assert.InRange(after.Sum(Exits, ("command", "true")) - before.Sum(Exits, ("command", "true")), 0, 9);
            Assert.DoesNotContain(after.Series.Keys, series => series.Contains("unit=", StringComparison.Ordinal));
            Assert.Equal(1, after["acct_exporter_source_up{source=\"process_connector\"}"]);
            Assert.Empty(after.FallenSince(before));
            Assert.Equal(0, agent.Stop());
        }
        finally
        {
            Directory.Delete(unit);
        }
    }

    private static (int Code, string Body) Post(AgentProcess agent) => agent.Post("/-/reload");

    private static void RunInUnit(string unit) => HostLab.Run("sh", "-c",
        $"echo $$ > {unit}/cgroup.procs; exec sh -c 'for i in 1 2 3 4 5 6 7 8 9 10; do /bin/true; done; :'");
}
