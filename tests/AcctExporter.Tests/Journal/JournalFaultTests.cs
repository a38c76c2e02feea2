// SPDX-License-Identifier: Apache-2.0

namespace AcctExporter.Tests.Journal;

public class JournalFaultTests
{
    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(1)]
    public void FailedAppend_ChangesNothing_AndTheSameBlockGoesInLater(long fileBytes)
    {
        using var journal = new TestJournal();
        int? failAfter = null;
        journal.Options = journal.Options with
        {
            FileBytes = fileBytes,
            Write = (file, bytes, offset) =>
            {
                // As a full disk does it: some bytes, then no more.
                RandomAccess.Write(file, failAfter is { } some ? bytes[..Math.Min(some, bytes.Length)] : bytes, offset);
                if (failAfter is not null)
                {
                    throw new IOException("No space left on device");
                }
            },
        };
        using var writer = journal.Open();
        journal.Append(writer, 3, seed: 1);
        var before = (writer.LastSequence, writer.LastPosition, writer.Bytes, writer.BytesAppended, writer.Files);
        var block = TestJournal.Block(5, seed: 2);
        for (failAfter = 0; failAfter < 200; failAfter += 7)
        {
            Assert.Throws<IOException>(() => writer.Append(block));
            Assert.Equal(
                before, (writer.LastSequence, writer.LastPosition, writer.Bytes, writer.BytesAppended, writer.Files));
            Assert.Equal(writer.Bytes, journal.Files.Sum(f => new FileInfo(f).Length));
            Assert.Single(journal.ReadForward());
        }

        failAfter = null;
        writer.Append(block);
        writer.Sync();
        Assert.Equal(2ul, block.Sequence);
        Assert.Equal([TestJournal.Describe(block)], journal.ReadForward(after: 1));
        journal.Append(writer, 1, seed: 3);
        Assert.Equal(3, journal.ReadForward().Count);
        Assert.Equal(writer.Bytes, journal.Files.Sum(f => new FileInfo(f).Length));
    }

    [Fact]
    public void FullDisk_LeavesTheJournalUsable()
    {
        // A device that is full from the start: every write to it fails with ENOSPC, as the kernel gives it.
        using var full = File.OpenHandle("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        using var journal = new TestJournal();
        var isFull = false;
        journal.Options = journal.Options with
        {
            Write = (file, bytes, offset) => RandomAccess.Write(isFull ? full : file, bytes, offset),
        };
        using var writer = journal.Open();
        isFull = true;
        var block = TestJournal.Block(5, seed: 2);
        Assert.Throws<IOException>(() => writer.Append(block));
        Assert.Empty(journal.Files);
        isFull = false;
        writer.Append(block);
        isFull = true;
        Assert.Throws<IOException>(() => writer.Append(block));
        isFull = false;
        writer.Append(block);
        Assert.Equal(2, journal.ReadForward().Count);
    }
}
