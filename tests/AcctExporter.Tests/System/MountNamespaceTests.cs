// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Tests.RealSystem;

/// <summary>The agent has a mount namespace of its own, as in a container, and it ends with the agent.</summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class MountNamespaceTests : IDisposable
{
    private readonly FaultLab lab = new();

    public void Dispose() => lab.Dispose();

    [Fact]
    public void Accounting_OutlivesTheMountNamespaceOfTheAgent()
    {
        var first = FaultLab.Ready(lab.StartThrough(["unshare", "--mount"]));
        lab.Exit(30);
        first.HasCounted(30);
        Assert.DoesNotContain("mount namespace", first.Log);
        first.Kill();
        lab.Exit(40);

        var agent = FaultLab.Ready(lab.StartThrough(["unshare", "--mount"]));
        // The killed agent is one of them.
        agent.HasCounted(71);
        agent.Kill();
        var next = lab.Serve();
        next.HasCounted(72);
        Assert.Equal(0, next.Gaps());
    }

    [Fact]
    public void WithoutPtrace_ItWarns_AndTheLossIsAGap()
    {
        string[] wrapper = ["unshare", "--mount", "setpriv", "--bounding-set=-sys_ptrace"];
        var first = FaultLab.Ready(lab.StartThrough(wrapper));
        Assert.Contains("mount namespace", first.Log);
        Assert.Contains("CAP_SYS_PTRACE", first.Log);
        lab.Exit(30);
        first.HasCounted(30);
        first.Kill();
        lab.Exit(40);

        var agent = FaultLab.Ready(lab.StartThrough(wrapper));
        Assert.Equal(1, agent.Gaps("taken"));
        Assert.Contains("or its mount namespace ended, while no agent ran", agent.Log);
        // The first agent's own end, and what the kernel still wrote before it had taken the mounts down.
        var before = (int)agent.Exits();
        Assert.InRange(before, 30, 70);
        lab.Exit(5);
        agent.HasCounted(before + 5);
    }
}
