// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Tests.Docs;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.RealSystem;
using AcctExporter.Tests.Tidy;

namespace AcctExporter.Tests.Helm;

/// <summary>The chart by the real helm, with every file of values in <c>ci/</c>.</summary>
[Trait("Lane", "peers")]
public class ChartTests
{
    /// <summary>What yamllint is to find wrong: lines are as long as they are, and both ways to indent lists do.</summary>
    private const string LintRules = "{extends: default, rules: {line-length: disable, document-start: disable, "
        + "comments: {min-spaces-from-content: 1}, indentation: {indent-sequences: whatever}, "
        + "braces: {max-spaces-inside: 1}, empty-lines: {max-end: 1}, trailing-spaces: disable}}";

    public static TheoryData<string> ValueFiles => new(Chart.ValueFiles);

    [Theory]
    [MemberData(nameof(ValueFiles))]
    public void Lint_FindsNothing(string values)
    {
        var (code, output, errors) = Chart.Helm(
            "lint", "--strict", Chart.Full(""), "--values", Path.Combine(Repository.Root, values));
        Assert.True(code == 0 && !output.Contains("WARNING", StringComparison.Ordinal), output + errors);
    }

    /// <summary>Kubernetes and the Prometheus Operator would take all of them, and no key of them is unknown.</summary>
    [Fact]
    public void Manifests_AreOfTheirTypes()
    {
        using var folder = new TemporaryDirectory();
        var (code, said, errors) = Check(
            [.. RenderAll(folder), Chart.Full("examples/sidecar.yaml")]);
        Assert.True(code == 0, said + errors);
        Assert.Contains(" 0 faults", said, StringComparison.Ordinal);

        (code, said, errors) = Chart.Run("yamllint", ["--strict", "-d", LintRules, .. Directory.GetFiles(folder.Path)]);
        Assert.True(code == 0, said + errors);
    }

    /// <summary>The check's own test: a fault of each kind, each by itself.</summary>
    [Fact]
    public void ManifestCheck_SeesWhatIsWrong()
    {
        var rendered = Chart.Render(
            "--values", Chart.Full("ci/tls-values.yaml"), "--values", Chart.Full("ci/networkpolicy-values.yaml"),
            "--values", Chart.Full("ci/rules-values.yaml"));
        (string Right, string Wrong, string Says)[] faults =
        [
            ("      containers:", "      contaners:", "contaners"),
            ("hostPID: true", "hostPID: 'yes'", "hostPID must be boolean"),
            ("hostPID: true", "hostPid: true", "hostPid"),
            ("timeoutSeconds: 5", "timeoutSecond: 5", "timeoutSecond"),
            ("mountPath: /etc/acct-exporter\n", "mountpath: /etc/acct-exporter\n", "mountpath"),
            ("kind: ServiceAccount", "kind: ServiceAcount", "no ServiceAcount in v1"),
            ("apiVersion: apps/v1", "apiVersion: apps/v0", "no DaemonSet in apps/v0"),
            ("        scheme: https", "        shceme: https", "shceme"),
            ("            key: ca.crt", "            kee: ca.crt", "kee"),
            ("targetLabel: job", "targetlabel: job", "targetlabel"),
            ("  policyTypes: [Ingress]", "  policyType: [Ingress]", "policyType"),
            ("    - name: acct-exporter-health", "    - named: acct-exporter-health", "named"),
            ("          severity: warning", "          severity: 3", "severity"),
        ];
        using var folder = new TemporaryDirectory();
        foreach (var (right, wrong, _) in faults)
        {
            Assert.Contains(right, rendered, StringComparison.Ordinal);
            folder.File($"{Array.FindIndex(faults, fault => fault.Wrong == wrong):00}.yaml",
                rendered.Replace(right, wrong, StringComparison.Ordinal));
        }

        var (code, said, errors) = Check([.. Directory.GetFiles(folder.Path).Order(StringComparer.Ordinal)]);
        Assert.True(code == 1, said + errors);
        var lines = said.Split('\n');
        Repository.None(faults.Select((fault, index) => (fault, index))
            .Where(one => !lines.Any(line => line.StartsWith($"{one.index:00}.yaml", StringComparison.Ordinal)
                && line.Contains(one.fault.Says, StringComparison.Ordinal)))
            .Select(one => $"nobody minds {one.fault.Wrong.Trim()}"));
    }

    /// <summary>What the schema refuses; and that helm says which value it is.</summary>
    [Theory]
    [InlineData("imagee.tag=1", "'imagee' not allowed")]
    [InlineData("image.tagg=1", "'tagg' not allowed")]
    [InlineData("image.digest=sha256:12", "/image/digest")]
    [InlineData("service.port=http", "/service/port")]
    [InlineData("service.targetPort=70000", "/service/targetPort")]
    [InlineData("hostPID=maybe", "/hostPID")]
    [InlineData("web.passwords=x", "'passwords' not allowed")]
    [InlineData("config.logins.source=auto", "/config/logins/source")]
    [InlineData("config.labels={user,host}", "/config/labels")]
    [InlineData("config.source=pacct", "/config/source")]
    [InlineData("config.taskstats.enable-delays=true", "/config/taskstats/enable-delays")]
    [InlineData("config.web.listen-address=:1", "/config/web/listen-address")]
    [InlineData("extraArgs={serve}", "/extraArgs/0")]
    [InlineData("extraCapabilities={CAP_LEASE}", "/extraCapabilities/0")]
    [InlineData("updateStrategy.rollingUpdate.maxSurge=1", "/updateStrategy/rollingUpdate/maxSurge")]
    [InlineData("prometheus.monitor.scheme=ftp", "/prometheus/monitor/scheme")]
    [InlineData("prometheus.monitor.interval=often", "/prometheus/monitor/interval")]
    [InlineData("prometheusRule.disabled.NoSuchAlert=true", "'NoSuchAlert' not allowed")]
    [InlineData("prometheusRule.groups.acct-health=false", "'acct-health' not allowed")]
    [InlineData("grafana.dashboards.folders=x", "'folders' not allowed")]
    [InlineData("livenessProbe.httpGet.path=x", "'httpGet' not allowed")]
    public void Schema_Refuses(string value, string says)
    {
        var (code, _, errors) = Chart.Helm("template", "release", Chart.Full(""), "--set", value);
        Assert.NotEqual(0, code);
        Assert.Contains(says, errors, StringComparison.Ordinal);
    }

    /// <summary>The agent takes the file and the flags that it is given, whatever the values.</summary>
    [Theory]
    [MemberData(nameof(ValueFiles))]
    public void Agent_TakesItsConfiguration(string values)
    {
        var manifests = Manifest.Parse(Chart.Render("--values", Path.Combine(Repository.Root, values)));
        var configuration = manifests.Single(one => one["data/acct-exporter.yml"] is not null);
        using var folder = new TemporaryDirectory();
        var file = folder.File("acct-exporter.yml", configuration["data/acct-exporter.yml"]!);
        // The Secret's file is not here; the address is one of a node.
        var flags = manifests.Single(one => one.Kind == "DaemonSet").List("spec/template/spec/containers/0/args")
            .Where(flag => !flag.StartsWith("--web.config.file=", StringComparison.Ordinal))
            .Select(flag => flag.Replace("/etc/acct-exporter/acct-exporter.yml", file, StringComparison.Ordinal)
                .Replace("$(HOST_IP)", "127.0.0.1", StringComparison.Ordinal));
        var (code, said) = AgentCommand.Run([.. flags, "--config.check"]);
        Assert.True(code == 0, said);
    }

    [Fact]
    public void Rendering_IsAlwaysTheSame()
    {
        string[] all = [.. Chart.ValueFiles.SelectMany(path => new[] { "--values", Path.Combine(Repository.Root, path) })];
        Assert.Equal(Chart.Render(all), Chart.Render(all));
    }

    [Fact]
    public void Package_HasWhatIsNeeded_AndIsSmall()
    {
        using var folder = new TemporaryDirectory();
        var (code, _, errors) = Chart.Helm("package", Chart.Full(""), "--destination", folder.Path);
        Assert.True(code == 0, errors);
        var package = Directory.GetFiles(folder.Path).Single();
        // A release with its chart is a Secret: a mebibyte is its end.
        Assert.InRange(new FileInfo(package).Length, 10_000, 200_000);
        var names = Chart.Run("tar", "tzf", package).Output.Split('\n');
        Assert.Contains("acct-exporter/README.md", names);
        Assert.Contains("acct-exporter/values.schema.json", names);
        Assert.Contains("acct-exporter/examples/sidecar.yaml", names);
        Assert.DoesNotContain(names, name => name.Contains("/ci/", StringComparison.Ordinal));
        Assert.Equal(0, Chart.Helm("template", "release", package).Code);
    }

    /// <summary>What somebody reads who installed it.</summary>
    [Theory]
    [InlineData("default", "daemonset/acct-exporter", "enforce=privileged", "on-exit=off", "NET_ADMIN, SYS_PACCT")]
    [InlineData("tls", "curl --insecure https://NODE:9810/metrics")]
    [InlineData("networkpolicy", "no taskstats")]
    [InlineData("source", "these capabilities: none")]
    public void Notes_SayWhatIsNeeded(string values, params string[] texts)
    {
        var (code, output, errors) = Chart.Helm(
            "install", "acct-exporter", Chart.Full(""), "--namespace", "accounting", "--dry-run=client",
            "--values", Chart.Full($"ci/{values}-values.yaml"));
        Assert.True(code == 0, errors);
        var notes = output[output.IndexOf("\nNOTES:", StringComparison.Ordinal)..];
        Assert.All(texts, text => Assert.Contains(text, notes, StringComparison.Ordinal));
        Assert.Equal(values != "source", notes.Contains("helm uninstall", StringComparison.Ordinal));
    }

    private static IEnumerable<string> RenderAll(TemporaryDirectory folder)
    {
        foreach (var path in Chart.ValueFiles)
        {
            foreach (var version in (string[])["1.25.0", "1.35.0"])
            {
                yield return folder.File(
                    $"{version}-{Path.GetFileName(path)}",
                    Chart.Render("--values", Path.Combine(Repository.Root, path), "--kube-version", version));
            }
        }
    }

    private static (int Code, string Output, string Errors) Check(string[] files) => Chart.Run(
        "node",
        [Path.Combine(Repository.Root, "tests/AcctExporter.Tests/Helm/check.mjs"), Tools.KubernetesTypes, .. files]);
}
