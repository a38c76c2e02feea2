// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace AcctExporter.Ledger;

/// <summary>
/// What was decided while counting and cannot be derived from the records: it stands in the journal beside them.
/// </summary>
internal enum DecisionKind : byte
{
    /// <summary>A pair was born: id, uid, birth, label values.</summary>
    NewPair = 1,

    /// <summary>A pair gave up its place: id.</summary>
    EvictPair = 2,

    /// <summary>Something was counted that is not an exit: <see cref="Tally"/>, reason, amount.</summary>
    Tally = 3,

    /// <summary>A pair with optional labels was born: as <see cref="NewPair"/>, and what they say.</summary>
    NewLabelledPair = 4,
}

/// <summary>
/// Decisions as bytes: kind (1 byte), length of the rest (2 bytes, little endian), the rest. Unknown kinds are skipped
/// by readers, so a newer agent's journal can be read by an older one.
/// </summary>
internal static class Decisions
{
    private const int HeaderSize = 3;
    private const int PairHeaderSize = 4 + 4 + 8 + 2;
    private const int LabelledHeaderSize = 4 + 4 + 4 + 8;

    /// <summary>Writes the birth of a pair.</summary>
    public static void WriteNewPair(IBufferWriter<byte> output, Pair pair)
    {
        if (pair.Context != ExitContext.Empty)
        {
            WriteNewLabelledPair(output, pair);
            return;
        }

        var userLength = Encoding.UTF8.GetByteCount(pair.User);
        var commandLength = Encoding.UTF8.GetByteCount(pair.Command);
        var data = Begin(output, DecisionKind.NewPair, PairHeaderSize + userLength + commandLength);
        BinaryPrimitives.WriteInt32LittleEndian(data, pair.Id);
        BinaryPrimitives.WriteUInt32LittleEndian(data[4..], pair.Uid);
        BinaryPrimitives.WriteInt64LittleEndian(data[8..], pair.BornUnixMicroseconds);
        BinaryPrimitives.WriteUInt16LittleEndian(data[16..], (ushort)userLength);
        Encoding.UTF8.GetBytes(pair.User, data[PairHeaderSize..]);
        Encoding.UTF8.GetBytes(pair.Command, data[(PairHeaderSize + userLength)..]);
        output.Advance(HeaderSize + data.Length);
    }

    /// <summary>Reads what <see cref="WriteNewPair"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is no birth, or cut short.</exception>
    public static Pair ReadNewPair(DecisionKind kind, ReadOnlySpan<byte> data)
    {
        if (kind == DecisionKind.NewLabelledPair)
        {
            return ReadNewLabelledPair(data);
        }

        if (kind != DecisionKind.NewPair || data.Length < PairHeaderSize
            || data.Length < PairHeaderSize + BinaryPrimitives.ReadUInt16LittleEndian(data[16..]))
        {
            throw NoBirth();
        }

        var userLength = BinaryPrimitives.ReadUInt16LittleEndian(data[16..]);
        return new Pair(
            BinaryPrimitives.ReadInt32LittleEndian(data),
            BinaryPrimitives.ReadUInt32LittleEndian(data[4..]),
            Encoding.UTF8.GetString(data.Slice(PairHeaderSize, userLength)),
            Encoding.UTF8.GetString(data[(PairHeaderSize + userLength)..]),
            BinaryPrimitives.ReadInt64LittleEndian(data[8..]));
    }

    /// <summary>Writes that a pair gave up its place.</summary>
    public static void WriteEvictPair(IBufferWriter<byte> output, int pair)
    {
        var data = Begin(output, DecisionKind.EvictPair, 4);
        BinaryPrimitives.WriteInt32LittleEndian(data, pair);
        output.Advance(HeaderSize + data.Length);
    }

    /// <summary>Writes an amount to be added to a tally.</summary>
    public static void WriteTally(IBufferWriter<byte> output, int tally, ulong amount)
    {
        var data = Begin(output, DecisionKind.Tally, 10);
        BinaryPrimitives.WriteUInt16LittleEndian(data, (ushort)tally);
        BinaryPrimitives.WriteUInt64LittleEndian(data[2..], amount);
        output.Advance(HeaderSize + data.Length);
    }

    /// <summary>Takes the first decision off <paramref name="decisions"/>; false at the end.</summary>
    /// <exception cref="InvalidDataException">The bytes are not decisions, although their checksum was
    /// right.</exception>
    public static bool TryTake(ref ReadOnlySpan<byte> decisions, out DecisionKind kind, out ReadOnlySpan<byte> data)
    {
        kind = default;
        data = default;
        if (decisions.IsEmpty)
        {
            return false;
        }

        var length = decisions.Length < HeaderSize ? -1 : BinaryPrimitives.ReadUInt16LittleEndian(decisions[1..]);
        if (length < 0 || decisions.Length < HeaderSize + length)
        {
            throw new InvalidDataException(
                "a decision in the journal is cut short: the block was written by a faulty agent");
        }

        kind = (DecisionKind)decisions[0];
        data = decisions.Slice(HeaderSize, length);
        decisions = decisions[(HeaderSize + length)..];
        return true;
    }

    /// <summary>Id, uid, gid, birth; then user, command, group, unit, container, pod.</summary>
    private static void WriteNewLabelledPair(IBufferWriter<byte> output, Pair pair)
    {
        ReadOnlySpan<string> values =
        [
            pair.User, pair.Command, pair.Context.Group, pair.Context.Unit, pair.Context.Container, pair.Context.Pod,
        ];
        var length = LabelledHeaderSize;
        foreach (var value in values)
        {
            length += 2 + Encoding.UTF8.GetByteCount(value);
        }

        var data = Begin(output, DecisionKind.NewLabelledPair, length);
        BinaryPrimitives.WriteInt32LittleEndian(data, pair.Id);
        BinaryPrimitives.WriteUInt32LittleEndian(data[4..], pair.Uid);
        BinaryPrimitives.WriteUInt32LittleEndian(data[8..], pair.Gid);
        BinaryPrimitives.WriteInt64LittleEndian(data[12..], pair.BornUnixMicroseconds);
        var at = LabelledHeaderSize;
        foreach (var value in values)
        {
            var bytes = Encoding.UTF8.GetBytes(value, data[(at + 2)..]);
            BinaryPrimitives.WriteUInt16LittleEndian(data[at..], (ushort)bytes);
            at += 2 + bytes;
        }

        output.Advance(HeaderSize + data.Length);
    }

    private static Pair ReadNewLabelledPair(ReadOnlySpan<byte> data)
    {
        if (data.Length < LabelledHeaderSize)
        {
            throw NoBirth();
        }

        // Values behind these six are a newer agent's.
        var rest = data[LabelledHeaderSize..];
        var user = TakeValue(ref rest);
        var command = TakeValue(ref rest);
        var context = new ExitContext(
            TakeValue(ref rest), TakeValue(ref rest), TakeValue(ref rest), TakeValue(ref rest));
        return new Pair(
            BinaryPrimitives.ReadInt32LittleEndian(data),
            BinaryPrimitives.ReadUInt32LittleEndian(data[4..]),
            user,
            command,
            BinaryPrimitives.ReadInt64LittleEndian(data[12..]),
            BinaryPrimitives.ReadUInt32LittleEndian(data[8..]),
            context);
    }

    private static string TakeValue(ref ReadOnlySpan<byte> rest)
    {
        var length = rest.Length < 2 ? int.MaxValue : BinaryPrimitives.ReadUInt16LittleEndian(rest);
        if (rest.Length < 2 || rest.Length - 2 < length)
        {
            throw NoBirth();
        }

        var value = Encoding.UTF8.GetString(rest.Slice(2, length));
        rest = rest[(2 + length)..];
        return value;
    }

    private static InvalidDataException NoBirth() =>
        new("the birth of a pair is cut short: it was written by a faulty agent");

    private static Span<byte> Begin(IBufferWriter<byte> output, DecisionKind kind, int length)
    {
        var span = output.GetSpan(HeaderSize + length);
        span[0] = (byte)kind;
        BinaryPrimitives.WriteUInt16LittleEndian(span[1..], checked((ushort)length));
        return span.Slice(HeaderSize, length);
    }
}
