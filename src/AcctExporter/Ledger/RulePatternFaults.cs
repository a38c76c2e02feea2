// SPDX-License-Identifier: Apache-2.0
using System.Text;
using System.Text.RegularExpressions;

namespace AcctExporter.Ledger;

/// <summary>What is wrong with a pattern, in plain words and one line.</summary>
internal static class RulePatternFaults
{
    private const int QuotedAtMost = 60;

    private static readonly (string Text, string Words)[] Forbidden =
    [
        ("(?=", "looks ahead"),
        ("(?!", "looks ahead"),
        ("(?<=", "looks behind"),
        ("(?<!", "looks behind"),
        ("(?>", "has an atomic group"),
        ("(?(", "has a condition"),
        (@"\G", @"asks where the last match ended (\G)"),
        (@"\k", "refers back to a group"),
    ];

    /// <summary>The text in quotation marks, in one line and not too long.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder("'");
        foreach (var rune in text.EnumerateRunes())
        {
            if (quoted.Length > QuotedAtMost)
            {
                quoted.Append("...");
                break;
            }

            quoted.Append(LabelText.IsPlain(rune) ? rune.ToString() : $@"\u{rune.Value:x4}");
        }

        return quoted.Append('\'').ToString();
    }

    /// <summary>A pattern that is no regular expression, has what may take for ever, or is too large.</summary>
    public static string Of(string text, Exception error)
    {
        var parse = error as RegexParseException;
        if (parse is null or { Error: RegexParseError.UndefinedNumberedReference }
                or { Error: RegexParseError.UndefinedNamedReference }
            && FindForbidden(text) is { } found)
        {
            return $"{Quote(text)} {found}: look-arounds and back-references are not allowed, for they may take for "
                + "ever";
        }

        return parse is null
            ? $"{Quote(text)} is too large: with its counts written out it has more than {RulePattern.MostSteps} steps"
            : $"{Quote(text)} is no regular expression: {WordsOf(parse.Error)} (character {Math.Max(parse.Offset, 1)})";
    }

    private static string? FindForbidden(string text)
    {
        var inClass = false;
        for (var at = 0; at < text.Length; at++)
        {
            var rest = text.AsSpan(at);
            foreach (var (start, words) in inClass ? [] : Forbidden)
            {
                // A named group begins like a look behind; \k stands in classes for nothing.
                if (rest.StartsWith(start, StringComparison.Ordinal))
                {
                    return words;
                }
            }

            if (!inClass && rest.Length > 1 && rest[0] == '\\' && rest[1] is >= '1' and <= '9')
            {
                return "refers back to a group";
            }

            inClass = text[at] == '[' || (inClass && text[at] != ']');
            at += text[at] == '\\' ? 1 : 0;
        }

        return null;
    }

    private static string WordsOf(RegexParseError error) => error switch
    {
        RegexParseError.InsufficientClosingParentheses => "a ( is not closed",
        RegexParseError.InsufficientOpeningParentheses => "a ) without its (",
        RegexParseError.UnterminatedBracket => "a [ is not closed",
        RegexParseError.ReversedCharacterRange => "a range in [] whose end is before its begin",
        RegexParseError.ShorthandClassInCharacterRange => "a class is no end of a range in []",
        RegexParseError.ExclusionGroupNotLast => "what is taken out of a class must stand last in it",
        RegexParseError.ReversedQuantifierRange => "a count {n,m} with n larger than m",
        RegexParseError.QuantifierAfterNothing => "a *, +, ? or count with nothing before it",
        RegexParseError.NestedQuantifiersNotParenthesized => "a *, +, ? or count right behind another",
        RegexParseError.QuantifierOrCaptureGroupOutOfRange => "a number that is too large",
        RegexParseError.UnescapedEndingBackslash => @"a \ at the end",
        RegexParseError.UnrecognizedEscape => @"a \ before a letter that means nothing with it",
        RegexParseError.UnrecognizedUnicodeProperty => @"a \p{} of a property that does not exist",
        RegexParseError.InvalidUnicodePropertyEscape or RegexParseError.MalformedUnicodePropertyEscape =>
            @"a \p without its {property}",
        RegexParseError.InsufficientOrInvalidHexDigits => @"a \x or \u without its hexadecimal digits",
        RegexParseError.MissingControlCharacter or RegexParseError.UnrecognizedControlCharacter =>
            @"a \c without its letter",
        RegexParseError.UnterminatedComment => "a (?# that is not closed",
        RegexParseError.CaptureGroupNameInvalid or RegexParseError.CaptureGroupOfZero =>
            "the name of a group must be a word or a number from 1 on",
        RegexParseError.UndefinedNumberedReference or RegexParseError.UndefinedNamedReference =>
            "a group that does not exist is referred to",
        RegexParseError.MalformedNamedReference => @"a \k without its <name>",
        _ => "a (? that means nothing",
    };
}
