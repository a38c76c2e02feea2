// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Text;

namespace AcctExporter.Tests.Push;

/// <summary>
/// Reads the wire format of protocol buffers, one field after the other: what a receiver of OTLP sees, by code that
/// shares nothing with the sender's.
/// </summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> rest = message;
    private int wireType;

    /// <summary>The number of the field that was entered.</summary>
    public int Field { get; private set; }

    /// <summary>Enters the next field; false at the end.</summary>
    public bool Next()
    {
        if (rest.IsEmpty)
        {
            return false;
        }

        var tag = Varint();
        (Field, wireType) = ((int)(tag >> 3), (int)(tag & 7));
        return true;
    }

    /// <summary>Goes over the field that was entered.</summary>
    public void Skip()
    {
        switch (wireType)
        {
            case 0:
                Varint();
                break;
            case 1:
                rest = rest[8..];
                break;
            case 2:
                Bytes();
                break;
            case 5:
                rest = rest[4..];
                break;
            default:
                throw new InvalidDataException($"field {Field} has the wire type {wireType}");
        }
    }

    /// <summary>A varint as it stands.</summary>
    public ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var octet = rest[0];
            rest = rest[1..];
            value |= (ulong)(octet & 0x7f) << shift;
            if (octet < 0x80)
            {
                return value;
            }
        }
    }

    /// <summary>A zigzag number.</summary>
    public int Signed()
    {
        var value = (uint)Varint();
        return (int)(value >> 1) ^ -(int)(value & 1);
    }

    /// <summary>Eight bytes.</summary>
    public ulong Fixed64()
    {
        Expect(1);
        var value = BinaryPrimitives.ReadUInt64LittleEndian(rest);
        rest = rest[8..];
        return value;
    }

    /// <summary>Eight bytes as a floating-point number.</summary>
    public double Double() => BitConverter.UInt64BitsToDouble(Fixed64());

    /// <summary>Bytes, a message or a packed list.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        Expect(2);
        var length = (int)Varint();
        var bytes = rest[..length];
        rest = rest[length..];
        return bytes;
    }

    /// <summary>Text; what is no UTF-8 is a fault.</summary>
    public string Text() => new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(Bytes());

    /// <summary>A list of eight-byte values, packed or one of it.</summary>
    public void AddFixed64To(List<ulong> values)
    {
        if (wireType == 1)
        {
            values.Add(Fixed64());
            return;
        }

        for (var bytes = Bytes(); bytes.Length > 0; bytes = bytes[8..])
        {
            values.Add(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }
    }

    /// <summary>A list of varints, packed or one of it.</summary>
    public void AddVarintsTo(List<ulong> values)
    {
        if (wireType == 0)
        {
            values.Add(Varint());
            return;
        }

        var packed = new ProtoReader(Bytes());
        while (!packed.rest.IsEmpty)
        {
            values.Add(packed.Varint());
        }
    }

    /// <summary>Takes a message that has its length in front and no tag; false at the end.</summary>
    public bool NextDelimited(out ReadOnlySpan<byte> delimited)
    {
        delimited = [];
        if (rest.IsEmpty)
        {
            return false;
        }

        var length = (int)Varint();
        delimited = rest[..length];
        rest = rest[length..];
        return true;
    }

    private readonly void Expect(int type)
    {
        if (wireType != type)
        {
            throw new InvalidDataException($"field {Field} has the wire type {wireType} and not {type}");
        }
    }
}
