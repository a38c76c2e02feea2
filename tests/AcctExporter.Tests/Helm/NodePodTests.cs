// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Tests.RealSystem;

namespace AcctExporter.Tests.Helm;

/// <summary>
/// The agent as the rendered DaemonSet runs it, on a made-up node: a private PID namespace with a <c>/run</c> and a
/// <c>/var/lib</c> of its own. Arguments, configuration, capabilities and directories are the manifest's; the port is
/// not, and the network is the host's.
/// </summary>
[Trait("Lane", "peers")]
[Collection(KernelCollection.Name)]
public sealed class NodePodTests : IDisposable
{
    private const string Container = "spec/template/spec/containers/0";

    /// <summary>A container's root is read only; what the node gave it (other mounts here) is as it was.</summary>
    private const string Setup = "mount -o remount,bind,ro / && exec \"$@\"";

    private readonly FaultLab node = new();

    public NodePodTests()
    {
        node.Inside.RunBeside("mount", "-t", "tmpfs", "run", "/run");
        node.Inside.RunBeside("mount", "-t", "tmpfs", "lib", "/var/lib");
        // What the kubelet does for DirectoryOrCreate.
        foreach (var path in (string[])["/run/acct-exporter", "/var/lib/acct-exporter"])
        {
            Directory.CreateDirectory(node.Inside.PathOf(path));
        }
    }

    public void Dispose() => node.Dispose();

    [Fact]
    public void TheNodesExits_AreCounted_AlsoWhileThePodIsReplaced()
    {
        var manifests = Chart.Of("default");
        var first = Start(manifests);
        Assert.DoesNotContain("mount namespace", first.Log);
        node.Exit(100);
        first.HasCounted(100);
        Assert.NotEmpty(Directory.GetFiles(node.Inside.PathOf("/run/acct-exporter"), "pacct-*"));
        first.Kill();
        node.Exit(30);

        var second = Start(manifests);
        // The first agent, and mount.
        second.HasCounted(100 + 1 + 30 + 1);
        Assert.Equal(0, second.Gaps());
        Assert.Equal(0, second.Stop());
    }

    /// <summary>What is to be done before `helm uninstall`: then the kernel writes nothing any more.</summary>
    [Fact]
    public void OnExitOff_LeavesAccountingOff()
    {
        var agent = Start(Chart.Of("default", "--set", "config.accounting.on-exit=off"));
        node.Exit(30);
        agent.HasCounted(30);
        Assert.Equal(0, agent.Stop());
        node.Exit(30);
        Assert.DoesNotContain(
            Directory.GetFiles(node.Inside.PathOf("/run/acct-exporter"), "pacct-*"),
            file => new FileInfo(file).Length > 0);
    }

    private AgentProcess Start(Manifest[] manifests)
    {
        var agent = manifests.Single(one => one.Kind == "DaemonSet");
        File.WriteAllText(
            node.Of("acct-exporter.yml"),
            manifests.Select(one => one["data/acct-exporter.yml"]).OfType<string>().Single());
        var arguments = agent.List($"{Container}/args");
        Assert.Equal("serve", arguments[0]);
        var kept = agent.List($"{Container}/securityContext/capabilities/add")
            .Select(name => $",+{name.ToLowerInvariant()}");
        return FaultLab.Ready(node.StartThrough(
            [
                "unshare", "--mount", "sh", "-c", Setup, "sh",
                "setpriv", "--no-new-privs", $"--bounding-set=-all{string.Concat(kept)}",
            ],
            [
                // What the chart leaves to the agent's defaults is said here, for the lab says otherwise.
                "--accounting.path=/run/acct-exporter", "--storage.path=/var/lib/acct-exporter",
                .. arguments[1..].Where(flag => !flag.StartsWith("--web.listen-address=", StringComparison.Ordinal))
                    .Select(flag => flag.Replace("/etc/acct-exporter/", node.State + "/", StringComparison.Ordinal)),
            ]));
    }
}
