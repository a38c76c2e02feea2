// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;
using AcctExporter.Journal;
using AcctExporter.Ledger;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.Ledger;
using Microsoft.Extensions.Logging.Abstractions;

namespace AcctExporter.Tests.Capture;

/// <summary>What a reload changes in a pipeline that runs.</summary>
public sealed class ReconfigureTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly TemporaryDirectory directory = new();
    private readonly CaptureOptions options;
    private ExitCapture? capture;

    public ReconfigureTests() => options = new CaptureOptions
    {
        SourceFile = directory.File("pacct"),
        StoragePath = directory.Of("storage"),
        TaskStats = TaskStatsMode.Off,
        CheckpointInterval = TimeSpan.FromMilliseconds(1),
        PollInterval = TimeSpan.FromMilliseconds(50),
    };

    public void Dispose()
    {
        if (capture is { } running)
        {
            running.Stop();
            running.Ended.Wait(Limit);
            running.Dispose();
        }

        directory.Dispose();
    }

    /// <summary>A wish is met between two passes: of three before the first of them, all are by the last.</summary>
    [Fact]
    public async Task EachWish_IsMet_AlsoByALaterOne()
    {
        var running = Capture(options);
        var wishes = new[] { 5, 6, 7 }
            .Select(limit => running.ReconfigureAsync(options, new LedgerOptions { PairLimit = limit })).ToArray();
        Assert.DoesNotContain(wishes, wish => wish.IsCompleted);
        running.Start();
        await Task.WhenAll(wishes).WaitAsync(Limit);
        var snapshot = new LedgerSnapshot();
        running.CopyTo(snapshot);
        Assert.Equal(7, snapshot.PairLimit);
    }

    [Fact]
    public async Task Wish_IsNotWaitedFor_WhenThePipelineHasEnded()
    {
        var running = Capture(options);
        running.Start();
        running.Stop();
        await running.Ended.WaitAsync(Limit);
        await running.ReconfigureAsync(options, new LedgerOptions()).WaitAsync(Limit);
    }

    [Fact]
    public async Task Events_AreTheOnesThatAreChosenNow()
    {
        var some = options with
        {
            Events = new ExitEventOptions { File = directory.Of("events"), Selection = new(EventKinds.Signal) },
        };
        var running = Capture(some);
        running.Start();
        Append("before");
        Wait.Until(() => running.ExitsCounted == 1);
        await running.ReconfigureAsync(
            some with { Events = some.Events with { Selection = new(EventKinds.All) } }, new LedgerOptions());
        Append("after");
        Wait.Until(() => running.Status.EventsWritten == 1);
        var line = Assert.Single(File.ReadAllLines(directory.Of("events")));
        Assert.Contains("\"after\"", line, StringComparison.Ordinal);
    }

    /// <summary>Three files that an earlier life has left; the next checkpoint deletes what is kept no more.</summary>
    [Fact]
    public async Task Journal_KeepsWhatItIsToldNow()
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() * 1000;
        var journal = Directory.CreateDirectory(directory.Of("storage/journal")).FullName;
        using (var writer = JournalWriter.Open(new JournalOptions { Directory = journal, FileBytes = 1 }, out _))
        {
            for (var block = 0; block < 3; block++)
            {
                writer.Append(new JournalBlock { UnixMicroseconds = now });
            }
        }

        var running = Capture(options);
        running.Start();
        Append("sh");
        Wait.Until(() => running.Status.Checkpoints > 0);
        Assert.Equal(3, Directory.GetFiles(journal, "*.acj").Length);
        await running.ReconfigureAsync(options with { JournalRetentionBytes = 1 }, new LedgerOptions());
        Append("sh");
        Wait.Until(() => Directory.GetFiles(journal, "*.acj").Length == 1);
    }

    /// <summary>Rules and labels of units need the process connector, from the first such rule on.</summary>
    [Fact]
    public async Task FirstRuleOfAUnit_OpensTheConnector()
    {
        var running = Capture(options);
        running.Start();
        Wait.Until(() => running.Status.Ready);
        Assert.Null(running.Status.Scopes);
        var rule = CommandRulesTests.Drop("cron") with { Unit = RulePatternTests.Of("cron.service") };
        await running.ReconfigureAsync(options, new LedgerOptions { Rules = [rule] });
        Wait.Until(() => running.Status.Scopes is not null);
    }

    /// <summary>Each time anew, not at each look.</summary>
    [Fact]
    public void FollowedFileThatIsGone_IsAFailureOfTheSource()
    {
        var running = Capture(options);
        running.Start();
        Wait.Until(() => running.Status.Ready);
        for (var time = 1UL; time <= 2; time++)
        {
            File.Delete(options.SourceFile!);
            Wait.Until(() => running.Status.ReadFailures == time);
            Thread.Sleep(options.PollInterval * 4);
            Assert.Equal(time, running.Status.ReadFailures);
            Append("sh");
            Wait.Until(() => running.ExitsCounted == time);
        }
    }

    private ExitCapture Capture(CaptureOptions chosen) => capture = new ExitCapture(
        chosen, new LedgerOptions(), _ => null, _ => null, TimeProvider.System, NullLogger.Instance);

    private void Append(string name)
    {
        using var file = new FileStream(
            options.SourceFile!, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        file.Write(Pipeline.Ordinary(name));
    }
}
