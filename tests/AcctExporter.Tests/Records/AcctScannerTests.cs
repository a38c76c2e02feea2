// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;
using AcctExporter.Tests.Properties;

namespace AcctExporter.Tests.Records;

/// <summary>Named cases of damage; the properties of the scanner cover the rest.</summary>
public sealed class AcctScannerTests
{
    /// <summary>
    /// The kernel's own records, behind every length of a torn one. A full file system leaves 54 of 64 bytes.
    /// </summary>
    [Fact]
    public void RealRecords_AreAllFound_BehindATornOne()
    {
        var records = PacctFixture.Bytes("real-behaviours.pacct");
        for (var torn = 1; torn <= 62; torn++)
        {
            for (var slot = 0; slot < 10; slot++)
            {
                byte[] stream = [.. records.AsSpan(slot * 64, torn), .. records];
                var found = Follower.AtOnce(stream);
                Assert.Equal(Enumerable.Range(0, 41).Select(at => (long)torn + (at * 64)), found.Offsets);
                Assert.Equal((1UL, 1UL), (found.Rejections, found.Rejected[(int)DecodeStatus.Misaligned]));
            }
        }
    }

    /// <summary>
    /// A subshell of root that exits 0 begins 01 03 and then has zeros: behind 48 to 62 bytes of a record it reads like
    /// the end of a name and its padding, so that the torn record passes for a good one and hides its successor.
    /// </summary>
    [Theory]
    [InlineData(47)]
    [InlineData(48)]
    [InlineData(54)]
    [InlineData(62)]
    public void TornRecord_ThatReadsLikeAGoodOne_IsFoundOut(int torn)
    {
        var subshell = Slot.With(Slot.With(Slot.Hex(Slot.True), 0, "01"), 16, "00010000"); // pid 256
        var named = Slot.With(Slot.Hex(Slot.True), 48, "30313233343536373839616263646500");
        byte[] stream = [.. named[..torn], .. subshell, .. subshell];
        Assert.Equal(DecodeStatus.Ok, AcctRecord.TryRead(stream, out _));

        var found = Follower.AtOnce(stream);

        Assert.Equal([torn, torn + 64], found.Offsets);
        Assert.Equal(1UL, found.Rejected[(int)DecodeStatus.Misaligned]);
    }

    /// <summary>
    /// The last byte of a record is always 0. Without it the record is whole, and the next lacks its first byte.
    /// </summary>
    [Fact]
    public void RecordWithoutItsLastByte_CostsTheNextOne()
    {
        var record = Slot.Hex(Slot.True);
        byte[] stream = [.. record[..63], .. record, .. record, .. record];
        Assert.Equal([0L, 127, 191], Follower.AtOnce(stream).Offsets);
    }

    /// <summary>
    /// Anybody can name a program like the head of a record: it waits for the next record to prove it, and is kept.
    /// </summary>
    [Fact]
    public void NameLikeTheHeadOfARecord_IsKept_WhenTheNextRecordStandsWhereItShould()
    {
        var odd = Slot.With(Slot.Hex(Slot.True), 48, "780103");
        byte[] stream = [.. odd, .. Slot.Hex(Slot.True), .. odd];

        Assert.Equal([0L, 64, 128], Follower.AtOnce(stream).Offsets);
        Assert.Equal(0, Live(odd, out var waiting));
        Assert.Equal(0, waiting);
        Assert.Equal(2, Live(stream, out waiting));
        Assert.Equal(128, waiting);
    }

    [Fact]
    public void ProgramNamedWithA3_WaitsForNothing()
    {
        Assert.Equal(1, Live(Slot.With(Slot.Hex(Slot.True), 48, "610362"), out var consumed));
        Assert.Equal(64, consumed);
    }

    /// <summary>Its first byte is 0 when no flag is set: a hole must not take it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(127)]
    [InlineData(4095)]
    public void Hole_TakesNothingOfTheRecordBehindIt(int zeros)
    {
        byte[] stream = [.. new byte[zeros], .. Slot.Hex(Slot.True), .. Slot.Hex(Slot.True)];
        var found = Follower.AtOnce(stream);
        Assert.Equal([zeros, zeros + 64L], found.Offsets);
        // Zeros that fill no slot count as misaligned; one short of a slot, the first 0 of the record fills it.
        Assert.Equal((ulong)((zeros + 1) / 64), found.Rejected[(int)DecodeStatus.Hole]);
    }

    /// <summary>
    /// Without a look at both elapsed times, a group of 512 to 543 makes v3 records, shifted by 12, pass for v2.
    /// </summary>
    [Fact]
    public void ShiftedRecords_DoNotPassForOlderOnes()
    {
        // "0123456789abcde" fills the name to its last byte but one.
        var record = Slot.With(Slot.With(Slot.Hex(Slot.True), 12, "05020000"), 48, "30313233343536373839616263646500");
        byte[] stream = [.. record.AsSpan(12), .. record, .. record, .. record, .. record];
        Assert.Equal([52L, 116, 180, 244], Follower.AtOnce(stream).Offsets);
    }

    [Fact]
    public void NoRoomForExits_ReadsNothing()
    {
        var rejected = new ulong[RejectReason.Count];
        Assert.Equal(0, AcctScanner.Read(Slot.Hex(Slot.True), true, [], [], rejected, out var consumed));
        Assert.Equal(0, consumed);
    }

    [Fact]
    public void Rejected_IsAddedTo()
    {
        var rejected = new ulong[RejectReason.Count];
        Array.Fill(rejected, 5UL);
        AcctScanner.Read(new byte[128], true, new ProcessExit[2], new int[2], rejected, out _);
        Assert.Equal(7UL, rejected[(int)DecodeStatus.Hole]);
        Assert.Equal(5UL * RejectReason.Count + 2, rejected.Aggregate((sum, next) => sum + next));
    }

    private static int Live(byte[] stream, out int consumed) => AcctScanner.Read(
        stream, false, new ProcessExit[9], new int[9], new ulong[RejectReason.Count], out consumed);
}
