// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Cli;
using AcctExporter.Doctor;
using AcctExporter.Tests.Alerts;
using AcctExporter.Tests.Config;
using AcctExporter.Tests.Docs;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.RealSystem;
using AcctExporter.Tests.Tidy;
using YamlDotNet.RepresentationModel;

namespace AcctExporter.Tests.Helm;

/// <summary>What the values of the chart lead to.</summary>
[Trait("Lane", "peers")]
public class RenderedTests
{
    private const string Pod = "spec/template/spec";
    private const string Container = $"{Pod}/containers/0";

    /// <summary>Kinds that the chart may make: none gives a right in the cluster.</summary>
    private static readonly string[] Kinds =
    [
        "ConfigMap", "DaemonSet", "NetworkPolicy", "PodMonitor", "PrometheusRule", "Service", "ServiceAccount",
        "ServiceMonitor",
    ];

    [Theory]
    [InlineData("default", "NET_ADMIN,SYS_PACCT,SYS_PTRACE")]
    [InlineData("networkpolicy", "SYS_PACCT,SYS_PTRACE")]
    [InlineData("labels", "NET_ADMIN,SYS_PACCT,SYS_PTRACE")]
    [InlineData("logins", "NET_ADMIN,SYS_PACCT,SYS_PTRACE")]
    [InlineData("source", "")]
    [InlineData("everything", "DAC_READ_SEARCH,NET_ADMIN,SYS_PACCT,SYS_PTRACE")]
    public void Capabilities_AreThoseOfTheFeatures(string values, string capabilities) => Assert.Equal(
        capabilities, string.Join(',', Agent(values).List($"{Container}/securityContext/capabilities/add")));

    /// <summary>
    /// Whatever is configured: the capabilities that the agent's own table asks for, and no others. What only the host
    /// can tell (files of other users, a hidden /proc) is for extraCapabilities.
    /// </summary>
    [Fact]
    public void Capabilities_AreThoseOfTheAgentsTable()
    {
        foreach (var path in Chart.ValueFiles)
        {
            var manifests = Manifest.Parse(Chart.Render("--values", Path.Combine(Repository.Root, path)));
            var agent = manifests.Single(one => one.Kind == "DaemonSet");
            var loaded = Configured.By(
                [.. agent.List($"{Container}/args").Where(flag => flag.StartsWith("--", StringComparison.Ordinal)
                        && !flag.Contains(".file=/etc/acct-exporter", StringComparison.Ordinal))
                    .Select(flag => flag.Replace("$(HOST_IP)", "127.0.0.1", StringComparison.Ordinal))],
                [], manifests.Select(one => one["data/acct-exporter.yml"]).OfType<string>().Single());
            Assert.Empty(loaded.Faults);
            var features = RightsPlan.FeaturesOf(loaded.Options);
            var wanted = RightsTable.Rows.Where(row => features.HasFlag(row.Feature))
                .Select(row => row.Capability["CAP_".Length..])
                .Concat(path.EndsWith("/everything-values.yaml", StringComparison.Ordinal) ? ["DAC_READ_SEARCH"] : [])
                .Distinct().Order(StringComparer.Ordinal);
            Assert.Equal(
                (path, string.Join(',', wanted)),
                (path, string.Join(',', agent.List($"{Container}/securityContext/capabilities/add"))));
        }
    }

    [Theory]
    [InlineData("default", "/run/acct-exporter /var/lib/acct-exporter")]
    [InlineData("logins", "/etc/group:ro /etc/passwd:ro /run/acct-exporter /var/lib/acct-exporter /var/log:ro")]
    [InlineData("wtmpdb", "/run/acct-exporter /var/lib/acct-exporter /var/lib/wtmpdb:ro /var/log:ro")]
    [InlineData("source", "/var/lib/acct-exporter /var/log/account:ro")]
    [InlineData("everything", "/run/exits /var/lib/exits /var/log:ro")]
    public void HostPaths_AreThoseOfTheFeatures(string values, string paths)
    {
        var agent = Agent(values);
        var mounts = Maps(agent, $"{Container}/volumeMounts").ToDictionary(mount => Text(mount, "name")!);
        var hosts = Maps(agent, $"{Pod}/volumes").Where(volume => volume.Children.ContainsKey("hostPath")).ToArray();
        Assert.All(hosts, host => Assert.Equal(
            Text(host["hostPath"], "path"), Text(mounts[Text(host, "name")!], "mountPath")));
        Assert.Equal(paths, string.Join(' ', hosts.Select(host => Text(host["hostPath"], "path")
            + (Text(mounts[Text(host, "name")!], "readOnly") == "true" ? ":ro" : "")).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void EveryRendering_IsHardened()
    {
        foreach (var path in Chart.ValueFiles)
        {
            var manifests = Manifest.Parse(Chart.Render("--values", Path.Combine(Repository.Root, path)));
            Assert.All(manifests, one => Assert.Contains(one.Kind, Kinds));
            var agent = manifests.Single(one => one.Kind == "DaemonSet");
            Assert.Equal("false", agent[$"{Pod}/automountServiceAccountToken"]);
            Assert.Equal("false", agent[$"{Pod}/enableServiceLinks"]);
            Assert.Equal(["ALL"], agent.List($"{Container}/securityContext/capabilities/drop"));
            Assert.Equal("0", agent[$"{Container}/securityContext/runAsUser"]);
            Assert.Equal("false", agent[$"{Container}/securityContext/privileged"]);
            Assert.Equal("false", agent[$"{Container}/securityContext/allowPrivilegeEscalation"]);
            Assert.Equal("true", agent[$"{Container}/securityContext/readOnlyRootFilesystem"]);
            Assert.Equal("RuntimeDefault", agent[$"{Container}/securityContext/seccompProfile/type"]);
        }
    }

    /// <summary>The field came with 1.30; before, there was an annotation.</summary>
    [Fact]
    public void AppArmor_IsSaidAsTheClusterUnderstandsIt()
    {
        const string field = $"{Container}/securityContext/appArmorProfile/type";
        const string annotation = "container.apparmor.security.beta.kubernetes.io/acct-exporter: unconfined";
        Assert.Equal("Unconfined", Agent("default", "--kube-version", "1.30.0")[field]);
        Assert.Null(Agent("default", "--kube-version", "1.29.8")[field]);
        Assert.DoesNotContain(annotation, Chart.Render("--kube-version", "1.30.0"), StringComparison.Ordinal);
        Assert.Contains(annotation, Chart.Render("--kube-version", "v1.29.8-eks-1"), StringComparison.Ordinal);
        Assert.Null(Agent("everything")[field]);
    }

    /// <summary>Whom the kubelet cannot ask, it only looks for.</summary>
    [Theory]
    [InlineData("default", "HTTP", "httpGet/path")]
    [InlineData("tls", "HTTPS", "httpGet/path")]
    [InlineData("mtls", null, "tcpSocket/port")]
    public void Probes_AreWhatTheServerAnswers(string values, string? scheme, string handler)
    {
        var agent = Agent(values);
        foreach (var (probe, path) in new[] { ("startup", "ready"), ("readiness", "ready"), ("liveness", "healthy") })
        {
            Assert.Equal(scheme, agent[$"{Container}/{probe}Probe/httpGet/scheme"]);
            Assert.Equal(
                scheme is null ? "metrics" : $"/-/{path}", agent[$"{Container}/{probe}Probe/{handler}"]);
        }
    }

    [Fact]
    public void WebConfig_IsTheSecretsFile()
    {
        var agent = Agent("mtls");
        var arguments = agent.List($"{Container}/args");
        Assert.Contains("--web.config.file=/etc/acct-exporter-web/web.yml", arguments);
        Assert.Contains("--web.listen-address=$(HOST_IP):9810", arguments);
        Assert.Contains(Maps(agent, $"{Pod}/volumes"), volume => volume.Children.ContainsKey("secret")
            && Text(volume["secret"], "secretName") == "acct-exporter-web");
    }

    /// <summary>A changed configuration is another pod; nothing else of the values is.</summary>
    [Fact]
    public void Checksum_IsTheConfigurations()
    {
        var before = Sum(Agent("default"));
        Assert.Equal(64, before.Length);
        Assert.Equal(before, Sum(Agent("dashboards")));
        Assert.NotEqual(before, Sum(Agent("default", "--set", "config.pairs.limit=400")));

        static string Sum(Manifest agent) =>
            Text(agent.At("spec/template/metadata/annotations")!, "checksum/config")!;
    }

    /// <summary>
    /// Rules and dashboards ask for one job; series of a node go on when its pod is another; the agent's own labels
    /// container and pod keep their names.
    /// </summary>
    [Theory]
    [InlineData("monitor", "ServiceMonitor", "spec/endpoints/0")]
    [InlineData("podmonitor", "PodMonitor", "spec/podMetricsEndpoints/0")]
    public void Monitors_LabelWhatRulesAskFor(string values, string kind, string endpoint)
    {
        var monitor = Chart.Of(values).Single(one => one.Kind == kind);
        var relabelings = Maps(monitor, $"{endpoint}/relabelings").ToArray();
        Assert.Contains(relabelings, one => Text(one, "targetLabel") == "job"
            && Text(one, "replacement") == "acct-exporter");
        Assert.Contains(relabelings, one => Text(one, "action") == "labeldrop"
            && Text(one, "regex") == "(pod|container|service|endpoint)");
        Assert.Equal(values == "monitor", relabelings.Any(one => Text(one, "targetLabel") == "instance"));
        Assert.Equal("PrometheusProto", monitor.List("spec/scrapeProtocols")[0]);
        Assert.Equal("true", monitor["spec/scrapeClassicHistograms"]);
        Assert.Empty(Chart.Of("tls").Single(one => one.Kind == "ServiceMonitor").List("spec/scrapeProtocols"));
        Assert.Equal("https", Chart.Of("tls").Single(one => one.Kind == "ServiceMonitor")["spec/endpoints/0/scheme"]);
    }

    /// <summary>All rules but those that are switched off, as they are; Prometheus reads them.</summary>
    [Fact]
    public void Rules_AreTheFiles_WithoutWhatIsOff()
    {
        var rule = Chart.Of("rules").Single(one => one.Kind == "PrometheusRule");
        var rules = Maps(rule, "spec/groups")
            .SelectMany(group => ((YamlSequenceNode)group["rules"]).Cast<YamlMappingNode>())
            .ToDictionary(one => Text(one, "alert") ?? Text(one, "record")!);
        string[] off =
        [
            "FailedLoginsBurst", "ForkStorm", "AcctDailyRunMissing", "AcctDailyRunFailed", "AcctDailyRunWarnings",
            "AcctExitsNotCharged", "AcctHolidaysStale",
        ];
        Assert.Equal(RuleFile.All.Select(one => one.Name).Except(off).Order(), rules.Keys.Order());
        foreach (var wanted in RuleFile.All.Where(one => rules.ContainsKey(one.Name)))
        {
            var found = rules[wanted.Name];
            Assert.Equal(wanted.Expression.Trim(), Text(found, "expr")!.Trim());
            if (wanted.IsAlert)
            {
                Assert.Equal("platform", Text(found["labels"], "team"));
                Assert.Equal(wanted.Labels["severity"], Text(found["labels"], "severity"));
                Assert.Equal(wanted.Annotations["description"], Text(found["annotations"], "description"));
            }
        }

        using var folder = new TemporaryDirectory();
        var groups = new YamlStream(new YamlDocument(new YamlMappingNode("groups", rule.At("spec/groups")!)));
        using (var file = File.CreateText(folder.Of("rules.yaml")))
        {
            groups.Save(file, assignAnchors: false);
        }

        var (code, said, errors) = Chart.Run(
            Tools.Promtool, "check", "rules", "--lint=all", "--lint-fatal", folder.Of("rules.yaml"));
        Assert.True(code == 0, said + errors);
        Assert.Contains($"{rules.Count} rules found", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Dashboards_AreTheFiles()
    {
        var maps = Chart.Of("dashboards").Where(one => one["metadata/labels/grafana_dashboard"] == "1").ToArray();
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "grafana"), "*.json");
        Assert.Equal(files.Length, maps.Length);
        foreach (var file in files)
        {
            var text = File.ReadAllText(file);
            var map = maps.Single(one => one.At($"data/{Path.GetFileName(file)}") is not null);
            Assert.Equal(text.Trim(), map[$"data/{Path.GetFileName(file)}"]!.Trim());
            Assert.Equal(("monitoring", "Accounting"),
                (map["metadata/namespace"], map["metadata/annotations/grafana_folder"]));
            Assert.InRange(text.Length, 1, (1 << 20) - 10_000);
        }
    }

    /// <summary>
    /// The job that docs/kubernetes.md gives to a Prometheus without the Operator. Debian 12's knows no Kubernetes.
    /// </summary>
    [Fact]
    public void ScrapeConfigOfTheDocument_IsReadByPromtool()
    {
        var block = MarkdownFile.All.Single(file => file.Path == "docs/kubernetes.md").Blocks
            .Single(one => one.Text.StartsWith("scrape_configs:", StringComparison.Ordinal));
        using var folder = new TemporaryDirectory();
        var (code, said, errors) = Chart.Run(
            Tools.Promtool3, "check", "config", folder.File("prometheus.yml", block.Text));
        Assert.True(code == 0, said + errors);
    }

    [Fact]
    public void NothingMore_ThanIsAskedFor() => Assert.Equal(
        ["ConfigMap", "DaemonSet", "Service", "ServiceAccount"], Chart.Of("default").Select(one => one.Kind).Order());

    private static Manifest Agent(string values, params string[] arguments) =>
        Chart.Of(values, arguments).Single(one => one.Kind == "DaemonSet");

    private static IEnumerable<YamlMappingNode> Maps(Manifest manifest, string path) =>
        ((YamlSequenceNode)manifest.At(path)!).Cast<YamlMappingNode>();

    private static string? Text(YamlNode node, string key) =>
        ((YamlMappingNode)node).Children.TryGetValue(key, out var value) ? ((YamlScalarNode)value).Value : null;
}
