// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace AcctExporter.Service;

/// <summary>
/// Text of anybody as a part of one line: whatever is in it, no reader takes it for a second line, another field or a
/// command to a terminal.
/// </summary>
internal static class LogText
{
    /// <summary>UTF-16 units of a value that are written; then comes how many more there were.</summary>
    public const int LongestValue = 4096;

    private const int LongestKey = 64;

    /// <summary>
    /// Appends a string of JSON, in its quotes. What cannot be seen is escaped: control characters, separators of
    /// lines, marks that turn the direction of text, halves of surrogates (as U+FFFD), spaces other than the space.
    /// </summary>
    public static void AppendQuoted(StringBuilder line, string value)
    {
        line.Append('"');
        AppendEscaped(line, value);
        line.Append('"');
    }

    /// <summary>Appends a value of logfmt: as it is when no reader can mistake it, else as a string of JSON.</summary>
    public static void AppendLogfmt(StringBuilder line, string value)
    {
        var start = line.Length;
        line.Append('"');
        AppendEscaped(line, value);
        if (value.Length > 0 && line.Length - start - 1 == value.Length && value.AsSpan().IndexOfAny(' ', '=') < 0)
        {
            line.Remove(start, 1);
            return;
        }

        line.Append('"');
    }

    /// <summary>The name of a message's parameter as a key: <c>FreeRatio</c> is <c>free_ratio</c>.</summary>
    public static string KeyOf(string parameter)
    {
        var key = new StringBuilder();
        foreach (var letter in parameter.AsSpan(0, Math.Min(parameter.Length, LongestKey)))
        {
            if (char.IsAsciiLetterUpper(letter) && key.Length > 0 && key[^1] != '_')
            {
                key.Append('_');
            }

            key.Append(char.IsAsciiLetterOrDigit(letter) ? char.ToLowerInvariant(letter) : '_');
        }

        return key.ToString();
    }

    private static void AppendEscaped(StringBuilder line, string value)
    {
        var shown = value.AsSpan(0, Math.Min(value.Length, LongestValue));
        foreach (var rune in shown.EnumerateRunes())
        {
            AppendEscaped(line, rune);
        }

        if (shown.Length < value.Length)
        {
            line.Append(CultureInfo.InvariantCulture, $"... ({value.Length - shown.Length} more)");
        }
    }

    private static void AppendEscaped(StringBuilder line, Rune rune)
    {
        switch (rune.Value)
        {
            case '"' or '\\':
                line.Append('\\').Append((char)rune.Value);
                return;
            case '\n':
                line.Append("\\n");
                return;
            case '\r':
                line.Append("\\r");
                return;
            case '\t':
                line.Append("\\t");
                return;
        }

        Span<char> units = stackalloc char[2];
        units = units[..rune.EncodeToUtf16(units)];
        if (IsSeen(rune))
        {
            line.Append(units);
            return;
        }

        foreach (var unit in units)
        {
            line.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
        }
    }

    private static bool IsSeen(Rune rune) => rune.Value == ' ' || Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator or UnicodeCategory.PrivateUse
        or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned);
}
