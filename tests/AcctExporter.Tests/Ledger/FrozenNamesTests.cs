// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;

namespace AcctExporter.Tests.Ledger;

/// <summary>Names that change hands while pairs bear them.</summary>
public sealed class FrozenNamesTests
{
    private static readonly LedgerOptions Small =
        new() { PairLimit = 1, PairIdleTime = TimeSpan.FromSeconds(10) };

    private readonly Dictionary<uint, string> system = new() { [1] = "x", [2] = "z" };
    private readonly FrozenNames names;

    public FrozenNamesTests() => names = new FrozenNames(number => system.GetValueOrDefault(number) ?? $"{number}");

    [Fact]
    public void SharedName_IsShared_WhileOneOfItsBearersHasIt()
    {
        Bear(1);
        system[2] = "x";
        Assert.Equal("x", names.Of(2));
        Bear(2);
        system[1] = "y";
        system[3] = "x";
        Assert.Equal("x", names.Of(3));
        system[2] = "z";
        Assert.Equal("3", names.Of(3));
    }

    [Fact]
    public void NameTakenOver_IsTheOldBearers_WhilePairsOfThatLive()
    {
        Bear(1);
        Bear(1);
        (system[1], system[2]) = ("y", "x");
        Assert.Equal(("x", "2"), (names.Of(1), names.Of(2)));
        names.Release(1);
        Assert.Equal(("x", "2"), (names.Of(1), names.Of(2)));
        names.Release(1);
        Assert.Equal(("y", "x"), (names.Of(1), names.Of(2)));

        // The newer one keeps the number as long as it bears it.
        Bear(1);
        (system[1], system[2]) = ("x", "y");
        Assert.Equal("2", names.Of(2));
        Bear(2);
        names.Release(1);
        Assert.Equal("2", names.Of(2));
    }

    [Fact]
    public void NameSwap_MixesNothing()
    {
        Bear(1);
        Bear(2);
        (system[1], system[2]) = ("z", "x");
        Assert.Equal(("x", "z"), (names.Of(1), names.Of(2)));
        // With the pairs of the one gone, its new name is still the other's.
        names.Release(2);
        Assert.Equal(("x", "2"), (names.Of(1), names.Of(2)));
    }

    /// <summary>
    /// The name's bearer was deleted, or its directory is silent: there is no second user of that name.
    /// </summary>
    [Fact]
    public void NameOfNobodyElse_GoesOn()
    {
        Bear(1);
        system.Remove(1);
        system[2] = "x";
        Assert.Equal("x", names.Of(2));
    }

    /// <summary>A number that stands for a slow directory's name is no name that can be taken over.</summary>
    [Fact]
    public void Number_IsItsOwnersAlone()
    {
        system.Remove(1);
        Bear(1);
        system[1] = "x";
        Assert.Equal("1", names.Of(1));
        system[2] = "x";
        Assert.Equal("x", names.Of(2));
    }

    [Fact]
    public void NameTakenOver_ComesBack_WhenTheOldPairIsGone()
    {
        using var ledger = new TestLedger(Small, uid => system[uid]);
        ledger.Count(TestLedger.Exit("sh", 1));
        (system[1], system[2]) = ("y", "x");
        // Over the limit, under other: not under the name of the pair that there is.
        ledger.Count(TestLedger.Exit("sh", 2), TestLedger.Exit("sh", 1));
        Assert.Equal("other/other=1 x/sh=2", ledger.Pairs());

        using (var restarted = new TestLedger(Small with { PairLimit = 2 }, uid => system[uid]))
        {
            restarted.Ledger.LoadCheckpoint(ledger.Checkpoint());
            restarted.Count(TestLedger.Exit("sh", 2), TestLedger.Exit("sh", 1));
            Assert.Equal("2/sh=1 other/other=1 x/sh=3", restarted.Pairs());
        }

        ledger.UnixSeconds += 11;
        Assert.Equal(1, ledger.Evict());
        ledger.Count(TestLedger.Exit("sh", 2));
        Assert.Equal("other/other=1 x/sh=1", ledger.Pairs());
    }

    [Fact]
    public void RenamedUser_HasTheNewName_WhenTheOldPairsAreGone()
    {
        using var ledger = new TestLedger(Small, uid => system[uid]);
        ledger.Count(TestLedger.Exit("sh", 1));
        system[1] = "y";
        ledger.Count(TestLedger.Exit("sh", 1));
        Assert.Equal("x/sh=2", ledger.Pairs());
        ledger.UnixSeconds += 11;
        Assert.Equal(1, ledger.Evict());
        ledger.Count(TestLedger.Exit("ls", 1));
        Assert.Equal("y/ls=1", ledger.Pairs());
        Assert.Equal(3UL, ledger.Snapshot().Host.Exits);
    }

    private void Bear(uint number) => names.Keep(number, names.Of(number));
}
