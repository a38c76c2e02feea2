// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using YamlDotNet.Core;

namespace AcctExporter.Config;

/// <summary>What is wrong with a text that is no YAML, in plain words: the parser's own are for its authors.</summary>
internal static class YamlFaults
{
    private const string Hyphen =
        "a '-' begins an item of a list, and there is none here: a value that is '-' needs quotes";

    private static readonly (string Parser, string Words)[] Known =
    [
        ("found invalid mapping",
            "a value has a ': ' in it: put it into quotes, or mend the indentation of this line"),
        ("did not find expected key", "this is no 'key: value' of the lines above: mend its indentation"),
        ("did not find expected '-'", "this is no '- item' of the list above: mend its indentation"),
        ("could not find expected ':'", "a ':' is missing behind the key"),
        ("did not find expected ',' or '}'", "a '{' is not closed, or a ',' is missing"),
        ("did not find expected ',' or ']'", "a '[' is not closed, or a ',' is missing"),
        ("did not find expected node content", "a value is missing, or needs quotes"),
        ("found unexpected end of stream", "the quotation mark here is not closed"),
        ("found unexpected document indicator", "the quotation mark here is not closed"),
        ("unknown escape character", @"a \ in double quotes means something else: put the value into single quotes"),
        ("Block sequence entries are not allowed", Hyphen),
        ("Invalid key indicator format", Hyphen),
    ];

    /// <summary>Where it is and what it is.</summary>
    public static (long Line, long Column, string Problem) Of(string text, YamlException error)
    {
        var at = error.Start;
        if (error.Message.Contains("tab", StringComparison.Ordinal) && FindTab(text) is { } tab)
        {
            return (tab.Line, tab.Column, "this is no YAML: a tab indents this line, and only spaces can");
        }

        if (error.Message.Contains("cannot start any token", StringComparison.Ordinal) && at.Index < text.Length)
        {
            return (at.Line, at.Column, $"this is no YAML: what begins with '{text[(int)at.Index]}' needs quotes");
        }

        var words = Array.Find(Known, known => error.Message.Contains(known.Parser, StringComparison.Ordinal)).Words;
        return (at.Line, at.Column, $"this is no YAML: {words ?? error.Message.TrimEnd('.')}");
    }

    /// <summary>
    /// The first control character, which YAML does not have; the parser takes a NUL for the end of the file.
    /// </summary>
    public static (long Line, long Column, string Problem)? FindControl(string text)
    {
        var (line, begin) = (1, 0);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n')
            {
                (line, begin) = (line + 1, i + 1);
            }
            else if (char.IsControl(text[i]) && text[i] is not ('\t' or '\r' or '\u0085'))
            {
                return (line, i - begin + 1, string.Create(
                    CultureInfo.InvariantCulture, $"a control character (U+{(int)text[i]:X4}) stands here"));
            }
        }

        return null;
    }

    private static (long Line, long Column)? FindTab(string text)
    {
        var line = 0;
        foreach (var content in text.Split('\n'))
        {
            line++;
            var column = content.AsSpan().IndexOfAnyExcept(' ');
            if (column >= 0 && content[column] == '\t')
            {
                return (line, column + 1);
            }
        }

        return null;
    }
}
