// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;
using AcctExporter.Tests.Records;
using FsCheck;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Properties;

/// <summary>What the scanner finds in any stream of bytes, and that it does not depend on how they arrive.</summary>
public sealed class ScannerProperties
{
    private const int Buffer = AcctScanner.LookAheadBytes;

    private static readonly RecordKind V3 = new(3);
    private static readonly Piece Hole = new("hole", new byte[AcctRecord.Size]);

    [Fact]
    public void AnyStream_IsUsedUp_WhenItIsFinal() => Prop.ForAll<byte[]>(bytes =>
        Follower.AtOnce(bytes).Exits.Count <= bytes.Length / AcctRecord.SizeV1).QuickCheckThrowOnFailure();

    [Fact]
    public void AnySplit_FindsTheSame() => Holds.ForAllOf(RecordGen.Anything, 30, 1_000, pieces =>
    {
        var stream = Stream(pieces);
        var whole = Follower.AtOnce(stream);
        var random = new AcctFileGenerator((ulong)stream.Length + 1);
        for (var way = 0; way < 6; way++)
        {
            // From byte by byte to a few large pieces, with much and with little room for exits.
            var step = 1 << random.Below(10);
            var cuts = new List<int>();
            for (var at = 0; at < stream.Length; at += 1 + random.Below(step))
            {
                cuts.Add(at);
            }

            if (!Follower.InPieces(stream, cuts, room: 1 + random.Below(9)).SameAs(whole))
            {
                return false;
            }
        }

        return true;
    });

    [Fact]
    public void GoodRecords_AreAllFound_OfAnyVersions() => Holds.ForAllOf(
        RecordGen.Good(RecordGen.AllKinds), 40, 1_000, records =>
        {
            var found = Follower.AtOnce(Stream(records));
            return found.Rejections == 0 && found.Exits.Count == records.Length;
        });

    /// <summary>However much is there, the first bytes are judged when LookAheadBytes of them are.</summary>
    [Fact]
    public void FullBuffer_AlwaysMakesProgress() => Holds.ForAllOf(RecordGen.Anything, 30, 1_000, pieces =>
    {
        var stream = Stream(pieces);
        Span<ProcessExit> exits = new ProcessExit[32];
        Span<int> offsets = stackalloc int[32];
        Span<ulong> rejected = stackalloc ulong[RejectReason.Count];
        for (var start = 0; start + Buffer <= stream.Length; start += 7)
        {
            AcctScanner.Read(stream.AsSpan(start, Buffer), false, exits, offsets, rejected, out var consumed);
            if (consumed == 0)
            {
                return false;
            }
        }

        return true;
    });

    /// <summary>What a call leaves although more than it is there is always less than a look ahead.</summary>
    [Fact]
    public void Rest_IsShorterThanTheLookAhead() => Holds.ForAllOf(RecordGen.Anything, 30, 1_000, pieces =>
    {
        var stream = Stream(pieces);
        AcctScanner.Read(
            stream, false, new ProcessExit[stream.Length + 1], new int[stream.Length + 1],
            new ulong[RejectReason.Count], out var consumed);
        return stream.Length - consumed < Buffer;
    });

    /// <summary>
    /// Torn anywhere but before its last byte, which is always 0: such a record is whole, and the next lacks its first
    /// byte. Not for numbers at random: behind 23 bytes of one, the start time, elapsed time and counters of the next
    /// stand for the name, and pass when no CPU and no memory was used.
    /// </summary>
    [Fact]
    public void TornRecord_HidesNoneOfThoseBehindIt() => Holds.ForAll(
        from before in RecordGen.FromAHost.ArrayOf(2)
        from torn in RecordGen.FromAHost
        from length in Gen.Choose(1, 62)
        from behind in Gen.Choose(1, 5).SelectMany(count => RecordGen.FromAHost.ArrayOf(count))
        from rest in Gen.Choose(0, 63)
        select (before, torn: torn.Bytes[..length], behind, end: torn.Bytes[..rest]),
        20_000,
        parts => FindsAll([.. parts.before, new("torn", parts.torn)], parts.behind, new("end", parts.end)));

    /// <summary>
    /// Older records end in numbers, not in a name: torn within these, they are not told from whole ones.
    /// </summary>
    [Fact]
    public void TornRecord_OfAnyVersion_HidesNoneOfThoseBehindIt() => Holds.ForAll(
        from torn in RecordGen.Torn(49, RecordGen.AllKinds)
        from behind in RecordGen.FromAHost.ArrayOf(3)
        select (torn, behind),
        20_000,
        parts => FindsAll([parts.torn], parts.behind, new("end", [])));

    [Fact]
    public void ZerosOfAnyLength_HideNoneOfThoseBehindThem() => Holds.ForAll(
        from zeros in RecordGen.Zeros
        from behind in RecordGen.FromAHost.ArrayOf(3)
        select (zeros, behind),
        10_000,
        parts => FindsAll([parts.zeros], parts.behind, new("end", [])));

    /// <summary>
    /// A damaged slot stands where one belongs: those around it are found, and it is found or rejected, once.
    /// </summary>
    [Fact]
    public void DamagedSlot_LosesOnlyItself() => Holds.ForAll(
        from before in RecordGen.Good(V3).ArrayOf(2)
        from damaged in Gen.OneOf(RecordGen.Damaged(V3), RecordGen.UnknownVersion, Gen.Constant(Hole))
        from behind in RecordGen.Good(V3).ArrayOf(4)
        select (before, damaged, behind),
        20_000,
        parts =>
        {
            var stream = Stream([.. parts.before, parts.damaged, .. parts.behind]);
            var found = Follower.AtOnce(stream);
            return found.Offsets.Where(offset => offset != 128).SequenceEqual([0, 64, 192, 256, 320, 384])
                && found.Rejections == (found.Offsets.Contains(128) ? 0UL : 1UL);
        });

    [Fact]
    public void Scanning_AllocatesNothing()
    {
        var generator = new AcctFileGenerator(3) { Kinds = RecordGen.AllKinds, HostileNames = true };
        var bytes = generator.File(10_000);
        // Some damage, so that the search is measured too.
        for (var at = 0; at < bytes.Length; at += 6_400)
        {
            bytes[at + 1] = 0x55;
        }

        var exits = new ProcessExit[10_000];
        var offsets = new int[10_000];
        var rejected = new ulong[RejectReason.Count];
        var count = 0;
        Assert.Equal(0, Allocated.By(() => count = AcctScanner.Read(bytes, true, exits, offsets, rejected, out _)));
        Assert.InRange(count, 9_500, 9_999);
    }

    private static byte[] Stream(IEnumerable<Piece> pieces) => pieces.SelectMany(piece => piece.Bytes).ToArray();

    /// <summary>
    /// Every record behind the bad place is found where it stands, whether the stream comes whole or in pieces.
    /// </summary>
    private static bool FindsAll(Piece[] before, Piece[] behind, Piece end)
    {
        var stream = Stream([.. before, .. behind, end]);
        var start = before.Sum(piece => (long)piece.Bytes.Length);
        var expected = behind.Select((_, slot) => start + (slot * (long)AcctRecord.Size));
        return expected.All(Follower.AtOnce(stream).Offsets.Contains);
    }
}
