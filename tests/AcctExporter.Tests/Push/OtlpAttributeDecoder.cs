// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Tests.Push;

/// <summary>Attributes and their values: field numbers of <c>opentelemetry/proto/common/v1</c>.</summary>
internal static class OtlpAttributeDecoder
{
    /// <summary>Reads each KeyValue that stands in a message under this field number.</summary>
    public static void ReadAll(ReadOnlySpan<byte> message, int field, OtlpAttributes attributes)
    {
        var fields = new ProtoReader(message);
        while (fields.Next())
        {
            if (fields.Field == field)
            {
                Read(fields.Bytes(), attributes);
            }
            else
            {
                fields.Skip();
            }
        }
    }

    /// <summary>Reads a KeyValue.</summary>
    public static void Read(ReadOnlySpan<byte> message, OtlpAttributes attributes)
    {
        var key = "";
        object? value = null;
        var fields = new ProtoReader(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    key = fields.Text();
                    break;
                case 2:
                    value = Value(fields.Bytes());
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        if (!attributes.TryAdd(key, value))
        {
            throw new InvalidDataException($"the attribute {key} is there twice");
        }
    }

    /// <summary>Reads an AnyValue.</summary>
    public static object? Value(ReadOnlySpan<byte> message)
    {
        object? value = null;
        var fields = new ProtoReader(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    value = fields.Text();
                    break;
                case 2:
                    value = fields.Varint() != 0;
                    break;
                case 3:
                    value = (long)fields.Varint();
                    break;
                case 4:
                    value = fields.Double();
                    break;
                case 5:
                    value = Values(fields.Bytes());
                    break;
                default:
                    throw new InvalidDataException($"an attribute's value of kind {fields.Field}");
            }
        }

        return value;
    }

    private static object?[] Values(ReadOnlySpan<byte> message)
    {
        var values = new List<object?>();
        var fields = new ProtoReader(message);
        while (fields.Next())
        {
            values.Add(Value(fields.Bytes()));
        }

        return [.. values];
    }
}
