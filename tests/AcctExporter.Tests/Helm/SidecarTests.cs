// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Tests.RealSystem;
using AcctExporter.Tests.Tidy;
using YamlDotNet.RepresentationModel;

namespace AcctExporter.Tests.Helm;

/// <summary>
/// The agent as <c>helm/acct-exporter/examples/sidecar.yaml</c> runs it, in what a container runtime makes of a pod
/// with a shared PID namespace: a first process that sleeps and has a read-only root and a <c>/dev/shm</c>, an app with
/// mounts of its own, and the agent with its own mounts, arguments, capabilities and volume, all read from the
/// manifest. What is not as in a pod: the port, and a network that is the host's.
/// </summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class SidecarTests : IDisposable
{
    private const string Manifest = "helm/acct-exporter/examples/sidecar.yaml";

    /// <summary>Programs that <see cref="Setup"/> starts: they end in the pod, and are counted like others.</summary>
    private const int SetupExits = 5;

    /// <summary>What the runtime does before it starts the container; $0 is the volume, $1 where it belongs.</summary>
    private const string Setup = """
        mount -t tmpfs image /var/lib && mkdir -p "$1" && mount --bind "$0" "$1" \
          && mount -o remount,bind,rw "$1" && mount -o remount,bind,ro / && shift && exec "$@"
        """;

    private readonly FaultLab pod = new();
    private readonly YamlMappingNode container = Read();

    public SidecarTests()
    {
        // The first process: nothing of its root can be written, but for the memory that containers share.
        pod.Inside.RunBeside("mount", "-t", "tmpfs", "-o", "size=64m", "shm", "/dev/shm");
        pod.Inside.RunBeside("mount", "-o", "remount,bind,ro", "/");
        Directory.CreateDirectory(pod.Of("volume"));
    }

    public void Dispose() => pod.Dispose();

    [Fact]
    public void TheAppsExits_AreCounted_AlsoWhileTheSidecarRestarts()
    {
        var first = Start();
        Assert.DoesNotContain("mount namespace", first.Log);
        App(200);
        first.HasCounted(200);
        var scrape = first.Scrape();
        Assert.Equal(200, scrape.Sum("acct_process_exits_total"));
        // What docs/kubernetes.md says cannot be seen: nothing of taskstats is claimed.
        Assert.DoesNotContain(scrape.Series.Keys, series => series.Contains("taskstats", StringComparison.Ordinal)
            && series.StartsWith("acct_exporter_source_up", StringComparison.Ordinal));
        Assert.Equal(0, scrape.Sum("acct_process_io_bytes_total"));

        first.Kill();
        App(40);
        var second = Start();
        second.HasCounted(200 + 1 + 40 + SetupExits);
        Assert.Equal(0, second.Gaps());
        App(10);
        second.HasCounted(200 + 1 + 40 + SetupExits + 10);
        Assert.Equal(0, second.Stop());
    }

    /// <summary>Without the second capability accounting ends with the container: that is said and counted.</summary>
    [Fact]
    public void WithoutPtrace_ARestartIsAGap()
    {
        var first = Start("SYS_PTRACE");
        Assert.Contains("mount namespace", first.Log);
        App(30);
        first.HasCounted(30);
        first.Kill();
        App(40);

        var second = Start("SYS_PTRACE");
        Assert.Equal(1, second.Gaps("taken"));
        var before = (int)second.Exits();
        Assert.InRange(before, 30, 70);
        App(5);
        second.HasCounted(before + 5);
    }

    /// <summary>The first of the two cannot be done without.</summary>
    [Fact]
    public void WithoutPacct_ItSaysWhatIsMissing()
    {
        var agent = pod.StartThrough(Runtime("SYS_PACCT"), Arguments());
        Assert.Equal(1, agent.WaitForEnd());
        Assert.Contains("CAP_SYS_PACCT", agent.Log);
    }

    private AgentProcess Start(string? without = null) =>
        FaultLab.Ready(pod.StartThrough(Runtime(without), Arguments()));

    /// <summary>So many processes of an app with mounts of its own; mount and the storm are two of them.</summary>
    private void App(int exits) => pod.Inside.Run(
        "unshare", "--mount", "sh", "-c", "mount -o remount,bind,rw / && exec \"$@\"", "sh",
        Tools.Storm, "--count", $"{exits - 2}", "--cores", "0");

    private string[] Runtime(string? without)
    {
        var security = (YamlMappingNode)container["securityContext"];
        Assert.Equal("0", Text(security["runAsUser"]));
        Assert.Equal("false", Text(security["allowPrivilegeEscalation"]));
        Assert.Equal(["ALL"], List(security["capabilities"]["drop"]));
        var kept = List(security["capabilities"]["add"]).Where(name => name != without)
            .Select(name => $",+{name.ToLowerInvariant()}");
        var place = Text(((YamlSequenceNode)container["volumeMounts"]).Children.Single()["mountPath"]);
        return
        [
            "unshare", "--mount", "sh", "-c", Setup, pod.Of("volume"), place,
            "setpriv", "--no-new-privs", $"--bounding-set=-all{string.Concat(kept)}",
        ];
    }

    private string[] Arguments()
    {
        var arguments = List(container["args"]);
        Assert.Equal("serve", arguments[0]);
        return [.. arguments[1..].Where(flag => !flag.StartsWith("--web.listen-address=", StringComparison.Ordinal))];
    }

    private static YamlMappingNode Read()
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(File.ReadAllText(Path.Combine(Repository.Root, Manifest))));
        var spec = stream.Documents.Single().RootNode["spec"]["template"]["spec"];
        Assert.Equal("true", Text(spec["shareProcessNamespace"]));
        return (YamlMappingNode)((YamlSequenceNode)spec["initContainers"]).Children.Single();
    }

    private static string Text(YamlNode node) => ((YamlScalarNode)node).Value ?? "";

    private static string[] List(YamlNode node) => [.. ((YamlSequenceNode)node).Select(Text)];
}
