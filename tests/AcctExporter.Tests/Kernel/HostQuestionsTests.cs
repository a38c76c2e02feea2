// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;

namespace AcctExporter.Tests.Kernel;

/// <summary>Questions about the host that change nothing.</summary>
public class HostQuestionsTests
{
    [Fact]
    public void OpenNearest_OpensTheParentThatIsThere_AndMakesNothing()
    {
        using var directory = new TemporaryDirectory();
        foreach (var path in new[] { directory.Of("a/b/c"), directory.Path })
        {
            Assert.Equal(0, HostDirectory.OpenNearest("/", path, out var nearest));
            using (nearest)
            {
                Assert.True(FileIdentity.TryOfHandle(nearest!, out var opened, out _));
                Assert.True(FileIdentity.TryOfPath(directory.Path, out var wanted, out _));
                Assert.True(opened.IsSameFile(wanted));
            }
        }

        Assert.Empty(Directory.GetFileSystemEntries(directory.Path));
    }

    [Fact]
    public void OpenNearest_OpensTheRoot_WhenNothingIsThere()
    {
        using var directory = new TemporaryDirectory();
        Assert.Equal(0, HostDirectory.OpenNearest(directory.Path, "/nowhere/at/all", out var nearest));
        using (nearest)
        {
            Assert.True(FileIdentity.TryOfHandle(nearest!, out var opened, out _));
            Assert.True(FileIdentity.TryOfPath(directory.Path, out var wanted, out _));
            Assert.True(opened.IsSameFile(wanted));
        }
    }

    [Fact]
    public void ErrnoOfMaking_IsZeroWhereFilesCanBeMade()
    {
        using var directory = new TemporaryDirectory();
        Assert.Equal(0, DirectoryRights.ErrnoOfMaking(directory.Path));
        Assert.Equal(Errno.ENOENT, DirectoryRights.ErrnoOfMaking(directory.Of("nowhere")));
        Assert.Equal(Errno.EACCES, DirectoryRights.ErrnoOfMaking(directory.File("file")));
    }

    [Fact]
    public void Clock_SaysWhetherItIsKeptRight() => Assert.NotEqual(ClockState.Unknown, ClockDiscipline.Read());
}
