// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using AcctExporter.Kernel;
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Tests.Kernel;

public class AccountingLockTests
{
    [Fact]
    public void IsHeld_SaysByWhom_AndMakesNothing()
    {
        using var directory = new TemporaryDirectory();
        Assert.False(AccountingLock.IsHeld(directory.Of("lock"), out _));
        Assert.Empty(Directory.GetFileSystemEntries(directory.Path));
        using (AccountingLock.TryTake(directory.Of("lock"), out _))
        {
            Assert.True(AccountingLock.IsHeld(directory.Of("lock"), out var holder));
            Assert.Equal($"{Environment.ProcessId}", holder);
        }

        Assert.False(AccountingLock.IsHeld(directory.Of("lock"), out _));
        // The question has left no lock behind.
        using var free = AccountingLock.TryTake(directory.Of("lock"), out _);
        Assert.NotNull(free);
    }

    [Fact]
    public void TryTake_RefusesTheSecond_AndNamesTheFirst()
    {
        using var directory = new TemporaryDirectory();
        using (var first = AccountingLock.TryTake(directory.Of("lock"), out var nobody))
        {
            Assert.NotNull(first);
            Assert.Null(nobody);
            Assert.Null(AccountingLock.TryTake(directory.Of("lock"), out var holder));
            Assert.Equal($"{Environment.ProcessId}", holder);
        }

        using var next = AccountingLock.TryTake(directory.Of("lock"), out _);
        Assert.NotNull(next);
    }

    [Fact]
    public void Dispose_LetsGo_ThoughAChildStillHasACopyOfTheDescriptor()
    {
        using var directory = new TemporaryDirectory();
        var taken = AccountingLock.TryTake(directory.Of("lock"), out _);
        Assert.NotNull(taken);
        var descriptor = Directory.GetFiles("/proc/self/fd")
            .Single(link => new FileInfo(link).LinkTarget == directory.Of("lock"));
        using var copy = new SafeFileHandle(dup(int.Parse(Path.GetFileName(descriptor), null)), ownsHandle: true);
        Assert.False(copy.IsInvalid);
        taken.Dispose();
        taken.Dispose();
        using var next = AccountingLock.TryTake(directory.Of("lock"), out _);
        Assert.NotNull(next);
    }

    [Fact]
    public void TryTake_MakesAFileForItsOwnerOnly_AndKeepsIt()
    {
        using var directory = new TemporaryDirectory();
        AccountingLock.TryTake(directory.Of("lock"), out _)!.Dispose();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(directory.Of("lock")));
    }

    [Fact]
    public void TryTake_OverwritesALongerHolder()
    {
        using var directory = new TemporaryDirectory();
        using var taken = AccountingLock.TryTake(directory.File("lock", "1234567890123456\n"), out _);
        AccountingLock.TryTake(directory.Of("lock"), out var holder)?.Dispose();
        Assert.Equal($"{Environment.ProcessId}", holder);
    }

    [Fact]
    public void TryTake_FollowsNoSymbolicLink()
    {
        using var directory = new TemporaryDirectory();
        File.CreateSymbolicLink(directory.Of("lock"), directory.File("victim", "text"));
        var fault = Assert.Throws<IOException>(() => AccountingLock.TryTake(directory.Of("lock"), out _));
        Assert.Contains("(ELOOP)", fault.Message);
        Assert.Equal("text", File.ReadAllText(directory.Of("victim")));
    }

    [DllImport("libc")]
    private static extern int dup(int descriptor);
}
