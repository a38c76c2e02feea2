// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace AcctExporter.Web;

/// <summary>
/// Makes visible what an eye would miss in a name that a stranger chose: control characters, marks that turn the
/// direction round or have no width, what looks like a blank, blanks at either end, heaps of accents. Each becomes
/// <c>\u{202e}</c>; letters of all scripts stay.
/// </summary>
internal static class VisibleText
{
    /// <summary>Accents that one letter may carry: Vietnamese and Hebrew need two, nobody three.</summary>
    private const int MarksAtMost = 2;

    /// <summary>Letters and marks that show nothing: fillers of Hangul, the grapheme joiner, empty Braille.</summary>
    private static readonly int[] Invisible =
        [0x034f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x2800, 0x3164, 0xffa0];

    /// <summary>The text as it may be shown; the same one where nothing is hidden in it.</summary>
    public static string Of(string text)
    {
        if (IsPlainAscii(text))
        {
            return text;
        }

        var shown = new StringBuilder(text.Length);
        var marks = MarksAtMost;
        var (first, end) = (text.Length - text.TrimStart(' ').Length, text.TrimEnd(' ').Length);
        var at = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var category = Rune.GetUnicodeCategory(rune);
            var isMark = category is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark;
            // A mark at the beginning would sit on what stands before the name.
            marks = isMark ? marks + 1 : 0;
            // So is a blank at either end.
            var isOuter = at < first || at >= end;
            at += rune.Utf16SequenceLength;
            if (isOuter || marks > MarksAtMost || IsHidden(rune, category))
            {
                shown.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
            }
            else
            {
                shown.Append(rune);
            }
        }

        return shown.ToString();
    }

    private static bool IsPlainAscii(string text) =>
        text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0
        && !text.StartsWith(' ') && !text.EndsWith(' ');

    private static bool IsHidden(Rune rune, UnicodeCategory category) => category switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate
            or UnicodeCategory.OtherNotAssigned => true,
        UnicodeCategory.SpaceSeparator => rune.Value != ' ',
        // Selectors of variants have no shape of their own.
        _ => rune.Value is (>= 0xfe00 and <= 0xfe0f) or (>= 0xe0100 and <= 0xe01ef)
            || Array.IndexOf(Invisible, rune.Value) >= 0,
    };
}
