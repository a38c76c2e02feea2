// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;
using AcctExporter.Records;

namespace AcctExporter.Tests.Ledger;

public sealed class DeathExemplarTests
{
    private const uint Segfault = 11;
    private const uint Core = 0x80;

    [Fact]
    public void LastDeath_IsKept_WithItsEnd()
    {
        using var ledger = new TestLedger();
        ledger.Count(Death("a", 1, 100), Death("a", 2, 101), Death("a", 3, 99, Segfault | Core));
        var snapshot = ledger.Snapshot();
        // By signal: what was counted last with and without a core.
        Assert.Equal(new DeathExemplar(2, 101_250_000), snapshot.Signals[0].Deaths.Last);
        Assert.Equal(new DeathExemplar(3, 99_250_000), snapshot.Signals[1].Deaths.Last);
        Assert.Equal(new DeathExemplar(2, 101_250_000), snapshot.HostSignal(11).Last);
        Assert.Equal(new DeathExemplar(3, 99_250_000), snapshot.HostCore(11).Last);
    }

    [Fact]
    public void LastDeath_OfTheHost_OutlivesThePair()
    {
        using var ledger = new TestLedger(new() { PairLimit = 1, PairIdleTime = TimeSpan.FromSeconds(1) });
        ledger.Count(Death("a", 1, 100));
        ledger.UnixSeconds += 60;
        Assert.Equal(1, ledger.Evict());
        Assert.Equal(new DeathExemplar(1, 100_250_000), ledger.Snapshot().HostSignal(11).Last);
        ledger.Count(Death("b", 2, 90));
        Assert.Equal(1U, ledger.Snapshot().HostSignal(11).Last.Pid);
        ledger.Count(Death("b", 3, 110));
        Assert.Equal(3U, ledger.Snapshot().HostSignal(11).Last.Pid);
    }

    /// <summary>It is no part of what is counted: the same bytes, whoever died last.</summary>
    [Fact]
    public void Checkpoint_HasNone()
    {
        using var one = new TestLedger();
        using var other = new TestLedger();
        one.Count(Death("a", 1, 100));
        other.Count(Death("a", 77, 555));
        Assert.Equal(one.Checkpoint(), other.Checkpoint());
        using var loaded = new TestLedger();
        loaded.Ledger.LoadCheckpoint(one.Checkpoint());
        Assert.Equal(new Deaths(1, default), loaded.Snapshot().HostSignal(11));
    }

    private static ProcessExit Death(string command, uint pid, uint begin, uint exitCode = Segfault)
    {
        var exit = TestLedger.Exit(command, 0, exitCode);
        (exit.Pid, exit.BeginUnixSeconds, exit.ElapsedMicroseconds) = (pid, begin, 250_000);
        return exit;
    }
}
