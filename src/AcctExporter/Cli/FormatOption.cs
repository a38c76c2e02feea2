// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Config;
using AcctExporter.Reports;

namespace AcctExporter.Cli;

/// <summary>The option <c>--format</c> that commands have which print something.</summary>
internal static class FormatOption
{
    private const string Name = "--format";

    /// <summary>In the order of <see cref="ReportFormat"/>.</summary>
    private static readonly string[] Reports = ["table", "json", "csv"];

    /// <summary>One of some words, the first of which is the default.</summary>
    public static Option<string> Of(string help, params string[] words) => new(Name)
    {
        Description = help,
        HelpName = string.Join('|', words),
        DefaultValueFactory = _ => words[0],
        CustomParser = result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (!words.Contains(text))
            {
                result.AddError(Fault(text, words));
            }

            return text;
        },
    };

    /// <summary>That of the reports; <c>text</c> is another word for <c>table</c>.</summary>
    public static Option<string> OfReport() => new(Name)
    {
        Description = "As the classic command prints it, or rows for programs",
        HelpName = string.Join('|', Reports),
        DefaultValueFactory = _ => Reports[0],
        // Of several the last.
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            text = text == "text" ? Reports[0] : text;
            if (!Reports.Contains(text))
            {
                result.AddError(Fault(text, Reports));
            }

            return text;
        },
    };

    /// <summary>The form that a word means.</summary>
    public static ReportFormat ReportFormatOf(string word) => (ReportFormat)Array.IndexOf(Reports, word);

    private static string Fault(string text, string[] words) =>
        $"{Name}: '{text}' is none of {string.Join(", ", words)}{Suggestion.For(text, words)}";
}
