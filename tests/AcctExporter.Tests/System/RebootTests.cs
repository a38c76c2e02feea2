// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// The next agent starts under another boot id, as after a reboot: a file is mounted over the kernel's, in the
/// namespace alone.
/// </summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class RebootTests : IDisposable
{
    private readonly FaultLab lab = new();

    public void Dispose() => lab.Dispose();

    [Fact]
    public void SegmentsGone_IsAGap()
    {
        CountThenKill(30);
        foreach (var segment in lab.Segments())
        {
            File.Delete(segment);
        }

        Reboot();
        var agent = lab.Serve();
        Assert.Equal(1, agent.Gaps("reboot"));
        Assert.Contains("the segment that was being counted is gone, with the reboot since", agent.Log);
        Assert.Contains("Segments on a disk, and not in memory, survive a clean reboot (--accounting.path)", agent.Log);
        lab.Exit(30);
        agent.HasCounted(60);
        Assert.Equal(1, agent.Gaps());
    }

    [Fact]
    public void SegmentsOnDisk_AreCountedToTheirEnd_Once()
    {
        CountThenKill(30);
        lab.Exit(25);
        Reboot();
        var agent = lab.Serve();
        // The killed agent is one of them.
        agent.HasCounted(56);
        lab.Exit(10);
        agent.HasCounted(66);
        agent.Kill();
        var next = lab.Serve();
        next.HasCounted(67);
        Assert.Equal(0, next.Gaps());
    }

    [Fact]
    public void CleanStop_AndSegmentsGone_IsNoGap_WhenAccountingWasOff()
    {
        var first = lab.Serve("--accounting.on-exit=off");
        lab.Exit(30);
        first.HasCounted(30);
        first.Stop();
        Assert.Empty(lab.Segments());
        Reboot();
        var agent = lab.Serve();
        agent.HasCounted(30);
        Assert.Equal(0, agent.Gaps());
    }

    [Fact]
    public void PowerCut_ThatShortenedTheSegment_IsAGap_AndCountsNothingTwice()
    {
        CountThenKill(100);
        Reboot();
        using (var file = File.OpenHandle(lab.Segments()[^1], FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            RandomAccess.SetLength(file, 60 * AcctRecord.Size);
        }

        var agent = lab.Serve();
        Assert.Equal(1, agent.Gaps("power"));
        Assert.Contains("it was cut (a power failure does that)", agent.Log);
        lab.Exit(10);
        agent.HasCounted(110);
        Assert.Equal(1, agent.Gaps());
    }

    [Fact]
    public void PowerCut_ThatLeftZeros_IsRejectedAsAHole()
    {
        CountThenKill(100);
        lab.Exit(50);
        Reboot();
        var segment = lab.Segments()[^1];
        var records = (int)(new FileInfo(segment).Length / AcctRecord.Size);
        using (var file = File.OpenHandle(segment, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            RandomAccess.Write(file, new byte[20 * AcctRecord.Size], (records - 20) * AcctRecord.Size);
        }

        var agent = lab.Serve();
        // The killed agent, 50, and accton's record of leaving at the end; 20 are zeros now.
        agent.HasCounted(100 + 1 + 50 - 19);
        Assert.Equal(20, agent.Scrape()["acct_exporter_records_rejected_total{reason=\"hole\"}"]);
        Assert.Equal(0, agent.Gaps());
    }

    private void CountThenKill(int exits)
    {
        var agent = lab.Serve();
        lab.Exit(exits);
        agent.HasCounted(exits);
        agent.Kill();
    }

    /// <summary>Accounting is off after it, and the kernel has another identity.</summary>
    private void Reboot()
    {
        lab.Inside.Run("accton", "off");
        File.WriteAllText(lab.Of("boot_id"), $"{Guid.NewGuid()}\n");
        lab.Inside.RunBeside("mount", "--bind", lab.Of("boot_id"), "/proc/sys/kernel/random/boot_id");
    }
}
