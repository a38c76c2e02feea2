// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using AcctExporter.Journal;
using AcctExporter.Ledger;

namespace AcctExporter.Tests.Ledger;

public sealed class ExitLedgerTests
{
    private const uint Killed = 9;
    private const uint Segfault = 11 | 0x80;
    private const uint Failed = 1 << 8;

    [Fact]
    public void Exits_AreSuccessesFailuresAndSignals()
    {
        using var ledger = new TestLedger();
        ledger.Count(
            TestLedger.Exit("a"), TestLedger.Exit("a", 0, Failed), TestLedger.Exit("a", 0, Killed),
            TestLedger.Exit("a", 0, Segfault), TestLedger.Exit("b", 0, Segfault));
        var snapshot = ledger.Snapshot();
        Assert.Equal((5UL, 1UL, 3UL), (snapshot.Host.Exits, snapshot.Host.Failures, snapshot.Host.Signals));
        Assert.Equal(
            (1UL, 0UL, 2UL, 2UL),
            (snapshot.HostSignal(9).Count, snapshot.HostCore(9).Count, snapshot.HostSignal(11).Count,
                snapshot.HostCore(11).Count));
        Assert.Equal(
            [(0, 9, false, 1UL), (0, 11, true, 1UL), (1, 11, true, 1UL)],
            snapshot.Signals.ToArray().Select(death => (death.Pair, death.Signal, death.Core, death.Deaths.Count)));
    }

    [Fact]
    public void Plan_CountsAndShowsNothing()
    {
        using var ledger = new TestLedger();
        ledger.Ledger.Plan([TestLedger.Exit("sh")], new int[1], new ArrayBufferWriter<byte>(), 1);
        Assert.Empty(ledger.Snapshot().Pairs);
        Assert.Equal(0UL, ledger.Snapshot().Host.Exits);
    }

    /// <summary>
    /// A block that is not in the journal may get there later, and is replayed then: its pairs are born in it.
    /// </summary>
    [Fact]
    public void Checkpoint_HasNoPair_ThatIsOnlyPlanned()
    {
        using var ledger = new TestLedger();
        ledger.Count("sh");
        var counted = ledger.Checkpoint();
        var births = new ArrayBufferWriter<byte>();
        ledger.Ledger.Plan([TestLedger.Exit("late")], new int[1], births, 1);
        Assert.Equal(counted, ledger.Checkpoint());

        using var later = new TestLedger();
        later.Ledger.LoadCheckpoint(ledger.Checkpoint());
        later.Ledger.Apply(births.WrittenSpan);
        later.Ledger.Count([TestLedger.Exit("late")], [1], 1);
        Assert.Equal("u0/late=1 u0/sh=1", later.Pairs());
    }

    [Fact]
    public void Limit_FoldsIntoOther()
    {
        using var ledger = new TestLedger(new LedgerOptions { PairLimit = 2 });
        ledger.Count("a", "b", "c", "a", "d", "c");
        Assert.Equal("other/other=3 u0/a=2 u0/b=1", ledger.Pairs());
        Assert.Equal(3UL, ledger.Snapshot().Folded);
        Assert.Equal(2, ledger.Snapshot().PairCount);
    }

    [Fact]
    public void CommandCalledOther_IsNotTheRest()
    {
        using var ledger = new TestLedger(new LedgerOptions { PairLimit = 1 });
        ledger.Count("other", "sh", "sh");
        Assert.Equal(@"other/other=2 u0/\x6fther=1", ledger.Pairs());
    }

    [Fact]
    public void UidsOfOneName_ShareAPair()
    {
        using var ledger = new TestLedger(userName: _ => "toor");
        ledger.Count(TestLedger.Exit("sh", 0), TestLedger.Exit("sh", 7), TestLedger.Exit("ls", 7));
        Assert.Equal("toor/ls=1 toor/sh=2", ledger.Pairs());
    }

    /// <summary>A name and a command of one pair must not read like another's: "a" + "bc" is not "ab" + "c".</summary>
    [Fact]
    public void UserAndCommand_StayApart()
    {
        using var ledger = new TestLedger(userName: uid => uid == 0 ? "a" : "ab");
        ledger.Count(TestLedger.Exit("bc", 0), TestLedger.Exit("c", 1));
        Assert.Equal("a/bc=1 ab/c=1", ledger.Pairs());
    }

    [Fact]
    public void NameThatArrivesLate_ChangesNoPairOfThatUser_WhileOneLives()
    {
        var name = "1000";
        var options = new LedgerOptions { PairLimit = 2, PairIdleTime = TimeSpan.FromSeconds(10) };
        using var ledger = new TestLedger(options, _ => name);
        ledger.Count(TestLedger.Exit("sh", 1000));
        name = "alice";
        ledger.Count(TestLedger.Exit("sh", 1000), TestLedger.Exit("ls", 1000));
        Assert.Equal("1000/ls=1 1000/sh=2", ledger.Pairs());

        // Nor does a restart.
        using (var restarted = new TestLedger(options, _ => name))
        {
            restarted.Ledger.LoadCheckpoint(ledger.Checkpoint());
            restarted.Count(TestLedger.Exit("sh", 1000));
            Assert.Equal("1000/ls=1 1000/sh=3", restarted.Pairs());
        }

        ledger.UnixSeconds += 11;
        Assert.Equal(2, ledger.Evict());
        ledger.Count(TestLedger.Exit("sh", 1000));
        Assert.Equal("alice/sh=1", ledger.Pairs());
    }

    [Fact]
    public void IdlePair_GivesItsPlaceUp_AndComesBackFromZero()
    {
        using var ledger = new TestLedger(new LedgerOptions { PairLimit = 2, PairIdleTime = TimeSpan.FromMinutes(1) });
        ledger.Count(TestLedger.Exit("old", 0, Segfault), TestLedger.Exit("old"), TestLedger.Exit("busy"));
        ledger.UnixSeconds += 61;
        ledger.Count("busy");
        var before = ledger.Snapshot();
        Assert.Equal(1, ledger.Evict());
        Assert.Equal("u0/busy=2", ledger.Pairs());
        Assert.Equal(1, ledger.Snapshot().PairCount);

        var after = ledger.Snapshot();
        Assert.Equal((4UL, 0UL, 1UL), (after.Host.Exits, after.Folded, after.HostCore(11).Count));
        Assert.Equal(before.HostBucket(RowHistogram.Duration, 0), after.HostBucket(RowHistogram.Duration, 0));
        Assert.Empty(after.Signals.ToArray());

        ledger.Count("new");
        ledger.Count("old");
        Assert.Equal("other/other=1 u0/busy=2 u0/new=1", ledger.Pairs());
        ledger.UnixSeconds += 3600;
        Assert.Equal(2, ledger.Evict());
        ledger.Count("old");
        Assert.Equal("other/other=1 u0/old=1", ledger.Pairs());
        Assert.Equal(ledger.UnixSeconds * 1_000_000, ledger.Snapshot().Pairs[0].BornUnixMicroseconds);
        Assert.Equal(7UL, ledger.Snapshot().Host.Exits);
    }

    [Fact]
    public void IdlePair_KeepsItsPlace_WhileOthersAreFree()
    {
        using var ledger = new TestLedger(new LedgerOptions { PairLimit = 3, PairIdleTime = TimeSpan.FromSeconds(1) });
        ledger.Count("a", "b");
        ledger.UnixSeconds += 3600;
        Assert.Equal(0, ledger.Evict());
        Assert.Equal("u0/a=1 u0/b=1", ledger.Pairs());
    }

    /// <summary>
    /// All at once, they would be more than a block of the journal holds, and the pipeline would stand still.
    /// </summary>
    [Fact]
    public void Evictions_FitIntoOneBlock()
    {
        const int limit = 160_000;
        var options = new LedgerOptions { PairLimit = limit, PairIdleTime = TimeSpan.FromSeconds(1) };
        using var ledger = new TestLedger(options);
        ledger.Count([.. Enumerable.Range(0, limit).Select(i => TestLedger.Exit($"c{i}"))]);
        var decisions = new ArrayBufferWriter<byte>();
        Assert.InRange(ledger.Ledger.PlanEvictions(decisions, (ledger.UnixSeconds + 60) * 1_000_000), 1, limit);
        Assert.InRange(decisions.WrittenCount, 1, JournalBlock.MaxDecisionBytes);
    }

    [Fact]
    public void ContradictingDecisions_AreRefused()
    {
        using var ledger = new TestLedger();
        ledger.Count("sh");
        var birth = ledger.Decided.ToArray();
        Assert.Contains("born twice", Assert.Throws<InvalidDataException>(() => ledger.Ledger.Apply(birth)).Message,
            StringComparison.Ordinal);
        var eviction = new ArrayBufferWriter<byte>();
        Decisions.WriteEvictPair(eviction, 5);
        Assert.Contains("never born", Assert.Throws<InvalidDataException>(
            () => ledger.Ledger.Apply(eviction.WrittenSpan)).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => ledger.Ledger.Apply(birth.AsSpan()[..^1]));
    }

    [Fact]
    public void UnknownDecision_IsPassedOver()
    {
        using var ledger = new TestLedger();
        var decisions = new ArrayBufferWriter<byte>();
        decisions.Write((byte[])[200, 3, 0, 1, 2, 3]);
        Decisions.WriteTally(decisions, Tallies.Rotations, 7);
        Decisions.WriteTally(decisions, 60_000, 7);
        ledger.Ledger.Apply(decisions.WrittenSpan);
        Assert.Equal(7UL, ledger.Snapshot().Tallies[Tallies.Rotations]);
    }
}
