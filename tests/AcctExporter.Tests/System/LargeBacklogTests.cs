// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.Records;
using Xunit.Abstractions;

namespace AcctExporter.Tests.RealSystem;

/// <summary>The agent is told to end while it reads a backlog that takes longer than an end may.</summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class LargeBacklogTests(ITestOutputHelper output)
{
    private const int Piece = 100_000;
    private const int Pieces = 30;

    [Fact]
    public void FollowedFile_OfMillions_IsCountedByTwoAgents_EachRecordOnce()
    {
        using var directory = new TemporaryDirectory();
        var piece = new AcctFileGenerator(11).File(Piece);
        using (var file = File.Create(directory.Of("pacct")))
        {
            for (var i = 0; i < Pieces; i++)
            {
                file.Write(piece);
            }
        }

        var flags = new[] { $"--source={directory.Of("pacct")}", "--storage.checkpoint-interval=1h" };
        using var first = new AgentProcess(null, directory.Path, null, flags);
        // Where the journal grows, it counts; it is not ready, and shows nothing.
        first.Until(() => JournalBytes(directory) > 100_000, "counting");
        Assert.Equal(503, first.Get("/-/ready").Code);
        var clock = Stopwatch.StartNew();
        first.Signal("TERM");
        // Stopped for as long as an end may count: no machine takes so long for so few records.
        Thread.Sleep(100);
        first.Signal("STOP");
        Thread.Sleep(TimeSpan.FromSeconds(8.5));
        first.Signal("CONT");
        Assert.Equal(0, first.WaitForEnd());
        output.WriteLine($"ended in {clock.Elapsed}");
        Assert.DoesNotContain("that had gathered are counted", first.Log);
        var journal = JournalBytes(directory);
        Assert.True(clock.Elapsed < AcctExporter.Cli.Agent.StopTime, $"{clock.Elapsed}");

        using var next = new AgentProcess(null, directory.Path, null, flags);
        next.WaitUntilReady();
        // Part was left to it.
        Assert.InRange(JournalBytes(directory), journal + 100_000, long.MaxValue);
        next.HasCounted(Piece * Pieces);
        Assert.Equal(0, next.Gaps());
        Assert.Equal(0, next.Scrape().Sum("acct_exporter_records_rejected_total"));
        Assert.Equal(0, next.Stop());
    }

    private static long JournalBytes(TemporaryDirectory directory) => Directory.Exists(directory.Of("storage/journal"))
        ? new DirectoryInfo(directory.Of("storage/journal")).GetFiles("*.acj").Sum(file => file.Length) : 0;
}
