// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;

namespace AcctExporter.Tests.Kernel;

public class FileWatchTests
{
    [Fact]
    public void Drain_TellsEachWatchItsOwnEvents_Once()
    {
        using var directory = new TemporaryDirectory();
        using var watch = new FileWatch();
        var first = watch.Watch(directory.File("first"));
        var second = watch.Watch(directory.File("second"));
        Assert.Equal(FileEvents.None, watch.Drain());

        File.AppendAllText(directory.Of("first"), "x");
        File.Move(directory.Of("second"), directory.Of("third"));
        Assert.Equal(FileEvents.Modified | FileEvents.Closed | FileEvents.Moved, watch.Drain());
        Assert.Equal(FileEvents.Modified | FileEvents.Closed, watch.Take(first));
        Assert.Equal(FileEvents.Moved, watch.Take(second));
        Assert.Equal(FileEvents.None, watch.Take(first));
        Assert.Equal(FileEvents.None, watch.Drain());
    }

    [Fact]
    public void Drain_SaysAttributes_WhenTheNameGoes_AndDeleted_WhenTheFileGoes()
    {
        using var directory = new TemporaryDirectory();
        using var watch = new FileWatch();
        watch.Watch(directory.File("file"));
        using (File.OpenHandle(directory.Of("file")))
        {
            File.Delete(directory.Of("file"));
            Assert.Equal(FileEvents.Attributes, watch.Drain());
        }

        Assert.Equal(FileEvents.Deleted, watch.Drain());
    }

    [Fact]
    public void Watch_TakesAPathThroughADescriptor()
    {
        using var temporary = new TemporaryDirectory();
        using var directory = SegmentDirectory.Open(temporary.Path);
        using var watch = new FileWatch();
        directory.CreateNew("segment").Dispose();
        var segment = watch.Watch(directory.PathOf("segment"));
        File.AppendAllText(temporary.Of("segment"), "x");
        watch.Drain();
        Assert.Equal(FileEvents.Modified | FileEvents.Closed, watch.Take(segment));
    }

    [Fact]
    public void Unwatch_ForgetsTheRest()
    {
        using var directory = new TemporaryDirectory();
        using var watch = new FileWatch();
        var file = watch.Watch(directory.File("file"));
        File.AppendAllText(directory.Of("file"), "x");
        watch.Unwatch(file);
        Assert.Equal(FileEvents.None, watch.Drain());
        Assert.Equal(FileEvents.None, watch.Take(file));
        watch.Unwatch(file);
    }

    [Fact]
    public void Drain_EmptiesALongQueue()
    {
        using var directory = new TemporaryDirectory();
        using var watch = new FileWatch();
        var first = watch.Watch(directory.File("first"));
        watch.Watch(directory.File("second"));
        for (var i = 0; i < 1000; i++)
        {
            // In turn, so that the kernel cannot make one of them.
            File.AppendAllText(directory.Of("first"), "x");
            File.AppendAllText(directory.Of("second"), "x");
        }

        watch.Drain();
        Assert.Equal(FileEvents.None, watch.Drain());
        Assert.Equal(FileEvents.Modified | FileEvents.Closed, watch.Take(first));
    }

    [Fact]
    public void Drain_SaysOverflowed_ToEveryWatch_WhenTheKernelDroppedEvents()
    {
        using var directory = new TemporaryDirectory();
        using var watch = new FileWatch();
        var quiet = watch.Watch(directory.File("quiet"));
        watch.Watch(directory.File("first"));
        watch.Watch(directory.File("second"));
        var events = int.Parse(File.ReadAllText("/proc/sys/fs/inotify/max_queued_events"));
        using (var first = File.OpenHandle(directory.Of("first"), FileMode.Open, FileAccess.Write))
        using (var second = File.OpenHandle(directory.Of("second"), FileMode.Open, FileAccess.Write))
        {
            for (var i = 0; i <= events / 2; i++)
            {
                RandomAccess.Write(first, "x"u8, 0);
                RandomAccess.Write(second, "x"u8, 0);
            }
        }

        Assert.True(watch.Drain().HasFlag(FileEvents.Overflowed));
        Assert.Equal(FileEvents.Overflowed, watch.Take(quiet));
    }

    [Fact]
    public void Watch_Throws_WhenThereIsNoFile()
    {
        using var watch = new FileWatch();
        Assert.Contains("(ENOENT)", Assert.Throws<IOException>(() => watch.Watch("/nowhere")).Message);
    }
}
