// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.Reports;

namespace AcctExporter.Tests.RealSystem;

/// <summary>Disk runs among real mounts, real owners and full disks, in a mount namespace of their own.</summary>
[Trait("Lane", "kernel")]
public sealed class DiskWalkSystemTests : IDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "acct-exporter");

    private readonly TemporaryDirectory folder = new();

    public void Dispose() => folder.Dispose();

    /// <summary>Another file system, this one again, and a file mounted over a file: none of them is entered.</summary>
    [Fact]
    public void Mounts_AreNotEntered()
    {
        var ran = Shell("""
            mkdir -p data/tmp data/again data/plain other; head -c 40960 /dev/zero > other/big; touch data/over
            head -c 40960 /dev/zero > data/plain/big
            mount -t tmpfs none data/tmp; head -c 40960 /dev/zero > data/tmp/big; chown 1 data/tmp data/tmp/big
            mount --bind other data/again; mount --bind other/big data/over
            "$0" diskusg data
            stat -c %b data data/plain data/plain/big | awk '{ all += $1 } END { print "0\troot\t" all }'
            """);
        Assert.Equal("", ran.Errors);
        var lines = ran.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        Assert.Equal(lines[1], lines[0]);
    }

    /// <summary>
    /// From the root of the tree, with -o: local file systems below are walked, memory and the like are not.
    /// </summary>
    [Fact]
    public void OtherLocalFileSystems_AreWalkedWhenAskedFor()
    {
        var ran = Shell("""
            mkdir -p data/disk data/tmp; head -c 16M /dev/zero > image; mkfs.ext4 -q image
            mount -o loop image data/disk; mount -t tmpfs none data/tmp
            head -c 40960 /dev/zero > data/disk/file; chown 1000 data/disk/file; chown 1001 data/tmp
            "$0" dodisk --storage.path storage --format csv data | cut -d , -f 2,3
            "$0" dodisk --storage.path storage --format csv -o data | cut -d , -f 2,3
            "$0" diskusg --format csv "$(findmnt -no SOURCE data/disk)" | cut -d , -f 1
            """);
        Assert.Equal("file_system,uid data,0 "
            + $"file_system,uid data,0 {folder.Path}/data/disk,0 {folder.Path}/data/disk,1000 uid 0 1000",
            string.Join(' ', ran.Text.Split([' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries)));
    }

    [Fact]
    public void WhatMayNotBeRead_IsToldAndCounted()
    {
        var ran = Shell("""
            chmod 755 .; mkdir -p data/a data/b; for i in 1 2 3 4 5 6 7; do mkdir -p data/closed$i/in; done
            chmod 700 data/closed*; mkdir -m 777 storage
            setpriv --reuid 65534 --clear-groups "$0" dodisk --storage.path storage data; echo "code $?"
            cat storage/suite/diskdiag; cut -f 2 storage/suite/dtmp
            """);
        Assert.Contains("dodisk: cannot look at data/closed", ran.Errors);
        Assert.Contains(": Permission denied\n", ran.Errors);
        Assert.Contains("dodisk: cannot look at 2 more, which are not charged (all together, Permission denied: 7)\n",
            ran.Errors);
        Assert.Equal("code 4\n" + ran.Errors.Replace("dodisk: ", "", StringComparison.Ordinal) + "root\n", ran.Text);
    }

    /// <summary>T-D6 with its own number, and T-D5.</summary>
    [Fact]
    public void AnOwnerWithoutAName_AndADevice()
    {
        var ran = Shell("""
            mkdir data; head -c 4096 /dev/zero > data/path; chown 4242 data/path; mknod data/device b 7 0
            printf '%s\n' data/path data/device | "$0" acctdusg -u list; cat list
            "$0" dodisk --storage.path storage data; grep 4242 storage/suite/dtmp
            "$0" dodisk --storage.path storage --compat data; grep 4242 storage/suite/dtmp || echo none
            """);
        Assert.Equal("     4242\t      8\tdata/path\n4242\t4242\t8\nnone\n", ran.Text);
    }

    [Fact]
    public void AFullDisk_LeavesTheLastSample()
    {
        var ran = Shell("""
            mkdir storage data; mount -t tmpfs -o size=256k none storage
            "$0" dodisk --storage.path storage data; cp -r storage/suite before
            head -c 1M /dev/zero > storage/fill 2> fill; echo x > data/new; chown 1000 data/new
            "$0" dodisk --storage.path storage data; echo "code $?"
            diff -x disklock -r before storage/suite && echo same; ls storage/suite storage/suite/nite | grep -c new
            rm storage/fill; "$0" dodisk --storage.path storage data; diff -x disklock -qr before storage/suite | wc -l
            """);
        Assert.StartsWith($"dodisk: cannot write {folder.Path}/storage/", ran.Errors);
        Assert.EndsWith(": No space left on device\n", ran.Errors);
        Assert.Single(ran.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal("code 1\nsame\n0\n3\n", ran.Text);
    }

    private ToolResult Shell(string script) =>
        ClassicTool.Run("/usr/bin/unshare", ["--mount", "sh", "-c", script, Program], 0, directory: folder.Path);
}
