// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using AcctExporter.Config;

namespace AcctExporter.Cli;

/// <summary>The option <c>--format</c> that commands have which print something.</summary>
internal static class FormatOption
{
    /// <summary>One of some words, the first of which is the default.</summary>
    public static Option<string> Of(string help, params string[] words) => new("--format")
    {
        Description = help,
        HelpName = string.Join('|', words),
        DefaultValueFactory = _ => words[0],
        CustomParser = result =>
        {
            var text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
            if (!words.Contains(text))
            {
                result.AddError(
                    $"--format: '{text}' is none of {string.Join(", ", words)}{Suggestion.For(text, words)}");
            }

            return text;
        },
    };
}
