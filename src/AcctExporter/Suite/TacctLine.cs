// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;

namespace AcctExporter.Suite;

/// <summary>
/// Lines of total accounting: fields between blanks or tabs, names as <see cref="FieldText"/>, numbers in any form of
/// C. Such a line has the 13 fields of System V, the 18 of AIX, or those that somebody chose.
/// </summary>
internal static class TacctLine
{
    /// <summary>The fields of a line that says nothing of them; null when it is neither of 13 nor of 18.</summary>
    public static int[]? FieldsOf(ReadOnlySpan<byte> line)
    {
        var isTabbed = IsTabbed(line);
        var count = 0;
        for (; !line.IsEmpty && count <= TacctField.Count; count++)
        {
            // The name is the second one in both.
            Token(ref line, isTabbed && count == 1);
        }

        return count == TacctField.Count ? TacctField.All
            : count == TacctField.Classic.Length ? TacctField.Classic : null;
    }

    /// <summary>Reads a line exactly.</summary>
    /// <param name="line">Without its line feed.</param>
    /// <param name="fields">The fields, by their numbers; what is not among them is 0.</param>
    /// <param name="name">
    /// Room for <see cref="FieldText.LongestBytes"/> bytes; gets the name, which may be empty.
    /// </param>
    /// <param name="nameBytes">How long the name is.</param>
    /// <param name="uid">The user's number.</param>
    /// <param name="sums">The figures.</param>
    /// <returns>False when it is none.</returns>
    public static bool TryRead(
        ReadOnlySpan<byte> line, ReadOnlySpan<int> fields, Span<byte> name, out int nameBytes, out uint uid,
        out TacctSums sums)
    {
        (nameBytes, uid, sums) = (0, 0, default);
        line = line.Trim(" \t\r"u8);
        var isTabbed = IsTabbed(line);
        foreach (var field in fields)
        {
            if (line.IsEmpty)
            {
                return false;
            }

            var token = Token(ref line, isTabbed && field == TacctField.Name);
            var isGood = field switch
            {
                TacctField.Uid => TryUid(token, out uid),
                TacctField.Name => TryName(token, name, out nameBytes),
                _ => TryField(token, field, ref sums),
            };
            if (!isGood)
            {
                return false;
            }
        }

        return line.IsEmpty;
    }

    /// <summary>Reads a line of 13 fields or of 18.</summary>
    /// <inheritdoc cref="TryRead(
    /// ReadOnlySpan{byte}, ReadOnlySpan{int}, Span{byte}, out int, out uint, out TacctSums)"/>
    public static bool TryRead(
        ReadOnlySpan<byte> line, Span<byte> name, out int nameBytes, out uint uid, out TacctSums sums)
    {
        (nameBytes, uid, sums) = (0, 0, default);
        return FieldsOf(line.Trim(" \t\r"u8)) is { } fields
            && TryRead(line, fields, name, out nameBytes, out uid, out sums);
    }

    /// <summary>A number as C's strtod(3) takes it, which is finite.</summary>
    public static bool TryNumber(ReadOnlySpan<byte> token, out double value)
    {
        token = token.StartsWith("+"u8) ? token[1..] : token;
        return Utf8Parser.TryParse(token, out value, out var used) && used == token.Length && double.IsFinite(value)
            && !token.IsEmpty && token[^1] is >= (byte)'0' and <= (byte)'9' or (byte)'.';
    }

    /// <summary>Between tabs a name may have blanks, and be empty.</summary>
    private static bool IsTabbed(ReadOnlySpan<byte> line) => line.Count((byte)'\t') >= 2;

    /// <summary>
    /// The next token, or all up to the next tab; what is between it and the one behind is taken, too.
    /// </summary>
    private static ReadOnlySpan<byte> Token(scoped ref ReadOnlySpan<byte> line, bool toTab)
    {
        var end = toTab ? line.IndexOf((byte)'\t') : line.IndexOfAny((byte)' ', (byte)'\t');
        end = end < 0 ? line.Length : end;
        var token = line[..end];
        line = line[end..];
        if (toTab)
        {
            line = line.TrimStart(" \t"u8);
            return token.Trim((byte)' ');
        }

        // An empty name stands between two tabs.
        var blanks = line.TrimStart((byte)' ');
        line = blanks.StartsWith("\t"u8) ? blanks[1..] : blanks;
        return token;
    }

    private static bool TryUid(ReadOnlySpan<byte> token, out uint uid)
    {
        var isNumber = Utf8Parser.TryParse(token, out long value, out var used) && used == token.Length
            && value is >= -1 and <= uint.MaxValue;
        uid = unchecked((uint)value);
        return isNumber;
    }

    private static bool TryName(ReadOnlySpan<byte> token, Span<byte> room, out int length)
    {
        length = 0;
        if (token.Length > room.Length)
        {
            return false;
        }

        var name = FieldText.Read(token, room);
        name.CopyTo(room);
        length = name.Length;
        return length <= TacctFile.LongestName;
    }

    private static bool TryField(ReadOnlySpan<byte> token, int field, ref TacctSums sums)
    {
        if (TacctField.IsCount(field) && Utf8Parser.TryParse(token, out long count, out var used)
            && used == token.Length)
        {
            TacctField.SetCount(ref sums, field, count);
            return true;
        }

        var isNumber = TryNumber(token, out var value);
        TacctField.Set(ref sums, field, isNumber ? value : 0);
        return isNumber;
    }
}
