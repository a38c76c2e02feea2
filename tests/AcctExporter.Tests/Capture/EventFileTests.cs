// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text;
using AcctExporter.Capture;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.Capture;

public sealed class EventFileTests : IDisposable
{
    private readonly TemporaryDirectory temporary = new();

    private string EventPath => temporary.Of("events");

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void Lines_AreAppended_ToAFileForItsOwnerAndGroup()
    {
        File.WriteAllText(EventPath, "before\n");
        using (var file = New())
        {
            Put(file, "one\ntwo\n");
            Put(file, "three\n");
            Assert.Equal((3L, 0L), (file.Written, file.Torn));
        }

        Assert.Equal("before\none\ntwo\nthree\n", File.ReadAllText(EventPath));
        File.Delete(EventPath);
        using var fresh = New();
        Put(fresh, "one\n");
        // The mask of whoever runs the test may take from it, and adds nothing.
        const UnixFileMode most = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(EventPath) & ~most);
    }

    [Fact]
    public void LineThatAnAgentLeftUnfinished_IsEnded()
    {
        File.WriteAllText(EventPath, "one\n{\"tim");
        using var file = New();
        Put(file, "two\n");
        Assert.Equal("one\n{\"tim\ntwo\n", File.ReadAllText(EventPath));
        Assert.Equal(1, file.Written);
    }

    [Fact]
    public void FileThatWouldPassItsSize_IsRotated_AndTheOldestGoes()
    {
        using var file = New(maxBytes: 8, keep: 2);
        for (var line = 1; line <= 9; line++)
        {
            Put(file, $"no{line}\n");
        }

        Assert.Equal("no9\n", File.ReadAllText(EventPath));
        Assert.Equal("no7\nno8\n", File.ReadAllText(EventPath + ".1"));
        Assert.Equal("no5\nno6\n", File.ReadAllText(EventPath + ".2"));
        Assert.Equal(3, Directory.GetFiles(temporary.Path).Length);
        Assert.Equal(9, file.Written);
    }

    [Fact]
    public void FileThatIsFull_IsDeleted_WhenNoneIsKept()
    {
        using var file = New(maxBytes: 8, keep: 0);
        Put(file, "one\ntwo\n");
        Put(file, "three\n");
        Assert.Equal("three\n", File.ReadAllText(EventPath));
        Assert.Single(Directory.GetFiles(temporary.Path));
    }

    [Fact]
    public void File_IsNotRotated_WhenThatIsLeftToOthers()
    {
        using var file = New(maxBytes: 0);
        Put(file, new string('x', 100_000) + "\n");
        Put(file, "y\n");
        Assert.Equal(100_003, new FileInfo(EventPath).Length);
        Assert.Single(Directory.GetFiles(temporary.Path));
    }

    /// <summary>Somebody put a directory where the newest old file goes: each attempt moves nothing else.</summary>
    [Fact]
    public void RotationThatFails_LosesNoOldFile_AndIsTriedAgain()
    {
        using var file = New(maxBytes: 4, keep: 3);
        Put(file, "one\n");
        Put(file, "two\n");
        Put(file, "three\n");
        Directory.CreateDirectory(EventPath + ".x");
        File.Move(EventPath + ".1", EventPath + ".x/1");
        Directory.CreateDirectory(EventPath + ".1");
        for (var attempt = 0; attempt < 5; attempt++)
        {
            Assert.Equal(0, file.Write("four\n"u8, out var fault));
            Assert.NotNull(fault);
        }

        Assert.Equal("one\n", File.ReadAllText(EventPath + ".2"));
        Assert.Equal("three\n", File.ReadAllText(EventPath));
        Directory.Delete(EventPath + ".1");
        Put(file, "four\n");
        Assert.Equal("three\n", File.ReadAllText(EventPath + ".1"));
        Assert.Equal("one\n", File.ReadAllText(EventPath + ".2"));
        Assert.Equal("four\n", File.ReadAllText(EventPath));
    }

    [Fact]
    public void FileThatWasRenamed_OrRemoved_OrCut_GoesOnUnderItsName()
    {
        using var file = New();
        Put(file, "one\n");
        File.Move(EventPath, temporary.Of("moved"));
        Put(file, "two\n");
        Assert.Equal("one\n", File.ReadAllText(temporary.Of("moved")));
        Assert.Equal("two\n", File.ReadAllText(EventPath));

        File.Delete(EventPath);
        Put(file, "three\n");
        Assert.Equal("three\n", File.ReadAllText(EventPath));

        // logrotate's create: the new file is there already.
        File.Move(EventPath, temporary.Of("moved"), overwrite: true);
        File.WriteAllText(EventPath, "");
        Put(file, "four\n");
        Assert.Equal("four\n", File.ReadAllText(EventPath));

        // copytruncate
        using (var cut = File.Open(EventPath, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            cut.SetLength(0);
        }

        Put(file, "five\n");
        Assert.Equal("five\n", File.ReadAllText(EventPath));
        Assert.Equal((5L, 0L), (file.Written, file.Torn));
    }

    [Fact]
    public void LineOfWhichAPartIsWritten_IsFinishedInItsFile_OrDroppedWhenThatHasGone()
    {
        using var file = New();
        Put(file, "one\ntw");
        Assert.Equal(1, file.Written);
        Put(file, "o\n");
        Assert.Equal("one\ntwo\n", File.ReadAllText(EventPath));
        Assert.Equal((2L, 0L), (file.Written, file.Torn));

        Put(file, "thr");
        File.Delete(EventPath);
        Put(file, "ee\nfour\n");
        Assert.Equal("four\n", File.ReadAllText(EventPath));
        Assert.Equal((3L, 1L), (file.Written, file.Torn));
    }

    /// <summary>Where others may write in the directory, a link would lead the agent to any file of the host.</summary>
    [Fact]
    public void SymbolicLink_IsRefused()
    {
        var target = temporary.File("target", "precious\n");
        File.CreateSymbolicLink(EventPath, target);
        using var file = New();
        Assert.Equal(0, file.Write("one\n"u8, out var fault));
        Assert.Contains("ELOOP", fault);
        Assert.Equal("precious\n", File.ReadAllText(target));
        File.Delete(EventPath);
        Put(file, "one\n");

        // And so it is when it takes the place of the file that was open.
        File.Delete(EventPath);
        File.CreateSymbolicLink(EventPath, target);
        Assert.Equal(0, file.Write("two\n"u8, out fault));
        Assert.Contains("ELOOP", fault);
        Assert.Equal("precious\n", File.ReadAllText(target));
    }

    [Fact]
    public void FullDisk_TakesNothing_AndSaysWhy()
    {
        using var file = new EventFile(new ExitEventOptions { File = "/dev/full" });
        for (var attempt = 0; attempt < 3; attempt++)
        {
            Assert.Equal(0, file.Write("one\n"u8, out var fault));
            Assert.Equal("cannot write /dev/full: No space left on device (ENOSPC)", fault);
        }

        Assert.Equal(0, file.Written);
    }

    [Fact]
    public void NamedPipe_IsRefused_AndNotWaitedFor()
    {
        using (var make = Process.Start("mkfifo", [EventPath]))
        {
            make.WaitForExit();
        }

        using var file = New();
        Assert.Equal(0, file.Write("one\n"u8, out var fault));
        Assert.Contains("neither a file nor a terminal", fault);
    }

    [Fact]
    public void MissingDirectory_IsAFault_UntilItIsThere()
    {
        using var file = new EventFile(new ExitEventOptions { File = temporary.Of("later/events") });
        Assert.Equal(0, file.Write("one\n"u8, out var fault));
        Assert.Contains("ENOENT", fault);
        Directory.CreateDirectory(temporary.Of("later"));
        Put(file, "one\n");
        Assert.Equal("one\n", File.ReadAllText(temporary.Of("later/events")));
    }

    private EventFile New(long maxBytes = 1 << 20, int keep = 5) =>
        new(new ExitEventOptions { File = EventPath, MaxBytes = maxBytes, Keep = keep });

    private static void Put(EventFile file, string lines)
    {
        var bytes = Encoding.UTF8.GetBytes(lines);
        Assert.Equal((bytes.Length, null), (file.Write(bytes, out var fault), fault));
    }
}
