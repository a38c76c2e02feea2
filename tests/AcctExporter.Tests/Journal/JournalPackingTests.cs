// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using AcctExporter.Journal;
using AcctExporter.Records;
using AcctExporter.Tests.Properties;
using ZstdSharp;

namespace AcctExporter.Tests.Journal;

/// <summary>The forms that a block's payload has: plain, Brotli of earlier releases, zstd.</summary>
public class JournalPackingTests
{
    /// <summary>Where the payload of a file's first block begins.</summary>
    private const int FirstPayload = JournalLayout.FileHeaderSize + JournalLayout.BlockHeaderSize;

    /// <summary>
    /// A journal of one block, written by the last release that packed with Brotli: <see cref="Old"/>.
    /// </summary>
    private const string BrotliFile = """
        414343544a524e4c0100000040000000010000000000000040420f000000000000000000000000000000000000000000
        000000000000000000000000acab081b41434a424a010000010000000000000040420f00000000000000000100020003
        0405060708090a0b01000000000000004d0000000000000080070000000000001e000000010000000007000042c025a0
        837f030080aaaaaaea5f4dcd7c3777037770007780f0c5dcdc7c375fc2b715dcc16101d8013658c001dc013658c0011c
        dcc101dc0102228ea738c4ed1aa7bb0330d4e45a8ba1dc0ec317c000038016780c77dc52e4b0856951420843d95f8a37
        6539955a03ad4e6fe08d2601a224fb8361258644329d75385d6e881ec92bfbfc010443e188128dc591f84ca6d2996c0e
        f942b154ae546bff146fb58a17f43ad83f5c4eabcd6286589626e580e4c1667bd85faee7135e5f3fdf8fe7fd86d17836
        5dad970b74ba837eb3dda8131eb566a7379ccc57c27a77bc283c460502c6c2ab90ccdd20f68fbb938b238cf8301862c0
        15f24a01000041434a45
        """;

    /// <summary>The payload of the same block, packed by the reference program (<c>zstd -1</c>, 1.5.4).</summary>
    private const string ReferenceFrame = """
        28b52ffd6400060d0600940a014602000000010203ac02fffc020304050607ff08090a0b0c0d0e0fff20222426282a2c
        2eff303234361c1d1e1fff2021222324252627ff28292a2b2c2d2e2fff3031323334353637ff38393a3b3c3d3e3fd902
        fffc06050c0f0a09ff181b1e1d1417121124272221ff606366656c6f6a69ff787b7e7d74777271ff505356555c5f5a59
        ff484b4e4d44474241000cff3f44484c4f54585c0f5f64686c2c0c0f303234365903b004040600a8a07ce14460d33795
        0a667ad1050b2819199f016e7c4ec3
        """;

    [Fact]
    public void ABlockOfAnEarlierRelease_IsRead_AlsoBetweenNewOnes()
    {
        using var journal = new TestJournal();
        Directory.CreateDirectory(journal.Options.Directory);
        File.WriteAllBytes(JournalFiles.PathOf(journal.Options.Directory, 1), Bytes(BrotliFile));
        var expected = new List<string> { TestJournal.Describe(Old(1)) };
        Assert.Equal(expected, journal.ReadForward());
        using (var writer = JournalWriter.Open(journal.Options, out var repair))
        {
            Assert.False(repair.Any);
            foreach (var exits in new[] { 0, 400, 2, JournalBlock.MaxExits })
            {
                var block = TestJournal.Block(exits, seed: exits);
                writer.Append(block);
                expected.Add(TestJournal.Describe(block));
            }
        }

        Assert.Equal(
            [JournalLayout.Brotli, JournalLayout.Plain, JournalLayout.Zstd, JournalLayout.Plain, JournalLayout.Zstd],
            Forms(File.ReadAllBytes(journal.NewestFile)));
        Assert.Equal(expected, journal.ReadForward());
        Assert.Equal(Enumerable.Reverse(expected), journal.ReadBackward());
        Assert.Equal(expected, Unpacked(journal));
    }

    [Fact]
    public void AFrameOfTheReferenceProgram_IsRead()
    {
        using var decoder = new BlockDecoder();
        var block = new JournalBlock();
        var old = Old(1);
        var packed = Bytes(ReferenceFrame);
        Assert.Equal(PayloadStatus.Ok, Decode(decoder, block, Header(old), packed));
        Assert.Equal(TestJournal.Describe(old), TestJournal.Describe(block));
        // Its own checksum is looked at as well.
        packed[^1] ^= 1;
        Assert.Equal(PayloadStatus.Malformed, Decode(decoder, block, Header(old), packed));
    }

    [Fact]
    public void OnlyWhatBecomesShorter_IsPacked()
    {
        using var journal = new TestJournal();
        using var writer = journal.Open();
        var noise = new Random(1);
        var block = new JournalBlock();
        Span<byte> few = stackalloc byte[1000];
        Span<byte> many = stackalloc byte[1100];
        foreach (var isNoise in new[] { false, true })
        {
            block.Decisions.Write(few);
            writer.Append(block);
            block.Clear();
            block.Decisions.Write(many);
            writer.Append(block);
            block.Clear();
            noise.NextBytes(few);
            noise.NextBytes(many);
        }

        Assert.Equal(
            [JournalLayout.Plain, JournalLayout.Zstd, JournalLayout.Plain, JournalLayout.Plain],
            Forms(File.ReadAllBytes(journal.NewestFile)));
        Assert.Equal(4, journal.ReadForward().Count);
    }

    [Fact]
    public void ABrokenFrame_GivesAStatus_AndTheNextBlockIsRead()
    {
        var whole = TestJournal.Block(200, seed: 1);
        var (header, packed) = Packed(whole);
        using var decoder = new BlockDecoder();
        var block = new JournalBlock();
        var random = new Random(1);
        var malformed = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var broken = Break(packed, random);
            var status = Decode(decoder, block, header, broken);
            // Without a checksum of its own a frame may unpack to other exits: that is the block's checksum's to find.
            Assert.InRange(status, PayloadStatus.Ok, PayloadStatus.Newer);
            malformed += status == PayloadStatus.Malformed ? 1 : 0;
            if (round % 100 == 0)
            {
                Assert.Equal(PayloadStatus.Ok, Decode(decoder, block, header, packed));
                Assert.Equal(TestJournal.Describe(whole), TestJournal.Describe(block));
            }
        }

        Assert.InRange(malformed, 10_000, 20_000);
    }

    [Fact]
    public void EveryCut_IsMalformed()
    {
        var (header, packed) = Packed(TestJournal.Block(200, seed: 1));
        using var decoder = new BlockDecoder();
        for (var length = 0; length < packed.Length; length++)
        {
            Assert.Equal(PayloadStatus.Malformed, Decode(decoder, new JournalBlock(), header, packed[..length]));
        }
    }

    [Fact]
    public void WhatAFrameSaysOfItsLength_CountsForNothing()
    {
        using var compressor = new Compressor(1);
        using var decoder = new BlockDecoder();
        var block = new JournalBlock();
        var old = Old(1);
        var header = Header(old);
        // 64 MiB of zeros in 6 KB; the header speaks of 1,792 bytes.
        var bomb = compressor.Wrap(new byte[64 << 20]).ToArray();
        // Names 2^62 bytes and ends there.
        byte[] boast = [0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0x01, 0, 0];
        // Has to be unpacked with a dictionary that nobody has.
        byte[] dictionary = [0x28, 0xb5, 0x2f, 0xfd, 0x23, 0x11, 0x22, 0x33, 0x44, 0, 0x01, 0, 0];
        byte[] skipped = [0x50, 0x2a, 0x4d, 0x18, 0xff, 0xff, 0xff, 0xff, 1, 2, 3];
        byte[] twice = [.. Bytes(ReferenceFrame), .. Bytes(ReferenceFrame)];
        var empty = compressor.Wrap([]).ToArray();
        foreach (var packed in new[] { bomb, boast, dictionary, skipped, twice, empty, [] })
        {
            PayloadStatus status = default;
            var allocated = Allocated.By(() => status = Decode(decoder, block, header, packed));
            Assert.Equal(PayloadStatus.Malformed, status);
            Assert.InRange(allocated, 0, 100_000);
        }

        Assert.Equal(PayloadStatus.Ok, Decode(decoder, block, header, Bytes(ReferenceFrame)));
        foreach (var length in new[] { header.PayloadLength - 1, header.PayloadLength + 1, 0 })
        {
            var other = header with { PayloadLength = length };
            Assert.Equal(PayloadStatus.Malformed, Decode(decoder, block, other, Bytes(ReferenceFrame)));
        }
    }

    [Fact]
    public void AFormOfANewerRelease_IsRefusedAsNewer()
    {
        var (header, packed) = Packed(Old(1));
        using var decoder = new BlockDecoder();
        foreach (var form in new[] { 3u, 4u, 5u, 0x80000002, uint.MaxValue })
        {
            Assert.Equal(
                PayloadStatus.Newer, Decode(decoder, new JournalBlock(), header with { Form = form }, packed));
        }
    }

    [Fact]
    public void ABlockWithABrokenFrame_IsAnErrorThatNamesThePlace()
    {
        using var journal = new TestJournal();
        using (var writer = journal.Open())
        {
            writer.Append(TestJournal.Block(200, seed: 1));
        }

        // As a program with a fault would write it: the checksum is right, the frame is not.
        var bytes = File.ReadAllBytes(journal.NewestFile);
        var frame = bytes.AsSpan(JournalLayout.FileHeaderSize);
        Assert.True(BlockHeader.TryRead(frame, out var header));
        bytes[FirstPayload] ^= 1;
        JournalLayout.Seal(frame, header);
        File.WriteAllBytes(journal.NewestFile, bytes);

        var error = Assert.Throws<JournalDamagedException>(() => journal.ReadForward());
        Assert.Contains("the parts of block 1 do not fit together", error.Message, StringComparison.Ordinal);
        Assert.Equal(journal.NewestFile, error.File);
        // Its position is whole, so the journal opens and goes on behind it.
        using var again = JournalWriter.Open(journal.Options, out var repair);
        Assert.Equal((false, 1ul), (repair.Any, again.LastSequence));
    }

    private static JournalBlock Old(ulong sequence)
    {
        var block = new JournalBlock
        {
            Sequence = sequence,
            UnixMicroseconds = 1_000_000,
            Position = new SourcePosition(new Guid(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), 1, 77, 1920),
        };
        var raw = new byte[AcctRecord.Size];
        for (var i = 0; i < 30; i++)
        {
            for (var j = 0; j < raw.Length; j++)
            {
                raw[j] = (byte)(j * (i % 3));
            }

            raw[1] = 3;
            block.Add(raw, i % 3, []);
        }

        block.Decisions.Write([.. Enumerable.Range(0, 1200).Select(i => (byte)(i % 5))]);
        return block;
    }

    /// <summary>The header of <see cref="Old"/> when its payload is one frame of zstd.</summary>
    private static BlockHeader Header(JournalBlock old)
    {
        Assert.True(BlockHeader.TryRead(Bytes(BrotliFile).AsSpan(JournalLayout.FileHeaderSize), out var header));
        Assert.Equal((old.Count, JournalLayout.Brotli), (header.Count, header.Form));
        return header with { Form = JournalLayout.Zstd };
    }

    private static (BlockHeader Header, byte[] Payload) Packed(JournalBlock block)
    {
        using var encoder = new BlockEncoder();
        encoder.Encode(block, 0);
        Assert.True(BlockHeader.TryRead(encoder.Frame, out var header));
        Assert.Equal(JournalLayout.Zstd, header.Form);
        return (header, encoder.Frame[JournalLayout.BlockHeaderSize..^JournalLayout.TrailerSize].ToArray());
    }

    private static PayloadStatus Decode(BlockDecoder decoder, JournalBlock block, BlockHeader header, byte[] packed)
    {
        var frame = new byte[JournalLayout.MinBlockBytes + packed.Length];
        packed.CopyTo(frame, JournalLayout.BlockHeaderSize);
        return decoder.Decode(header with { Length = frame.Length }, frame, block);
    }

    /// <summary>Some bytes changed, some cut out, put in or doubled; never the same as before.</summary>
    private static byte[] Break(byte[] packed, Random random)
    {
        var broken = packed.ToList();
        for (var change = random.Next(3); change >= 0; change--)
        {
            // Half of them at the beginning, where the tables are.
            var at = random.Next(random.Next(2) == 0 ? Math.Min(40, broken.Count) : broken.Count);
            var length = Math.Min(random.Next(1, 20), broken.Count - at);
            switch (random.Next(5))
            {
                case 0: broken.RemoveRange(at, length); break;
                case 1: broken.InsertRange(at, broken.GetRange(at, length)); break;
                case 2: broken.Insert(at, (byte)random.Next(256)); break;
                case 3: broken[at] ^= (byte)(1 << random.Next(8)); break;
                default: broken[at] = (byte)(broken[at] + random.Next(1, 256)); break;
            }
        }

        return [.. broken];
    }

    private static List<uint> Forms(byte[] file)
    {
        List<uint> forms = [];
        for (var at = JournalLayout.FileHeaderSize; at < file.Length;)
        {
            Assert.True(BlockHeader.TryRead(file.AsSpan(at), out var header));
            forms.Add(header.Form);
            at += header.Length;
        }

        return forms;
    }

    /// <summary>All blocks, read by one and unpacked by another.</summary>
    private static List<string> Unpacked(TestJournal journal)
    {
        using var reader = journal.Reader();
        using var decoder = new BlockDecoder();
        reader.SeekToStart();
        var (frame, block) = (new JournalFrame(), new JournalBlock());
        List<string> seen = [];
        while (reader.TryReadNext(frame))
        {
            frame.Decode(decoder, block);
            seen.Add(TestJournal.Describe(block));
        }

        return seen;
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.ReplaceLineEndings(""));
}
