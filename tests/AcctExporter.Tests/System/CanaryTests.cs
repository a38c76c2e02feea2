// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Tests.RealSystem;

/// <summary>After silence the agent lets a child of its own end, and expects its record.</summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class CanaryTests : IDisposable
{
    private readonly FaultLab lab = new();

    public void Dispose() => lab.Dispose();

    [Fact]
    public void Silence_IsProvenToBeSilence()
    {
        var agent = lab.Serve("--accounting.canary-interval=1s");
        agent.Until(() => agent.Own("canaries") >= 3, "three canaries");
        var scrape = agent.Scrape();
        Assert.Equal(0, scrape["acct_exporter_canary_failures_total"]);
        Assert.Equal(scrape["acct_exporter_canaries_total"], scrape["acct_exporter_own_children_total"]);
        Assert.Equal(0, scrape["acct_exits_total"]);
        Assert.Equal(0, agent.Gaps());
        Assert.True(agent.IsActive());
    }

    [Fact]
    public void Off_StartsNoProcess()
    {
        var agent = lab.Serve("--accounting.canary-interval=off");
        Thread.Sleep(2500);
        agent.HasCounted(0);
        Assert.Equal(0, agent.Own("canaries"));
    }

    /// <summary>
    /// A stranger has the segment open for writing: the lease is refused as if the kernel wrote to it.
    /// </summary>
    [Fact]
    public void TheftThatALeaseCannotSee_IsFoundByTheCanary_AndUndone()
    {
        var agent = lab.Serve();
        lab.Exit(30);
        agent.HasCounted(30);
        using var stranger = File.OpenHandle(
            lab.Segments()[^1], FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        lab.Inside.Run("accton", "off");
        agent.Until(() => agent.Own("canary_failures") == 1, "canary missed");
        Assert.Contains("a child of our own ended and left no record", agent.Log);
        Assert.Contains("'accton'", agent.Log);
        Assert.Equal(1, agent.Gaps("silent"));
        Assert.Equal(1, agent.Own("accounting_taken"));
        agent.Until(agent.IsActive, "on again");
        lab.Exit(10);
        agent.HasCounted(40);
    }
}
