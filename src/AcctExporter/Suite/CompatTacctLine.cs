// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;

namespace AcctExporter.Suite;

/// <summary>
/// Lines of total accounting as scanf(3) takes them for the originals: whole numbers end at a point and wrap, names
/// end at a blank, and the first thing that is none ends it all.
/// </summary>
internal static class CompatTacctLine
{
    private const int LongestName = 32;

    /// <summary>Reads a line.</summary>
    /// <param name="line">Without its line feed.</param>
    /// <param name="fields">The fields, by their numbers.</param>
    /// <param name="isAix">Fees may have fractions.</param>
    /// <param name="name">Room for a name, which may be empty; longer than those of the originals it is cut.</param>
    /// <param name="nameBytes">How long the name is.</param>
    /// <param name="uid">The user's number.</param>
    /// <param name="figures">The figures up to what is none.</param>
    /// <returns>False when something is none, or is missing or too much.</returns>
    public static bool TryRead(
        ReadOnlySpan<byte> line, ReadOnlySpan<int> fields, bool isAix, Span<byte> name, out int nameBytes,
        out uint uid, out ClassicTacct figures)
    {
        (nameBytes, uid, figures) = (0, 0, default);
        line = line.Trim(" \t\r"u8);
        foreach (var field in fields)
        {
            var end = line.IndexOfAny((byte)' ', (byte)'\t');
            var token = end < 0 ? line : line[..end];
            line = line[token.Length..].TrimStart(" \t"u8);
            var isWhole = TacctField.IsCount(field) || (field == TacctField.Fee && !isAix);
            if (field == TacctField.Name)
            {
                nameBytes = Math.Min(token.Length, LongestName);
                token[..nameBytes].CopyTo(name);
            }
            else if (field == TacctField.Uid || isWhole)
            {
                if (!Utf8Parser.TryParse(token, out long number, out var used))
                {
                    return false;
                }

                uid = field == TacctField.Uid ? unchecked((uint)number) : uid;
                figures[field] = ClassicTacct.InField(field, number, isAix);
                if (used < token.Length)
                {
                    return false;
                }
            }
            else if (TacctLine.TryNumber(token, out var value))
            {
                figures[field] = ClassicTacct.InField(field, value, isAix);
            }
            else
            {
                return false;
            }
        }

        return line.IsEmpty;
    }
}
