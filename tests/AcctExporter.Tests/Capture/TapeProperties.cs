// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;
using AcctExporter.Tests.Properties;
using FsCheck;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Capture;

/// <summary>Made-up tapes through the whole agent, with the agent's own ends at any step.</summary>
public sealed class TapeProperties
{
    /// <summary>What happens at a pass beside it.</summary>
    private enum Act
    {
        None,
        Save,
        Kill,
        KillInside,
        Evict,
    }

    private static Gen<TapePlan> Plans { get; } =
        from wait in Gen.Frequency((3, Gen.Choose(0, 3_000)), (1, Gen.Choose(0, 700_000)))
        from duration in Gen.Frequency((4, Gen.Choose(0, 9_000)), (1, Gen.Choose(0, 2_000_000)))
        from threads in Gen.Frequency((3, Gen.Constant(1)), (2, Gen.Choose(2, 4)))
        from late in Gen.Frequency((2, Gen.Constant(0)), (2, Gen.Choose(0, 500)))
        from lag in Gen.Frequency((3, Gen.Choose(0, 500)), (1, Gen.Choose(0, 90_000)))
        from pass in Gen.Choose(0, 2)
        select new TapePlan(wait, duration, threads, late, lag, pass == 0);

    private static Gen<Act> Acts { get; } = Gen.Frequency(
        (4, Gen.Constant(Act.None)), (1, Gen.Constant(Act.Save)), (1, Gen.Constant(Act.Kill)),
        (1, Gen.Constant(Act.KillInside)), (1, Gen.Constant(Act.Evict)));

    /// <summary>
    /// Killed between any two steps: the ledger is the same to the byte, each record is counted once, no exit changes
    /// that a reader saw, and none ever has another's messages.
    /// </summary>
    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(4)]
    [InlineData(12)]
    public void AnyTape_IsCountedOnce_WhereverTheAgentIsKilled(int queue)
    {
        var (joined, overflows, kills) = (0, 0UL, 0);
        Holds.ForAll(
            from plans in Plans.ArrayOf().Resize(60)
            from acts in Acts.ArrayOf().Resize(40)
            select (plans, acts),
            80,
            life =>
            {
                var tape = MadeUpTape.Of(life.plans, queue);
                using var player = new TapePlayer(
                    tape, new LedgerOptions { PairLimit = 3, PairIdleTime = TimeSpan.FromSeconds(1) });
                for (var step = 0; step < tape.Passes.Count; step++)
                {
                    var act = life.acts.Length == 0 ? Act.None : life.acts[step % life.acts.Length];
                    kills += act is Act.Kill or Act.KillInside ? 1 : 0;
                    overflows += player.Drain.Overflows;
                    Live(player, tape.Passes[step], act);
                }

                player.Store.Drain();
                return IsSound(player, tape, ref joined);
            });
        Assert.True(joined > 30, $"{joined} joined");
        Assert.True(kills > 100, $"{kills} kills");
        Assert.Equal(queue != int.MaxValue, overflows > 0);
    }

    private static void Live(TapePlayer player, TapePass pass, Act act)
    {
        player.Play(pass, act == Act.KillInside ? pass.Looks.Count / 2 : -1);
        switch (act)
        {
            case Act.Save:
                player.Store.Save();
                break;
            case Act.Evict:
                player.Store.Recorder.EvictIdlePairs();
                break;
            case Act.Kill:
                var (ledger, seen) = (player.Store.Ledger, TapePlayer.SeenOf(player.Store));
                player.Kill();
                Assert.Equal(ledger, player.Store.Ledger);
                Assert.Equal(seen, TapePlayer.SeenOf(player.Store));
                break;
        }
    }

    private static bool IsSound(TapePlayer player, Tape tape, ref int joined)
    {
        var journal = player.Journal();
        Assert.Equal(tape.File, journal.SelectMany(one => one.Raw));
        foreach (var (exit, figures, _) in journal)
        {
            if (!figures.IsKnown)
            {
                continue;
            }

            joined++;
            Assert.Equal(MadeUpTape.SerialOf(exit) * figures.ReadBytes, figures.WrittenBytes);
            Assert.InRange(figures.ReadBytes, 1024UL, 4096UL);
        }

        var snapshot = new LedgerSnapshot();
        player.Store.Store.Ledger.CopyTo(snapshot);
        return snapshot.Host.Exits == (ulong)journal.Count
            && snapshot.Tallies[Tallies.Unenriched] == (ulong)journal.Count(one => !one.Figures.IsKnown)
            && snapshot.Tallies[Tallies.Incomplete] == (ulong)journal.Count(one => one.Figures.IsIncomplete);
    }
}
