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

    /// <summary>How many steps a pattern may have with all its counts written out; a character may be five.</summary>
    public const int MostSteps = 10_000;

    /// <summary>
    /// The runtime remembers the states that values led to, up to 10,000, each as large as the pattern: strangers could
    /// choose names that take gigabytes. When a pattern has taken so much, it begins anew.
    /// </summary>
    private const long GrowthAtMost = 4 << 20;

    /// <summary>The last guard: no value should ever take so long.</summary>
    private static readonly TimeSpan MatchTime = TimeSpan.FromSeconds(1);

    private readonly TimeSpan matchTime;
    private Regex regex;
    private long growth;

    static RulePattern() =>
        // The runtime's own check, made before anything of that size is built; without it, there is none.
        AppContext.SetData("REGEX_NONBACKTRACKING_MAX_AUTOMATA_SIZE", MostSteps);

    private RulePattern(string text, Regex regex, TimeSpan matchTime)
    {
        Text = text;
        this.regex = regex;
        this.matchTime = matchTime;
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

        if (Build(text, matchTime, out _) is { } error)
        {
            fault = RulePatternFaults.Of(text, error);
            return false;
        }

        error = Build(Anchored(text), matchTime, out var whole);
        if (error is not null || whole is null)
        {
            // It stands alone, but not within brackets: of a right pattern only a comment to the end of the line does.
            fault = error is NotSupportedException
                ? RulePatternFaults.Of(text, error)
                : $"{RulePatternFaults.Quote(text)} ends in a comment (#): put a line break behind it";
            return false;
        }

        fault = "";
        pattern = new RulePattern(text, whole, matchTime);
        return true;
    }

    /// <summary>
    /// True when the pattern matches the whole value. Allocates nothing for a value like earlier ones.
    /// </summary>
    public bool Matches(ReadOnlySpan<char> value)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            return regex.IsMatch(value);
        }
        catch (RegexMatchTimeoutException)
        {
            Timeouts++;
            return false;
        }
        finally
        {
            LimitGrowth(before);
        }
    }

    /// <summary>What the groups of a matching value are; null when it does not match.</summary>
    internal Match? GroupsOf(string value)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            return regex.Match(value) is { Success: true } match ? match : null;
        }
        catch (RegexMatchTimeoutException)
        {
            Timeouts++;
            return null;
        }
        finally
        {
            LimitGrowth(before);
        }
    }

    /// <summary>The number of a group by number or name; -1 when there is none.</summary>
    internal int GroupOf(string name) => regex.GroupNumberFromName(name);

    private static string Anchored(string text) => $@"\A(?:{text})\z";

    /// <returns>Null when it is one, else what the parser says.</returns>
    private static Exception? Build(string expression, TimeSpan matchTime, out Regex? regex)
    {
        regex = null;
        try
        {
            regex = new Regex(expression, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, matchTime);
            return null;
        }
        catch (Exception error) when (error is RegexParseException or NotSupportedException)
        {
            return error;
        }
    }

    private void LimitGrowth(long allocatedBefore)
    {
        growth += GC.GetAllocatedBytesForCurrentThread() - allocatedBefore;
        if (growth > GrowthAtMost && Build(Anchored(Text), matchTime, out var anew) is null && anew is not null)
        {
            regex = anew;
            growth = 0;
        }
    }
}
