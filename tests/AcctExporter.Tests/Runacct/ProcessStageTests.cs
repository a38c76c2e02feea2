// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Journal;
using AcctExporter.Runacct;
using AcctExporter.Suite;
using AcctExporter.Tests.Records;

namespace AcctExporter.Tests.Runacct;

/// <summary>What processes cost by user, group and command: the state PROCESS, over a journal.</summary>
public class ProcessStageTests
{
    private static readonly DateOnly Day = new(2026, 7, 8);

    [Theory]
    [InlineData("UTC")]
    [InlineData("America/New_York")]
    public void Sums_AreThoseOfTheRawRecords(string name)
    {
        using var journal = new DayJournal(fileBytes: 30_000);
        var zone = Calendar.Zone(name);
        var exits = ProcessTruth.Exits(3000, 1, zone);
        journal.Append(exits, 70);
        var stage = journal.Stage(byGroup: true);
        var counts = stage.Run(Day, default, stage.EndNow(default), Split(zone));
        Assert.Empty(journal.Said);
        Assert.Equal(
            new ChargeCounts { Exits = 3000, Unjoined = (ulong)exits.Count(exit => exit.Truth is null) }, counts);
        Assert.Equal(
            ProcessTruth.Sums(exits, zone, exit => (exit.Uid, $"u{exit.Uid}")),
            journal.Sums(stage, ProcessStage.UsersName, Day));
        Assert.Equal(
            ProcessTruth.Sums(exits, zone, exit => (exit.Gid, $"g{exit.Gid}")),
            journal.Sums(stage, ProcessStage.GroupsName, Day));
        Assert.Equal(ProcessTruth.Commands(exits, zone), journal.Commands(stage, Day));
    }

    /// <summary>
    /// The classic examples, by what they are on Linux: memory is a size, and I/O is known from taskstats.
    /// </summary>
    [Fact]
    public void Vectors_ThroughTheJournal()
    {
        using var journal = new DayJournal();
        journal.Append(
        [
            // P1 to P4: mean pages of 4 KiB are the size.
            Joined("cc1", 1001, "2026-07-07 17:59:50", 2000, 300, 100, 251 * 4, 8192, 12),
            Joined("ls", 1001, "2026-07-07 10:00:00", 50, 3, 1, 300 * 4, 4096, 3),
            Joined("sim", 1002, "2026-07-04 10:00:00", 360_000, 89_984, 6000, 513 * 4, 999_936, 2500),
            Joined("true", 1001, "2026-07-07 12:00:00", 10, 0, 0, 0, 0, 0),
        ]);
        var stage = journal.Stage();
        stage.Run(Day, default, stage.EndNow(default), Split(TimeZoneInfo.Utc));
        var sums = journal.Sums(stage, ProcessStage.UsersName, Day);
        var alice = sums[(1001, "u1001")];
        Assert.Equal(3, alice.Processes);
        Assert.Equal("0.034000 0.033333", Minutes(alice.Prime.CpuMicroseconds, alice.NonPrime.CpuMicroseconds));
        Assert.Equal("34.266667 33.466667", Minutes(alice.Prime.KibMicroseconds, alice.NonPrime.KibMicroseconds));
        Assert.Equal((4096 + 4096, 4096), (alice.Prime.CharacterBytes, alice.NonPrime.CharacterBytes));
        Assert.Equal(((6 + 3) * 512, 6 * 512), (alice.Prime.StorageBytes, alice.NonPrime.StorageBytes));
        var bob = sums[(1002, "u1002")];
        Assert.Equal("0.000000 15.997333", Minutes(bob.Prime.CpuMicroseconds, bob.NonPrime.CpuMicroseconds));
        Assert.Equal("0.000000 32826.528000", Minutes(bob.Prime.KibMicroseconds, bob.NonPrime.KibMicroseconds));
        var commands = journal.Commands(stage, Day);
        Assert.Equal((0UL, 1UL), (commands["cc1"].Prime.Processes, commands["cc1"].NonPrime.Processes));
        Assert.Equal((1UL, 0UL), (commands["true"].Prime.Processes, commands["true"].NonPrime.Processes));
    }

    /// <summary>A record that a kernel wrote: nobody knew more of it.</summary>
    [Fact]
    public void ARealRecord_ThroughTheJournal()
    {
        using var journal = new DayJournal();
        var raw = Convert.FromHexString(
            "00030000000300000000000000000000" + "0300000001000000d719026b00007442"
            + "0a002900274400000000" + "3c1000000000" + "6275726e000000000000000000000000");
        using (var writer = JournalWriter.Open(new JournalOptions { Directory = journal.Folder }, out _))
        {
            var block = new JournalBlock { UnixMicroseconds = journal.UnixMicroseconds };
            block.Add(raw, JournalBlock.OtherPair, []);
            writer.Append(block);
        }

        var stage = journal.Stage();
        var counts = stage.Run(Day, default, stage.EndNow(default), Split(TimeZoneInfo.Utc));
        Assert.Equal((1UL, 1UL), (counts.Exits, counts.Unjoined));
        var root = journal.Sums(stage, ProcessStage.UsersName, Day)[(0, "u0")];
        // It began on a Saturday.
        Assert.Equal("0.000000 0.008500", Minutes(root.Prime.CpuMicroseconds, root.NonPrime.CpuMicroseconds));
        Assert.Equal("0.000000 578.272000", Minutes(root.Prime.KibMicroseconds, root.NonPrime.KibMicroseconds));
        Assert.Equal(0, root.NonPrime.CharacterBytes);
        Assert.Equal(610_000UL, journal.Commands(stage, Day)["burn"].Total.ElapsedMicroseconds);
    }

    /// <summary>However often it is charged ahead, and by however many processors, the sums are the same.</summary>
    [Theory]
    [InlineData(1, 700)]
    [InlineData(2, 700)]
    [InlineData(4, 150)]
    public void NoDivisionShows(int workers, int piece)
    {
        using var whole = new DayJournal(fileBytes: 4000);
        // Every piece fills at least a file.
        using var parts = new DayJournal(fileBytes: 2000);
        var exits = ProcessTruth.Exits(2000, 2, TimeZoneInfo.Utc);
        whole.Append(exits, 30);
        var (alone, stage) = (whole.Stage(byGroup: true, workers: 1), parts.Stage(byGroup: true, workers));
        var expected = alone.Run(Day, default, alone.EndNow(default), Split(TimeZoneInfo.Utc));
        foreach (var some in exits.Chunk(piece))
        {
            parts.Append(some, 30);
            Assert.NotNull(stage.ChargeClosed(default, Split(TimeZoneInfo.Utc), 0));
        }

        var counts = stage.Run(Day, default, stage.EndNow(default), Split(TimeZoneInfo.Utc));
        Assert.Equal(expected, counts);
        Assert.True(stage.Files(ProcessStage.UsersName, Day).Count > 1);
        foreach (var name in new[] { ProcessStage.UsersName, ProcessStage.GroupsName })
        {
            Assert.Equal(whole.Sums(alone, name, Day), parts.Sums(stage, name, Day));
        }

        Assert.Equal(whole.Commands(alone, Day), parts.Commands(stage, Day));
        Assert.Empty(parts.Said);
    }

    /// <summary>Done again, a state writes the same bytes; and so does one that finds less charged ahead.</summary>
    [Fact]
    public void DoneAgain_ItIsTheSame()
    {
        using var journal = new DayJournal(fileBytes: 4000);
        var stage = journal.Stage(byGroup: true);
        journal.Append(ProcessTruth.Exits(1000, 3, TimeZoneInfo.Utc), 30);
        Assert.NotNull(stage.ChargeClosed(default, Split(TimeZoneInfo.Utc), 0));
        Assert.Null(stage.ChargeClosed(default, Split(TimeZoneInfo.Utc), 0));
        var end = stage.EndNow(default);
        var first = stage.Run(Day, default, end, Split(TimeZoneInfo.Utc));
        var bytes = Bytes(stage);
        var sums = journal.Sums(stage, ProcessStage.UsersName, Day);

        // What ends later is another day's, whoever charges it when.
        journal.Append(ProcessTruth.Exits(500, 4, TimeZoneInfo.Utc), 30);
        Assert.Equal(first, stage.Run(Day, default, end, Split(TimeZoneInfo.Utc)));
        Assert.Equal(bytes, Bytes(stage));
        Assert.NotNull(stage.ChargeClosed(end, Split(TimeZoneInfo.Utc), 0));
        Assert.Equal(first, stage.Run(Day, default, end, Split(TimeZoneInfo.Utc)));
        Assert.Equal(bytes, Bytes(stage));

        stage.Forget(default, end);
        Assert.Single(Directory.GetFiles(journal.Paths.Nite, "charge*"));
        Assert.Equal(first, stage.Run(Day, default, end, Split(TimeZoneInfo.Utc)));
        Assert.Single(stage.Files(ProcessStage.UsersName, Day));
        Assert.Equal(sums, journal.Sums(stage, ProcessStage.UsersName, Day));

        string[] Bytes(ProcessStage of) =>
        [
            .. new[] { ProcessStage.UsersName, ProcessStage.GroupsName, ProcessStage.CommandsName }
                .SelectMany(name => of.Files(name, Day))
                .Select(file => $"{file.Path} {Convert.ToHexString(File.ReadAllBytes(file.Path))}"),
        ];
    }

    /// <summary>What is charged ahead outlives the journal that it was charged from.</summary>
    [Fact]
    public void WhatRetentionDeletes_IsChargedOrCounted()
    {
        using var journal = new DayJournal(fileBytes: 4000);
        var exits = ProcessTruth.Exits(1000, 5, TimeZoneInfo.Utc);
        journal.Append(exits, 30);
        var stage = journal.Stage();
        var end = stage.EndNow(default);
        var whole = stage.Run(Day, default, end, Split(TimeZoneInfo.Utc));
        var expected = journal.Sums(stage, ProcessStage.UsersName, Day);
        stage.ChargeClosed(default, Split(TimeZoneInfo.Utc), 0);
        Array.ForEach(journal.Files[..^1], File.Delete);
        Assert.Equal(whole, stage.Run(Day, default, end, Split(TimeZoneInfo.Utc)));
        Assert.Equal(expected, journal.Sums(stage, ProcessStage.UsersName, Day));
        Assert.Empty(journal.Said);

        var oldest = JournalFiles.List(journal.Folder)[0].FirstSequence;
        var counts = stage.Run(Day, new(1, 0), end, Split(TimeZoneInfo.Utc));
        Assert.Equal(oldest - 2, counts.LostBlocks);
        Assert.Equal((end.Block - oldest + 1) * 30, counts.Exits + 20);
        Assert.Contains(
            journal.Said,
            text => text.StartsWith($"{oldest - 2} of the {end.Block - 1} blocks", StringComparison.Ordinal));
    }

    [Fact]
    public void DamagedBlocks_AreSaidAndCounted()
    {
        using var journal = new DayJournal(fileBytes: 4000);
        journal.Append(ProcessTruth.Exits(1000, 6, TimeZoneInfo.Utc), 30);
        journal.Close();
        var damaged = JournalFiles.List(journal.Folder)[2];
        var next = JournalFiles.List(journal.Folder)[3].FirstSequence;
        var bytes = File.ReadAllBytes(damaged.Path);
        bytes[200] ^= 1;
        File.WriteAllBytes(damaged.Path, bytes);
        var stage = journal.Stage();
        var counts = stage.Run(Day, default, stage.EndNow(default), Split(TimeZoneInfo.Utc));
        Assert.Equal(next - damaged.FirstSequence, counts.LostBlocks);
        Assert.Equal(1000 - (30 * counts.LostBlocks), counts.Exits);
        Assert.Contains(journal.Said, text => text.Contains(damaged.Path, StringComparison.Ordinal));
    }

    [Fact]
    public void AnEmptyDay_HasFilesOfNothing()
    {
        using var journal = new DayJournal();
        var stage = journal.Stage();
        Assert.Equal(default, stage.Run(Day, default, stage.EndNow(default), Split(TimeZoneInfo.Utc)));
        Assert.Contains(journal.Said, text => text.StartsWith("there is no journal in", StringComparison.Ordinal));
        Assert.Empty(journal.Sums(stage, ProcessStage.UsersName, Day));
        Assert.Single(stage.Files(ProcessStage.UsersName, Day));

        journal.Append(ProcessTruth.Exits(10, 7, TimeZoneInfo.Utc));
        journal.Said.Clear();
        var end = stage.EndNow(default);
        Assert.Equal(default, stage.Run(Day, end, stage.EndNow(end), Split(TimeZoneInfo.Utc)));
        Assert.Empty(journal.Said);
        Assert.Empty(journal.Commands(stage, Day));
    }

    /// <summary>A journal set aside and begun anew, or an old one put back: nothing twice, what is new once.</summary>
    [Theory]
    [InlineData(20)]
    [InlineData(60)]
    public void AnotherJournal_IsChargedFromWhereItIsNew(int laterBlocks)
    {
        using var journal = new DayJournal(fileBytes: 4000);
        journal.Append(ProcessTruth.Exits(900, 8, TimeZoneInfo.Utc), 30);
        var stage = journal.Stage();
        var end = stage.EndNow(default);
        Assert.Equal(30UL, end.Block);
        journal.Close();
        Directory.Move(journal.Folder, journal.Folder + ".set-aside");

        // While there is none, a day ends where it began, so that the next one does not begin with block 1.
        Assert.Equal(end, stage.EndNow(end));
        var later = ProcessTruth.Exits(laterBlocks * 10, 9, TimeZoneInfo.Utc);
        journal.Append(later, 10);
        Assert.Equal((ulong)later.Count, stage.Run(Day, end, stage.EndNow(end), Split(TimeZoneInfo.Utc)).Exits);
        Assert.Contains(journal.Said, text => text.Contains("is another than the one", StringComparison.Ordinal));
        Assert.Equal(
            ProcessTruth.Sums(later, TimeZoneInfo.Utc, exit => (exit.Uid, $"u{exit.Uid}")),
            journal.Sums(stage, ProcessStage.UsersName, Day));

        // The old one is back, without its last file.
        var last = stage.EndNow(end);
        journal.Close();
        Directory.Delete(journal.Folder, recursive: true);
        Directory.Move(journal.Folder + ".set-aside", journal.Folder);
        File.Delete(journal.Files[^1]);
        Assert.Equal(default, stage.Run(Day, last, stage.EndNow(last), Split(TimeZoneInfo.Utc)));
    }

    private static TestExit Joined(string command, uint uid, string begin, ulong elapsed, ulong user, ulong system,
        ulong memory, ulong characters, ulong blocks) => new(
            command, uid, 100, Calendar.At(begin), elapsed, user, system, memory)
        {
            Truth = new()
            {
                IsKnown = true,
                UserMicroseconds = user * 10_000,
                SystemMicroseconds = system * 10_000,
                ElapsedMicroseconds = elapsed * 10_000,
                CallBytes = characters,
                StorageBytes = blocks * 512,
            },
        };

    private static string Minutes<T>(T prime, T nonPrime)
        where T : System.Numerics.INumber<T> =>
        $"{double.CreateChecked(prime) / 60e6:F6} {double.CreateChecked(nonPrime) / 60e6:F6}";

    private static LifeSplit Split(TimeZoneInfo zone) => LifeSplit.Of(Calendar.Of(Calendar.H), zone);
}
