// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Journal;

namespace AcctExporter.Tests.Journal;

public class JournalRepairTests
{
    [Fact]
    public void TornEnd_IsCutBackToTheLastWholeBlock_WhateverItsLength()
    {
        using var journal = new TestJournal();
        long whole, length;
        using (var writer = journal.Open())
        {
            journal.Append(writer, 3, seed: 1);
            whole = journal.Append(writer, 2, seed: 2);
            length = journal.Append(writer, 4, seed: 3);
        }

        var bytes = File.ReadAllBytes(journal.NewestFile);
        var expected = journal.ReadForward();
        for (var cut = whole; cut < length; cut++)
        {
            File.WriteAllBytes(journal.NewestFile, bytes[..(int)cut]);
            Assert.Equal(expected[..2], journal.ReadForward());
            Assert.Equal(2, journal.ReadBackward().Count);
            using (var writer = JournalWriter.Open(journal.Options, out var repair))
            {
                Assert.Equal((cut - whole, cut > whole), (repair.BytesCut, repair.Any));
                Assert.Equal(2ul, writer.LastSequence);
                Assert.Equal(TestJournal.Block(2, seed: 2).Position, writer.LastPosition);
                Assert.Equal(whole, writer.Bytes);
                journal.Append(writer, 4, seed: 3);
                Assert.Equal(3ul, writer.LastSequence);
            }

            Assert.Equal(bytes, File.ReadAllBytes(journal.NewestFile));
        }
    }

    [Fact]
    public void EveryFlippedBitOfTheLastBlock_IsFound()
    {
        using var journal = new TestJournal();
        long whole;
        using (var writer = journal.Open())
        {
            whole = journal.Append(writer, 3, seed: 1);
            journal.Append(writer, 2, seed: 2);
        }

        var bytes = File.ReadAllBytes(journal.NewestFile);
        for (var bit = whole * 8; bit < bytes.Length * 8L; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (int)(bit % 8));
            File.WriteAllBytes(journal.NewestFile, bytes);
            Assert.Single(journal.ReadForward());
            using var writer = JournalWriter.Open(journal.Options, out var repair);
            Assert.Equal(bytes.Length - whole, repair.BytesCut);
            Assert.Equal(1ul, writer.LastSequence);
            bytes[bit / 8] ^= (byte)(1 << (int)(bit % 8));
        }
    }

    [Fact]
    public void EveryDamagedByteBeforeTheLastBlock_IsRefused_AndNothingIsCut()
    {
        using var journal = new TestJournal();
        long begin;
        using (var writer = journal.Open())
        {
            journal.Append(writer, 2, seed: 1);
            journal.Append(writer, 3, seed: 2);
            begin = journal.Append(writer, 0, seed: 3);
            begin -= JournalLayout.MinBlockBytes;
        }

        var good = File.ReadAllBytes(journal.NewestFile);
        for (var i = 0; i < begin; i++)
        {
            var bytes = good.ToArray();
            bytes[i] ^= 0x10;
            File.WriteAllBytes(journal.NewestFile, bytes);
            var error = Assert.Throws<JournalDamagedException>(() => JournalWriter.Open(journal.Options, out _));
            Assert.Equal(journal.NewestFile, error.File);
            Assert.Contains($"at byte {error.Offset}", error.Message, StringComparison.Ordinal);
            Assert.InRange(error.Offset, 0, i);
            Assert.Equal(bytes, File.ReadAllBytes(journal.NewestFile));
            if (i >= JournalFile.FirstBlock)
            {
                Assert.Throws<JournalDamagedException>(() => journal.ReadForward());
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(64)]
    [InlineData(100)]
    public void NewestFileWithoutAWholeBlock_IsDeleted_AndTheOneBeforeGoesOn(int length)
    {
        using var journal = new TestJournal();
        journal.Options = journal.Options with { FileBytes = 1 };
        using (var writer = journal.Open())
        {
            journal.Append(writer, 3, seed: 1);
            journal.Append(writer, 2, seed: 2);
        }

        var torn = journal.NewestFile;
        File.WriteAllBytes(torn, File.ReadAllBytes(torn)[..length]);
        Assert.Single(journal.ReadForward());
        Assert.Single(journal.ReadBackward());
        using (var writer = JournalWriter.Open(journal.Options, out var repair))
        {
            Assert.Equal(new JournalRepair(length, torn, 0, 1), repair);
            Assert.Equal(1ul, writer.LastSequence);
            Assert.Equal(TestJournal.Block(3, seed: 1).Position, writer.LastPosition);
            journal.Append(writer, 2, seed: 2);
        }

        Assert.Equal(torn, journal.NewestFile);
        Assert.Equal(2, journal.ReadForward().Count);
    }

    [Fact]
    public void OnlyTheNewestFile_MayBeWithoutABlock()
    {
        using var journal = new TestJournal();
        journal.Options = journal.Options with { FileBytes = 1 };
        using (var writer = journal.Open())
        {
            journal.Append(writer, 3, seed: 1);
            journal.Append(writer, 2, seed: 2);
            journal.Append(writer, 2, seed: 3);
        }

        foreach (var file in journal.Files[1..])
        {
            File.WriteAllBytes(file, new byte[new FileInfo(file).Length]);
        }

        Assert.Throws<JournalDamagedException>(() => JournalWriter.Open(journal.Options, out _));
    }

    [Fact]
    public void NewerFormat_IsRefused()
    {
        using var journal = new TestJournal();
        using (var writer = journal.Open())
        {
            journal.Append(writer, 1, seed: 1);
        }

        var bytes = File.ReadAllBytes(journal.NewestFile);
        bytes[8] = 2;
        BitConverter.TryWriteBytes(bytes.AsSpan(60), Crc32C.Of(bytes.AsSpan(0, 60)));
        File.WriteAllBytes(journal.NewestFile, bytes);

        var error = Assert.Throws<JournalVersionException>(() => JournalWriter.Open(journal.Options, out _));
        Assert.Contains("format 2", error.Message, StringComparison.Ordinal);
        Assert.Throws<JournalVersionException>(() => journal.ReadForward());
        Assert.Throws<JournalVersionException>(() => journal.ReadBackward());
    }

    [Fact]
    public void SecondWriter_IsKeptOut_UntilTheFirstIsGone()
    {
        using var journal = new TestJournal();
        using (journal.Open())
        {
            Assert.Throws<IOException>(() => journal.Open());
        }

        journal.Open().Dispose();
    }

    [Fact]
    public void Crc32C_IsTheOneOfRfc3720()
    {
        Assert.Equal(0xe3069283u, Crc32C.Of("123456789"u8));
        Assert.Equal(0x8a9136aau, Crc32C.Of(new byte[32]));
    }
}
