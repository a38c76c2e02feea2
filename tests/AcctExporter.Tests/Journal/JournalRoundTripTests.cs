// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Binary;
using AcctExporter.Journal;
using AcctExporter.Records;
using FsCheck;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Journal;

public class JournalRoundTripTests
{
    private sealed record Exit(byte[] Raw, int Pair, byte[] Extension);

    private sealed record Content(Exit[] Exits, byte[] Decisions, ulong Segment, ulong Offset, Guid BootId, long Time);

    [Fact]
    public void AnyBlock_ComesBackAsItWas()
    {
        using var journal = new TestJournal();
        using var writer = journal.Open();
        using var reader = journal.Reader();
        reader.SeekToStart();
        var read = new JournalBlock();
        Prop.ForAll(Contents().ToArbitrary(), content =>
        {
            var block = ToBlock(content);
            writer.Append(block);
            return reader.TryReadNext(read) && TestJournal.Describe(read) == TestJournal.Describe(block);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(400)]
    [InlineData(JournalBlock.MaxExits)]
    public void RealLookingExits_ComeBackAsTheyWere(int exits)
    {
        using var journal = new TestJournal();
        using var writer = journal.Open();
        var block = TestJournal.Block(exits, seed: exits);
        writer.Append(block);

        Assert.Equal([TestJournal.Describe(block)], journal.ReadForward());
        Assert.Equal(block.Position, writer.LastPosition);
        Assert.Equal((ulong)exits, writer.ExitsAppended);
    }

    [Fact]
    public void EveryLimitAtOnce_Fits()
    {
        using var journal = new TestJournal();
        using var writer = journal.Open();
        var block = new JournalBlock();
        var noise = new Random(1);
        var raw = new byte[AcctRecord.Size];
        var extension = new byte[JournalBlock.MaxExtensionBytes / JournalBlock.MaxExits];
        while (!block.IsFull)
        {
            // Noise everywhere: nothing can be compressed, and every pair is far from the one before.
            noise.NextBytes(raw);
            raw[1] = 3;
            noise.NextBytes(extension);
            block.Add(raw, block.Count % 2 == 0 ? int.MaxValue : JournalBlock.DroppedPair, extension);
        }

        noise.NextBytes(block.Decisions.GetSpan(JournalBlock.MaxDecisionBytes)[..JournalBlock.MaxDecisionBytes]);
        block.Decisions.Advance(JournalBlock.MaxDecisionBytes);
        writer.Append(block);

        Assert.Equal([TestJournal.Describe(block)], journal.ReadForward());
        Assert.Equal([TestJournal.Describe(block)], journal.ReadBackward());
    }

    [Fact]
    public void OverTheLimit_IsRefused()
    {
        using var journal = new TestJournal();
        using var writer = journal.Open();
        var block = TestJournal.Block(JournalBlock.MaxExits, seed: 1);
        Assert.Throws<InvalidOperationException>(() => block.Add(block.RecordOf(0), 0, []));
        block.Clear();
        Assert.Throws<InvalidOperationException>(
            () => block.Add(RawV3(), 0, new byte[JournalBlock.MaxExtensionBytes + 1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => block.Add(RawV3(), -3, []));
        Assert.Throws<ArgumentException>(() => block.Add(RawV3().AsSpan(0, 62), 0, []));
        block.Decisions.Write(new byte[JournalBlock.MaxDecisionBytes + 1]);
        Assert.Throws<ArgumentException>(() => writer.Append(block));
        Assert.Equal(0ul, writer.LastSequence);
    }

    [Fact]
    public void TwentyExits_TakeLessThanHalfOfTheirRecords()
    {
        using var journal = new TestJournal();
        using var writer = journal.Open();
        writer.Append(TestJournal.Block(20, seed: 1));
        Assert.InRange(writer.BytesAppended - JournalLayout.MinBlockBytes, 100, 20 * 30);
        var before = writer.BytesAppended;
        writer.Append(TestJournal.Block(4096, seed: 2));
        Assert.InRange(writer.BytesAppended - before, 1000, 4096 * 12);
    }

    [Fact]
    public void AnyPayload_GivesAStatus()
    {
        using var decoder = new BlockDecoder();
        var block = new JournalBlock();
        Prop.ForAll(Payloads().ToArbitrary(), payload =>
        {
            var frame = new byte[JournalLayout.MinBlockBytes + payload.Bytes.Length];
            payload.Bytes.CopyTo(frame, JournalLayout.BlockHeaderSize);
            var header = new BlockHeader(
                frame.Length, 1, 0, default, payload.Count, payload.Form, payload.Bytes.Length);
            return Enum.IsDefined(decoder.Decode(header, frame, block));
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(5000));
    }

    [Fact]
    public void UnknownParts_AreSkippedWhenMarked_AndElseRefused()
    {
        Assert.Equal(PayloadStatus.Ok, DecodeOnePart(0x85, form: 0));
        Assert.Equal(PayloadStatus.Newer, DecodeOnePart(0x05, form: 0));
        Assert.Equal(PayloadStatus.Newer, DecodeOnePart(0x85, form: 3));
    }

    private static PayloadStatus DecodeOnePart(byte tag, uint form)
    {
        var frame = new byte[JournalLayout.MinBlockBytes + JournalLayout.PartHeaderSize + 3];
        frame[JournalLayout.BlockHeaderSize] = tag;
        frame[JournalLayout.BlockHeaderSize + 1] = 3;
        var header = new BlockHeader(frame.Length, 1, 0, default, 0, form, JournalLayout.PartHeaderSize + 3);
        using var decoder = new BlockDecoder();
        return decoder.Decode(header, frame, new JournalBlock());
    }

    private static byte[] RawV3()
    {
        var raw = new byte[AcctRecord.Size];
        raw[1] = 3;
        return raw;
    }

    private static JournalBlock ToBlock(Content content)
    {
        var block = new JournalBlock
        {
            UnixMicroseconds = content.Time,
            Position = new SourcePosition(content.BootId, content.Segment, content.Offset / 3, content.Offset),
        };
        block.Decisions.Write(content.Decisions);
        foreach (var exit in content.Exits)
        {
            block.Add(exit.Raw, exit.Pair, exit.Extension);
        }

        return block;
    }

    /// <summary>Records of all versions, v1 with its 62 bytes too: noise, or a few bytes off the same base.</summary>
    private static Gen<Exit> Exits() =>
        from version in Gen.Elements<byte>(0, 1, 2, 3, 3, 3, 3, 0x81, 0x83)
        from noisy in Gen.Elements(true, false)
        from bytes in Gen.ArrayOf(ArbMap.Default.GeneratorFor<byte>(), AcctRecord.Size)
        from pair in Gen.OneOf(Gen.Choose(-2, 5), Gen.Choose(-2, int.MaxValue))
        from extension in Gen.Frequency(
            (8, Gen.Constant(Array.Empty<byte>())), (1, ArbMap.Default.GeneratorFor<byte[]>()))
        select new Exit(Raw(version, bytes, noisy), pair, extension);

    private static byte[] Raw(byte version, byte[] bytes, bool noisy)
    {
        var raw = noisy ? bytes : [.. bytes.Select((value, i) => value > 230 ? value : (byte)(i * 7))];
        raw[1] = version;
        return raw[..AcctRecord.SizeOf(version)];
    }

    private static Gen<Content> Contents() =>
        from exits in Gen.ArrayOf(Exits())
        from repeat in Gen.Choose(1, 20)
        from decisions in ArbMap.Default.GeneratorFor<byte[]>()
        from segment in ArbMap.Default.GeneratorFor<ulong>()
        from offset in ArbMap.Default.GeneratorFor<ulong>()
        from bootId in ArbMap.Default.GeneratorFor<Guid>()
        from time in ArbMap.Default.GeneratorFor<long>()
        select new Content(
            [.. Enumerable.Repeat(exits, repeat).SelectMany(e => e)], decisions, segment, offset, bootId, time);

    private static Gen<(byte[] Bytes, int Count, uint Form)> Payloads() =>
        from tag in Gen.Elements<byte>(1, 2, 3, 0x81)
        from body in Gen.ArrayOf(Gen.OneOf(Gen.Choose(0, 6), Gen.Choose(0, 255)).Select(value => (byte)value))
        from wrapped in Gen.Elements(true, false)
        from count in Gen.Choose(0, 4)
        from form in Gen.Elements(0u, 0u, 1u, 2u)
        select (wrapped ? Part(tag, body) : body, count, form);

    private static byte[] Part(byte tag, byte[] body)
    {
        var part = new byte[JournalLayout.PartHeaderSize + body.Length];
        part[0] = tag;
        BinaryPrimitives.WriteInt32LittleEndian(part.AsSpan(1), body.Length);
        body.CopyTo(part, JournalLayout.PartHeaderSize);
        return part;
    }
}
