// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;
using AcctExporter.Tests.Kernel;
using Microsoft.Extensions.Logging.Abstractions;

namespace AcctExporter.Tests.Capture;

/// <summary>An end that may not take longer than it may, over more than can be counted in that time.</summary>
public class CapturePaceTests
{
    private const int Records = 40_000;

    [Fact]
    public async Task FollowedFile_LeavesWhatItHasNoTimeFor_ToTheNextStart()
    {
        using var directory = new TemporaryDirectory();
        var record = Pipeline.Ordinary("true");
        var path = directory.Of("pacct");
        File.WriteAllBytes(path, [.. Enumerable.Repeat(record, Records).SelectMany(bytes => bytes)]);
        var options = new CaptureOptions
        {
            SourceFile = path,
            StoragePath = directory.Of("storage"),
            TaskStats = TaskStatsMode.Off,
        };
        var clock = new HurriedClock();
        using (var first = Capture(options, clock))
        {
            // Each look at the clock takes a second: the time is over after some blocks of the ten.
            clock.Step = TimeSpan.FromSeconds(1);
            first.Stop();
            first.Start();
            await first.Ended.WaitAsync(TimeSpan.FromSeconds(30));
            Assert.InRange(first.ExitsCounted, 1UL, Records - 1UL);
            // Half a backlog is shown to nobody.
            Assert.False(first.Status.Ready);
        }

        using var next = Capture(options, TimeProvider.System);
        next.Start();
        SpinWait.SpinUntil(() => next.Status.Ready, TimeSpan.FromSeconds(30));
        var snapshot = new AcctExporter.Ledger.LedgerSnapshot();
        next.CopyTo(snapshot);
        Assert.Equal((ulong)Records, snapshot.Host.Exits);
        Assert.Equal(0UL, snapshot.Tallies[AcctExporter.Ledger.Tallies.Gap(AcctExporter.Ledger.LossReason.Rotated)]);
        next.Stop();
        await next.Ended.WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>The same of a file that was rotated while no agent ran, before the one that has its name now.</summary>
    [Fact]
    public async Task RotatedFile_IsLeftToTheNextStart_WhereItWasCut()
    {
        using var directory = new TemporaryDirectory();
        var record = Pipeline.Ordinary("true");
        var path = directory.Of("pacct");
        var options = new CaptureOptions
        {
            SourceFile = path,
            StoragePath = directory.Of("storage"),
            TaskStats = TaskStatsMode.Off,
        };
        File.WriteAllBytes(path, record);
        await LiveAsync(TimeSpan.Zero, 1);
        File.WriteAllBytes(path + ".1", [.. Enumerable.Repeat(record, Records).SelectMany(bytes => bytes)]);
        // A file is known by its first record.
        File.WriteAllBytes(path, [.. Pipeline.Ordinary("false"), .. record]);
        await LiveAsync(TimeSpan.FromSeconds(1), null);
        await LiveAsync(TimeSpan.Zero, Records + 2);

        async Task LiveAsync(TimeSpan step, int? exits)
        {
            var clock = new HurriedClock();
            using var capture = Capture(options, clock);
            clock.Step = step;
            capture.Stop();
            capture.Start();
            await capture.Ended.WaitAsync(TimeSpan.FromSeconds(30));
            var snapshot = new AcctExporter.Ledger.LedgerSnapshot();
            capture.CopyTo(snapshot);
            Assert.InRange(snapshot.Host.Exits, (ulong)(exits ?? 2), (ulong)(exits ?? Records - 1));
        }
    }

    [Fact]
    public void SegmentQueue_KeepsASegment_ThatIsNotCountedToItsEnd()
    {
        using var temporary = new TemporaryDirectory();
        using var directory = AcctExporter.Kernel.SegmentDirectory.Open(temporary.Of("segments"));
        var records = Enumerable.Repeat(Pipeline.Ordinary("true"), Records).SelectMany(bytes => bytes).ToArray();
        File.WriteAllBytes(temporary.Of("segments/first"), records);
        using var store = new TestStore();
        var clock = new HurriedClock();
        var pace = new CapturePace(clock);
        var recorder = new ExitRecorder(store.Store.Journal, store.Store.Ledger, store.Clock, null, pace);
        using var queue = new SegmentQueue(directory, recorder, () => { });
        queue.Add(new AcctFile(directory.TryOpenRead("first")!, "first", new(Guid.NewGuid(), 1, 0, 0)));
        pace.EndIn(TimeSpan.FromSeconds(8));
        clock.Step = TimeSpan.FromSeconds(1);
        queue.Drain(null);
        Assert.InRange(store.HostExits, 1UL, Records - 1UL);
        Assert.Equal(store.HostExits * AcctExporter.Records.AcctRecord.Size, recorder.Position.Offset);
        Assert.NotNull(queue.First);
        queue.DeleteFinished();
        Assert.True(File.Exists(temporary.Of("segments/first")));
    }

    [Fact]
    public void Pace_TellsTheBeat_AndTheEnd()
    {
        var clock = new FixedClock();
        var pace = new CapturePace(clock);
        clock.Now += TimeSpan.FromSeconds(5);
        Assert.Equal(TimeSpan.FromSeconds(5), pace.SinceBeat);
        pace.Beat();
        Assert.Equal(TimeSpan.Zero, pace.SinceBeat);
        Assert.False(pace.IsOver);
        pace.EndIn(TimeSpan.FromSeconds(8));
        clock.Now += TimeSpan.FromSeconds(7);
        // A second signal gives no more time.
        pace.EndIn(TimeSpan.FromSeconds(8));
        Assert.False(pace.IsOver);
        clock.Now += TimeSpan.FromSeconds(1);
        Assert.True(pace.IsOver);
    }

    private static ExitCapture Capture(CaptureOptions options, TimeProvider clock) => new(
        options, new AcctExporter.Ledger.LedgerOptions(), _ => null, _ => null, clock, NullLogger.Instance);

    /// <summary>The system's clock, that goes on by a step at each look.</summary>
    private sealed class HurriedClock : TimeProvider
    {
        private long ahead;

        public TimeSpan Step { get; set; }

        public override long GetTimestamp() =>
            base.GetTimestamp() + Interlocked.Add(ref ahead, (long)(Step.TotalSeconds * TimestampFrequency));
    }
}
