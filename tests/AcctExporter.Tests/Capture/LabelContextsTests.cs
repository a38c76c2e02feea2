// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Capture;
using AcctExporter.Ledger;
using AcctExporter.Records;
using AcctExporter.Tests.Ledger;
using AcctExporter.Tests.Properties;

namespace AcctExporter.Tests.Capture;

public sealed class LabelContextsTests
{
    [Fact]
    public void Groups_AreToldApart_OnlyWhereTheyAreALabel()
    {
        var scopes = new CgroupScopes(OptionalLabels.Unit);
        var service = scopes.Of("/a.service"u8);
        var without = new LabelContexts(OptionalLabels.Unit);
        Assert.Equal(without.Of(1, service, scopes), without.Of(2, service, scopes));
        Assert.Equal("a.service", without[without.Of(1, service, scopes)].Unit);
        Assert.Equal(0u, without.Of(1, CgroupScopes.Unknown, scopes));
        Assert.Equal(0u, without.Of(1, CgroupScopes.Nothing, scopes));

        var with = new LabelContexts(OptionalLabels.Unit | OptionalLabels.Group);
        Assert.NotEqual(with.Of(1, service, scopes), with.Of(2, service, scopes));
        Assert.NotEqual(0u, with.Of(1, CgroupScopes.Unknown, scopes));
        Assert.Equal(with.Of(1, CgroupScopes.Nothing, scopes), with.Of(1, CgroupScopes.Unknown, scopes));
    }

    [Fact]
    public void Numbers_AreBounded()
    {
        var scopes = new CgroupScopes(OptionalLabels.None);
        var contexts = new LabelContexts(OptionalLabels.Group, most: 10);
        Assert.True(contexts.HasRoomFor(9));
        Assert.False(contexts.HasRoomFor(10));
        contexts.Of(7, CgroupScopes.Nothing, scopes);
        Assert.False(contexts.HasRoomFor(9));
        contexts.Clear();
        Assert.True(contexts.HasRoomFor(9));
    }

    /// <summary>Paths that differ in nothing wanted share a number; what is not wanted is not shown.</summary>
    [Fact]
    public void Scopes_AreOfWhatIsWanted()
    {
        var id = new string('a', 64);
        var scopes = new CgroupScopes(OptionalLabels.Container);
        Assert.Equal(CgroupScopes.Nothing, scopes.Of("/a.service"u8));
        Assert.Equal(CgroupScopes.Nothing, scopes.Of("/"u8));
        var inside = scopes.Of(Encoding.UTF8.GetBytes($"/docker/{id}"));
        Assert.Equal(inside, scopes.Of(Encoding.UTF8.GetBytes($"/system.slice/docker-{id}.scope/b.service")));
        Assert.Equal(new ExitContext("", "", "aaaaaaaaaaaa", ""), scopes[inside]);
    }

    /// <summary>A unit's name may be any bytes: it is escaped like any other name.</summary>
    [Fact]
    public void Values_AreOneToOne()
    {
        var scopes = new CgroupScopes(OptionalLabels.Unit);
        Assert.Equal(@"a\xff\x0a.service", scopes[scopes.Of([.. "/a"u8, 0xff, (byte)'\n', .. ".service"u8])].Unit);
        Assert.Equal(@"a\x5cxff.service", scopes[scopes.Of("/a\\xff.service"u8)].Unit);
    }

    /// <summary>When all numbers are taken, what a number meant before is asked for anew.</summary>
    [Fact]
    public void MoreGroupsThanNumbers_AreStillToldApart()
    {
        using var scopes = new ProcessScopes(OptionalLabels.Group, false, TimeProvider.System);
        Assert.False(scopes.WantsConnector);
        Assert.Null(scopes.Status);
        using var ledger = new ExitLedger(
            new LedgerOptions { Labels = OptionalLabels.Group, PairLimit = 100_000 }, uid => $"{uid}", null,
            scopes.ContextOf);
        var exits = new ProcessExit[4_000];
        var pairs = new int[exits.Length];
        var decisions = new System.Buffers.ArrayBufferWriter<byte>();
        const int blocks = 25;
        for (var round = 0; round < 2; round++)
        {
            for (var block = 0; block < blocks; block++)
            {
                for (var i = 0; i < exits.Length; i++)
                {
                    exits[i] = TestLedger.Exit("sh") with { Gid = (uint)((block * exits.Length) + i) };
                }

                decisions.ResetWrittenCount();
                scopes.SetContexts(exits, [], ledger);
                ledger.Plan(exits, pairs, decisions, 0);
                ledger.Count(exits, pairs, 0);
            }
        }

        var snapshot = new LedgerSnapshot();
        ledger.CopyTo(snapshot);
        Assert.Equal(blocks * exits.Length, snapshot.Pairs.Count);
        Assert.All(snapshot.Pairs, pair => Assert.Equal(pair.Gid.ToString(), pair.Context.Group));
        Assert.All(snapshot.Rows.ToArray(), row => Assert.Equal(2UL, row.Exits));
    }

    [Fact]
    public void KnownContexts_AllocateNothing()
    {
        using var scopes = new ProcessScopes(OptionalLabels.Group, false, TimeProvider.System);
        using var ledger = new ExitLedger(new LedgerOptions(), uid => $"{uid}");
        ProcessExit[] exits = [TestLedger.Exit("sh"), TestLedger.Exit("sh") with { Gid = 7 }];
        Assert.Equal(0, Allocated.By(() =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                scopes.SetContexts(exits, [], ledger);
            }
        }));
    }
}
