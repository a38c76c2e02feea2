// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Suite;

/// <summary>
/// Names as fields between blanks, as in <c>/proc/mounts</c>: blanks, control characters, and a backslash that could be
/// taken for one of these, are a backslash and three octal digits. All other bytes stand for themselves.
/// </summary>
internal static class FieldText
{
    /// <summary>The most bytes that a name of <see cref="TacctFile.LongestName"/> bytes takes.</summary>
    public const int LongestBytes = 4 * TacctFile.LongestName;

    /// <summary>Writes a name; of a longer one than a record can have, the beginning.</summary>
    /// <param name="name">The name; an empty one is <c>?</c>.</param>
    /// <param name="destination">At least <see cref="LongestBytes"/>.</param>
    /// <returns>The bytes written.</returns>
    public static int Write(ReadOnlySpan<byte> name, Span<byte> destination)
    {
        name = name.IsEmpty ? "?"u8 : name[..Math.Min(name.Length, TacctFile.LongestName)];
        var written = 0;
        for (var i = 0; i < name.Length; i++)
        {
            var letter = name[i];
            if (letter is > (byte)' ' and not 0x7f && !(letter == '\\' && IsEscape(name[i..])))
            {
                destination[written++] = letter;
                continue;
            }

            destination[written++] = (byte)'\\';
            destination[written++] = (byte)('0' + (letter >> 6));
            destination[written++] = (byte)('0' + ((letter >> 3) & 7));
            destination[written++] = (byte)('0' + (letter & 7));
        }

        return written;
    }

    /// <summary>The name that a field stands for.</summary>
    /// <param name="field">The field.</param>
    /// <param name="room">At least as long as the field.</param>
    public static ReadOnlySpan<byte> Read(ReadOnlySpan<byte> field, Span<byte> room)
    {
        if (field.IndexOf((byte)'\\') < 0)
        {
            return field;
        }

        var length = 0;
        while (!field.IsEmpty)
        {
            var isEscape = IsEscape(field);
            room[length++] = isEscape
                ? (byte)(((field[1] - '0') << 6) | ((field[2] - '0') << 3) | (field[3] - '0')) : field[0];
            field = field[(isEscape ? 4 : 1)..];
        }

        return room[..length];
    }

    /// <summary>The next field of a line, and what follows it; empty when there is none.</summary>
    public static ReadOnlySpan<byte> Take(scoped ref ReadOnlySpan<byte> line)
    {
        line = line.TrimStart(Blanks);
        var end = line.IndexOfAny(Blanks);
        var field = end < 0 ? line : line[..end];
        line = line[field.Length..];
        return field;
    }

    private static ReadOnlySpan<byte> Blanks => " \t\r"u8;

    private static bool IsEscape(ReadOnlySpan<byte> text) => text is
        [(byte)'\\', >= (byte)'0' and <= (byte)'3', >= (byte)'0' and <= (byte)'7', >= (byte)'0' and <= (byte)'7', ..];
}
