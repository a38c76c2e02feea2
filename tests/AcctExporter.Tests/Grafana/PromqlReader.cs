// SPDX-License-Identifier: Apache-2.0
using System.Text.RegularExpressions;

namespace AcctExporter.Tests.Grafana;

/// <summary>A matcher of a selector: <c>job=~"$job"</c>.</summary>
internal readonly record struct PromqlMatcher(string Label, string Operator, string Value);

/// <summary>Series that a query asks for.</summary>
/// <param name="Metric">The name; empty when matchers alone choose.</param>
/// <param name="Matchers">What is in braces.</param>
/// <param name="Range">What is in brackets behind it; empty for the value at one time.</param>
/// <param name="Function">The function or aggregation whose parentheses are the next around it.</param>
/// <param name="Grouping">The labels by which something around it groups.</param>
internal sealed record PromqlSelector(
    string Metric, IReadOnlyList<PromqlMatcher> Matchers, string Range, string Function,
    IReadOnlyList<string> Grouping);

/// <summary>
/// Reads from PromQL, with variables in it, what it asks for. Whether it is PromQL at all says promtool.
/// </summary>
internal sealed partial class PromqlReader
{
    private static readonly HashSet<string> Words =
        ["and", "or", "unless", "bool", "offset", "group_left", "group_right", "on", "ignoring", "by", "without"];

    private static readonly HashSet<string> Lists = ["on", "ignoring", "by", "without", "group_left", "group_right"];

    private static readonly HashSet<string> Aggregations =
        ["sum", "min", "max", "avg", "count", "topk", "bottomk", "group", "quantile"];

    private readonly string[] tokens;
    private readonly List<PromqlSelector> selectors = [];
    private readonly HashSet<string> made = [];
    private readonly Stack<(string Function, string[] Grouping)> around = new();
    private int next;

    private PromqlReader(string query)
    {
        tokens = [.. Token().Matches(query).Select(match => match.Value)];
        around.Push(("", []));
    }

    /// <summary>The selectors of a query, in their order, and the labels that it makes itself.</summary>
    public static (IReadOnlyList<PromqlSelector> Selectors, IReadOnlySet<string> Made) Read(string query)
    {
        var reader = new PromqlReader(query);
        reader.ReadAll();
        return (reader.selectors, reader.made);
    }

    private void ReadAll()
    {
        var function = "";
        string[] grouping = [];
        while (next < tokens.Length)
        {
            var token = tokens[next++];
            switch (token)
            {
                case "(":
                    around.Push((function, grouping));
                    (function, grouping) = ("", []);
                    break;
                case ")":
                    around.TryPop(out _);
                    break;
                case "{":
                    next--;
                    Select("");
                    break;
                case "by" or "without" or "on" or "ignoring" or "group_left" or "group_right":
                    var labels = Lists.Contains(token) && Is("(") ? LabelList() : [];
                    grouping = token == "by" ? labels : grouping;
                    break;
                case var _ when token[0] == '"':
                    Hear(token[1..^1]);
                    break;
                case var _ when Aggregations.Contains(token) || (IsName(token) && Is("(")):
                    function = token;
                    break;
                case var _ when IsName(token) && !Words.Contains(token):
                    Select(token);
                    break;
            }
        }
    }

    private void Select(string metric)
    {
        var matchers = new List<PromqlMatcher>();
        if (Is("{"))
        {
            for (next++; next < tokens.Length && !Is("}"); next += Is(",") ? 1 : 0)
            {
                if (next + 2 >= tokens.Length)
                {
                    break;
                }

                var value = tokens[next + 2];
                matchers.Add(new(tokens[next], tokens[next + 1], value[0] == '"' ? value[1..^1] : value));
                next += 3;
            }

            next++;
        }

        var range = "";
        if (Is("["))
        {
            for (next++; next < tokens.Length && !Is("]"); next++)
            {
                range += tokens[next];
            }

            next++;
        }

        selectors.Add(new(
            metric, matchers, range, around.TryPeek(out var nearest) ? nearest.Function : "",
            [.. around.SelectMany(one => one.Grouping)]));
    }

    /// <summary>The second argument of label_replace is a label that it makes.</summary>
    private void Hear(string text)
    {
        if (around.TryPeek(out var nearest) && nearest.Function == "label_replace")
        {
            around.Pop();
            around.Push(("label_replace, its label known", nearest.Grouping));
            made.Add(text);
        }
    }

    private string[] LabelList()
    {
        var labels = new List<string>();
        for (next++; next < tokens.Length && !Is(")"); next++)
        {
            if (IsName(tokens[next]))
            {
                labels.Add(tokens[next]);
            }
        }

        next++;
        return [.. labels];
    }

    private bool Is(string token) => next < tokens.Length && tokens[next] == token;

    private static bool IsName(string token) => char.IsAsciiLetter(token[0]) || token[0] == '_';

    [GeneratedRegex(@"""(?:[^""\\]|\\.)*""|\$\w+|\$\{[^}]*\}|[A-Za-z_:][\w:]*|\d[\w.]*|=~|!~|!=|==|>=|<=|\S")]
    private static partial Regex Token();
}
