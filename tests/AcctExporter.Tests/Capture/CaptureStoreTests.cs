// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;
using AcctExporter.Journal;
using AcctExporter.Ledger;
using AcctExporter.Records;
using AcctExporter.Tests.Journal;
using AcctExporter.Tests.Ledger;
using AcctExporter.Tests.Properties;
using AcctExporter.Tests.Records;
using FsCheck;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Capture;

public sealed class CaptureStoreTests
{
    /// <summary>What can happen in an agent's life, in any order and any number.</summary>
    private sealed record Event(string What, int Amount, ulong Seed);

    private static Gen<Event> Events { get; } =
        from what in Gen.Frequency(
            (5, Gen.Constant("exits")), (1, Gen.Constant("damage")), (2, Gen.Constant("idle")),
            (1, Gen.Constant("tally")), (2, Gen.Constant("save")), (2, Gen.Constant("kill")))
        from amount in Gen.Choose(0, 60)
        from seed in RecordGen.Seeds
        select new Event(what, amount, seed);

    /// <summary>However an agent ended, the next one has the same ledger and goes on at the same place.</summary>
    [Theory]
    [InlineData(31)]
    [InlineData(0)]
    public void AnyLife_IsRebuilt_ToTheByte(int retentionDays) => Holds.ForAll(
        from limit in Gen.Choose(1, 40)
        from events in Events.ArrayOf().Resize(14)
        select (limit, events),
        120,
        life =>
        {
            var messages = new LooseMessages();
            using var store = new TestStore(
                new LedgerOptions { PairLimit = life.limit, PairIdleTime = TimeSpan.FromSeconds(50) },
                messages.Enricher);
            store.Options = store.Options with { JournalRetentionAge = TimeSpan.FromDays(retentionDays) };
            return life.events.All(next => Live(store, messages, next)) && IsRebuilt(store);
        });

    [Fact]
    public void Open_CountsOnlyWhatTheCheckpointLacks()
    {
        using var store = new TestStore();
        store.Count(new AcctFileGenerator(1).File(1_000));
        store.Save();
        Assert.False(store.Store.HasNews);
        store.Count(new AcctFileGenerator(2).File(50));
        Assert.True(store.Store.HasNews);
        store.End();
        store.Open();
        Assert.Equal((50UL, 1_050UL), (store.Store.ReplayedExits, store.HostExits));
        Assert.Equal(1_050UL * AcctRecord.Size, store.Store.Position.Offset);
    }

    /// <summary>What a rule dropped or renamed is in the journal as such, whatever rules there are later.</summary>
    [Fact]
    public void Replay_AsksNoRule()
    {
        byte[] exits = [.. Pipeline.Ordinary("secret"), .. Pipeline.Ordinary("sh"), .. Pipeline.Ordinary("ls")];
        CommandRule[] first = [CommandRulesTests.Drop("secret"), CommandRulesTests.Rule("sh|ls", "shell")];
        using var store = new TestStore(new LedgerOptions { Rules = first });
        store.Count(exits);
        store.Store.Ledger.Reconfigure(new LedgerOptions { Rules = [CommandRulesTests.Drop("sh")] });
        store.Count(exits);
        var (ledger, snapshot) = (store.Ledger, new LedgerSnapshot());
        store.End();
        store.Limits = new LedgerOptions();
        store.Open();
        store.Store.Ledger.CopyTo(snapshot);
        Assert.Equal((6UL, 6UL, 2UL), (store.Store.ReplayedExits, snapshot.Host.Exits, snapshot.Dropped));
        Assert.Equal(["shell", "secret", "ls"], snapshot.Pairs.Select(pair => pair.Command));
        Assert.Equal(ledger, store.Ledger);
    }

    /// <summary>
    /// The journal's disk is full for a moment, and the checkpoint's is not: what is only planned must not be saved,
    /// for
    /// its block may follow.
    /// </summary>
    [Fact]
    public void Save_LeavesOutABlock_ThatIsNotWrittenYet()
    {
        using var store = new TestStore();
        store.Count(Pipeline.Ordinary("sh"));
        // Planned as the recorder does it; the disk is full, a checkpoint finds room, then so does the block.
        var block = new JournalBlock { UnixMicroseconds = 1, Position = store.Recorder.Position };
        AcctRecord.TryReadExit(Pipeline.Ordinary("late"), out var exit);
        store.Store.Ledger.Plan([exit], new int[1], block.Decisions, 1);
        block.Add(Pipeline.Ordinary("late"), 1, []);
        store.Save();
        store.Store.Journal.Append(block);
        store.End();
        store.Open();
        Assert.Equal(2UL, store.HostExits);
    }

    [Fact]
    public void TornBlock_IsCutOff_AndCountedFromTheFileAgain()
    {
        using var store = new TestStore();
        store.Count(new AcctFileGenerator(1).File(100));
        store.Count(new AcctFileGenerator(2).File(100));
        var whole = store.Ledger;
        store.End();
        var journal = Directory.GetFiles(store.JournalPath, "*.acj").Single();
        using (var torn = new FileStream(journal, FileMode.Open))
        {
            torn.SetLength(torn.Length - 1);
        }

        store.Open();
        Assert.Equal(100UL, store.HostExits);
        Assert.True(store.Store.RepairedBytes > 0);
        store.Drain();
        Assert.Equal(200UL, store.HostExits);
        Assert.Equal(whole, store.Ledger);
    }

    [Fact]
    public void SecondAgent_IsRefused_ByDirectoryAndProcess()
    {
        using var store = new TestStore();
        var fault = Assert.Throws<CaptureFault>(() => store.OpenStore(store.Options));
        Assert.Contains(store.Options.StoragePath, fault.Message, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId}", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("LDGR")]
    [InlineData("JPOS")]
    public void CheckpointWithoutASection_IsRefused(string tag)
    {
        using var store = new TestStore();
        store.Count(Pipeline.Ordinary("sh"));
        store.Save();
        store.End();
        var whole = Checkpoint.Load(store.CheckpointPath)!;
        var kept = tag == Checkpoint.LedgerTag ? Checkpoint.PositionTag : Checkpoint.LedgerTag;
        new Checkpoint { [kept] = whole[kept]! }.Save(store.CheckpointPath);
        Assert.Contains(tag, Assert.Throws<StorageFault>(store.Open).Message, StringComparison.Ordinal);
        whole.Save(store.CheckpointPath);
        store.Open();
        Assert.Equal(1UL, store.HostExits);
    }

    [Fact]
    public void SectionOfAnother_OutlivesSaving()
    {
        using var store = new TestStore();
        store.Count(Pipeline.Ordinary("sh"));
        store.Save();
        store.End();
        var checkpoint = Checkpoint.Load(store.CheckpointPath)!;
        checkpoint["LOGN"] = [1, 2, 3];
        checkpoint.Save(store.CheckpointPath);
        store.Open();
        store.Save();
        Assert.Equal([1, 2, 3], Checkpoint.Load(store.CheckpointPath)!["LOGN"]);
    }

    /// <summary>A journal that contradicts the checkpoint is not counted; what is there can be put aside.</summary>
    [Fact]
    public void JournalThatDoesNotFit_IsRefused_AndCanBeSetAside()
    {
        using var store = new TestStore();
        store.Count(Pipeline.Ordinary("sh"));
        store.Save();
        store.Count(Pipeline.Ordinary("ls"));
        store.End();
        // As of the first block, but with the pairs of both.
        var checkpoint = Checkpoint.Load(store.CheckpointPath)!;
        using (var both = store.OpenStore(store.Options))
        {
            checkpoint[Checkpoint.LedgerTag] = TestLedger.CheckpointOf(both.Ledger);
            checkpoint[Checkpoint.NativesTag] = TestLedger.NativesOf(both.Ledger);
        }

        checkpoint.Save(store.CheckpointPath);
        for (var again = 0; again < 2; again++)
        {
            var fault = Assert.Throws<StorageFault>(store.Open);
            Assert.Contains("born twice", fault.Message, StringComparison.Ordinal);
            Assert.Contains("--storage.on-damage=start-anew", fault.Message, StringComparison.Ordinal);
        }

        store.Options = store.Options with { OnDamage = DamageAction.StartAnew };
        store.Open();
        Assert.Equal((0UL, default), (store.HostExits, store.Store.Position));
        Assert.Single(Directory.GetFiles(store.Options.StoragePath, "checkpoint.set-aside-20260301T120000000Z"));
        Assert.Single(Directory.GetDirectories(store.Options.StoragePath, "journal.set-aside-20260301T120000000Z"));
    }

    private static bool Live(TestStore store, LooseMessages messages, Event next)
    {
        switch (next.What)
        {
            case "exits":
                var records = new AcctFileGenerator(next.Seed) { HostileNames = true }.File(next.Amount);
                messages.SendFor(records, next.Seed);
                store.Count(records);
                return true;
            case "damage":
                store.Count(new byte[next.Amount * AcctRecord.Size]);
                return true;
            case "idle":
                store.Clock.Now += TimeSpan.FromSeconds(next.Amount);
                store.Recorder.EvictIdlePairs();
                return true;
            case "tally":
                store.Recorder.Tally(Tallies.Lost(LossReason.Power), (ulong)next.Amount);
                store.Recorder.Flush();
                return true;
            case "save":
                store.Save();
                return true;
            default:
                return IsRebuilt(store);
        }
    }

    private static bool IsRebuilt(TestStore store)
    {
        var (ledger, position, seen) = (store.Ledger, store.Recorder.Position, TapePlayer.SeenOf(store));
        store.End();
        store.Open();
        return store.Ledger.SequenceEqual(ledger) && store.Store.Position == position
            && TapePlayer.SeenOf(store).SequenceEqual(seen);
    }
}
