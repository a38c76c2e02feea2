// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Tests.RealSystem;

/// <summary>Somebody with root's rights lays hands on the segment that the agent counts.</summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class TamperedSegmentTests : IDisposable
{
    private readonly FaultLab lab = new();

    public void Dispose() => lab.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void RenamedOrDeleted_LosesNothing_AlsoOverAKill(bool isDeleted)
    {
        var agent = lab.Serve();
        lab.Exit(30);
        agent.HasCounted(30);
        var segment = lab.Segments()[^1];
        if (isDeleted)
        {
            File.Delete(segment);
        }
        else
        {
            File.Move(segment, segment + ".hidden");
        }

        lab.Exit(30);
        agent.HasCounted(60);
        agent.Until(() => agent.Own("rotations") == 1, "going on with a new segment");
        Assert.Contains("was renamed or deleted by somebody", agent.Log);
        lab.Exit(5);
        agent.HasCounted(65);
        agent.Kill();
        lab.Exit(4);
        var next = lab.Serve();
        // The killed agent is one of them.
        next.HasCounted(70);
        Assert.Equal(0, next.Gaps());
    }

    [Fact]
    public void Truncated_IsCountedAndSaid_AndWhatFollowsIsCounted()
    {
        var agent = lab.Serve();
        lab.Exit(100);
        agent.HasCounted(100);
        Cut(0);
        agent.Until(() => agent.Gaps("truncated") == 1, "seen");
        Assert.Contains("was truncated or written over by somebody", agent.Log);
        lab.Exit(30);
        agent.HasCounted(130);
        agent.Kill();
        var next = lab.Serve();
        next.HasCounted(131);
        Assert.Equal(1, next.Gaps());
    }

    /// <summary>What the kernel wrote since is longer than what had been counted.</summary>
    [Fact]
    public void Truncated_IsSeen_WhenItHasGrownAgainMeanwhile()
    {
        var agent = lab.Serve();
        lab.Exit(30);
        agent.HasCounted(30);
        agent.Signal("STOP");
        Cut(0);
        lab.Exit(200);
        agent.Signal("CONT");
        agent.HasCounted(230);
        Assert.Equal(1, agent.Gaps("truncated"));
    }

    [Fact]
    public void Truncated_InPart_CountsNothingTwice()
    {
        var agent = lab.Serve();
        lab.Exit(100);
        agent.HasCounted(100);
        Cut(40 * AcctRecord.Size);
        agent.Until(() => agent.Gaps("truncated") == 1, "seen");
        agent.HasCounted(100);
        lab.Exit(30);
        agent.HasCounted(130);
    }

    [Fact]
    public void Truncated_InTheMiddleOfARecord_GoesOnWithASegmentThatIsStraight()
    {
        var agent = lab.Serve();
        lab.Exit(100);
        agent.HasCounted(100);
        Cut(40 * AcctRecord.Size + 10);
        agent.Until(() => agent.Gaps("truncated") == 1 && agent.Own("rotations") == 1, "seen, and rotated");
        lab.Exit(30);
        agent.HasCounted(130);
        Assert.Equal(0, new FileInfo(lab.Segments()[^1]).Length % AcctRecord.Size);
    }

    [Fact]
    public void Truncated_WhileNoAgentRuns_IsSeenAtTheNextStart()
    {
        var first = lab.Serve();
        lab.Exit(100);
        first.HasCounted(100);
        first.Kill();
        Cut(0);
        lab.Exit(30);
        var agent = lab.Serve();
        Assert.Equal(1, agent.Gaps("truncated"));
        Assert.Contains("was truncated or written over by somebody", agent.Log);
        // The killed agent's own record was cut off with the others.
        agent.HasCounted(130);
    }

    [Fact]
    public void Lengthened_IsAHoleThatIsRejected_AndNoExitIsMissed()
    {
        var agent = lab.Serve();
        lab.Exit(100);
        agent.HasCounted(100);
        Cut(120 * AcctRecord.Size);
        lab.Exit(30);
        agent.HasCounted(130);
        Assert.Equal(20, agent.Scrape()["acct_exporter_records_rejected_total{reason=\"hole\"}"]);
    }

    [Fact]
    public void Deleted_WhileNoAgentRuns_IsAGap()
    {
        var first = lab.Serve();
        lab.Exit(30);
        first.HasCounted(30);
        first.Kill();
        File.Delete(lab.Segments()[^1]);
        var agent = lab.Serve();
        Assert.Equal(1, agent.Gaps("deleted"));
        Assert.Contains("is gone, and it was not the agent that deleted it", agent.Log);
        lab.Exit(10);
        agent.HasCounted(40);
    }

    /// <summary>The kernel writes on into files without names; only a new start can make the directory again.</summary>
    [Fact]
    public void DirectoryDeleted_LosesNothing_AndIsSaidOnce()
    {
        var agent = lab.Serve("--accounting.segment-size=4096");
        lab.Exit(30);
        agent.HasCounted(30);
        Directory.Delete(Path.GetDirectoryName(lab.Segments()[0])!, recursive: true);
        lab.Exit(300);
        agent.HasCounted(330);
        agent.Until(() => agent.Own("switch_failures") > 1, "failures counted");
        Assert.Single(agent.Log.Split('\n'), line => line.Contains("cannot switch accounting to a segment"));
        Assert.DoesNotContain("cannot write the journal", agent.Log);
    }

    private void Cut(long length)
    {
        using var file = File.OpenHandle(lab.Segments()[^1], FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.SetLength(file, length);
    }
}
