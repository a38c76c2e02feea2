// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Reports;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.Reports;

/// <summary>
/// What terminals are called, with devices that a test may make: links to /dev/null (1:3) and /dev/zero (1:5).
/// </summary>
public sealed class TerminalNamesTests
{
    [Theory]
    [InlineData(0x0000, "__")]
    [InlineData(0x8800, "pts/0")]
    [InlineData(0x8fff, "pts/2047")]
    [InlineData(0x87ff, "[135,255]")]
    [InlineData(0x9000, "[144,0]")]
    [InlineData(0x0105, "[1,5]")]
    public void ANumber_HasItsName(int device, string expected)
    {
        using var folder = new TemporaryDirectory();
        var names = new TerminalNames(folder.Path);

        Assert.Equal(expected, Encoding.ASCII.GetString(names.Of((ushort)device)));
        Assert.Equal(expected.PadRight(8)[..8], Column(names, (ushort)device));
    }

    [Fact]
    public void ADevice_HasTheNameOfItsFile_ThatOfALaterFolderFirst()
    {
        using var folder = new TemporaryDirectory();
        Directory.CreateDirectory(folder.Of("pty"));
        File.CreateSymbolicLink(folder.Of("nothing-at-all"), "/dev/null");
        File.CreateSymbolicLink(folder.Of("zero"), "/dev/zero");
        File.CreateSymbolicLink(folder.Of("pty/other"), "/dev/zero");
        File.WriteAllText(folder.Of("file"), "");
        var names = new TerminalNames(folder.Path);

        Assert.Equal("nothing-at-all"u8, names.Of(0x0103));
        Assert.Equal("nothing-", Column(names, 0x0103));
        Assert.Equal("other"u8, names.Of(0x0105));

        Directory.CreateDirectory(folder.Of("ptym"));
        File.CreateSymbolicLink(folder.Of("ptym/third"), "/dev/zero");
        Assert.Equal("third"u8, new TerminalNames(folder.Path).Of(0x0105));
    }

    /// <summary>Standard input is a terminal, and /dev/stdin leads to it: that is not its name.</summary>
    [Fact]
    public void WhatLeadsToThisProcess_NamesNothing()
    {
        using var folder = new TemporaryDirectory();
        File.CreateSymbolicLink(folder.Of("stdin"), "/proc/self/fd/0");
        File.CreateSymbolicLink(folder.Of("root"), "/proc/self/root/dev/null");

        Assert.Equal("[1,3]"u8, new TerminalNames(folder.Path).Of(0x0103));
    }

    private static string Column(TerminalNames names, ushort device) =>
        Encoding.ASCII.GetString(BitConverter.GetBytes(names.Column(device)));
}
