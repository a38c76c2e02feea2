// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Text;

namespace AcctExporter.Tests.Metrics;

/// <summary>One field of a message: a number, eight bytes, or bytes.</summary>
internal readonly record struct ProtobufField(int Number, int WireType, ulong Bits, ReadOnlyMemory<byte> Bytes)
{
    public double Real => WireType == 1 ? BitConverter.UInt64BitsToDouble(Bits)
        : throw new FormatException($"field {Number} is no double");

    public ulong Count => WireType == 0 ? Bits : throw new FormatException($"field {Number} is no varint");

    public long Signed => (long)(Count >> 1) ^ -(long)(Count & 1);

    public string Text => new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Body.Span);

    /// <summary>The bytes; the fields inside are <see cref="ProtobufReader.Fields"/> of them.</summary>
    public ReadOnlyMemory<byte> Body => WireType == 2 ? Bytes : throw new FormatException($"field {Number} has no bytes");

    /// <summary>The fields of the message that this one holds.</summary>
    public List<ProtobufField> Fields => ProtobufReader.Fields(Body);
}

/// <summary>The plainest reader of protobuf's encoding, written after its description.</summary>
internal static class ProtobufReader
{
    /// <summary>Messages with their length in front.</summary>
    public static List<ReadOnlyMemory<byte>> Delimited(ReadOnlyMemory<byte> bytes)
    {
        var messages = new List<ReadOnlyMemory<byte>>();
        for (var at = 0; at < bytes.Length;)
        {
            var length = checked((int)Varint(bytes.Span, ref at));
            messages.Add(bytes.Slice(at, length));
            at += length;
        }

        return messages;
    }

    /// <summary>The fields of a message, in their order.</summary>
    public static List<ProtobufField> Fields(ReadOnlyMemory<byte> message)
    {
        var fields = new List<ProtobufField>();
        for (var at = 0; at < message.Length;)
        {
            var key = Varint(message.Span, ref at);
            var (number, type) = (checked((int)(key >> 3)), (int)(key & 7));
            Assert.True(number > 0);
            switch (type)
            {
                case 0:
                    fields.Add(new(number, type, Varint(message.Span, ref at), default));
                    break;
                case 1:
                    fields.Add(new(number, type, BinaryPrimitives.ReadUInt64LittleEndian(message.Span[at..]), default));
                    at += sizeof(ulong);
                    break;
                case 2:
                    var length = checked((int)Varint(message.Span, ref at));
                    fields.Add(new(number, type, 0, message.Slice(at, length)));
                    at += length;
                    break;
                default:
                    throw new FormatException($"field {number} has wire type {type}");
            }
        }

        return fields;
    }

    /// <summary>Numbers of either sign, packed.</summary>
    public static List<long> PackedSigned(ReadOnlyMemory<byte> bytes)
    {
        var values = new List<long>();
        for (var at = 0; at < bytes.Length;)
        {
            values.Add(new ProtobufField(0, 0, Varint(bytes.Span, ref at), default).Signed);
        }

        return values;
    }

    /// <summary>Whole, and in as few bytes as it takes.</summary>
    private static ulong Varint(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var one = bytes[at++];
            value |= (ulong)(one & 0x7f) << shift;
            if (one < 0x80)
            {
                Assert.True(one > 0 || shift == 0, "a number is longer than it must be");
                return value;
            }
        }

        throw new FormatException("a varint does not end");
    }
}
