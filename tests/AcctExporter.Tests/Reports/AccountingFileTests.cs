// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.IO.Compression;
using AcctExporter.Reports;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.Properties;
using AcctExporter.Tests.Records;
using ZstdSharp;

namespace AcctExporter.Tests.Reports;

/// <summary>Files that reports are given: packed, cut off, special, missing.</summary>
public sealed class AccountingFileTests : IDisposable
{
    private readonly TemporaryDirectory folder = new();
    private readonly byte[] records = new AcctFileGenerator(5).File(6_000);

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Packed_IsReadLikeUnpacked(bool newestFirst)
    {
        var plain = Read(newestFirst, Write("plain", records));
        Assert.Equal((6_000, ReadResult.Whole, ""), (plain.Records.Count, plain.Result, plain.Errors));
        var two = Gzip(records[..64_000]).Concat(Gzip(records[64_000..])).ToArray();
        foreach (var packed in new[] { Gzip(records), two, Zstd(records) })
        {
            var read = Read(newestFirst, Write("packed", packed));
            Assert.Equal(plain.Records, read.Records);
            Assert.Equal((ReadResult.Whole, ""), (read.Result, read.Errors));
            var piped = ExitsRead.Of(Options(newestFirst, "-"), packed);
            Assert.Equal(plain.Records, piped.Records);
        }

        Assert.Equal(plain.Records, ExitsRead.Of(Options(newestFirst, "-"), records).Records);
    }

    [Theory]
    [InlineData("gzip", false)]
    [InlineData("gzip", true)]
    [InlineData("zstd", false)]
    [InlineData("zstd", true)]
    public void PackedAndCutOff_GivesWhatCameBefore_AndSaysSo(string form, bool newestFirst)
    {
        var packed = form == "gzip" ? Gzip(records) : Zstd(records);
        var path = Write("cut", packed[..(packed.Length * 3 / 4)]);
        var read = Read(newestFirst, path);
        Assert.InRange(read.Records.Count, 1_000, 5_999);
        var expected = Read(false, Write("plain", records)).Records[..read.Records.Count];
        if (newestFirst)
        {
            expected.Reverse();
        }

        Assert.Equal(expected, read.Records);
        Assert.Equal(ReadResult.WithFlaws, read.Result);
        Assert.Contains($"tool: {path}: it is damaged or cut off: ", read.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Packed_DamagedAnywhere_NeverThrows()
    {
        var random = new Random(3);
        var small = records[..20_000];
        foreach (var packed in new[] { Gzip(small), Zstd(small) })
        {
            for (var i = 0; i < 150; i++)
            {
                var damaged = packed.ToArray();
                damaged[i < 30 ? i : random.Next(packed.Length)] ^= (byte)(1 << random.Next(8));
                var read = ExitsRead.Of(Options(i % 2 == 0, "-"), damaged);
                Assert.True(read.Result == ReadResult.Whole || read.Errors.Length > 0);
            }
        }
    }

    [Theory]
    [InlineData("fd377a585a000004", "xz", "xzcat")]
    [InlineData("425a683931415926", "bzip2", "bzcat")]
    public void PackedOtherwise_IsRefused_AndSaysWhatToDo(string begin, string form, string tool)
    {
        var path = Write("packed", Slot.Hex(begin));
        var read = Read(false, path);
        Assert.Equal(ReadResult.NotRead, read.Result);
        Assert.Equal($"tool: cannot read {path}: it is packed as {form}, which is not unpacked here: unpack it, or "
            + $"read it through a pipe from {tool}\n", read.Errors);
    }

    [Fact]
    public void WhatCannotBeOpened_IsSaid_AndTheNextIsRead()
    {
        var good = Write("good", records[..640]);
        var read = Read(false, folder.Of("none"), folder.Path, good);
        Assert.Equal(10, read.Records.Count);
        Assert.Equal(ReadResult.NotRead, read.Result);
        Assert.Equal($"tool: cannot read {folder.Of("none")}: No such file or directory\n"
            + $"tool: cannot read {folder.Path}: Is a directory\n", read.Errors);
    }

    [Fact]
    public void Files_AreReadInTurn_EachFromItsEnd()
    {
        var (a, b) = (Write("a", records[..128]), Write("b", records[128..320]));
        var forward = Read(false, a, b).Records;
        var backward = Read(true, a, b).Records;
        Assert.Equal(5, forward.Count);
        Assert.Equal([forward[1], forward[0], forward[4], forward[3], forward[2]], backward);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Flaws_AreToldOnce_WithTheFirstPlace(bool newestFirst)
    {
        var bytes = records[..6400].ToArray();
        bytes.AsSpan(640, 64).Clear();
        bytes[3200] = 0xff;
        var path = Write("flawed", bytes[..^24]);
        var read = Read(newestFirst, path);
        Assert.Equal(97, read.Records.Count);
        Assert.Equal(ReadResult.WithFlaws, read.Result);
        Assert.Equal($"tool: {path}: 3 places are no accounting records (1 of zeros, 1 with impossible flags, 1 cut "
            + "off), the first at byte 640: left out\n", read.Errors);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void BySlot_ZerosAreARecord_AndUnknownVersionsAreGnusError(bool newestFirst)
    {
        var bytes = records[..320].ToArray();
        bytes.AsSpan(64, 64).Clear();
        (bytes[129], bytes[193]) = (5, 6);
        var read = ExitsRead.Of(Options(newestFirst, Write("odd", [.. bytes, 1, 2, 3])) with { BySlot = true });
        Assert.Equal(3, read.Records.Count);
        Assert.Equal(new string('0', 128), read.Records[1]);
        Assert.Equal("ERROR: unknown acct file format\n", read.Errors);
        Assert.Equal(ReadResult.Whole, read.Result);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nothing_IsNothing(bool newestFirst)
    {
        foreach (var name in new[] { "/dev/null", Write("empty", []), "-" })
        {
            var read = Read(newestFirst, name);
            Assert.Equal((0, ReadResult.Whole, ""), (read.Records.Count, read.Result, read.Errors));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fifo_IsReadAsItComes(bool newestFirst)
    {
        using (var made = Process.Start("mkfifo", folder.Of("fifo")))
        {
            await made.WaitForExitAsync();
        }

        var writing = Task.Run(() =>
        {
            using var pipe = new FileStream(folder.Of("fifo"), FileMode.Open, FileAccess.Write);
            for (var at = 0; at < records.Length; at += 1_000)
            {
                pipe.Write(records.AsSpan(at, Math.Min(1_000, records.Length - at)));
            }
        });
        var read = Read(newestFirst, folder.Of("fifo"));
        await writing;
        Assert.Equal(Read(newestFirst, Write("plain", records)).Records, read.Records);
        Assert.Equal("", read.Errors);
    }

    [Fact]
    public void SoundFiles_AllocateNothingPerRecord()
    {
        var stream = new MemoryStream(records);
        using var source = new AcctForward(stream, 100, new InputFlaws());
        var batch = new ExitBatch();
        Assert.Equal(0, Allocated.By(() =>
        {
            stream.Position = 0;
            batch.Clear();
            while (source.Read(batch))
            {
                batch.Clear();
            }
        }));
    }

    private static ExitInputOptions Options(bool newestFirst, params string[] files) =>
        new() { Files = files, StoragePath = "/none", NewestFirst = newestFirst };

    private static ExitsRead Read(bool newestFirst, params string[] files) =>
        ExitsRead.Of(Options(newestFirst, files));

    private static byte[] Gzip(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var stream = new GZipStream(packed, CompressionLevel.Fastest))
        {
            stream.Write(bytes);
        }

        return packed.ToArray();
    }

    private static byte[] Zstd(byte[] bytes)
    {
        var packed = new MemoryStream();
        using (var stream = new CompressionStream(packed))
        {
            stream.Write(bytes);
        }

        return packed.ToArray();
    }

    private string Write(string name, byte[] bytes)
    {
        File.WriteAllBytes(folder.Of(name), bytes);
        return folder.Of(name);
    }
}
