// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;
using AcctExporter.Reports;
using AcctExporter.Tests.Properties;
using AcctExporter.Tests.Records;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Reports;

/// <summary>Readers of accounting files find what the scanner finds, in any state of damage, from either end.</summary>
public sealed class AccountingFileProperties
{
    [Fact]
    public void Forward_FindsWhatTheScannerFinds() => Holds.ForAllOf(RecordGen.Anything, 40, 500, pieces =>
    {
        var bytes = Bytes(pieces);
        var truth = Follower.AtOnce(bytes);
        var flaws = new InputFlaws();
        var read = ExitsRead.Of(new AcctForward(new MemoryStream(bytes), 100, flaws));
        return Same(read, truth, bytes) && flaws.Counts.SequenceEqual(truth.Rejected);
    });

    [Fact]
    public void Followed_FindsTheSame_HoweverTheFileGrows() => Holds.ForAllOf(RecordGen.Anything, 20, 300, pieces =>
    {
        // What is judged only because the file has ended is not judged here: good records end it.
        var bytes = Bytes([.. pieces, .. Enumerable.Repeat(new Piece("good", Slot.Hex(Slot.True)), 12)]);
        var truth = Follower.AtOnce(bytes);
        var growing = new GrowingStream(bytes);
        using var source = new AcctForward(growing, 100, new InputFlaws(), follows: true);
        var read = new ExitsRead([], [], [], "", ReadResult.Whole);
        var batch = new ExitBatch();
        while (growing.Grow())
        {
            batch.Clear();
            while (source.Read(batch))
            {
                read.Add(batch);
                batch.Clear();
            }
        }

        return Same(read, truth, bytes);
    });

    [Fact]
    public void Backward_IsForwardTurnedRound() => Holds.ForAllOf(RecordGen.Anything, 40, 500, pieces =>
        BackwardAgrees(Bytes(pieces), blockRecords: 8) && BackwardAgrees(Bytes(pieces), blockRecords: 64));

    [Fact]
    public void Backward_IsForwardTurnedRound_OfSoundFiles() => Holds.ForAllOf(
        RecordGen.Good([.. RecordGen.AllKinds.Where(kind => kind.Version is not (0 or 1))]), 60, 200, pieces =>
            BackwardAgrees(Bytes(pieces), blockRecords: 1) && BackwardAgrees(Bytes(pieces), blockRecords: 7));

    [Fact]
    public void BySlot_EachSlotIsARecord_FromEitherEnd() => Holds.ForAllOf(RecordGen.Anything, 40, 300, pieces =>
    {
        using var file = new ScratchFile(Bytes(pieces));
        var form = new CompatSlots(100, TextWriter.Null);
        var forward = ExitsRead.Of(new SlotsForward(new MemoryStream(file.Bytes), form));
        var backward = ExitsRead.Of(new SlotsBackward(file.Open(), form));
        var known = Enumerable.Range(0, file.Bytes.Length / 64).Count(i => (file.Bytes[(i * 64) + 1] & 0x7f) <= 4);
        return forward.Records.Count == known && forward.Records.SequenceEqual(Enumerable.Reverse(backward.Records))
            && forward.Ticks.SequenceEqual(Enumerable.Reverse(backward.Ticks));
    });

    private static bool BackwardAgrees(byte[] bytes, int blockRecords)
    {
        using var file = new ScratchFile(bytes);
        var truth = Follower.AtOnce(bytes);
        var flaws = new InputFlaws();
        var read = ExitsRead.Of(new AcctBackward(file.Open(), 100, flaws, blockRecords));
        read.Records.Reverse();
        read.Ticks.Reverse();
        return Same(read, truth, bytes) && flaws.Counts.SequenceEqual(truth.Rejected);
    }

    /// <summary>Each record is the one that the slow reader reads there, field by field.</summary>
    private static bool Same(ExitsRead read, Findings truth, byte[] bytes)
    {
        if (read.Records.Count != truth.Offsets.Count)
        {
            return false;
        }

        for (var i = 0; i < read.Records.Count; i++)
        {
            Assert.Equal(DecodeStatus.Ok, AcctRecord.TryRead(bytes.AsSpan((int)truth.Offsets[i]), out var expected));
            var version = expected.Version;
            expected.Version = 3;
            expected.BigEndian = false;
            var record = Convert.FromHexString(read.Records[i]);
            Assert.Equal(version, record[1]);
            record[1] = 3;
            _ = AcctRecord.TryRead(record, out var actual);
            actual.TicksPerSecond = (uint)read.Ticks[i];
            // A float has 24 bits; a comp2_t may need 20 and stands for 50.
            if (!Slot.Of(actual).SequenceEqual(Slot.Of(expected)) || actual.TicksPerSecond != expected.TicksPerSecond)
            {
                return false;
            }
        }

        return true;
    }

    private static byte[] Bytes(IEnumerable<Piece> pieces) => [.. pieces.SelectMany(piece => piece.Bytes)];

    /// <summary>A file as it is while somebody writes it: it ends, and then there is more.</summary>
    private sealed class GrowingStream(byte[] bytes) : MemoryStream(bytes)
    {
        private int shown;

        public bool Grow()
        {
            var grows = shown < Length;
            shown = (int)Math.Min(Length, shown + 1 + (shown % 97));
            return grows;
        }

        public override int Read(Span<byte> buffer) =>
            base.Read(buffer[..Math.Min(buffer.Length, shown - (int)Position)]);
    }
}
