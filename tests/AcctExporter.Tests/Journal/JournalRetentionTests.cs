// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Journal;

namespace AcctExporter.Tests.Journal;

public class JournalRetentionTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddDays(20_000);

    /// <summary>Twenty files of one block, an hour apart.</summary>
    private const int Blocks = 20;

    [Fact]
    public void Age_IsThatOfTheNewestBlockInAFile()
    {
        using var journal = Filled(o => o with { RetentionAge = TimeSpan.FromHours(5) });
        using var writer = journal.Open();
        // The newest block is of hour 19: at hour 20 those of hours 15 to 19 are five hours old at most.
        writer.Retain(Blocks, Start.AddHours(20));
        Assert.Equal(5, writer.Files);
        Assert.Equal("16", journal.ReadForward()[0].Split(' ')[0]);
        writer.Retain(Blocks, Start.AddHours(20));
        Assert.Equal(5, writer.Files);
        writer.Retain(Blocks, Start.AddYears(1));
        Assert.Equal(1, writer.Files);
    }

    [Fact]
    public void Size_IsThatOfAllFiles()
    {
        using var journal = Filled(o => o);
        var sizes = journal.Files.Select(f => new FileInfo(f).Length).ToArray();
        journal.Options = journal.Options with { RetentionBytes = sizes[^3..].Sum() };
        using var writer = journal.Open();
        Assert.Equal(sizes.Sum(), writer.Bytes);
        writer.Retain(Blocks, Start);
        Assert.Equal(3, writer.Files);
        Assert.Equal(journal.Options.RetentionBytes, writer.Bytes);
        Assert.Equal(journal.Options.RetentionBytes, journal.Files.Sum(f => new FileInfo(f).Length));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Off_KeepsWhatAReplayNeeds_AndTheNewestFile(bool noAge, bool noBytes)
    {
        using var journal = Filled(o => o with
        {
            RetentionAge = noAge ? TimeSpan.Zero : o.RetentionAge,
            RetentionBytes = noBytes ? 0 : o.RetentionBytes,
        });
        using (var writer = journal.Open())
        {
            writer.Retain(12, Start);
            Assert.Equal(8, journal.ReadForward(after: 12).Count);
            Assert.Equal(8, writer.Files);
            writer.Retain(Blocks, Start);
            Assert.Equal(1, writer.Files);
        }

        // The position is in the last block, so the last block is never deleted.
        using var reopened = journal.Open();
        Assert.Equal((ulong)Blocks, reopened.LastSequence);
        Assert.Equal(TestJournal.Block(3, Blocks - 1).Position, reopened.LastPosition);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(19)]
    public void WhatNoCheckpointCovers_IsKept_HoweverOldAndLarge(int covered)
    {
        using var journal = Filled(o => o with { RetentionAge = TimeSpan.FromSeconds(1), RetentionBytes = 1 });
        using var writer = journal.Open();
        writer.Retain((ulong)covered, Start.AddYears(10));
        using var replay = journal.Reader();
        replay.SeekAfter((ulong)covered);
        var block = new JournalBlock();
        for (var i = covered; i < Blocks; i++)
        {
            Assert.True(replay.TryReadNext(block));
            Assert.Equal((ulong)i + 1, block.Sequence);
        }

        Assert.Equal(Blocks - covered, writer.Files);
    }

    [Fact]
    public void Folder_IsSyncedAfterFilesComeAndGo_AndNotElse()
    {
        var synced = new List<string>();
        using var journal = new TestJournal();
        journal.Options = journal.Options with { FileBytes = 1, RetentionBytes = 0, SyncDirectory = synced.Add };
        using var writer = journal.Open();
        journal.Append(writer, 1, seed: 1);
        Assert.Empty(synced);
        writer.Sync();
        Assert.Equal([journal.Options.Directory], synced);
        writer.Sync();
        Assert.Single(synced);
        journal.Append(writer, 1, seed: 2);
        writer.Sync();
        Assert.Equal(2, synced.Count);
        writer.Retain(0, Start);
        Assert.Equal(2, synced.Count);
        writer.Retain(2, Start);
        Assert.Equal(3, synced.Count);
    }

    private static TestJournal Filled(Func<JournalOptions, JournalOptions> change)
    {
        var journal = new TestJournal();
        journal.Options = change(journal.Options with { FileBytes = 1 });
        using var writer = journal.Open();
        for (var i = 0; i < Blocks; i++)
        {
            var time = Start.AddHours(i) - DateTimeOffset.UnixEpoch;
            journal.Append(writer, 3, seed: i, time.Ticks / TimeSpan.TicksPerMicrosecond);
        }

        Assert.Equal(Blocks, writer.Files);
        return journal;
    }
}
