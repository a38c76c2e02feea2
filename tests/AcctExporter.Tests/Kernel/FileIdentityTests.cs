// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using AcctExporter.Kernel;

namespace AcctExporter.Tests.Kernel;

public class FileIdentityTests
{
    [Fact]
    public void ADevice_HasANumberOfItsOwn()
    {
        Assert.True(FileIdentity.TryOfPath("/dev/null", out var device, out _));
        Assert.Equal((0x103u, true), (device.OwnDevice, device.IsCharacterDevice));
        Assert.True(FileIdentity.TryOfPath("/dev", out var folder, out _));
        Assert.Equal(0u, folder.OwnDevice);
    }

    [Fact]
    public void Identity_FollowsTheFile_NotTheName()
    {
        using var directory = new TemporaryDirectory();
        using var open = File.OpenHandle(directory.File("pacct", "12345"));
        Assert.True(FileIdentity.TryOfHandle(open, out var held, out _));
        Assert.True(FileIdentity.TryOfPath(directory.Of("pacct"), out var named, out _));
        Assert.Equal(held, named);
        Assert.Equal(5, held.SizeBytes);
        Assert.Equal(1u, held.LinkCount);
        var modified = File.GetLastWriteTimeUtc(directory.Of("pacct")) - DateTime.UnixEpoch;
        Assert.Equal(modified.Ticks, held.ModifiedUnixNanoseconds / 100);

        File.Move(directory.Of("pacct"), directory.Of("pacct.1"));
        Assert.True(FileIdentity.TryOfPath(directory.File("pacct"), out var next, out _));
        Assert.False(held.IsSameFile(next));
        Assert.True(FileIdentity.TryOfPath(directory.Of("pacct.1"), out var rotated, out _));
        Assert.True(held.IsSameFile(rotated));

        File.Delete(directory.Of("pacct.1"));
        Assert.False(FileIdentity.TryOfPath(directory.Of("pacct.1"), out _, out var errno));
        Assert.Equal(Errno.ENOENT, errno);
        Assert.True(FileIdentity.TryOfHandle(open, out var orphan, out _));
        Assert.Equal(0u, orphan.LinkCount);
    }

    [Theory]
    [InlineData("/bin/true")]
    [InlineData("/dev/null")]
    [InlineData("/tmp/../usr")]
    public void Identity_IsThatOfStat(string path)
    {
        Assert.True(FileIdentity.TryOfPath(path, out var identity, out _));
        var start = new ProcessStartInfo("stat", ["-L", "-c", "%i %Hd %Ld", path]) { RedirectStandardOutput = true };
        using var stat = Process.Start(start)!;
        var ours = $"{identity.Inode} {identity.Device >> 32} {(uint)identity.Device}\n";
        Assert.Equal(stat.StandardOutput.ReadToEnd(), ours);
    }

    [Fact]
    public void Device_TellsFileSystemsApart()
    {
        Assert.True(FileIdentity.TryOfPath("/proc", out var proc, out _));
        Assert.True(FileIdentity.TryOfPath("/", out var root, out _));
        Assert.NotEqual(proc.Device, root.Device);
    }
}
