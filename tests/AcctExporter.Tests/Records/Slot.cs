// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Records;

namespace AcctExporter.Tests.Records;

/// <summary>Bytes of one slot, spelled out by tests and damaged by them.</summary>
internal static class Slot
{
    /// <summary>
    /// <c>true</c> of a real kernel: v3, pid 6, ppid 1, 2364 KiB, 81 faults, began 2026-11-21 22:21:56.
    /// </summary>
    public const string True = """
        00 03 0000 00000000 00000000 00000000 06000000 01000000 8419026b 00000000
        0000 0000 3c09 0000 0000 5100 0000 0000 74727565000000000000000000000000
        """;

    /// <summary>Bytes from hexadecimal digits with white space.</summary>
    public static byte[] Hex(string digits) =>
        Convert.FromHexString(string.Concat(digits.Where(c => !char.IsWhiteSpace(c))));

    /// <summary>A slot like <paramref name="slot"/>, but for the bytes at <paramref name="offset"/>.</summary>
    public static byte[] With(byte[] slot, int offset, string digits)
    {
        var changed = slot.ToArray();
        Hex(digits).CopyTo(changed, offset);
        return changed;
    }

    public static byte[] Of(in AcctRecord record)
    {
        var bytes = new byte[AcctRecord.Size];
        return bytes[..AcctEncoder.Write(record, bytes)];
    }

    public static CommandName Name(string name) => CommandName.From(Encoding.UTF8.GetBytes(name));
}
