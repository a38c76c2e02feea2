// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;
using AcctExporter.Tests.Properties;

namespace AcctExporter.Tests.Records;

/// <summary>Named cases of damage in login files; the properties cover the rest.</summary>
public sealed class UtmpScannerTests
{
    private const int HostEnd = 332;

    private static readonly UtmpLayout Narrow = UtmpLayout.Usual;

    public static TheoryData<bool, bool> Layouts => UtmpLayoutTests.Layouts;

    /// <summary>
    /// Torn behind its host it may pass for a whole one, with the head of the next, which is lost with it.
    /// </summary>
    [Theory]
    [MemberData(nameof(Layouts))]
    public void LostBytes_CostTheRecord_OrTwoAtMost(bool isWide, bool isBigEndian)
    {
        var layout = new UtmpLayout(isWide, isBigEndian);
        var file = WtmpFixture.Made(12, layout);
        for (var torn = 1; torn < layout.Size; torn++)
        {
            byte[] stream = [.. file.AsSpan(0, (3 * layout.Size) + torn), .. file.AsSpan(4 * layout.Size)];
            var found = UtmpFollower.AtOnce(stream, layout);
            var behind = (3 * layout.Size) + torn;
            var lost = Enumerable.Range(0, 8).Count(at => !found.Offsets.Contains(behind + (at * layout.Size)));
            Assert.True(lost <= 1, $"torn at {torn}: {lost} of 8 records are lost behind it: {found}");
            Assert.True(torn >= HostEnd || lost == 0, $"torn at {torn}: {found}");
            Assert.Equal([0L, layout.Size, 2L * layout.Size], found.Offsets.Take(3));
        }
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void PutInBytes_CostNoRecord(bool isWide, bool isBigEndian)
    {
        var layout = new UtmpLayout(isWide, isBigEndian);
        var file = WtmpFixture.Made(6, layout);
        foreach (var zeros in new[] { 1, 2, 3, 4, 16, 100, 383, 399, 1000, 4096 })
        {
            byte[] stream = [.. file.AsSpan(0, 2 * layout.Size), .. new byte[zeros], .. file.AsSpan(2 * layout.Size)];
            var found = UtmpFollower.AtOnce(stream, layout);
            for (var slot = 2; slot < 6; slot++)
            {
                Assert.True(found.Offsets.Contains((slot * layout.Size) + zeros), $"{zeros} zeros: {found}");
            }
        }
    }

    [Fact]
    public void DamagedRecords_AreCountedByReason()
    {
        var file = WtmpFixture.Made(9, Narrow);
        file[384] = 42;
        file[(3 * 384) + 347] = 0x7f; // microseconds
        file[(5 * 384) + 44] = 7; // a bell in the name
        file[(6 * 384) + 8] = 0x1b; // the next one as well
        var found = UtmpFollower.AtOnce([.. file, 1, 2, 3], Narrow);

        Assert.Equal([0L, 768, 1536, 2688, 3072], found.Offsets);
        Assert.Equal(
            (1UL, 1UL, 2UL, 1UL, 0UL),
            (found.Of(UtmpFlaw.Type), found.Of(UtmpFlaw.Time), found.Of(UtmpFlaw.Text), found.Of(UtmpFlaw.Partial),
                found.Of(UtmpFlaw.Misaligned)));
    }

    [Fact]
    public void FlawedToo_GivesDamagedRecords_AndCountsThem()
    {
        var file = WtmpFixture.Made(3, Narrow);
        file[384] = 42;
        var flaws = new ulong[UtmpFlaws.Count];
        var offsets = new int[5];
        Assert.Equal(3, UtmpScanner.Read(file, Narrow, true, offsets, flaws, out _, flawedToo: true));
        Assert.Equal([0, 384, 768], offsets[..3]);
        Assert.Equal(1UL, flaws[(int)UtmpFlaw.Type]);
    }

    /// <summary>A login must be seen when it is written, not with the next one.</summary>
    [Theory]
    [InlineData("login-real.wtmp")]
    [InlineData("basic.wtmp")]
    [InlineData("failed.btmp")]
    public void GoodRecords_WaitForNothing(string name)
    {
        var bytes = WtmpFixture.Bytes(name);
        var offsets = new int[99];
        var count = UtmpScanner.Read(bytes, Narrow, false, offsets, new ulong[UtmpFlaws.Count], out var consumed);
        Assert.Equal((bytes.Length / 384, bytes.Length), (count, consumed));
    }

    [Fact]
    public void PartialTail_WaitsForItsRest()
    {
        var file = WtmpFixture.Made(2, Narrow);
        var flaws = new ulong[UtmpFlaws.Count];
        Assert.Equal(1, UtmpScanner.Read(file.AsSpan(0, 700), Narrow, false, new int[9], flaws, out var consumed));
        Assert.Equal(384, consumed);
        Assert.Equal(1, UtmpScanner.Read(file.AsSpan(384), Narrow, false, new int[9], flaws, out consumed));
        Assert.Equal(384, consumed);
        Assert.All(flaws, flaw => Assert.Equal(0UL, flaw));
    }

    [Fact]
    public void EmptySlots_AreRecords()
    {
        byte[] file = [.. new byte[384 * 5], .. WtmpFixture.Made(1, Narrow)];
        Assert.Equal(6, UtmpFollower.AtOnce(file, Narrow).Offsets.Count);
    }

    /// <summary>Types 0 and 9 are records; 42 and names with control characters are none.</summary>
    [Fact]
    public void OddFixture_IsReadWhereItIsSane()
    {
        var found = UtmpFollower.AtOnce(WtmpFixture.Bytes("odd.wtmp"), Narrow);
        Assert.Equal((19, 1UL, 1UL), (found.Offsets.Count, found.Of(UtmpFlaw.Type), found.Of(UtmpFlaw.Text)));
    }
}
