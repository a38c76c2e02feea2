// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;

namespace AcctExporter.Config;

/// <summary>
/// Reads the list of command rules: each a mapping of conditions (<c>command</c>, <c>user</c>, <c>exe</c>,
/// <c>unit</c>: regular expressions over the whole value) and of what becomes of the exits that meet all of them
/// (<c>replace</c>, <c>drop</c> or <c>keep</c>).
/// </summary>
internal static class RuleReader
{
    /// <summary>More rules than a person reads; each new name asks all of them.</summary>
    public const int MostRules = 1000;

    private static readonly string[] Conditions = ["command", "user", "exe", "unit"];
    private static readonly string[] Actions = ["replace", "drop", "keep"];

    /// <summary>The rules of the list, without those that are faulty.</summary>
    /// <param name="list">What stands behind the key <c>rules</c>.</param>
    /// <param name="fault">Takes the node, the key for people (<c>rules[2].command</c>) and the problem.</param>
    /// <param name="place">Where a node is, for people.</param>
    public static IReadOnlyList<CommandRule> Read(
        YamlNode list, Action<YamlNode, string, string> fault, Func<YamlNode, string> place)
    {
        if (list is YamlScalar { IsEmpty: true })
        {
            return [];
        }

        if (list is not YamlList { Items: var items })
        {
            fault(list, SettingTable.Rules, "needs a list of rules, each beginning with '- '");
            return [];
        }

        if (items.Count > MostRules)
        {
            fault(items[MostRules], SettingTable.Rules, $"more than {MostRules} rules");
            return [];
        }

        var rules = new List<CommandRule>();
        for (var i = 0; i < items.Count; i++)
        {
            var name = $"{SettingTable.Rules}[{i + 1}]";
            if (items[i] is not YamlMap map)
            {
                fault(
                    items[i], name,
                    "needs keys: conditions (command, user, exe, unit), and one of replace, drop, keep");
            }
            else if (ReadRule(map, name, fault, place) is { } rule)
            {
                rules.Add(rule);
            }
        }

        return rules;
    }

    private static CommandRule? ReadRule(
        YamlMap map, string name, Action<YamlNode, string, string> fault, Func<YamlNode, string> place)
    {
        var right = true;
        void Tell(YamlNode node, string key, string problem)
        {
            right = false;
            fault(node, key.Length == 0 ? name : $"{name}.{key}", problem);
        }

        var texts = Texts(map, Tell);
        var patterns = Conditions.Where(texts.ContainsKey)
            .ToDictionary(key => key, key => Pattern(texts[key], key, Tell));
        if (patterns.Count == 0 && right)
        {
            Tell(map, "", "has no condition: give it one of command, user, exe, unit ('.*' meets everything)");
        }

        var actions = Actions.Where(texts.ContainsKey).ToArray();
        if (actions.Length != 1)
        {
            if (right || actions.Length > 1)
            {
                Tell(map, "", actions.Length == 0 ? "says not what to do: give it one of replace, drop, keep"
                    : $"says both {string.Join(" and ", actions)}: only one can be done");
            }

            return null;
        }

        var rule = new CommandRule
        {
            Command = patterns.GetValueOrDefault("command"),
            User = patterns.GetValueOrDefault("user"),
            Exe = patterns.GetValueOrDefault("exe"),
            Unit = patterns.GetValueOrDefault("unit"),
            Action = Enum.Parse<RuleAction>(actions[0], ignoreCase: true),
            Replacement = ReadAction(actions[0], texts[actions[0]], patterns.GetValueOrDefault("command"), right, Tell),
            Place = place(map),
        };
        return right ? rule : null;
    }

    private static Dictionary<string, YamlScalar> Texts(YamlMap map, Action<YamlNode, string, string> tell)
    {
        var texts = new Dictionary<string, YamlScalar>();
        string[] known = [.. Conditions, .. Actions];
        foreach (var (key, value) in map.Entries)
        {
            if (!known.Contains(key.Text))
            {
                tell(key, key.Text, $"there is no such key of a rule{Suggestion.For(key.Text, known)}");
            }
            else if (value is not YamlScalar { IsEmpty: false } scalar)
            {
                tell(value, key.Text, "needs one value");
            }
            else if (!texts.TryAdd(key.Text, scalar))
            {
                tell(key, key.Text, "stands here a second time");
            }
        }

        return texts;
    }

    private static RulePattern? Pattern(YamlScalar text, string key, Action<YamlNode, string, string> tell)
    {
        if (!RulePattern.TryParse(text.Text, out var pattern, out var problem))
        {
            tell(text, key, problem);
        }

        return pattern;
    }

    /// <summary>What <c>replace</c> puts in; null for the other actions, which are true or a fault.</summary>
    private static RuleReplacement? ReadAction(
        string action, YamlScalar value, RulePattern? command, bool right, Action<YamlNode, string, string> tell)
    {
        if (action == "replace")
        {
            // Of a pattern that is faulty itself nobody knows the groups.
            if (!RuleReplacement.TryParse(value.Text, command, out var replacement, out var problem) && right)
            {
                tell(value, action, problem);
            }

            return replacement;
        }

        if (TextForm.Switch.Read(value.Text, out var fault) != true)
        {
            tell(value, action, fault.Length > 0 ? fault : "can only be true; leave the line out otherwise");
        }

        return null;
    }
}
