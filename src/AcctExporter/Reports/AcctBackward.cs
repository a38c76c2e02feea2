// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Reports;

/// <summary>
/// The exits of an accounting file from its end to its beginning: those that <see cref="AcctForward"/> finds, the other
/// way round. Blocks that hold nothing but whole records of 64 bytes are read from the end. Where a block holds
/// anything else, only the beginning of the file tells where records are: then what is before it is scanned once, forwards, and
/// the places that were found are read backwards.
/// </summary>
/// <param name="file">The file; closed with this.</param>
/// <param name="assumedTicks">Ticks a second of records that do not say it.</param>
/// <param name="flaws">Where what is no record is counted.</param>
/// <param name="blockRecords">Records of a block; fewer in tests.</param>
internal sealed class AcctBackward(
    SafeFileHandle file, ushort assumedTicks, InputFlaws flaws, int blockRecords = ExitBatch.Capacity) : ExitSource
{
    private readonly OddRecords odd = new(assumedTicks);
    private readonly int blockBytes = blockRecords * AcctRecord.Size;
    private readonly byte[] room =
        GC.AllocateUninitializedArray<byte>((blockRecords * AcctRecord.Size) + (2 * AcctScanner.LookAheadBytes));

    /// <summary>How long the file was when reading began: what is appended later is not shown.</summary>
    private readonly long size = RandomAccess.GetLength(file);

    /// <summary>What is here or behind was handed out.</summary>
    private long end = RandomAccess.GetLength(file);

    /// <summary>Parts with records, in order, once they had to be looked for: where they begin and end.</summary>
    private List<(long Start, long End)>? parts;

    /// <inheritdoc/>
    public override bool Read(ExitBatch batch)
    {
        if (parts is null && end > 0 && !TryReadBlock(batch))
        {
            batch.Clear();
            parts = FindParts();
        }

        if (batch.Count == 0 && parts is [.., var last])
        {
            parts.RemoveAt(parts.Count - 1);
            ReadPart(last.Start, last.End, batch);
        }

        batch.Reverse();
        return batch.Count > 0;
    }

    /// <inheritdoc/>
    public override void Dispose() => file.Dispose();

    /// <summary>Reads the block before <see cref="end"/>; false when it is not quite as it should be.</summary>
    private bool TryReadBlock(ExitBatch batch)
    {
        var whole = end - (end % AcctRecord.Size);
        var start = Math.Max(0, whole - blockBytes);
        var length = (int)(whole - start);
        var data = batch.Bytes.AsSpan(0, length);
        if (Fill(data, start) < length)
        {
            return false;
        }

        batch.Count = AcctRecord.CountPlain(data);
        if (batch.Count * AcctRecord.Size < length || end != whole)
        {
            batch.Clear();
            return TryReadOdd(start, length / AcctRecord.Size, batch);
        }

        end = start;
        return true;
    }

    /// <summary>
    /// The same when the scanner must look: no record may be missing or stand elsewhere, and only the last of the file
    /// may be cut off.
    /// </summary>
    private bool TryReadOdd(long start, int records, ExitBatch batch)
    {
        var found = new InputFlaws();
        ReadPart(start, end, batch, found);
        var cutOff = end == size && end % AcctRecord.Size != 0 ? 1UL : 0;
        if (batch.Count != records || found.Total != cutOff || found.Counts[(int)DecodeStatus.Torn] != cutOff
            || HasShort(batch))
        {
            return false;
        }

        if (cutOff > 0)
        {
            flaws.Add(DecodeStatus.Torn, end - (end % AcctRecord.Size));
        }

        end = start;
        return true;
    }

    /// <summary>True when a record is not as long as the others.</summary>
    private static bool HasShort(ExitBatch batch)
    {
        foreach (ref readonly var record in batch.Records)
        {
            if (record.Version == 1)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Where the records before <see cref="end"/> are, in parts that fit into a batch each.</summary>
    private List<(long Start, long End)> FindParts()
    {
        var found = new List<(long Start, long End)>();
        var scratch = new ExitBatch();
        var place = 0L;
        while (place < end)
        {
            var length = Fill(room.AsSpan(0, room.Length - AcctScanner.LookAheadBytes), place);
            var data = room.AsSpan(0, length);
            scratch.Clear();
            scratch.Count = Math.Min(AcctRecord.CountPlain(data), ExitBatch.Capacity);
            var judged = scratch.Count * AcctRecord.Size;
            judged += odd.Read(data[judged..], place + length >= size, place + judged, flaws, scratch);
            if (judged == 0)
            {
                break;
            }

            if (scratch.Count > 0)
            {
                found.Add((place, Math.Min(place + judged, end)));
            }

            place += judged;
        }

        return found;
    }

    /// <summary>Reads the records that begin between two places, and counts what is none if it is to.</summary>
    private void ReadPart(long start, long partEnd, ExitBatch batch, InputFlaws? found = null)
    {
        var until = (int)(partEnd - start);
        var length = Fill(room, start);
        batch.Count = Math.Min(AcctRecord.CountPlain(room.AsSpan(0, Math.Min(until, length))), ExitBatch.Capacity);
        var judged = batch.Count * AcctRecord.Size;
        room.AsSpan(0, judged).CopyTo(batch.Bytes);
        odd.Read(
            room.AsSpan(judged, length - judged), start + length >= size, start + judged, found ?? new InputFlaws(),
            batch, until - judged);
    }

    /// <summary>Reads so many bytes, fewer at the end; a file that was cut off meanwhile ends there.</summary>
    private int Fill(Span<byte> into, long place)
    {
        var length = 0;
        into = into[..(int)Math.Min(into.Length, Math.Max(0, size - place))];
        while (length < into.Length
            && RandomAccess.Read(file, into[length..], place + length) is > 0 and var read)
        {
            length += read;
        }

        return length;
    }
}
