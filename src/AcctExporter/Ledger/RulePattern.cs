// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace AcctExporter.Ledger;

/// <summary>
/// A regular expression over a whole value (anchored at both ends, as Prometheus does), with case, for every culture
/// alike. Its time is linear in the value, whatever the value is: names of programs are chosen by strangers.
/// </summary>
internal sealed class RulePattern
{
    /// <summary>Characters of a pattern at most.</summary>
    public const int LongestText = 1000;

    /// <summary>How many steps a pattern may have with all its counts written out.</summary>
    public const int MostSteps = 2000;

    /// <summary>The last guard: no value should ever take so long.</summary>
    private static readonly TimeSpan MatchTime = TimeSpan.FromMilliseconds(100);

    private readonly Regex regex;

    static RulePattern() =>
        // The runtime's own check, made before anything of that size is built; without it, there is none.
        AppContext.SetData("REGEX_NONBACKTRACKING_MAX_AUTOMATA_SIZE", MostSteps);

    private RulePattern(string text, Regex regex)
    {
        Text = text;
        this.regex = regex;
    }

    /// <summary>The pattern as it was given.</summary>
    public string Text { get; }

    /// <summary>Values that took too long, and counted as not matched. Written by the thread that matches.</summary>
    public ulong Timeouts { get; private set; }

    /// <summary>Reads a pattern.</summary>
    /// <param name="text">A regular expression of .NET without look-arounds, back-references and atomic groups.</param>
    /// <param name="pattern">The pattern, when true.</param>
    /// <param name="fault">When false: one line for people, which says what is wrong and where.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out RulePattern? pattern, out string fault) =>
        TryParse(text, MatchTime, out pattern, out fault);

    /// <inheritdoc cref="TryParse(string, out RulePattern?, out string)"/>
    /// <param name="matchTime">How long a match may take.</param>
    internal static bool TryParse(
        string text, TimeSpan matchTime, [NotNullWhen(true)] out RulePattern? pattern, out string fault)
    {
        pattern = null;
        if (text.Length > LongestText)
        {
            fault = $"the pattern is too long: {text.Length} characters, where {LongestText} are allowed";
            return false;
        }

        if (!TryBuild(text, text, matchTime, out _, out fault))
        {
            return false;
        }

        if (!TryBuild(text, $@"\A(?:{text})\z", matchTime, out var whole, out _))
        {
            // It stands alone, but not within brackets: only a comment to the end of the line does that.
            fault = $"{RulePatternFaults.Quote(text)} ends in a comment (#): put a line break behind it";
            return false;
        }

        pattern = new RulePattern(text, whole);
        return true;
    }

    /// <summary>True when the pattern matches the whole value. Allocates nothing for values like earlier ones.</summary>
    public bool Matches(ReadOnlySpan<char> value)
    {
        try
        {
            return regex.IsMatch(value);
        }
        catch (RegexMatchTimeoutException)
        {
            Timeouts++;
            return false;
        }
    }

    /// <summary>What the groups of a matching value are; null when it does not match.</summary>
    internal Match? GroupsOf(string value)
    {
        try
        {
            return regex.Match(value) is { Success: true } match ? match : null;
        }
        catch (RegexMatchTimeoutException)
        {
            Timeouts++;
            return null;
        }
    }

    /// <summary>The number of a group by number or name; -1 when there is none.</summary>
    internal int GroupOf(string name) => regex.GroupNumberFromName(name);

    private static bool TryBuild(
        string text, string expression, TimeSpan matchTime, [NotNullWhen(true)] out Regex? regex, out string fault)
    {
        try
        {
            regex = new Regex(expression, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, matchTime);
            fault = "";
            return true;
        }
        catch (RegexParseException error)
        {
            fault = RulePatternFaults.Of(text, error);
        }
        catch (NotSupportedException)
        {
            fault = RulePatternFaults.OfForbidden(text);
        }

        regex = null;
        return false;
    }
}
