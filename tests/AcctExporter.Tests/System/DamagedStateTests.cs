// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Journal;
using AcctExporter.Tests.Journal;

namespace AcctExporter.Tests.RealSystem;

/// <summary>What is stored was changed since it was written.</summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class DamagedStateTests : IDisposable
{
    private readonly FaultLab lab = new();

    private string CheckpointPath => lab.Of("storage/checkpoint");

    private string JournalPath => lab.Of("storage/journal");

    public void Dispose() => lab.Dispose();

    [Theory]
    [InlineData(3)]
    [InlineData(9)]
    [InlineData(14)]
    [InlineData(30)]
    [InlineData(200)]
    public void DamagedCheckpoint_IsRefused_AndSetAsideWhenAsked(int offset)
    {
        CountAndStop();
        Flip(CheckpointPath, offset);
        ExpectRefusal(CheckpointPath);
        ExpectNewStart("checkpoint.set-aside-*");
    }

    [Fact]
    public void CheckpointCutShort_IsRefused()
    {
        CountAndStop();
        var bytes = File.ReadAllBytes(CheckpointPath);
        File.WriteAllBytes(CheckpointPath, bytes[..(bytes.Length / 2)]);
        ExpectRefusal(CheckpointPath);
    }

    [Fact]
    public void DamagedJournal_IsRefused_AndSetAsideWhenAsked()
    {
        CountAndStop();
        var journal = Directory.GetFiles(JournalPath, "*.acj").Single();
        Flip(journal, (int)new FileInfo(journal).Length / 2);
        ExpectRefusal(journal);
        ExpectNewStart("journal.set-aside-*");
    }

    [Fact]
    public void JournalFileOfBlocksThatNoCheckpointCovers_IsMissed()
    {
        CountAndStop();
        File.Delete(CheckpointPath);
        var journal = Directory.GetFiles(JournalPath, "*.acj").Single();
        File.Move(journal, Path.Combine(JournalPath, "journal-00000000000000000007.acj"));
        ExpectRefusal(Path.Combine(JournalPath, "journal-00000000000000000007.acj"));
    }

    [Fact]
    public void UnknownSection_IsKept()
    {
        CountAndStop();
        byte[] strange = [1, 2, 3, 200];
        var checkpoint = Checkpoint.Load(CheckpointPath)!;
        checkpoint["XTRA"] = strange;
        checkpoint.Save(CheckpointPath);
        CountAndStop();
        var saved = Checkpoint.Load(CheckpointPath)!;
        Assert.Equal(strange, saved["XTRA"]);
        Assert.NotNull(saved[Checkpoint.LedgerTag]);
    }

    private static void Flip(string file, int offset)
    {
        var bytes = File.ReadAllBytes(file);
        bytes[offset] ^= 0x10;
        File.WriteAllBytes(file, bytes);
    }

    /// <summary>30 exits, in several blocks.</summary>
    private void CountAndStop()
    {
        var agent = lab.Serve("--accounting.on-exit=off");
        var before = (int)agent.Exits();
        for (var i = 1; i <= 10; i++)
        {
            lab.Exit(3);
            agent.HasCounted(before + (3 * i));
        }

        Assert.Equal(0, agent.Stop());
    }

    private void ExpectRefusal(string file)
    {
        var agent = lab.Start();
        Assert.Equal(1, agent.WaitForEnd());
        Assert.Contains(file, agent.Log);
        Assert.Contains("--storage.on-damage=start-anew", agent.Log);
        Assert.DoesNotContain("   at ", agent.Log);
    }

    private void ExpectNewStart(string aside)
    {
        var agent = lab.Serve("--storage.on-damage=start-anew");
        agent.HasCounted(0);
        lab.Exit(30);
        agent.HasCounted(30);
        Assert.Single(Directory.GetFileSystemEntries(lab.Of("storage"), aside));
        agent.Kill();
        var next = lab.Serve();
        next.HasCounted(31);
    }
}
