// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Tests.Capture;

/// <summary>The tapes of Fixtures/tape, through the whole agent but the system calls.</summary>
public sealed class TapeTests
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Fixtures", "tape");

    [Fact]
    public void QuietTape_JoinsEveryProcess_WithItsOwnMessages() => HoldsOfAQuiet(Load("quiet"), Truth("quiet"));

    [Fact]
    public void OverflowingTape_JoinsNoProcess_WithAnothersMessages() =>
        HoldsOfAnOverflowing(Load("overflow"), Truth("overflow"));

    /// <summary>
    /// Killed at every third pass, at any look at the socket in it: what was seen is there again, and what was lost is
    /// counted as not joined.
    /// </summary>
    [Theory]
    [InlineData("quiet")]
    [InlineData("overflow")]
    public void Tape_IsCountedOnce_WhereverTheAgentIsKilled(string name)
    {
        var tape = Load(name);
        for (var shift = 0; shift < 3; shift++)
        {
            using var player = new TapePlayer(tape);
            for (var step = 0; step < tape.Passes.Count; step++)
            {
                var pass = tape.Passes[step];
                var killed = (step + shift) % 3 == 0;
                player.Play(pass, killed ? step % (pass.Looks.Count + 1) : -1);
                if (step % 7 == shift)
                {
                    player.Store.Save();
                }

                if (step % 5 == 0)
                {
                    IsRebuilt(player.Store, player.Kill);
                }
            }

            player.Store.Drain();
            var truth = new TapeTruth(player, Truth(name));
            truth.RecordsAreCountedOnce(tape);
            truth.JoinedProcessesAreThemselves();
        }
    }

    internal static void HoldsOfAQuiet(Tape tape, IReadOnlyList<string> lines)
    {
        using var player = new TapePlayer(tape);
        player.PlayAll();
        var truth = new TapeTruth(player, lines);
        truth.RecordsAreCountedOnce(tape);
        truth.JoinedProcessesAreThemselves();
        Assert.Equal(0, truth.Missed(tape));
        Assert.Equal(0, truth.Known.Unjoined);
        Assert.Equal((0UL, 0UL), (player.Drain.Overflows, player.Drain.Rejected));
    }

    internal static void HoldsOfAnOverflowing(Tape tape, IReadOnlyList<string> lines)
    {
        using var player = new TapePlayer(tape);
        player.PlayAll();
        var truth = new TapeTruth(player, lines);
        truth.RecordsAreCountedOnce(tape);
        truth.JoinedProcessesAreThemselves();
        Assert.InRange(player.Drain.Overflows, 3UL, ulong.MaxValue);
        Assert.InRange(truth.Known.Joined, 20, int.MaxValue);
        Assert.InRange(truth.Known.Unjoined, 10, int.MaxValue);
    }

    /// <summary>Checkpoint and journal make the same ledger, and what a reader saw of an exit is what it was.</summary>
    private static void IsRebuilt(TestStore store, Action kill)
    {
        var (ledger, seen) = (store.Ledger, TapePlayer.SeenOf(store));
        kill();
        Assert.Equal(ledger, store.Ledger);
        Assert.Equal(seen, TapePlayer.SeenOf(store));
    }

    private static Tape Load(string name) => Tape.Load(Path.Combine(Folder, $"{name}.tape.gz"));

    private static string[] Truth(string name) => File.ReadAllLines(Path.Combine(Folder, $"{name}.truth.txt"));
}
