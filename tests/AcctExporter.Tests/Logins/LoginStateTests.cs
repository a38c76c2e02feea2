// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Journal;
using AcctExporter.Logins;
using AcctExporter.Tests.Properties;
using FsCheck.Fluent;
using static AcctExporter.Tests.Logins.LoginLab;

namespace AcctExporter.Tests.Logins;

/// <summary>
/// What is shown can be rebuilt: killed wherever it may be, nothing is lost, doubled, or below what was shown.
/// </summary>
public sealed class LoginStateTests
{
    private const int Steps = 12;

    /// <summary>Logins, boots and rotations as a seed has them; and where the agent is killed, another.</summary>
    [Fact]
    public void ALife_WithKillsAnywhere_ComesToWhatOneWithoutDoes() => Holds.ForAll(
        Gen.Choose(0, 1 << 20).Two(), 20, seeds =>
        {
            var whole = Live(seeds.Item1, 0, out _);
            var killed = Live(seeds.Item1, seeds.Item2, out var fell);
            return fell is null && whole.SequenceEqual(killed);
        });

    [Fact]
    public void WhatCannotBeSaved_IsNotShown_AndComesLater()
    {
        using var lab = new LoginLab();
        lab.Write();
        lab.Turn();
        Directory.CreateDirectory(lab.LatestFile + ".new");
        lab.Write(Login("alice", "pts/0", Noon));
        var shown = lab.After(10);
        Assert.Equal((0UL, 1UL), (shown.LoginsOf(), shown.SaveFailures));
        lab.After(10);
        Assert.Single(lab.Log.Messages, text => text.StartsWith("cannot save", StringComparison.Ordinal));
        Directory.Delete(lab.LatestFile + ".new");
        Assert.Equal((1UL, 30UL), (lab.After(10).LoginsOf(), lab.Shown!.Connected("alice")));
    }

    [Fact]
    public void ADamagedState_IsRefused_OrSetAside()
    {
        using var lab = new LoginLab();
        lab.Write();
        lab.Turn();
        lab.Write(Login("alice", "pts/0", Noon));
        lab.Turn();
        var bytes = File.ReadAllBytes(lab.StateFile);
        for (var at = 0; at < bytes.Length; at += 7)
        {
            var bad = (byte[])bytes.Clone();
            bad[at] ^= 0x40;
            File.WriteAllBytes(lab.StateFile, bad);
            Assert.Throws<StorageFault>(() => LoginStore.Check(lab.Storage, lab.Options));
        }

        Assert.Throws<StorageFault>(lab.Start);
        lab.StartsAnew = true;
        var shown = lab.Restart();
        Assert.Equal((true, 0UL), (shown.StartedAnew, shown.LoginsOf()));
        Assert.Equal(1, shown.User("alice").SessionsOn(LineClass.Pts));
        Assert.Single(Directory.GetFiles(lab.Storage, "logins.set-aside-*"));
        Assert.False(lab.Restart().StartedAnew);
    }

    /// <summary>
    /// A power cut leaves the synced state, and any bytes where the latest one was: that is no damage.
    /// </summary>
    [Fact]
    public void APowerCut_CostsWhatWasNotSynced_AndNeverTheStart()
    {
        using var lab = new LoginLab();
        lab.Write();
        lab.Turn();
        lab.Write(Login("alice", "pts/0", Noon));
        lab.After(8);
        lab.Sync();
        Assert.False(File.ReadAllBytes(lab.StateFile).AsSpan().SequenceEqual(File.ReadAllBytes(lab.LatestFile)));
        lab.After(4);
        lab.Sync();
        Assert.Equal(File.ReadAllBytes(lab.StateFile), File.ReadAllBytes(lab.LatestFile));
        lab.After(8);
        var latest = File.ReadAllBytes(lab.LatestFile);
        lab.Start();
        Assert.Equal(20UL, lab.Turn().Connected("alice"));
        var torn = new byte[latest.Length];
        latest.AsSpan(0, 100).CopyTo(torn);
        foreach (var left in (byte[]?[])[[], null, torn, latest[..^1], new byte[4096]])
        {
            Put(lab.LatestFile, left);
            LoginStore.Check(lab.Storage, lab.Options);
            lab.Start();
            var shown = lab.Turn();
            Assert.Equal((20UL, 1UL, false), (shown.Connected("alice"), shown.LoginsOf(), shown.StartedAnew));
        }

        Assert.Equal(
            4, lab.Log.Messages.Count(text => text.StartsWith("the latest state of logins", StringComparison.Ordinal)));
    }

    /// <summary>Who takes the state away begins anew: nothing of another life is taken up.</summary>
    [Fact]
    public void TheLatestState_OfAnotherLife_IsNotRead()
    {
        using var lab = new LoginLab();
        lab.Write();
        lab.Turn();
        lab.Write(Login("alice", "pts/0", Noon));
        Assert.Equal(1UL, lab.After(5).LoginsOf());
        File.Delete(lab.StateFile);
        Assert.Equal(0UL, lab.Restart().LoginsOf());
        File.Delete(lab.StateFile);
        Assert.Equal(0UL, lab.Restart().LoginsOf());
    }

    /// <summary>Whole sections with any bytes in them are a fault, and nothing worse.</summary>
    [Fact]
    public void AnyBytes_AreRefused() => Holds.ForAll(
        Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(), 300, bytes =>
        {
            using var lab = new LoginLab();
            var made = new Checkpoint { ["LGCT"] = bytes, ["LGSE"] = bytes, ["LGPO"] = bytes };
            File.WriteAllBytes(lab.StateFile, made.ToBytes());
            return Assert.Throws<StorageFault>(() => LoginStore.Check(lab.Storage, lab.Options)).Message.Length > 0;
        });

    [Fact]
    public void AnotherSource_DropsWhatIsOpen_AndCountsNoHistory()
    {
        using var lab = new LoginLab();
        lab.Options = lab.Options with { Source = LoginSource.Wtmp };
        lab.Write();
        lab.Turn();
        lab.Write(Login("alice", "pts/0", Noon));
        lab.Turn();
        lab.Options = lab.Options with { Source = LoginSource.Wtmpdb };
        var shown = lab.Restart();
        Assert.Equal((null, false, false), (shown.WtmpUp, shown.WtmpdbUp, shown.KnowsSessions));
        lab.Options = lab.Options with { Source = LoginSource.Wtmp };
        shown = lab.Restart();
        Assert.Equal(1UL, shown.LoginsOf());
    }

    /// <summary>
    /// Lives through the steps of a seed. At the steps whose bit is set in <paramref name="kills"/>, the agent is
    /// killed in its turn: before the new state took the old one's place, or after. Returns the last counters, and in
    /// <paramref name="fell"/> one that was below what was shown before, if any.
    /// </summary>
    private static SortedDictionary<string, ulong> Live(int seed, int kills, out string? fell)
    {
        using var lab = new LoginLab();
        lab.StartOf = _ => TimeSpan.Zero;
        lab.Write(Boot(Noon - 50));
        var last = lab.Turn().Counters();
        var random = new Random(seed);
        fell = null;
        for (var step = 0; step < Steps; step++)
        {
            lab.Pass(random.Next(2, 100));
            Act(lab, random, step);
            if ((kills & (1 << step)) != 0)
            {
                var old = File.Exists(lab.LatestFile) ? File.ReadAllBytes(lab.LatestFile) : null;
                lab.Sync();
                lab.Turn();
                if ((kills & (1 << (step + 8))) != 0)
                {
                    // The kill came before the rename: what the turn counted was never shown.
                    Put(lab.LatestFile, old);
                }
                else
                {
                    last = Check(last, lab.Shown!.Counters(), ref fell);
                }

                lab.Start();
            }

            last = Check(last, lab.Turn().Counters(), ref fell);
            last = Check(last, lab.Turn().Counters(), ref fell);
        }

        return last;
    }

    private static void Put(string path, byte[]? content)
    {
        if (content is null)
        {
            File.Delete(path);
            return;
        }

        File.WriteAllBytes(path, content);
    }

    private static void Act(LoginLab lab, Random random, int step)
    {
        var line = $"pts/{random.Next(3)}";
        byte[][] records = random.Next(7) switch
        {
            0 => [Logout(line, lab.Now - random.Next(3))],
            1 => [Boot(lab.Now)],
            2 => [Shutdown(lab.Now - 1), Boot(lab.Now)],
            _ => [Login($"u{random.Next(4)}", line, lab.Now), Login("x", $"tty{step}", lab.Now - 1)],
        };
        lab.Write(records);
        lab.Append(lab.Of("btmp"), Login($"u{step}", "ssh:notty", lab.Now));
        if (random.Next(3) == 0)
        {
            File.Move(lab.Wtmp, lab.Of($"wtmp-2026{step:0000}"));
            lab.Write(Login("y", $"pts/{step + 9}", lab.Now));
        }
    }

    private static SortedDictionary<string, ulong> Check(
        SortedDictionary<string, ulong> before, SortedDictionary<string, ulong> now, ref string? fell)
    {
        foreach (var (name, value) in before)
        {
            if (!now.TryGetValue(name, out var later) || later < value)
            {
                fell = $"{name}: {value}, then {later}";
            }
        }

        return now;
    }
}
