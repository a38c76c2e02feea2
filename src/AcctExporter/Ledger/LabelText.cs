// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Globalization;
using System.Text;

namespace AcctExporter.Ledger;

/// <summary>
/// Turns bytes chosen by strangers into label values: valid UTF-8 without control characters, one to one, so that two
/// names never share a series and one never has two. What cannot stand as it is becomes <c>\xNN</c>; a backslash before
/// an
/// <c>x</c> is escaped too, so that the four characters <c>\xff</c> and the byte 0xFF stay apart.
/// </summary>
internal static class LabelText
{
    /// <summary>The label value under which pairs over the limit are counted. A real name like it is escaped.</summary>
    public const string Other = "other";

    /// <summary>The most characters that one byte becomes.</summary>
    public const int LongestEscape = 4;

    private const string EscapedOther = @"\x6fther";

    // An empty label value means "no such label" to Prometheus. NUL cannot occur in a name.
    private const string EscapedEmpty = @"\x00";

    /// <summary>The label value for a user or a group without a name. No name is like it.</summary>
    public static string OfNumber(uint number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The label value for a name.</summary>
    public static string Escape(ReadOnlySpan<byte> name)
    {
        var text = new char[Math.Max(name.Length * LongestEscape, EscapedOther.Length)];
        return new string(text, 0, Escape(name, text));
    }

    /// <summary>
    /// Writes the label value for a name and returns its length. <paramref name="destination"/> needs
    /// <see cref="LongestEscape"/> characters a byte and never fewer than 8.
    /// </summary>
    public static int Escape(ReadOnlySpan<byte> name, Span<char> destination)
    {
        if (name.IsEmpty)
        {
            return Put(EscapedEmpty, destination);
        }

        if (name.SequenceEqual("other"u8))
        {
            return Put(EscapedOther, destination);
        }

        var written = 0;
        while (!name.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(name, out var rune, out var length);
            if (status == OperationStatus.Done && IsPlain(rune) && !StartsEscape(name))
            {
                written += rune.EncodeToUtf16(destination[written..]);
            }
            else
            {
                foreach (var value in name[..length])
                {
                    @"\x".CopyTo(destination[written..]);
                    value.TryFormat(destination[(written + 2)..], out _, "x2", CultureInfo.InvariantCulture);
                    written += LongestEscape;
                }
            }

            name = name[length..];
        }

        return written;
    }

    /// <summary>
    /// Makes a label value of a text that was put together of label values: never empty, never <see cref="Other"/>, and
    /// of <paramref name="longest"/> characters at most; what is behind them is cut off.
    /// </summary>
    public static string OfText(string text, int longest)
    {
        if (text.Length > longest)
        {
            text = text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)];
        }

        return text switch
        {
            "" => EscapedEmpty,
            Other => EscapedOther,
            _ => WithoutHalves(text),
        };
    }

    /// <summary>It can stand in a label value: no control character, line break or mark that cannot be seen.</summary>
    public static bool IsPlain(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Format);

    /// <summary>A character cut in two (a pattern may do so) is replaced, for no file could hold it.</summary>
    private static string WithoutHalves(string text)
    {
        var isWhole = true;
        for (var at = 0; at < text.Length && isWhole; at++)
        {
            isWhole = !char.IsSurrogate(text[at]) || char.IsSurrogatePair(text, at++);
        }

        return isWhole ? text : string.Concat(text.EnumerateRunes());
    }

    private static bool StartsEscape(ReadOnlySpan<byte> name) => name.StartsWith(@"\x"u8);

    private static int Put(string text, Span<char> destination)
    {
        text.CopyTo(destination);
        return text.Length;
    }
}
