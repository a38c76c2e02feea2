// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using AcctExporter.Capture;
using AcctExporter.Ledger;
using AcctExporter.Tests.Journal;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.RealSystem;

/// <summary>A journal that a group may read, asked by a real user of that group, and by one outside it.</summary>
[Trait("Lane", "kernel")]
[Collection(KernelCollection.Name)]
public sealed class JournalGroupTests : IDisposable
{
    /// <summary>A group that every Linux has, and its number on Debian.</summary>
    private const string Group = "adm";
    private const string Number = "4";

    private readonly TemporaryDirectory folder = new();

    public JournalGroupTests() =>
        File.SetUnixFileMode(folder.Path, File.GetUnixFileMode(folder.Path) | UnixFileMode.OtherExecute);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Member_ReadsTheJournal_AndNothingElse()
    {
        // What was there before the group was named is given as well.
        Write(null, blocks: 1);
        Assert.NotEqual(0, AsOther(Number, "cat", Files()[0]));
        Write(Group, blocks: 2);
        Assert.Equal(3, Files().Length);
        foreach (var file in Files())
        {
            Assert.Equal(0, AsOther(Number, "cat", file));
            Assert.NotEqual(0, AsOther("65534", "cat", file));
        }

        Assert.Equal(0, AsOther(Number, "ls", folder.Of("storage/journal")));
        Assert.NotEqual(0, AsOther(Number, "ls", folder.Of("storage")));
        Assert.NotEqual(0, AsOther(Number, "cat", folder.Of("storage/checkpoint")));
        Assert.NotEqual(0, AsOther(Number, "touch", folder.Of("storage/journal/x")));
        // The number does as well; and what was given is taken back.
        Write(Number, blocks: 1);
        Assert.Equal(0, AsOther(Number, "cat", Files()[^1]));
        Write(null, blocks: 1);
        Assert.All(Files(), file => Assert.NotEqual(0, AsOther(Number, "cat", file)));
    }

    [Fact]
    public void UnknownGroup_IsSaid_AndCountingGoesOn()
    {
        var why = Write("no-such", blocks: 1);
        Assert.Equal("there is no such group: make it (groupadd no-such), or name another", why);
        Assert.Single(Files());
    }

    private string[] Files() => [.. Directory.GetFiles(folder.Of("storage/journal"), "*.acj").Order()];

    /// <summary>One life of an agent that writes blocks, each to a new file. Returns why nobody else can read.</summary>
    private string? Write(string? group, int blocks)
    {
        var options = new CaptureOptions { StoragePath = folder.Of("storage"), JournalGroup = group };
        using var store = CaptureStore.Open(
            options, () => new ExitLedger(new LedgerOptions(), uid => $"{uid}"), TimeProvider.System);
        using var ledger = store.Ledger;
        var now = DateTimeOffset.UtcNow;
        for (var i = 0; i < blocks; i++)
        {
            store.Journal.SkipTo(store.Journal.LastSequence + 1);
            store.Journal.Append(TestJournal.Block(5, i, now.ToUnixTimeMilliseconds() * 1_000));
        }

        store.Save(default, now);
        return store.NotShared;
    }

    private static int AsOther(string group, params string[] command)
    {
        using var process = Process.Start(new ProcessStartInfo(
            "setpriv", ["--reuid=65534", "--regid=65534", $"--groups={group}", .. command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode;
    }
}
