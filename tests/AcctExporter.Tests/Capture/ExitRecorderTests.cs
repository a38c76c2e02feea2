// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;
using AcctExporter.Journal;
using AcctExporter.Ledger;
using AcctExporter.Records;
using AcctExporter.Tests.Records;

namespace AcctExporter.Tests.Capture;

public sealed class ExitRecorderTests
{
    private static readonly byte[] Hole = new byte[AcctRecord.Size];

    [Fact]
    public void LastRecordOfTheLeavingShape_Waits_WhileTheFileGrows()
    {
        using var pipeline = new Pipeline();
        pipeline.Append(Pipeline.Ordinary("sh"), Pipeline.Leaving());
        for (var again = 0; again < 3; again++)
        {
            Assert.Null(pipeline.Drain());
            Assert.Equal("u0/sh=1", pipeline.Pairs());
            Assert.Equal(64UL, pipeline.File.Position.Offset);
        }

        Assert.Equal(1UL, pipeline.Blocks);
        pipeline.Append(Pipeline.Ordinary("ls"));
        pipeline.Drain();
        Assert.Equal("u0/accton=1 u0/ls=1 u0/sh=1", pipeline.Pairs());
        Assert.Equal(0UL, pipeline.Tallies[Tallies.LeavingRecords]);
    }

    [Theory]
    [InlineData((int)FileEnd.Left)]
    [InlineData((int)FileEnd.Final)]
    public void LastRecordOfTheLeavingShape_IsDropped_WhenTheKernelHasLeft(int end)
    {
        using var pipeline = new Pipeline();
        pipeline.Append(Pipeline.Ordinary("sh"), Pipeline.Leaving(77));
        pipeline.Drain();
        Assert.Equal(77u, pipeline.Drain((FileEnd)end)!.Value.Pid);
        Assert.Equal("u0/sh=1", pipeline.Pairs());
        Assert.Equal(1UL, pipeline.Tallies[Tallies.LeavingRecords]);
        Assert.Equal(0, pipeline.File.BytesBehind);
        Assert.Null(pipeline.Drain((FileEnd)end));
        Assert.Equal(1UL, pipeline.Tallies[Tallies.LeavingRecords]);
    }

    /// <summary>A PID namespace that ends leaves two, alike. A third, or another's before it, is an exit.</summary>
    [Theory]
    [InlineData("7", 0, 1)]
    [InlineData("7 7", 0, 2)]
    [InlineData("7 7 7", 1, 2)]
    [InlineData("8 7", 1, 1)]
    [InlineData("7 8 7", 2, 1)]
    [InlineData("8 7 7", 1, 2)]
    public void LeavingRecords_AreTwoAlikeAtMost(string pids, int counted, int dropped)
    {
        using var pipeline = new Pipeline();
        foreach (var pid in pids.Split(' '))
        {
            pipeline.Append(Pipeline.Leaving(uint.Parse(pid)));
            pipeline.Drain();
        }

        pipeline.Drain(FileEnd.Final);
        Assert.Equal(((ulong)counted, (ulong)dropped), (pipeline.HostExits, pipeline.Tallies[Tallies.LeavingRecords]));
    }

    [Fact]
    public void RecordOfTheLeavingShape_IsAnExit_WhenAnythingStandsBehindIt()
    {
        using var pipeline = new Pipeline();
        pipeline.Append(Pipeline.Ordinary("sh"), Pipeline.Leaving(), Hole);
        pipeline.Drain();
        pipeline.Drain(FileEnd.Final);
        Assert.Equal("u0/accton=1 u0/sh=1", pipeline.Pairs());
        Assert.Equal((1UL, 0UL), Rejected(pipeline, DecodeStatus.Hole));

        using var torn = new Pipeline();
        torn.Append(Pipeline.Leaving(), Pipeline.Ordinary("sh")[..20]);
        torn.Drain();
        Assert.Equal(0UL, torn.HostExits);
        torn.Drain(FileEnd.Final);
        Assert.Equal("u0/accton=1", torn.Pairs());
        Assert.Equal((1UL, 0UL), Rejected(torn, DecodeStatus.Torn));
    }

    /// <summary>
    /// What is read at once ends somewhere, and the two records of the end may stand on both sides of it.
    /// </summary>
    [Theory]
    [InlineData(-2)]
    [InlineData(-1)]
    [InlineData(0)]
    public void LeavingRecords_AreKnown_AcrossThePiecesInWhichAFileIsRead(int offset)
    {
        var ordinary = JournalBlock.MaxExits + offset;
        using var pipeline = new Pipeline();
        pipeline.Append([.. Enumerable.Repeat(Pipeline.Ordinary("sh"), ordinary)]);
        pipeline.Append(Pipeline.Leaving(), Pipeline.Leaving());
        pipeline.Drain(FileEnd.Final);
        Assert.Equal(((ulong)ordinary, 2UL), (pipeline.HostExits, pipeline.Tallies[Tallies.LeavingRecords]));

        pipeline.Append(Pipeline.Ordinary("ls"));
        pipeline.Drain();
        Assert.Equal($"u0/ls=1 u0/sh={ordinary}", pipeline.Pairs());
    }

    [Fact]
    public void TornRecord_Waits_UntilTheFileIsFinal()
    {
        using var pipeline = new Pipeline();
        pipeline.Append(Pipeline.Ordinary("sh"), Pipeline.Ordinary("ls")[..40]);
        pipeline.Drain();
        pipeline.Drain(FileEnd.Left);
        Assert.Equal((0UL, 1UL), (Rejected(pipeline, DecodeStatus.Torn).Amount, pipeline.HostExits));
        pipeline.Append(Pipeline.Ordinary("ls")[40..], Pipeline.Ordinary("cat")[..1]);
        pipeline.Drain();
        Assert.Equal("u0/ls=1 u0/sh=1", pipeline.Pairs());
        pipeline.Drain(FileEnd.Final);
        Assert.Equal(1UL, Rejected(pipeline, DecodeStatus.Torn).Amount);
        Assert.Equal(129UL, pipeline.File.Position.Offset);
    }

    [Fact]
    public void Position_KnowsTheSegmentByItsFirstRecord()
    {
        using var pipeline = new Pipeline();
        var first = Pipeline.Ordinary("sh");
        pipeline.Append(first, Pipeline.Ordinary("ls"));
        pipeline.Drain();
        Assert.Equal(AcctFile.FingerprintOf(first), pipeline.File.Position.Fingerprint);
        Assert.Equal(AcctFile.FingerprintOf(pipeline.File.Handle), pipeline.File.Position.Fingerprint);
        pipeline.Append(Pipeline.Ordinary("cat"));
        pipeline.Drain();
        Assert.Equal(AcctFile.FingerprintOf(first), pipeline.Recorder.Position.Fingerprint);
        Assert.Equal((3UL, 192UL), (pipeline.Recorder.ExitsCounted, pipeline.Recorder.Position.Offset));
    }

    [Fact]
    public void BlockThatCannotBeWritten_IsNotCounted_AndOnceLater()
    {
        using var pipeline = new Pipeline();
        pipeline.Append(Pipeline.Ordinary("sh"));
        pipeline.Drain();
        var before = pipeline.Checkpoint();
        pipeline.JournalFails = true;
        pipeline.Recorder.Tally(Tallies.Rotations, 3);
        pipeline.Append(Pipeline.Ordinary("ls"), Hole);
        for (var attempt = 0; attempt < 3; attempt++)
        {
            Assert.Throws<IOException>(() => pipeline.Drain(FileEnd.Final));
            Assert.Equal(before, pipeline.Checkpoint());
            Assert.Equal((64UL, 1UL, 1UL), (pipeline.File.Position.Offset, pipeline.Blocks, pipeline.HostExits));
            // The kernel does not wait.
            pipeline.Append(Pipeline.Ordinary("cat"));
        }

        Assert.Throws<IOException>(pipeline.Recorder.Flush);
        Assert.Throws<IOException>(pipeline.Recorder.EvictIdlePairs);
        pipeline.JournalFails = false;
        pipeline.Drain(FileEnd.Final);
        Assert.Equal("u0/cat=3 u0/ls=1 u0/sh=1", pipeline.Pairs());
        Assert.Equal((1UL, 3UL), Rejected(pipeline, DecodeStatus.Hole));
        Assert.Equal(5UL, pipeline.Recorder.ExitsCounted);
        Assert.Equal(0, pipeline.File.BytesBehind);
    }

    [Fact]
    public void EvictionThatCannotBeWritten_HappensLater()
    {
        using var pipeline = new Pipeline(new LedgerOptions { PairLimit = 1, PairIdleTime = TimeSpan.FromSeconds(1) });
        pipeline.Append(Pipeline.Ordinary("sh"));
        pipeline.Drain();
        pipeline.Clock.Now += TimeSpan.FromMinutes(1);
        pipeline.JournalFails = true;
        Assert.Throws<IOException>(pipeline.Recorder.EvictIdlePairs);
        Assert.Equal("u0/sh=1", pipeline.Pairs());
        pipeline.JournalFails = false;
        pipeline.Append(Pipeline.Ordinary("ls"));
        pipeline.Drain();
        Assert.Equal("u0/ls=1", pipeline.Pairs());
        Assert.Equal(2UL, pipeline.HostExits);
    }

    [Fact]
    public void Nothing_IsWritten_WhenThereIsNoNews()
    {
        using var pipeline = new Pipeline();
        pipeline.Append(Pipeline.Ordinary("sh"));
        pipeline.Drain();
        pipeline.Drain();
        pipeline.Recorder.Flush();
        pipeline.Recorder.EvictIdlePairs();
        pipeline.Recorder.MoveTo(pipeline.Recorder.Position);
        Assert.Equal(1UL, pipeline.Blocks);
        pipeline.Recorder.Tally(Tallies.Rotations);
        pipeline.Recorder.Flush();
        pipeline.Recorder.MoveTo(pipeline.Recorder.Position.Finished());
        Assert.Equal((3UL, 1UL), (pipeline.Blocks, pipeline.Tallies[Tallies.Rotations]));
        Assert.True(pipeline.Recorder.Position.IsFinished);
    }

    /// <summary>In the steady state an exit costs no memory, from the file to the ledger.</summary>
    [Fact]
    public void Drain_AllocatesNothingPerExit()
    {
        const int exits = 100_000;
        const int pieceBytes = 500 * AcctRecord.Size;
        using var pipeline = new Pipeline();
        var bytes = new AcctFileGenerator(5) { HostileNames = true }.File(exits);
        var least = long.MaxValue;
        for (var round = 0; round < 4; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var at = 0; at < bytes.Length; at += pieceBytes)
            {
                var piece = bytes.AsSpan(at, pieceBytes);
                RandomAccess.Write(pipeline.File.Handle, piece, ((long)round * bytes.Length) + at);
                pipeline.Drain();
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        pipeline.Drain(FileEnd.Final);
        Assert.Equal(4UL * exits, pipeline.HostExits + pipeline.Tallies[Tallies.LeavingRecords]);
        Assert.InRange(least, 0, exits / 20);
    }

    private static (ulong Amount, ulong Rotations) Rejected(Pipeline pipeline, DecodeStatus status) =>
        (pipeline.Tallies[Tallies.Rejected(status)], pipeline.Tallies[Tallies.Rotations]);
}
