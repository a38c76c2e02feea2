// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;
using AcctExporter.Ledger;
using AcctExporter.Records;

namespace AcctExporter.Tests.Capture;

/// <summary>Taskstats in the recorder, where the journal or the socket fails, and where a record waits.</summary>
public sealed class ExitRecorderEnrichTests
{
    private const ulong Kib = 1024;

    /// <summary>Exits and figures of a block that waits for room stay what they were, whatever came since.</summary>
    [Fact]
    public void FiguresOfABlockThatCannotBeWritten_AreCountedOnceLater()
    {
        using var pipeline = new Pipeline();
        var messages = new Messages(pipeline);
        messages.Send(100, 5 * Kib, "sh");
        pipeline.Append(Pipeline.Ordinary("sh", 100), Pipeline.Ordinary("alone", 101));
        pipeline.JournalFails = true;
        Assert.Throws<IOException>(() => pipeline.Drain());
        messages.Send(102, 70 * Kib, "ls");
        pipeline.Append(Pipeline.Ordinary("ls", 102));
        for (var attempt = 0; attempt < 3; attempt++)
        {
            Assert.Throws<IOException>(() => pipeline.Drain());
            Assert.Throws<IOException>(pipeline.Recorder.Flush);
            Assert.Throws<IOException>(pipeline.Recorder.EvictIdlePairs);
        }

        pipeline.JournalFails = false;
        pipeline.Drain();
        Assert.Equal("u0/alone=1 u0/ls=1 u0/sh=1", pipeline.Pairs());
        Assert.Equal((2UL, 75 * Kib), (messages.Join.Joined, pipeline.Written));
        Assert.Equal(1UL, pipeline.Tallies[Tallies.Unenriched]);
    }

    /// <summary>A record that may be the leaving one is joined when it is counted, not each time it is seen.</summary>
    [Fact]
    public void RecordThatWaits_KeepsItsMessages_UntilItIsCounted()
    {
        using var pipeline = new Pipeline();
        var messages = new Messages(pipeline);
        messages.Send(500, 9 * Kib, "accton");
        pipeline.Append(Pipeline.Ordinary("sh"), Pipeline.Leaving(500));
        for (var again = 0; again < 3; again++)
        {
            pipeline.Drain();
            Assert.Equal((0UL, 0UL), (messages.Join.Joined, pipeline.Written));
        }

        Assert.Equal(1UL, pipeline.Tallies[Tallies.Unenriched]);
        pipeline.Append(Pipeline.Ordinary("ls"));
        pipeline.Drain();
        Assert.Equal("u0/accton=1 u0/ls=1 u0/sh=1", pipeline.Pairs());
        Assert.Equal((1UL, 9 * Kib), (messages.Join.Joined, pipeline.Written));
        Assert.Equal(2UL, pipeline.Tallies[Tallies.Unenriched]);
    }

    /// <summary>The figures of our own child are nobody's, and it is no exit that lacks messages.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void OwnChild_IsCountedNowhere(bool hasMessage)
    {
        using var pipeline = new Pipeline();
        var messages = new Messages(pipeline);
        Assert.True(pipeline.Recorder.Children.Run(out var child));
        if (hasMessage)
        {
            messages.Send(child, 33 * Kib, "child");
        }

        messages.Send(102, 7 * Kib, "ls");
        pipeline.Append(
            Pipeline.Ordinary("child", child, (uint)Environment.ProcessId), Pipeline.Ordinary("ls", 102));
        pipeline.Drain();
        Assert.Equal(("u0/ls=1", 7 * Kib), (pipeline.Pairs(), pipeline.Written));
        Assert.Equal((0UL, 1UL), (pipeline.Tallies[Tallies.Unenriched], pipeline.Tallies[Tallies.OwnChildren]));
    }

    /// <summary>The drain for a threaded process fails: the bytes are read again, nothing counts twice.</summary>
    [Fact]
    public void SocketThatFailsWhileRecordsAreJoined_LeavesNothingCounted()
    {
        using var pipeline = new Pipeline();
        var messages = new Messages(pipeline);
        messages.Send(100, Kib, "sh", ofMany: true);
        messages.DrainsUntilFault = 1;
        pipeline.Append(Pipeline.Ordinary("sh", 100), Pipeline.Leaving(77));
        Assert.Throws<IOException>(() => pipeline.Drain(FileEnd.Final));
        Assert.Equal(0UL, pipeline.Recorder.RecordsSeen);
        pipeline.Drain(FileEnd.Final);
        Assert.Equal((1UL, 1UL), (pipeline.HostExits, pipeline.Recorder.RecordsSeen));
        Assert.Equal((1UL, Kib), (pipeline.Tallies[Tallies.LeavingRecords], pipeline.Written));
    }

    /// <summary>Messages that a test sends, for the records of <see cref="Pipeline.Ordinary"/>.</summary>
    internal sealed class Messages
    {
        private readonly List<ThreadExit> waiting = [];
        private readonly TimeProvider clock;

        public Messages(Pipeline pipeline)
        {
            clock = pipeline.Clock;
            Join.BeginEra(ExitEnricher.Now(clock));
            pipeline.Recorder.Enricher = new ExitEnricher(Join, Drain, clock);
        }

        public ExitJoin Join { get; } = new(JoinTape.LargePidMax, new CpuEstimator(4_000_000));

        /// <summary>So many drains work, then one fails; negative for none.</summary>
        public int DrainsUntilFault { get; set; } = -1;

        public void Send(uint pid, ulong written, string name, bool ofMany = false) => waiting.Add(new()
        {
            Pid = pid,
            Tgid = pid,
            CommandLow = JoinTape.Name(name).Low,
            CommandHigh = JoinTape.Name(name).High,
            ElapsedMicroseconds = 50_000,
            ProcessElapsedMicroseconds = 50_000,
            MinorFaults = 90,
            WrittenBytes = written,
            Flags = ThreadExit.LastThread,
            EndsGroupOfMany = ofMany,
            Version = 16,
        });

        private void Drain()
        {
            if (DrainsUntilFault-- == 0)
            {
                throw new IOException("the socket is broken");
            }

            waiting.ForEach(thread => Join.Add(thread, ExitEnricher.Now(clock)));
            waiting.Clear();
            Join.EndDrain(ExitEnricher.Now(clock));
        }
    }
}
