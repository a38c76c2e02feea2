// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Text;
using AcctExporter.Ledger;
using AcctExporter.Records;

namespace AcctExporter.Tests.Ledger;

/// <summary>The section LDGR as docs/formats/checkpoint.md gives it, byte by byte.</summary>
public sealed class LedgerCheckpointTests
{
    private const int BirthBytes = 21;
    private const int RowBytes = 256;
    private const int TaskRowBytes = 464;

    /// <summary>Five lists of bounds, each a number and twelve of 8 bytes.</summary>
    private const int BoundsBytes = 5 * (4 + (12 * 8));

    [Fact]
    public void Bytes_AreAsTheDocumentSays()
    {
        using var ledger = new TestLedger(userName: _ => "bob");
        var exit = TestLedger.Exit("ab", uid: 5, exitCode: 11 | 0x80);
        exit.Flags = AcctFlags.ForkedWithoutExec | AcctFlags.UsedPrivilege;
        exit.UserMicroseconds = 10_000;
        exit.SystemMicroseconds = 20_000;
        exit.MinorFaults = 3;
        exit.MajorFaults = 4;
        exit.ElapsedMicroseconds = 60_000;
        exit.VirtualMemoryBytes = 5 << 20;
        ledger.Count(exit, TestLedger.Exit("ab", 5, 1 << 8));
        var bytes = ledger.Checkpoint();

        Assert.Equal([3, RowBytes], UInts(bytes, 0, 2));
        Assert.Equal([(ulong)ledger.UnixSeconds * 1_000_000], ULongs(bytes, 8, 1));
        Assert.Equal([BirthBytes + 5], UInts(bytes, 16, 1));
        var birth = bytes.AsSpan(20, BirthBytes + 5);
        Assert.Equal([1, BirthBytes + 5 - 3, 0], birth[..3].ToArray());
        Assert.Equal([0, 5], UInts(birth, 3, 2));
        Assert.Equal(ledger.UnixSeconds * 1_000_000, BinaryPrimitives.ReadInt64LittleEndian(birth[11..]));
        Assert.Equal("\u0003\0bobab", Encoding.UTF8.GetString(birth[19..]));

        var rows = 20 + BirthBytes + 5;
        Assert.Equal([4], UInts(bytes, rows, 1));
        Assert.Equal(-1, bytes.AsSpan(rows + 4, 3 * RowBytes).IndexOfAnyExcept((byte)0));
        var row = bytes.AsSpan(rows + 4 + (3 * RowBytes), RowBytes);
        Assert.Equal([2, 1, 1, 10_000, 20_000, 3, 4, 1, 1, 60_000, 5 << 20], ULongs(row, 0, 11));
        Assert.Equal([(uint)ledger.UnixSeconds], UInts(row, 88, 1));
        Assert.Equal([1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0], UInts(row, 92, 13));
        Assert.Equal([1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0], UInts(row, 144, 13));
        Assert.Equal([1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], UInts(row, 196, 13));
        Assert.Equal([0], ULongs(row, 248, 1));

        var signals = rows + 4 + (4 * RowBytes);
        Assert.Equal([1], UInts(bytes, signals, 1));
        Assert.Equal([(3 * 256) + 128 + 11, 1], ULongs(bytes, signals + 4, 2));
        Assert.Equal([0, 256], UInts(bytes, signals + 20, 2));
        var tasks = signals + 28 + (256 * 8);
        Assert.Equal([TaskRowBytes, 0], UInts(bytes, tasks, 2));
        var bounds = tasks + 8;
        Assert.Equal([12], UInts(bytes, bounds, 1));
        Assert.Equal([10_000, 20_000], ULongs(bytes, bounds + 4, 2));
        Assert.Equal([12], UInts(bytes, bounds + (4 * 100), 1));
        Assert.Equal([1UL << 20, 1UL << 22], ULongs(bytes, bounds + (4 * 100) + 4, 2));
        Assert.Equal(bounds + BoundsBytes, bytes.Length);
    }

    [Fact]
    public void TaskRows_AreAsTheDocumentSays()
    {
        using var ledger = new TestLedger(new LedgerOptions { PairLimit = 2 });
        var figures = new TaskFigures
        {
            ResidentMebibyteMicroseconds = ulong.MaxValue, ReadBytes = 1, WrittenBytes = 5 << 20, StorageReadBytes = 3,
            StorageWrittenBytes = 4, StorageCancelledBytes = 5, PeakResidentBytes = 3 << 20,
            Knowledge = TaskKnowledge.Joined | TaskKnowledge.Delays,
        };
        for (var reason = 0; reason < DelayFigures.Count; reason++)
        {
            figures.DelayMicroseconds[reason] = (ulong)(reason + 1);
        }

        var without = figures;
        without.Knowledge = TaskKnowledge.Joined;
        // Nothing is known of the exit of "a"; "b" has two.
        ledger.Count([TestLedger.Exit("a"), TestLedger.Exit("b"), TestLedger.Exit("b")], [default, figures, without]);
        var bytes = ledger.Checkpoint();
        var tasks = bytes.AsSpan()[^(8 + 4 + TaskRowBytes + BoundsBytes)..];
        Assert.Equal([TaskRowBytes, 1, 4], UInts(tasks, 0, 3));
        var row = tasks[12..];
        Assert.Equal([2, 1, ulong.MaxValue - 1, 1, 2, 10 << 20, 6, 8, 10, 6 << 20], ULongs(row, 0, 10));
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], ULongs(row, 80, 8));
        Assert.Equal([0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], ULongs(row, 144, 13));
        Assert.Equal([2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], ULongs(row, 248, 13));
        Assert.Equal([0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], ULongs(row, 352, 13));
        Assert.Equal([0], ULongs(row, 456, 1));

        // A row of a pair that was never born.
        BinaryPrimitives.WriteUInt32LittleEndian(tasks[8..], 5);
        using var other = new TestLedger();
        Assert.Contains("task row 5 of no pair", Assert.Throws<InvalidDataException>(
            () => other.Ledger.LoadCheckpoint(bytes)).Message, StringComparison.Ordinal);
    }

    /// <summary>An agent is replaced by a newer one in place, and counts on.</summary>
    [Fact]
    public void LayoutWithoutTaskRows_IsLoaded()
    {
        var bytes = File.ReadAllBytes(
            Path.Combine(AppContext.BaseDirectory, "Fixtures", "checkpoint", "ledger-layout1.bin"));
        Assert.Equal([1], UInts(bytes, 0, 1));
        using var ledger = new TestLedger(new LedgerOptions { PairLimit = 2 }, _ => "bob");
        ledger.Ledger.LoadCheckpoint(bytes);
        Assert.Equal("bob/ab=1 bob/cd=1 other/other=1", ledger.Pairs());
        Assert.Equal((1UL, 1UL), (ledger.Snapshot().HostCore(11).Count, ledger.Snapshot().HostSignal(9).Count));
        Assert.Equal(0UL, ledger.Snapshot().HostTasks.Exits);
        // Written again it is the same, but for the number in front and the new parts behind.
        Assert.Equal(bytes[4..], ledger.Checkpoint()[4..^(8 + BoundsBytes)]);

        ledger.Count([TestLedger.Exit("cd", 5)], [new TaskFigures { ReadBytes = 7, Knowledge = TaskKnowledge.Joined }]);
        Assert.Equal(7UL, ledger.Snapshot().HostTasks.ReadBytes);
        Assert.Equal("bob/ab=1 bob/cd=2 other/other=1", ledger.Pairs());
    }

    [Fact]
    public void AnyTruncation_IsRefused()
    {
        using var ledger = new TestLedger();
        ledger.Count([TestLedger.Exit("sh", 0, 9), TestLedger.Exit("ls")], TestLedger.RandomFigures(1, 2));
        var bytes = ledger.Checkpoint();
        for (var length = 0; length < bytes.Length; length++)
        {
            using var other = new TestLedger();
            Assert.Throws<InvalidDataException>(() => other.Ledger.LoadCheckpoint(bytes.AsSpan(0, length)));
        }
    }

    [Theory]
    [InlineData(0, 0, "layout 0; this program knows 1 to 3")]
    [InlineData(0, 4, "layout 4; this program knows 1 to 3")]
    [InlineData(4, 2, "rows of 2 bytes, not 256")]
    [InlineData(-8 - BoundsBytes, 3, "task rows of 3 bytes, not 464")]
    public void OtherLayout_IsRefused(int at, uint value, string message)
    {
        using var ledger = new TestLedger();
        var bytes = ledger.Checkpoint();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at < 0 ? bytes.Length + at : at), value);
        var error = Assert.Throws<InvalidDataException>(() => ledger.Ledger.LoadCheckpoint(bytes));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    /// <summary>A place that no limit allows would be asked memory for.</summary>
    [Theory]
    [InlineData(-1)]
    [InlineData(LedgerOptions.LargestPairLimit)]
    public void PairInAnImpossiblePlace_IsRefused(int id)
    {
        using var ledger = new TestLedger();
        ledger.Count("sh");
        var bytes = ledger.Checkpoint();
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(23), id);
        using var other = new TestLedger();
        var error = Assert.Throws<InvalidDataException>(() => other.Ledger.LoadCheckpoint(bytes));
        Assert.Contains($"pair {id} is born", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Thirteen bounds, or bounds that do not rise.</summary>
    [Theory]
    [InlineData(0, 13)]
    [InlineData(4, 0)]
    [InlineData(4, 20_000)]
    [InlineData(12, 10_000)]
    [InlineData(11, 255)]
    public void BoundsThatAreNone_AreRefused(int at, ushort value)
    {
        using var ledger = new TestLedger();
        var bytes = ledger.Checkpoint();
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(bytes.Length - BoundsBytes + at), value);
        var error = Assert.Throws<InvalidDataException>(() => ledger.Ledger.LoadCheckpoint(bytes));
        Assert.Contains("bounds", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A newer program may have more tallies, an older one fewer.</summary>
    [Theory]
    [InlineData(300)]
    [InlineData(194)]
    public void OtherNumberOfTallies_IsNoFault(int count)
    {
        using var ledger = new TestLedger();
        var bytes = ledger.Checkpoint();
        var tallies = bytes.AsSpan()[..^(8 + (256 * 8) + BoundsBytes)].ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(tallies.AsSpan()[^4..], count);
        byte[] values = [.. Enumerable.Range(0, count).SelectMany(i => BitConverter.GetBytes((ulong)i))];
        ledger.Ledger.LoadCheckpoint([.. tallies, .. values, .. bytes[^(8 + BoundsBytes)..]]);
        Assert.Equal(193UL, ledger.Snapshot().Tallies[Tallies.Rotations]);
    }

    private static uint[] UInts(ReadOnlySpan<byte> bytes, int at, int count)
    {
        var values = new uint[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(at + (4 * i))..]);
        }

        return values;
    }

    private static ulong[] ULongs(ReadOnlySpan<byte> bytes, int at, int count)
    {
        var values = new ulong[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(at + (8 * i))..]);
        }

        return values;
    }
}
