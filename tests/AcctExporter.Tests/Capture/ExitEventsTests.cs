// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using AcctExporter.Capture;
using AcctExporter.Records;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.Metrics;
using AcctExporter.Tests.Properties;

namespace AcctExporter.Tests.Capture;

public sealed class ExitEventsTests : IDisposable
{
    private const uint Killed = 9;

    private readonly TemporaryDirectory temporary = new();
    private readonly RecordedLog log = new();

    private string EventPath => temporary.Of("events");

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void ChosenExits_BecomeLines_InTheirOrder()
    {
        using var events = New(EventPath);
        events.Start();
        for (var pid = 1u; pid <= 3000; pid++)
        {
            // Every third is none of ours.
            events.Offer(Exit(pid, pid % 3 == 0 ? 0 : Killed), default, FakeSource.Noon);
        }

        events.Stop();
        Assert.Equal(
            Enumerable.Range(1, 3000).Where(pid => pid % 3 != 0),
            Lines().Select(line => line.GetProperty("pid").GetInt32()));
        Assert.Equal((2000L, 0L, 0L), (events.Written, events.Dropped, events.WriteFailures));
    }

    /// <summary>A line is there a moment after its exit was counted, without anything that ends or follows.</summary>
    [Fact]
    public void Line_IsThereAtOnce()
    {
        using var events = New(EventPath);
        events.Start();
        for (var count = 1; count <= 3; count++)
        {
            events.Offer(Exit(7, Killed), default, FakeSource.Noon);
            Wait.Until(() => events.Written == count);
            Assert.Equal(count, File.ReadAllLines(EventPath).Length);
            // Longer than what follows is gathered for: the writer sleeps.
            Thread.Sleep(100);
        }
    }

    [Fact]
    public void FullRing_DropsWhatDoesNotFit_AndCountsIt()
    {
        using var events = New(EventPath);
        for (var pid = 1u; pid <= ExitEvents.Capacity + 808; pid++)
        {
            events.Offer(Exit(pid, Killed), default, FakeSource.Noon);
        }

        Assert.Equal((0L, 808L), (events.Written, events.Dropped));
        events.Start();
        events.Stop();
        Assert.Equal(((long)ExitEvents.Capacity, 808L), (events.Written, events.Dropped));
        Assert.Equal(
            Enumerable.Range(1, ExitEvents.Capacity), Lines().Select(line => line.GetProperty("pid").GetInt32()));
    }

    [Fact]
    public void FullDisk_IsSaidOnce_AndCostsOnlyEvents()
    {
        using var events = New("/dev/full");
        events.Start();
        events.Offer(Exit(1, Killed), default, FakeSource.Noon);
        Wait.Until(() => events.WriteFailures >= 2);
        for (var pid = 2u; pid <= 10; pid++)
        {
            events.Offer(Exit(pid, Killed), default, FakeSource.Noon);
        }

        Assert.Equal(0, events.Dropped);
        var clock = Stopwatch.StartNew();
        events.Stop();
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, ExitEvents.DrainTime);
        Assert.Equal((0L, 10L), (events.Written, events.Dropped));
        Assert.Single(log.Messages, message => message.Contains("No space left on device", StringComparison.Ordinal));
        Assert.Equal("10 exit events were not written before the end", log.Messages.Last());
    }

    [Fact]
    public void WrongPath_IsToldOfAtTheStart_AndNotWithTheFirstEvent()
    {
        using var events = New(temporary.Of("nowhere/events"));
        events.Start();
        Wait.Until(() => events.WriteFailures >= 1);
        Wait.Until(() => log.Messages.Any(message => message.Contains("(ENOENT)", StringComparison.Ordinal)));
        Assert.Equal(0, events.Dropped);
    }

    [Fact]
    public void DirectoryThatComesLater_GetsWhatWaited()
    {
        using var events = New(temporary.Of("later/events"));
        events.Start();
        events.Offer(Exit(1, Killed), default, FakeSource.Noon);
        Wait.Until(() => events.WriteFailures >= 1);
        events.Offer(Exit(2, Killed), default, FakeSource.Noon);
        Directory.CreateDirectory(temporary.Of("later"));
        Wait.Until(() => events.Written == 2);
        Assert.Equal(2, File.ReadAllLines(temporary.Of("later/events")).Length);
        Assert.Equal(0, events.Dropped);
        // Said by the writer's thread after it has counted them.
        Wait.Until(() =>
            log.Messages.Contains($"exit events can be written to {temporary.Of("later/events")} again"));
    }

    [Fact]
    public void Rotation_LosesNoLine()
    {
        using var events = New(EventPath, maxBytes: 20_000, keep: 1000);
        events.Start();
        for (var pid = 1u; pid <= 2000; pid++)
        {
            events.Offer(Exit(pid, Killed), default, FakeSource.Noon);
        }

        events.Stop();
        var files = Directory.GetFiles(temporary.Path);
        Assert.True(files.Length > 20, $"{files.Length} files");
        Assert.All(files, file => Assert.InRange(new FileInfo(file).Length, 1, 20_000));
        Assert.Equal(
            Enumerable.Range(1, 2000),
            files.SelectMany(File.ReadAllLines).Select(line => Parse(line).GetProperty("pid").GetInt32()).Order());
    }

    [Fact]
    public void Offer_AllocatesNothing()
    {
        using var events = New(EventPath);
        var exit = Exit(1, Killed);
        var figures = default(TaskFigures);
        Assert.Equal(0, Allocated.By(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                events.Offer(exit, figures, FakeSource.Noon);
            }
        }));
        events.Start();
        // With the writer awake, and asleep.
        Assert.Equal(0, Allocated.By(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                events.Offer(exit, figures, FakeSource.Noon);
            }

            Thread.Sleep(50);
        }));
    }

    private ExitEvents New(string file, long maxBytes = 1 << 26, int keep = 5) => new(
        EventSelection.Standard, new EventFileSink(new() { File = file, MaxBytes = maxBytes, Keep = keep }),
        uid => uid == 0 ? "root"u8.ToArray() : null, TimeProvider.System, log);

    private static ProcessExit Exit(uint pid, uint exitCode) =>
        FakeSource.Exit("victim", exitCode: exitCode) with { Pid = pid, Version = 3 };

    private JsonElement[] Lines() => [.. File.ReadAllLines(EventPath).Select(Parse)];

    private static JsonElement Parse(string line) => JsonDocument.Parse(Encoding.UTF8.GetBytes(line)).RootElement;
}

/// <summary>Waits for what another thread does.</summary>
internal static class Wait
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Until it is so; fails when it never is.</summary>
    public static void Until(Func<bool> condition) =>
        Assert.True(SpinWait.SpinUntil(condition, Limit), $"not within {Limit}");
}
