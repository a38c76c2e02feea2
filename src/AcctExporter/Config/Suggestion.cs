// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Config;

/// <summary>Finds what somebody probably meant.</summary>
internal static class Suggestion
{
    private const int LongestWord = 200;

    /// <summary><c>; did you mean 'x'?</c>, or nothing when no word is near.</summary>
    public static string For(string text, IEnumerable<string> words) =>
        Nearest(text, words) is { } word ? $"; did you mean '{word}'?" : "";

    /// <summary>
    /// The word that is at most a third of its letters away, the nearest first; also one that differs only in
    /// <c>-</c>, <c>_</c> and capitals, or that ends in the text after a dot. Null without one.
    /// </summary>
    public static string? Nearest(string text, IEnumerable<string> words)
    {
        if (text.Length is 0 or > LongestWord)
        {
            return null;
        }

        var plain = Plain(text);
        string? nearest = null;
        var least = int.MaxValue;
        foreach (var word in words)
        {
            var other = Plain(word);
            var distance = other.EndsWith('.' + plain, StringComparison.Ordinal) ? 1 : Distance(plain, other);
            if (distance < least && distance <= Math.Max(1, Math.Min(plain.Length, other.Length) / 3))
            {
                (nearest, least) = (word, distance);
            }
        }

        return nearest;
    }

    private static string Plain(string text) => text.TrimStart('-').ToLowerInvariant().Replace('_', '-');

    /// <summary>
    /// Letters to change, to put in, to take out, or neighbours to exchange (optimal string alignment).
    /// </summary>
    private static int Distance(string from, string to)
    {
        var costs = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            costs[i, 0] = i;
        }

        for (var j = 0; j <= to.Length; j++)
        {
            costs[0, j] = j;
        }

        for (var i = 1; i <= from.Length; i++)
        {
            for (var j = 1; j <= to.Length; j++)
            {
                var change = from[i - 1] == to[j - 1] ? 0 : 1;
                var cost = Math.Min(Math.Min(costs[i - 1, j], costs[i, j - 1]) + 1, costs[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                {
                    cost = Math.Min(cost, costs[i - 2, j - 2] + 1);
                }

                costs[i, j] = cost;
            }
        }

        return costs[from.Length, to.Length];
    }
}
