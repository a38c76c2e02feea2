// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Journal;

namespace AcctExporter.Tests.Journal;

public class JournalReaderTests
{
    [Fact]
    public void NewestFirst_IsTheReverseOfForwards_OverManyFiles()
    {
        using var journal = ManyFiles(blocks: 60, fileBytes: 2000);
        var forward = journal.ReadForward();
        var backward = journal.ReadBackward();
        backward.Reverse();

        Assert.InRange(journal.Files.Length, 5, 40);
        Assert.Equal(60, forward.Count);
        Assert.Equal(forward, backward);
        Assert.Equal(
            Enumerable.Range(1, 60).Select(i => i.ToString()), forward.Select(text => text.Split(' ')[0]));
    }

    [Fact]
    public void BlocksLargerThanTheWindow_AreReadBothWays()
    {
        using var journal = new TestJournal();
        using (var writer = journal.Open())
        {
            var block = new JournalBlock();
            for (var i = 0; i < 6; i++)
            {
                TestJournal.Fill(block, 10, seed: i);
                new Random(i).NextBytes(block.Decisions.GetSpan(i * 200_000)[..(i * 200_000)]);
                block.Decisions.Advance(i * 200_000);
                writer.Append(block);
            }
        }

        var backward = journal.ReadBackward();
        backward.Reverse();
        Assert.Equal(6, backward.Count);
        Assert.Equal(journal.ReadForward(), backward);
    }

    [Fact]
    public void SeekAfter_GoesOnBehindAnyBlock()
    {
        using var journal = ManyFiles(blocks: 30, fileBytes: 2000);
        var all = journal.ReadForward();
        for (var after = 1; after <= 31; after++)
        {
            Assert.Equal(all.Skip(after), journal.ReadForward((ulong)after));
        }
    }

    [Fact]
    public void MissingFile_IsSaidToAReplay_AndCountedForAReport()
    {
        using var journal = ManyFiles(blocks: 30, fileBytes: 2000);
        var files = JournalFiles.List(journal.Options.Directory);
        var (firstMissing, missing) = files[2];
        File.Delete(missing);

        var error = Assert.Throws<JournalGapException>(() => journal.ReadForward());
        Assert.Equal((firstMissing, files[3].FirstSequence), (error.Expected, error.Found));
        Assert.Throws<JournalGapException>(() => journal.ReadForward(after: firstMissing));
        Assert.Throws<JournalGapException>(journal.ReadBackward);
        Assert.Equal(30 - (int)files[3].FirstSequence + 1, journal.ReadForward(files[3].FirstSequence - 1).Count);

        using var report = new JournalReader(journal.Options.Directory) { SkipsGaps = true };
        report.SeekToStart();
        var block = new JournalBlock();
        var read = 0ul;
        for (; report.TryReadNext(block); read++)
        {
        }

        Assert.Equal(files[3].FirstSequence - firstMissing, report.MissingBlocks);
        Assert.Equal(30, (int)(read + report.MissingBlocks));
    }

    [Fact]
    public void OldestFileMissing_IsSaidToAReplayThatNeedsIt()
    {
        using var journal = ManyFiles(blocks: 30, fileBytes: 2000);
        File.Delete(journal.Files[0]);
        using var reader = journal.Reader();
        reader.SeekAfter(0);
        Assert.Throws<JournalGapException>(() => reader.TryReadNext(new JournalBlock()));
        Assert.Equal(JournalFiles.List(journal.Options.Directory)[0].FirstSequence, reader.OldestSequence);
        Assert.NotEmpty(journal.ReadForward());
    }

    [Fact]
    public void DamagedBlockInAnOlderFile_IsRefusedBothWays()
    {
        using var journal = ManyFiles(blocks: 30, fileBytes: 2000);
        var bytes = File.ReadAllBytes(journal.Files[1]);
        bytes[^20] ^= 1;
        File.WriteAllBytes(journal.Files[1], bytes);
        Assert.Throws<JournalDamagedException>(() => journal.ReadForward());
        Assert.ThrowsAny<JournalException>(journal.ReadBackward);
    }

    [Fact]
    public void NumbersThatACheckpointCovers_AreNeverGivenAgain()
    {
        using var journal = new TestJournal();
        using var writer = journal.Open();
        journal.Append(writer, 1, seed: 1);
        writer.SkipTo(10);
        journal.Append(writer, 1, seed: 2);

        Assert.Equal(11ul, writer.LastSequence);
        Assert.Single(journal.ReadForward(after: 10));
        Assert.Throws<JournalGapException>(() => journal.ReadForward());
    }

    [Fact]
    public void NoJournalYet_IsTheEnd_AndItsFirstBlockIsFoundLater()
    {
        using var journal = new TestJournal();
        using var reader = journal.Reader();
        var block = new JournalBlock();
        reader.SeekAfter(0);
        Assert.False(reader.TryReadNext(block));
        Assert.Empty(journal.ReadBackward());
        using var writer = journal.Open();
        Assert.False(reader.TryReadNext(block));
        journal.Append(writer, 1, seed: 1);
        Assert.True(reader.TryReadNext(block));
        Assert.False(reader.TryReadNext(block));
    }

    [Fact]
    public async Task ReadersBesideAWriter_SeeEveryBlockOnceAndWhole()
    {
        const int blocks = 3000;
        using var journal = new TestJournal();
        // Written in two halves, so that readers meet torn ends all the time.
        journal.Options = journal.Options with
        {
            FileBytes = 1_500,
            Write = static (file, bytes, offset) =>
            {
                var half = bytes.Length / 2;
                RandomAccess.Write(file, bytes[..half], offset);
                RandomAccess.Write(file, bytes[half..], offset + half);
            },
        };
        using var writer = journal.Open();
        var written = 0ul;
        var forward = Task.Run(() =>
        {
            using var reader = journal.Reader();
            reader.SeekAfter(0);
            var block = new JournalBlock();
            for (var expected = 1ul; expected <= blocks;)
            {
                var visible = Volatile.Read(ref written);
                if (reader.TryReadNext(block))
                {
                    Assert.Equal(expected, block.Sequence);
                    Assert.Equal((int)(expected % 40), block.Count);
                    expected++;
                }
                else
                {
                    Assert.InRange(visible, 0ul, expected - 1);
                }
            }
        });
        var backward = Task.Run(() =>
        {
            using var reader = journal.Reader();
            var block = new JournalBlock();
            while (Volatile.Read(ref written) < blocks)
            {
                var visible = Volatile.Read(ref written);
                reader.SeekToEnd();
                for (var i = 0; i < 30 && reader.TryReadPrevious(block); i++)
                {
                    Assert.True(i > 0 || block.Sequence >= visible);
                    Assert.Equal((int)(block.Sequence % 40), block.Count);
                }
            }
        });
        for (var i = 1; i <= blocks; i++)
        {
            journal.Append(writer, i % 40, seed: i);
            Volatile.Write(ref written, (ulong)i);
        }

        await Task.WhenAll(forward, backward).WaitAsync(TimeSpan.FromSeconds(60));
    }

    private static TestJournal ManyFiles(int blocks, long fileBytes)
    {
        var journal = new TestJournal();
        journal.Options = journal.Options with { FileBytes = fileBytes };
        using var writer = journal.Open();
        for (var i = 0; i < blocks; i++)
        {
            journal.Append(writer, i % 17, seed: i);
        }

        return journal;
    }
}
