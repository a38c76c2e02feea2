// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;

namespace AcctExporter.Tests.Kernel;

public class SegmentDirectoryTests
{
    [Fact]
    public void Open_MakesWhatIsMissing_ForItsOwnerOnly()
    {
        using var temporary = new TemporaryDirectory();
        using var directory = SegmentDirectory.Open(temporary.Of("run/segments"));
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        Assert.Equal(owner, File.GetUnixFileMode(temporary.Of("run")));
        Assert.Equal(owner, File.GetUnixFileMode(temporary.Of("run/segments")));
    }

    [Fact]
    public void Open_Throws_WhereAFileIsInTheWay()
    {
        using var temporary = new TemporaryDirectory();
        var path = temporary.File("file") + "/segments";
        Assert.Contains("(ENOTDIR)", Assert.Throws<IOException>(() => SegmentDirectory.Open(path)).Message);
    }

    [Fact]
    public void Files_AreMadeListedReadAndDeleted_EvenWhenTheDirectoryIsRenamed()
    {
        using var temporary = new TemporaryDirectory();
        using var directory = SegmentDirectory.Open(temporary.Of("old"));
        Directory.Move(temporary.Of("old"), temporary.Of("new"));

        using (var file = directory.CreateNew("b"))
        {
            Assert.Equal(WriterState.NotWriting, WriterLease.Test(file));
        }

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(temporary.Of("new/b")));
        Assert.Contains("(EEXIST)", Assert.Throws<IOException>(() => directory.CreateNew("b")).Message);
        directory.CreateNew("a").Dispose();
        Directory.CreateDirectory(temporary.Of("new/sub"));
        Assert.Equal(["a", "b"], directory.List());

        File.WriteAllText(directory.PathOf("a"), "text");
        using (var file = directory.TryOpenRead("a"))
        {
            Assert.Equal(4, RandomAccess.GetLength(file!));
        }

        Assert.Null(directory.TryOpenRead("c"));
        directory.Sync();
        Assert.True(directory.Delete("a"));
        Assert.False(directory.Delete("a"));
        Assert.Equal(["b"], directory.List());
        Assert.True(FreeSpace.TryRead(directory.Handle, out _));
    }

    [Fact]
    public void TryOpenRead_FollowsNoSymbolicLink()
    {
        using var temporary = new TemporaryDirectory();
        using var directory = SegmentDirectory.Open(temporary.Path);
        File.CreateSymbolicLink(temporary.Of("link"), "/etc/passwd");
        Assert.Contains("(ELOOP)", Assert.Throws<IOException>(() => directory.TryOpenRead("link")).Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../passwd")]
    public void PathOf_TakesNamesOnly(string name)
    {
        using var temporary = new TemporaryDirectory();
        using var directory = SegmentDirectory.Open(temporary.Path);
        Assert.Throws<ArgumentException>(() => directory.PathOf(name));
        Assert.Throws<ArgumentException>(() => directory.CreateNew(name));
    }

    /// <summary>Below a root that is not ours, an absolute link must start again at that root.</summary>
    [Fact]
    public void HostDirectory_ResolvesAbsoluteLinks_InTheRootItWasGiven()
    {
        using var temporary = new TemporaryDirectory();
        Directory.CreateDirectory(temporary.Of("root/run"));
        Directory.CreateDirectory(temporary.Of("root/var"));
        File.CreateSymbolicLink(temporary.Of("root/var/run"), "/run");
        Assert.Equal(0, HostDirectory.Open(temporary.Of("root"), "/var/run/acct-kernel-test", out var directory));
        directory!.Dispose();
        Assert.True(Directory.Exists(temporary.Of("root/run/acct-kernel-test")));
    }

    [Fact]
    public void DirectorySync_Throws_ForWhatIsNoDirectory()
    {
        using var temporary = new TemporaryDirectory();
        DirectorySync.Sync(temporary.Path);
        Assert.Throws<IOException>(() => DirectorySync.Sync(temporary.File("file")));
        Assert.Throws<IOException>(() => DirectorySync.Sync(temporary.Of("missing")));
    }

    [Fact]
    public void MountNamespace_ComparesLinks()
    {
        using var temporary = new TemporaryDirectory();
        File.CreateSymbolicLink(temporary.Of("one"), "mnt:[1]");
        File.CreateSymbolicLink(temporary.Of("same"), "mnt:[1]");
        File.CreateSymbolicLink(temporary.Of("longer"), "mnt:[12]");
        Assert.False(MountNamespace.IsOwn(temporary.Of("one"), temporary.Of("same")));
        Assert.True(MountNamespace.IsOwn(temporary.Of("one"), temporary.Of("longer")));
        Assert.Null(MountNamespace.IsOwn(temporary.Of("one"), temporary.Of("missing")));
    }

    [Fact]
    public void BootIdentity_IsThatOfTheKernel()
    {
        using var temporary = new TemporaryDirectory();
        Assert.NotEqual(Guid.Empty, BootIdentity.Read());
        Assert.Equal(BootIdentity.Read(), BootIdentity.Read());
        Assert.Throws<IOException>(() => BootIdentity.Read(temporary.File("boot", "not a number\n")));
    }
}
