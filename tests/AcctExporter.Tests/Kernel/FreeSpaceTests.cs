// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;

namespace AcctExporter.Tests.Kernel;

public class FreeSpaceTests
{
    [Fact]
    public void TryRead_AgreesWithTheRuntime()
    {
        using var directory = new TemporaryDirectory();
        var drive = new DriveInfo(directory.Path);
        Assert.True(FreeSpace.TryRead(directory.Path, out var space));
        Assert.Equal(drive.TotalSize, (long)(space.Blocks * space.BlockBytes));

        // Others write meanwhile.
        Assert.InRange(space.FreeBytes, drive.AvailableFreeSpace - (1L << 30), drive.AvailableFreeSpace + (1L << 30));
        Assert.InRange(space.FreeRatio, 0.0, 1.0);

        using var file = File.OpenHandle(directory.File("file"));
        Assert.True(FreeSpace.TryRead(file, out var again));
        Assert.Equal(space.Blocks, again.Blocks);
        Assert.False(FreeSpace.TryRead(directory.Of("missing"), out _));
    }

    [Fact]
    public void FreeRatio_IsZero_ForAFileSystemWithoutSize()
    {
        Assert.True(FreeSpace.TryRead("/proc", out var space));
        Assert.Equal(0ul, space.Blocks);
        Assert.Equal(0.0, space.FreeRatio);
        Assert.Equal(long.MaxValue, new FreeSpace(ulong.MaxValue, 1, 4096).FreeBytes);
    }

    /// <summary>The edges of kernel/acct.c, check_free_space: whole blocks, divided down.</summary>
    [Theory]
    [InlineData(1000, 20, true, false)] // exactly 2 %: suspended
    [InlineData(1000, 21, false, false)]
    [InlineData(1000, 39, false, false)]
    [InlineData(1000, 40, false, true)] // exactly 4 %: resumed
    [InlineData(1099, 21, true, false)] // 2 % of 1099 is 21.98, cut down to 21
    [InlineData(1099, 22, false, false)]
    [InlineData(1099, 43, false, true)] // 4 % is 43.96, cut down to 43
    [InlineData(0, 0, true, true)] // a file system without size does both in turn
    public void Thresholds_DecideAsTheKernel(ulong blocks, ulong available, bool suspends, bool resumes)
    {
        var space = new FreeSpace(available, blocks, 4096);
        Assert.Equal(suspends, AccountingThresholds.Default.SuspendsAt(space));
        Assert.Equal(resumes, AccountingThresholds.Default.ResumesAt(space));
    }

    [Fact]
    public void Thresholds_OverflowAsTheKernel_WhenNegative()
    {
        var space = new FreeSpace(500, 1000, 4096);
        Assert.True(new AccountingThresholds(-1, -1, 30).SuspendsAt(space));
        Assert.False(new AccountingThresholds(-1, -1, 30).ResumesAt(space));
    }

    [Theory]
    [InlineData("4\t2\t30\n", 4, 2, 30)]
    [InlineData("-1 -1 0", -1, -1, 0)]
    public void Thresholds_Parse(string text, int resume, int suspend, int interval)
    {
        Assert.True(AccountingThresholds.TryParse(text, out var value));
        Assert.Equal(new(resume, suspend, interval), value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("4 2")]
    [InlineData("4 2 30 1")]
    [InlineData("four 2 30")]
    [InlineData("4 2 99999999999")]
    public void Thresholds_AreNone_WhenTheTextIsNot(string text) =>
        Assert.False(AccountingThresholds.TryParse(text, out _));

    [Fact]
    public void Thresholds_AreReadFromTheKernel_AndNotFromAMissingFile()
    {
        Assert.Equal(File.Exists(AccountingThresholds.DefaultPath), AccountingThresholds.TryRead(out _));
        Assert.False(AccountingThresholds.TryRead(out _, "/nowhere"));
    }
}
