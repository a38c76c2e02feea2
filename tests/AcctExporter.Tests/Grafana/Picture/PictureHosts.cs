// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using AcctExporter.Records;
using AcctExporter.Tests.Logins;
using AcctExporter.Tests.RealSystem;
using AcctExporter.Tests.Tidy;

namespace AcctExporter.Tests.Grafana.Picture;

/// <summary>
/// Three hosts for the picture of a dashboard, each a PID namespace with an agent of its own and real work
/// (<c>host.sh</c>), and a Prometheus that scrapes them. There are no taskstats in such a namespace.
/// </summary>
internal sealed class PictureHosts : IDisposable
{
    /// <summary>Where the files beside this one are.</summary>
    public static readonly string Folder = Path.Combine(Repository.Root, "tests/AcctExporter.Tests/Grafana/Picture");

    private static readonly string[] Roles = ["build", "web", "db"];

    private readonly List<FaultLab> labs = [];
    private readonly List<Process> work = [];
    private PrometheusServer? prometheus;

    /// <summary>Where to ask.</summary>
    public PrometheusServer Prometheus => prometheus!;

    /// <summary>Starts everything. Not when this is made: what fails on the way is put back by the end.</summary>
    /// <param name="interval">How often Prometheus scrapes: <c>1s</c>.</param>
    public void Start(string interval)
    {
        var names = new List<string>();
        var targets = new List<string>();
        foreach (var role in Roles)
        {
            var lab = new FaultLab();
            labs.Add(lab);
            var target = new Uri(Agent(lab).Address).Authority;
            targets.Add(target);
            names.Add($"""
                      - source_labels: [__address__]
                        regex: '{target}'
                        target_label: instance
                        replacement: '{role}-1:9810'
                """);
            var scratch = Directory.CreateDirectory(lab.Of("scratch")).FullName;
            work.Add(lab.Inside.Start("nice", "bash", Path.Combine(Folder, "host.sh"), role, scratch));
        }

        prometheus = new PrometheusServer(new PrometheusSetup([.. targets])
        {
            Job = "acct-exporter", Interval = interval,
            ScrapeConfiguration = "    relabel_configs:\n" + string.Join('\n', names),
        });
        prometheus.Until(() => prometheus.Answers() && prometheus.Value("sum(up)") == Roles.Length, "all are scraped");
    }

    public void Dispose()
    {
        prometheus?.Dispose();
        labs.ForEach(lab => lab.Dispose());
        work.ForEach(process => process.Dispose());
    }

    /// <summary>An agent that knows the users of the picture, and who is logged in.</summary>
    private static AgentProcess Agent(FaultLab lab)
    {
        const UnixFileMode forAll = (UnixFileMode)0x1ed; // 0755
        File.SetUnixFileMode(lab.State, forAll);
        lab.Inside.RunBeside("mount", "--bind", Path.Combine(Folder, "passwd"), "/etc/passwd");
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        File.WriteAllBytes(lab.Of("wtmp"),
        [
            .. LoginLab.Record(UtmpType.BootTime, "reboot", "~", now - 90),
            .. LoginLab.Login("alice", "pts/0", now - 60, pid: 1),
            .. LoginLab.Login("root", "pts/1", now - 30, pid: 1),
        ]);
        return lab.Serve("--logins.source=wtmp", $"--logins.wtmp={lab.Of("wtmp")}");
    }
}
