// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;
using AcctExporter.Ledger;
using AcctExporter.Records;

namespace AcctExporter.Tests.Capture;

/// <summary>Whoever sees each exit that is counted.</summary>
public sealed class ExitObserverTests
{
    /// <summary>Once each, behind the ledger, with its pair and what taskstats say of it.</summary>
    [Fact]
    public void EachExit_IsSeenOnce_WithItsPairAndItsFigures()
    {
        using var pipeline = new Pipeline();
        var messages = new ExitRecorderEnrichTests.Messages(pipeline);
        var observer = new Observer();
        pipeline.Recorder.Observers.Add(observer);
        messages.Send(100, 5_120, "sh");
        pipeline.Append(Pipeline.Ordinary("sh", 100), Pipeline.Ordinary("alone", 101));
        pipeline.JournalFails = true;
        Assert.Throws<IOException>(() => pipeline.Drain());
        Assert.Empty(observer.Seen);
        pipeline.JournalFails = false;
        pipeline.Drain();
        pipeline.Drain();
        Assert.Equal(["100 sh 5120", "101 alone unknown"], observer.Seen);
    }

    /// <summary>Without taskstats there are no figures.</summary>
    [Fact]
    public void WithoutTaskStats_ThereAreNoFigures()
    {
        using var pipeline = new Pipeline();
        var observer = new Observer();
        pipeline.Recorder.Observers.Add(observer);
        pipeline.Append(Pipeline.Ordinary("sh", 7));
        pipeline.Drain();
        Assert.Equal(["7 sh nobody"], observer.Seen);
    }

    /// <summary>What becomes of an observer is nothing to the count: no exit is missing, and none is twice.</summary>
    [Fact]
    public void ObserverInTrouble_ChangesNoCount()
    {
        using var pipeline = new Pipeline();
        pipeline.Recorder.Observers.Add(new Observer { Fault = new IOException("it is a test") });
        pipeline.Append(Pipeline.Ordinary("sh"), Pipeline.Ordinary("ls"));
        Assert.Throws<IOException>(() => pipeline.Drain());
        pipeline.Append(Pipeline.Ordinary("sh"));
        Assert.Throws<IOException>(() => pipeline.Drain());
        pipeline.Drain();
        Assert.Equal("u0/ls=1 u0/sh=2", pipeline.Pairs());
        Assert.Equal((3UL, 0L), (pipeline.Recorder.ExitsCounted, pipeline.File.BytesBehind));
    }

    private sealed class Observer : IExitObserver
    {
        public List<string> Seen { get; } = [];

        public Exception? Fault { get; init; }

        public void Counted(ExitLedger ledger, ReadOnlySpan<ProcessExit> exits, ReadOnlySpan<TaskFigures> figures,
            ReadOnlySpan<int> pairs)
        {
            for (var i = 0; i < exits.Length; i++)
            {
                var known = figures.IsEmpty ? "nobody" : figures[i].IsKnown ? $"{figures[i].WrittenBytes}" : "unknown";
                Seen.Add($"{exits[i].Pid} {ledger.PairAt(pairs[i])!.Command} {known}");
            }

            if (Fault is not null)
            {
                throw Fault;
            }
        }
    }
}
