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

    [Fact]
    public void AnyStream_IsUsedUp_WhenItIsFinal() => Prop.ForAll<byte[]>(bytes =>
        Follower.AtOnce(bytes).Exits.Count <= bytes.Length / AcctRecord.SizeV1).QuickCheckThrowOnFailure();

    [Fact]
    public void AnySplit_FindsTheSame() => Holds.ForAllOf(RecordGen.Anything, 30, 4_000, pieces =>
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
        RecordGen.Good(RecordGen.AllKinds), 40, 3_000, records =>
        {
            var found = Follower.AtOnce(Stream(records));
            return found.Rejections == 0 && found.Exits.Count == records.Length;
        });

    /// <summary>However much is there, the first bytes are judged when LookAheadBytes of them are.</summary>
    [Fact]
    public void FullBuffer_AlwaysMakesProgress() => Holds.ForAllOf(RecordGen.Anything, 30, 10_000, pieces =>
    {
        var stream = Stream(pieces);
        Span<ProcessExit> exits = new ProcessExit[32];
        Span<int> offsets = stackalloc int[32];
        Span<ulong> rejected = stackalloc ulong[RejectReason.Count];
        for (var start = 0; start + Buffer <= stream.Length; start++)
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
    public void Rest_IsShorterThanTheLookAhead() => Holds.ForAllOf(RecordGen.Anything, 30, 10_000, pieces =>
    {
        var stream = Stream(pieces);
        AcctScanner.Read(
            stream, false, new ProcessExit[stream.Length + 1], new int[stream.Length + 1], new ulong[RejectReason.Count],
            out var consumed);
        return stream.Length - consumed < Buffer;
    });

    [Fact]
    public void TornRecord_HidesNoneOfThoseBehindIt() => Holds.ForAll(
        from before in RecordGen.Good(V3).ArrayOf().Resize(4)
        from torn in RecordGen.Torn(62, V3)
        from behind in RecordGen.Good(V3).ArrayOf().Resize(6)
        from end in Gen.Frequency((1, Gen.Constant(new Piece("end", []))), (1, RecordGen.Torn(61, V3)))
        select (before, torn, behind, end),
        40_000,
        parts => FindsAllBut([.. parts.before, parts.torn], parts.behind, parts.end));

    [Fact]
    public void TornRecord_OfAnyVersion_HidesNoneOfThoseBehindIt() => Holds.ForAll(
        from torn in RecordGen.Torn(53, RecordGen.AllKinds)
        from behind in RecordGen.Good(V3).ArrayOf().Resize(6)
        select (torn, behind),
        20_000,
        parts => FindsAllBut([parts.torn], parts.behind, new("end", [])));

    [Fact]
    public void ZerosOfAnyLength_HideNoneOfThoseBehindThem() => Holds.ForAll(
        from zeros in RecordGen.Zeros
        from behind in RecordGen.Good(V3).ArrayOf().Resize(6)
        select (zeros, behind),
        20_000,
        parts => FindsAllBut([parts.zeros], parts.behind, new("end", [])));

    /// <summary>A damaged slot stands where one belongs: those around it are found, and it is found or rejected, once.</summary>
    [Fact]
    public void DamagedSlot_LosesOnlyItself() => Holds.ForAll(
        from before in RecordGen.Good(V3).ArrayOf().Resize(4)
        from damaged in Gen.OneOf(RecordGen.Damaged(V3), RecordGen.UnknownVersion, Gen.Constant(new Piece("hole", new byte[64])))
        from behind in RecordGen.Good(V3).ArrayOf().Resize(6)
        select (before, damaged, behind),
        40_000,
        parts =>
        {
            if (parts.behind.Length == 0)
            {
                return true;
            }

            var stream = Stream([.. parts.before, parts.damaged, .. parts.behind]);
            var found = Follower.AtOnce(stream);
            var good = Enumerable.Range(0, parts.before.Length).Concat(Enumerable.Range(parts.before.Length + 1, parts.behind.Length))
                .Select(slot => (long)slot * AcctRecord.Size);
            var damagedAt = (long)parts.before.Length * AcctRecord.Size;
            return found.Offsets.Where(offset => offset != damagedAt).SequenceEqual(good)
                && found.Rejections <= 1
                && (found.Rejections == 1 || found.Offsets.Contains(damagedAt));
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

    /// <summary>Every record behind the bad place is found where it stands, whether the stream comes whole or in pieces.</summary>
    private static bool FindsAllBut(Piece[] before, Piece[] behind, Piece end)
    {
        var stream = Stream([.. before, .. behind, end]);
        var start = before.Sum(piece => (long)piece.Bytes.Length);
        var expected = behind.Select((_, slot) => start + (slot * (long)AcctRecord.Size));
        return expected.All(Follower.AtOnce(stream).Offsets.Contains);
    }
}
