// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;
using AcctExporter.Ledger;
using AcctExporter.Records;
using AcctExporter.Tests.Properties;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Ledger;

/// <summary>Pairs of more than user and command, and ledgers from before there were any.</summary>
public sealed class OptionalLabelsTests
{
    private const OptionalLabels All = OptionalLabels.Group | OptionalLabels.OfCgroup;

    [Fact]
    public void Series_BearTheirLabels_InOneOrder()
    {
        using var ledger = New([new("", "a\"b.service", "4f1c9a0b7d2e", "uid-1")]);
        ledger.Count(Exit("sh", gid: 5, context: 1));
        Assert.Equal("""
            user="u0",command="sh",group="g5",unit="a\"b.service",container="4f1c9a0b7d2e",pod="uid-1"
            """, LabelsOf(ledger));
    }

    /// <summary>To Prometheus an empty value is no label: two spellings would be two samples of one series.</summary>
    [Fact]
    public void EmptyValue_IsNoLabel()
    {
        using var ledger = New([new("", "", "", "")], labels: OptionalLabels.OfCgroup);
        ledger.Count(Exit("sh", context: 1), Exit("sh"));
        Assert.Equal("user=\"u0\",command=\"sh\"", LabelsOf(ledger));
        Assert.Equal(2UL, ledger.Snapshot().Rows[0].Exits);
    }

    /// <summary>The whole tuple is the identity: no value runs over into its neighbour.</summary>
    [Fact]
    public void Pairs_AreOneToOneWithTheirLabels() => Holds.ForAll(
        (from user in Gen.Choose(0, 2)
         from command in Gen.Choose(0, 2)
         from gid in Gen.Choose(0, 2)
         from context in Gen.Choose(0, 26)
         select (user, command, gid, context)).ArrayOf().Resize(200),
        200,
        exits =>
        {
            string[] values = ["", "x", "xx"];
            var contexts = Enumerable.Range(0, 27)
                .Select(i => new ExitContext("", values[i % 3], values[i / 3 % 3], values[i / 9])).ToArray();
            using var ledger = New(contexts, new LedgerOptions { PairLimit = 10_000, Labels = All });
            ledger.Count([.. exits.Select(exit => Exit(
                $"c{values[exit.command]}", (uint)exit.user, (uint)exit.gid, Number(exit)))]);
            var naive = exits.CountBy(exit => (exit.user, exit.command, exit.gid, contexts[exit.context]))
                .Select(pair => pair.Value).Order();
            var snapshot = ledger.Snapshot();
            var counted = snapshot.Rows.ToArray().Select(row => (int)row.Exits).Order();
            return naive.SequenceEqual(counted)
                && snapshot.Pairs.Select(pair => Encoding.UTF8.GetString(pair.Labels)).Distinct().Count()
                    == snapshot.Pairs.Count;

            // As the capture numbers them: a group and a control group together.
            static uint Number((int User, int Command, int Gid, int Context) exit) =>
                (uint)((exit.Gid * 27) + exit.Context + 1);
        });

    [Fact]
    public void Group_IsFrozen_WhileAPairBearsIt()
    {
        var name = "old";
        using var ledger = new TestLedger(new LedgerOptions { Labels = OptionalLabels.Group }, null,
            gid => $"{name}{gid}", _ => ExitContext.Empty);
        ledger.Count(Exit("sh", gid: 5, context: 1));
        name = "new";
        ledger.Count(Exit("ls", gid: 5, context: 1), Exit("ls", gid: 6, context: 2));
        Assert.Equal(["old5", "old5", "new6"], ledger.Snapshot().Pairs.Select(pair => pair.Context.Group));

        using var other = new TestLedger(new LedgerOptions { Labels = OptionalLabels.Group }, null,
            gid => $"{name}{gid}", _ => ExitContext.Empty);
        other.Ledger.LoadCheckpoint(ledger.Checkpoint());
        other.Count(Exit("cat", gid: 5, context: 7));
        Assert.Equal("old5", other.Snapshot().Pairs[3].Context.Group);
    }

    [Fact]
    public void Group_IsForgotten_WithItsLastPair()
    {
        var name = "old";
        using var ledger = new TestLedger(
            new LedgerOptions { Labels = OptionalLabels.Group, PairLimit = 1, PairIdleTime = TimeSpan.FromSeconds(1) },
            null, _ => name, _ => ExitContext.Empty);
        ledger.Count(Exit("sh", gid: 5, context: 1));
        ledger.UnixSeconds += 10;
        Assert.Equal(1, ledger.Evict());
        name = "new";
        ledger.Count(Exit("sh", gid: 5, context: 1));
        Assert.Equal("new", Assert.Single(ledger.Snapshot().Pairs).Context.Group);
    }

    /// <summary>
    /// What finds no place may have been in any unit: it is folded by user and command, and says nothing of the rest.
    /// </summary>
    [Fact]
    public void Folded_HasNoOptionalLabels()
    {
        using var ledger = New(
            [new("", "a.service", "", "")], new LedgerOptions { PairLimit = 1, Labels = OptionalLabels.Unit });
        ledger.Count(Exit("sh", context: 1), Exit("ls", context: 1));
        Assert.Equal("user=\"other\",command=\"other\"", Encoding.UTF8.GetString(ledger.Snapshot().Pairs[1].Labels));
    }

    /// <summary>Another unit is another raw key, and after a new beginning the same number is another unit.</summary>
    [Fact]
    public void Context_IsPartOfTheRawKey_UntilForgotten()
    {
        ExitContext[] contexts = [new("", "a.service", "", ""), new("", "b.service", "", "")];
        using var ledger = New(contexts, labels: OptionalLabels.Unit);
        ledger.Count(Exit("sh", context: 1), Exit("sh", context: 2), Exit("sh", context: 1), Exit("sh"));
        contexts[0] = new("", "c.service", "", "");
        ledger.Ledger.ForgetRawKeys();
        ledger.Count(Exit("sh", context: 1));
        var snapshot = ledger.Snapshot();
        Assert.Equal(["a.service=2", "b.service=1", "=1", "c.service=1"], snapshot.Pairs.Select(
            (pair, i) => $"{pair.Context.Unit}={snapshot.Rows[i].Exits}"));
    }

    /// <summary>Other labels in the next run: the old pair stays, gets no exits, and gives its place up.</summary>
    [Fact]
    public void OtherLabels_LeaveOldPairsAsTheyAre()
    {
        using var before = New([new("", "a.service", "", "")], labels: OptionalLabels.Unit);
        before.Count(Exit("sh", context: 1));
        using var after = New([new("", "", "4f1c9a0b7d2e", "")], new LedgerOptions
        {
            Labels = OptionalLabels.Container, PairLimit = 2, PairIdleTime = TimeSpan.FromSeconds(5),
        });
        after.Ledger.LoadCheckpoint(before.Checkpoint());
        after.UnixSeconds += 10;
        after.Count(Exit("sh", context: 1));
        Assert.Equal(["a.service", ""], after.Snapshot().Pairs.Select(pair => pair.Context.Unit));
        Assert.Equal([1UL, 1UL], after.Snapshot().Rows.ToArray().Select(row => row.Exits));
        Assert.Equal(1, after.Evict());
        Assert.Equal("4f1c9a0b7d2e", Assert.Single(after.Snapshot().Pairs).Context.Container);
    }

    [Fact]
    public void JournalAndCheckpoint_GiveTheSamePairs()
    {
        using var ledger = New([new("", @"\x6fther.service", "4f1c9a0b7d2e", "p"), new("", "\u00fc", "", "")]);
        ledger.Count(Exit("sh", 1, 2, 1), Exit("ls", 1, 3, 2), Exit("ls", 4));
        var decided = ledger.Decided.ToArray();
        var expected = Described(ledger);
        using var loaded = New([]);
        loaded.Ledger.LoadCheckpoint(ledger.Checkpoint());
        Assert.Equal(expected, Described(loaded));
        using var replayed = New([]);
        replayed.Ledger.Apply(decided);
        replayed.Ledger.Count([Exit("x"), Exit("x"), Exit("x")], [0, 1, 2], 0);
        Assert.Equal(expected, Described(replayed));
        Assert.Contains("g3/\u00fc", expected, StringComparison.Ordinal);
    }

    [Fact]
    public void LedgerOfAnOlderProgram_IsTakenOver()
    {
        using var ledger = New([]);
        ledger.Ledger.LoadCheckpoint(Fixture("layout-1.section"));
        Assert.Equal("other/other=1 root/sh=2 u7/caf\u00e9=1 u7/ls=1", ledger.Pairs());
        Assert.Equal(1UL, ledger.Snapshot().HostSignal(9).Count);

        using var replayed = New([]);
        replayed.Ledger.Apply(Fixture("layout-1.decisions"));
        replayed.Ledger.Count([Exit("x"), Exit("x"), Exit("x")], [0, 1, 2], 0);
        Assert.Equal("root/sh=1 u7/caf\u00e9=1 u7/ls=1", replayed.Pairs());
    }

    /// <summary>A pair without optional labels is written as it ever was: an older program can read it.</summary>
    [Fact]
    public void PairWithoutOptionalLabels_IsWrittenAsByTheOlderProgram()
    {
        using var ledger = new TestLedger(null, uid => uid == 0 ? "root" : $"u{uid}");
        ledger.Count(Exit("sh"), Exit("ls", 7), Exit("caf\u00e9", 7));
        Assert.Equal(Fixture("layout-1.decisions"), ledger.Decided.ToArray());
    }

    [Fact]
    public void AnyTruncationOfABirth_IsRefused()
    {
        var output = new ArrayBufferWriter<byte>();
        Decisions.WriteNewPair(output, new Pair(1, 2, "u", "c", 3, 4, new("g", "n.service", "0123", "p")));
        ReadOnlySpan<byte> left = output.WrittenSpan;
        Assert.True(Decisions.TryTake(ref left, out var kind, out var data));
        Assert.Equal("n.service", Decisions.ReadNewPair(kind, data).Context.Unit);
        for (var length = 0; length < data.Length; length++)
        {
            var cut = data[..length].ToArray();
            Assert.Throws<InvalidDataException>(() => Decisions.ReadNewPair(kind, cut));
        }
    }

    private static byte[] Fixture(string name) =>
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", "ledger", name));

    private static ProcessExit Exit(string command, uint uid = 0, uint gid = 0, uint context = 0) =>
        TestLedger.Exit(command, uid) with { Gid = gid, Context = context };

    /// <summary>Contexts are numbered from 1, and over again for the next group.</summary>
    private static TestLedger New(
        ExitContext[] contexts, LedgerOptions? options = null, OptionalLabels labels = All) =>
        new(options ?? new LedgerOptions { Labels = labels }, null, gid => $"g{gid}",
            context => contexts[(context - 1) % contexts.Length]);

    private static string LabelsOf(TestLedger ledger) =>
        Encoding.UTF8.GetString(Assert.Single(ledger.Snapshot().Pairs).Labels);

    private static string Described(TestLedger ledger) => string.Join(' ', ledger.Snapshot().Pairs.Select(pair =>
        $"{pair.Id}:{pair.Uid}:{pair.Gid}:{pair.User}/{pair.Command}/{pair.Context.Group}/{pair.Context.Unit}"
        + $"/{pair.Context.Container}/{pair.Context.Pod}@{pair.BornUnixMicroseconds}"));
}
