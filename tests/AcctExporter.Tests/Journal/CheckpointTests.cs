// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Journal;
using AcctExporter.Tests.Kernel;
using AcctExporter.Tests.Properties;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Journal;

public sealed class CheckpointTests
{
    [Fact]
    public void Load_GivesWhatWasSaved() => Holds.ForAll(
        Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf().Two(), 100, sections =>
        {
            using var folder = new TemporaryDirectory();
            var path = folder.Of("checkpoint");
            Sample(sections.Item1, sections.Item2).Save(path);
            var loaded = Checkpoint.Load(path)!;
            return loaded[Checkpoint.LedgerTag]!.SequenceEqual(sections.Item1)
                && loaded[Checkpoint.PositionTag]!.SequenceEqual(sections.Item2) && loaded["NONE"] is null;
        });

    [Fact]
    public void Load_GivesNull_WhenThereIsNone()
    {
        using var folder = new TemporaryDirectory();
        Assert.Null(Checkpoint.Load(folder.Of("checkpoint")));
        Assert.Null(Checkpoint.Load(folder.Of("nowhere/checkpoint")));
    }

    [Fact]
    public void UnknownSection_IsKept()
    {
        using var folder = new TemporaryDirectory();
        var path = folder.Of("checkpoint");
        var newer = Sample([1], [2]);
        newer["ZNEW"] = [7, 8, 9];
        newer["AAA1"] = [];
        newer.Save(path);
        var older = Checkpoint.Load(path)!;
        older[Checkpoint.LedgerTag] = [3];
        older.Save(path);
        var again = Checkpoint.Load(path)!;
        Assert.Equal([7, 8, 9], again["ZNEW"]);
        Assert.Equal([], again["AAA1"]!);
        Assert.Equal([3], again[Checkpoint.LedgerTag]);
        Assert.False(File.Exists(path + ".new"));
    }

    /// <summary>A file that a crash left half written beside the good one is no hindrance.</summary>
    [Fact]
    public void Save_WritesOverALeftover()
    {
        using var folder = new TemporaryDirectory();
        var path = folder.Of("checkpoint");
        folder.File("checkpoint.new", new string('x', 10_000));
        Sample([1], [2]).Save(path);
        Assert.Equal([1], Checkpoint.Load(path)![Checkpoint.LedgerTag]);
    }

    [Fact]
    public void AnyTruncation_IsRefused_ByName()
    {
        using var folder = new TemporaryDirectory();
        var path = folder.Of("checkpoint");
        Sample([1, 2, 3, 4, 5], [6, 7]).Save(path);
        var good = File.ReadAllBytes(path);
        for (var length = 0; length < good.Length; length++)
        {
            Refuses(path, good[..length]);
        }

        Refuses(path, [.. good, 0]);
        Refuses(path, [.. good, .. good]);
        File.WriteAllBytes(path, good);
        Assert.NotNull(Checkpoint.Load(path));
    }

    [Fact]
    public void AnyFlippedBit_IsRefused_ByName()
    {
        using var folder = new TemporaryDirectory();
        var path = folder.Of("checkpoint");
        Sample([1, 2, 3, 4, 5], [6, 7]).Save(path);
        var good = File.ReadAllBytes(path);
        for (var at = 0; at < good.Length; at++)
        {
            foreach (var flip in (byte[])[1, 2, 4, 8, 16, 32, 64, 128, 255])
            {
                var bad = good.ToArray();
                bad[at] ^= flip;
                Refuses(path, bad);
            }
        }
    }

    [Fact]
    public void SectionThatStandsTwice_IsRefused()
    {
        using var folder = new TemporaryDirectory();
        var path = folder.Of("checkpoint");
        var one = new Checkpoint { [Checkpoint.LedgerTag] = [1] };
        one.Save(path);
        var bytes = File.ReadAllBytes(path);
        byte[] twice = [.. bytes, .. bytes[16..]];
        twice[12] = 2;
        Refuses(path, twice);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ABC")]
    [InlineData("ABCDE")]
    [InlineData("AB D")]
    [InlineData("ABC\u00c9")]
    public void Tag_IsFourPrintableCharacters(string tag) =>
        Assert.Throws<ArgumentException>(() => new Checkpoint()[tag] = []);

    private static Checkpoint Sample(byte[] ledger, byte[] position) =>
        new() { [Checkpoint.LedgerTag] = ledger, [Checkpoint.PositionTag] = position };

    private static void Refuses(string path, byte[] bytes)
    {
        File.WriteAllBytes(path, bytes);
        var fault = Assert.Throws<StorageFault>(() => Checkpoint.Load(path));
        Assert.Contains(path, fault.Message, StringComparison.Ordinal);
        Assert.Contains("--storage.on-damage=start-anew", fault.Message, StringComparison.Ordinal);
    }
}
