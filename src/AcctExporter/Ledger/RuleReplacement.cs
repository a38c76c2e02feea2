// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace AcctExporter.Ledger;

/// <summary>
/// The command that a rule puts in the place of another: text, with groups of the rule's pattern for the command
/// (<c>$1</c>, <c>${1}</c>, <c>${name}</c>; <c>$$</c> is one <c>$</c>). What it makes is a label value
/// (<see cref="LabelText.OfText"/>), as are the groups: a pattern sees the command as labels show it.
/// </summary>
internal sealed class RuleReplacement
{
    /// <summary>What is longer, in the configuration, is a fault; what groups make longer is cut.</summary>
    public const int LongestText = 128;

    /// <summary>Text, or where it is null the number of a group.</summary>
    private readonly List<(string? Text, int Group)> parts;
    private readonly RulePattern? command;
    private readonly string? constant;

    private RuleReplacement(string text, List<(string? Text, int Group)> parts, RulePattern? command)
    {
        Text = text;
        this.parts = parts;
        this.command = command;
        constant = parts.TrueForAll(part => part.Text is not null)
            ? LabelText.OfText(string.Concat(parts.Select(part => part.Text)), LongestText)
            : null;
    }

    /// <summary>The replacement as it was given.</summary>
    public string Text { get; }

    /// <summary>Reads a replacement.</summary>
    /// <param name="text">1 to 128 characters.</param>
    /// <param name="command">The rule's pattern for the command, whose groups it may use.</param>
    /// <param name="replacement">The replacement, when true.</param>
    /// <param name="fault">When false: one line for people.</param>
    public static bool TryParse(
        string text, RulePattern? command, [NotNullWhen(true)] out RuleReplacement? replacement, out string fault)
    {
        replacement = null;
        fault = text.Length switch
        {
            0 => "the replacement is empty: a command must have a name (action drop leaves its exits out)",
            > LongestText =>
                $"the replacement is too long: {text.Length} characters, where {LongestText} are allowed",
            _ => FindControl(text),
        };
        var parts = new List<(string? Text, int Group)>();
        if (fault.Length > 0 || !TrySplit(text, command, parts, out fault))
        {
            return false;
        }

        replacement = new RuleReplacement(text, parts, command);
        return true;
    }

    /// <summary>
    /// The new command for one that the pattern matched; null when it took too long to find the groups.
    /// </summary>
    public string? Of(ReadOnlySpan<char> name)
    {
        if (constant is not null || command is null)
        {
            return constant;
        }

        if (command.GroupsOf(new string(name)) is not { } match)
        {
            return null;
        }

        var result = new StringBuilder();
        foreach (var (text, group) in parts)
        {
            result.Append(text).Append(text is null ? match.Groups[group].ValueSpan : []);
        }

        return LabelText.OfText(result.ToString(), LongestText);
    }

    private static bool TrySplit(
        string text, RulePattern? command, List<(string? Text, int Group)> parts, out string fault)
    {
        for (var at = 0; at < text.Length;)
        {
            var dollar = text.IndexOf('$', at);
            if (dollar != at)
            {
                parts.Add((text[at..(dollar < 0 ? text.Length : dollar)], 0));
                at = dollar < 0 ? text.Length : dollar;
                continue;
            }

            var rest = text.AsSpan(at + 1);
            if (rest.StartsWith("$"))
            {
                parts.Add(("$", 0));
                at += 2;
                continue;
            }

            var length = LengthOfReference(rest);
            if (length == 0)
            {
                fault = $"the replacement {RulePatternFaults.Quote(text)} has a $ that begins no group (character "
                    + $"{at + 1}): write $1, ${{1}} or ${{name}}, and $$ for a $";
                return false;
            }

            var name = rest[..length].Trim("{}").ToString();
            var group = command?.GroupOf(name) ?? -1;
            if (group < 0)
            {
                fault = $"the replacement {RulePatternFaults.Quote(text)} uses group {name}, which "
                    + (command is null
                        ? "needs a pattern for the command"
                        : $"the pattern {RulePatternFaults.Quote(command.Text)} does not have");
                return false;
            }

            parts.Add((null, group));
            at += 1 + length;
        }

        fault = "";
        return true;
    }

    /// <summary>Characters of <c>1</c>, <c>{1}</c> or <c>{name}</c>; 0 when it is none of them.</summary>
    private static int LengthOfReference(ReadOnlySpan<char> rest)
    {
        if (!rest.StartsWith("{"))
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            return digits < 0 ? rest.Length : digits;
        }

        var end = rest.IndexOf('}');
        return end > 1 && rest[1..end].IndexOf('{') < 0 ? end + 1 : 0;
    }

    private static string FindControl(string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (!LabelText.IsPlain(rune))
            {
                return $"the replacement {RulePatternFaults.Quote(text)} has a character that cannot be seen "
                    + $"(U+{rune.Value:X4}): no label has one";
            }
        }

        return "";
    }
}
