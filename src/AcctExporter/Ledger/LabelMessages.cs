// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace AcctExporter.Ledger;

/// <summary>
/// Labels as the protobuf format spells them: each a field 1 of its metric, with the name as field 1 and the value as
/// field 2 inside. Like the quoted text of labels they are encoded once.
/// </summary>
internal static class LabelMessages
{
    private const byte LabelTag = 0x0a;
    private const byte NameTag = 0x0a;
    private const byte ValueTag = 0x12;
    private const int LongestLength = 5;

    /// <summary>The messages of labels, one behind the other; those without a value are left out.</summary>
    public static byte[] Of(params ReadOnlySpan<(string Key, string Value)> labels)
    {
        var size = 0;
        foreach (var (key, value) in labels)
        {
            size += Encoding.UTF8.GetMaxByteCount(key.Length + value.Length) + (3 * (1 + LongestLength));
        }

        var bytes = new byte[size];
        var written = 0;
        foreach (var (key, value) in labels)
        {
            written += value.Length == 0 ? 0 : Put(key, value, bytes.AsSpan(written));
        }

        return bytes[..written];
    }

    private static int Put(string key, string value, Span<byte> label)
    {
        var (keyBytes, valueBytes) = (Encoding.UTF8.GetByteCount(key), Encoding.UTF8.GetByteCount(value));
        label[0] = LabelTag;
        var at = 1 + PutLength(
            2 + LengthOf(keyBytes) + keyBytes + LengthOf(valueBytes) + valueBytes, label[1..]);
        at += PutText(NameTag, key, keyBytes, label[at..]);
        return at + PutText(ValueTag, value, valueBytes, label[at..]);
    }

    private static int PutText(byte tag, string text, int bytes, Span<byte> field)
    {
        field[0] = tag;
        var at = 1 + PutLength(bytes, field[1..]);
        return at + Encoding.UTF8.GetBytes(text, field[at..]);
    }

    private static int PutLength(int length, Span<byte> varint)
    {
        var at = 0;
        for (; length > 0x7f; length >>= 7)
        {
            varint[at++] = (byte)(length | 0x80);
        }

        varint[at] = (byte)length;
        return at + 1;
    }

    private static int LengthOf(int length)
    {
        var bytes = 1;
        for (; length > 0x7f; length >>= 7)
        {
            bytes++;
        }

        return bytes;
    }
}
