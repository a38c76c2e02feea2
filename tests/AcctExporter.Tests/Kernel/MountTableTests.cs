// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Kernel;

namespace AcctExporter.Tests.Kernel;

public class MountTableTests
{
    [Theory]
    [InlineData("27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard", true)]
    [InlineData("27 1 254:0 / / rw,relatime shared:1 master:2 - xfs /dev/vda rw", true)]
    [InlineData("27 1 254:0 / / ro,relatime - ext4 /dev/vda rw", false)] // mounted to be read
    [InlineData("27 1 254:0 / / rw - ext4 /dev/vda ro", false)] // the file system is read-only
    [InlineData("27 1 254:0 / / rw - overlay overlay rw,lowerdir=/a", true)] // the root of a container
    [InlineData("27 1 254:0 / /x/merged rw - overlay overlay rw", false)] // seen from outside: its files are elsewhere
    [InlineData("27 1 0:44 / /tmp rw - tmpfs tmpfs rw", false)]
    [InlineData("27 1 0:44 / /net rw - nfs4 host:/x rw", false)]
    [InlineData("27 1 0:44 / /net rw - autofs auto rw", false)]
    [InlineData("27 1 0:44 / /home/a/sshfs rw - fuse.sshfs a@b: rw", false)]
    [InlineData("27 1 0:44 / /proc rw - proc proc rw", false)]
    [InlineData("27 1 0:44 /@home /home rw - btrfs /dev/sda rw", true)]
    public void LocalDisks_AreThoseThatKeepUsersFiles(string line, bool isOne) =>
        Assert.Equal(isOne, MountTable.IsLocalDisk(MountEntry.Parse(line)!));

    [Fact]
    public void Parse_TakesBytes()
    {
        var mount = MountEntry.Parse("9 1 8:1 /a\\040b /m\\134\\012\\011x\\99 rw - ext4 /dev/disk/by\\040id rw")!;
        Assert.Equal(9UL, mount.Id);
        Assert.Equal("/a b", Encoding.Latin1.GetString(mount.Root));
        Assert.Equal("/m\\\n\tx\\99", Encoding.Latin1.GetString(mount.Point));
        Assert.Equal("/dev/disk/by id", Encoding.Latin1.GetString(mount.Source));
    }

    [Theory]
    [InlineData("")]
    [InlineData("27 1 254:0 / /")]
    [InlineData("27 1 254:0 / / rw - ext4 /dev/vda")]
    [InlineData("x 1 254:0 / / rw - ext4 /dev/vda rw")]
    [InlineData("- - - - - - - - - -")]
    public void Parse_LeavesOutWhatIsNoMount(string line) => Assert.Null(MountEntry.Parse(line));

    [Theory]
    [InlineData("/a/b", "/a", true)]
    [InlineData("/a", "/a", true)]
    [InlineData("/a", "/a/", true)]
    [InlineData("/ab", "/a", false)]
    [InlineData("/", "/a", false)]
    [InlineData("/a", "/", true)]
    [InlineData("/", "/", true)]
    public void IsBelow_ComparesWholeNames(string path, string folder, bool isBelow) =>
        Assert.Equal(isBelow, MountTable.IsBelow(Encoding.UTF8.GetBytes(path), Encoding.UTF8.GetBytes(folder)));

    [Fact]
    public void Read_KnowsTheRoot_AndSurvivesWithoutATable()
    {
        Assert.Contains(MountTable.Read(), mount => mount.Point is [(byte)'/']);
        Assert.Empty(MountTable.Read("/nowhere"));
    }

    /// <summary>Of mounts of one file system the one with the whole of it is walked; what is hidden is not.</summary>
    [Fact]
    public void LocalDisks_TakesEachFileSystemOnce()
    {
        Assert.True(FileState.TryOfPath("/"u8, out var root, out _));
        MountEntry Of(string part, string point, ulong id) =>
            new(id, Encoding.UTF8.GetBytes(part), Encoding.UTF8.GetBytes(point), "ext4", "/dev/x"u8.ToArray(), true);
        var chosen = MountTable.LocalDisks(
        [
            Of("/bin", "/", root.Mount), Of("/", "/", root.Mount), Of("/", "/", root.Mount),
            Of("/", "/", root.Mount + 1_000_000), Of("/", "/nowhere", root.Mount),
        ]);
        Assert.Equal("/", Encoding.UTF8.GetString(Assert.Single(chosen).Root));
    }
}
