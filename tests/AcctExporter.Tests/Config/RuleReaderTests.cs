// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Config;
using AcctExporter.Ledger;

namespace AcctExporter.Tests.Config;

/// <summary>Rules, and those that are none, each with every message (a <c>|</c> between two).</summary>
public sealed class RuleReaderTests
{
    [Theory]
    [InlineData("rules: 5\n", "agent.yml:1:8: rules: needs a list of rules, each beginning with '- '")]
    [InlineData("rules: {command: a}\n", "agent.yml:1:8: rules: needs a list of rules, each beginning with '- '")]
    [InlineData(
        "rules:\n- a\n",
        "agent.yml:2:3: rules[1]: needs keys: conditions (command, user, exe, unit), and one of replace, drop, "
        + "keep")]
    [InlineData(
        "rules:\n- []\n",
        "agent.yml:2:3: rules[1]: needs keys: conditions (command, user, exe, unit), and one of replace, drop, "
        + "keep")]
    [InlineData(
        "rules:\n- \n",
        "agent.yml:2:2: rules[1]: needs keys: conditions (command, user, exe, unit), and one of replace, drop, "
        + "keep")]
    [InlineData(
        "rules:\n- {}\n",
        "agent.yml:2:3: rules[1]: has no condition: give it one of command, user, exe, unit ('.*' meets "
        + "everything)")]
    [InlineData(
        "rules:\n- replace: a\n",
        "agent.yml:2:3: rules[1]: has no condition: give it one of command, user, exe, unit ('.*' meets "
        + "everything)")]
    [InlineData(
        "rules:\n- command: a\n",
        "agent.yml:2:3: rules[1]: says not what to do: give it one of replace, drop, keep")]
    [InlineData(
        "rules:\n- command: a\n  drop: true\n  keep: true\n",
        "agent.yml:2:3: rules[1]: says both drop and keep: only one can be done")]
    [InlineData(
        "rules:\n- command: a\n  replace: b\n  drop: true\n  keep: true\n",
        "agent.yml:2:3: rules[1]: says both replace and drop and keep: only one can be done")]
    [InlineData(
        "rules:\n- comand: a\n  drop: true\n",
        "agent.yml:2:3: rules[1].comand: there is no such key of a rule; did you mean 'command'?")]
    [InlineData(
        "rules:\n- command: a\n  comand: b\n  drop: true\n",
        "agent.yml:3:3: rules[1].comand: there is no such key of a rule; did you mean 'command'?")]
    [InlineData(
        "rules:\n- command: a\n  command: b\n  drop: true\n",
        "agent.yml:3:3: rules[1].command: stands here a second time")]
    [InlineData(
        "rules:\n- command: a(\n  drop: true\n",
        "agent.yml:2:12: rules[1].command: 'a(' is no regular expression: a ( is not closed (character 2)")]
    [InlineData(
        "rules:\n- command: '(?=a)'\n  drop: true\n",
        "agent.yml:2:12: rules[1].command: '(?=a)' looks ahead: look-arounds and back-references are not "
        + "allowed, for they may take for ever")]
    [InlineData(
        "rules:\n- command: '(a)\\1'\n  drop: true\n",
        "agent.yml:2:12: rules[1].command: '(a)\\1' refers back to a group: look-arounds and back-references are "
        + "not allowed, for they may take for ever")]
    [InlineData(
        "rules:\n- command: a\n  replace: $1\n",
        "agent.yml:3:12: rules[1].replace: the replacement '$1' uses group 1, which the pattern 'a' does not have")]
    [InlineData(
        "rules:\n- command: a\n  replace: ''\n",
        "agent.yml:3:12: rules[1].replace: the replacement is empty: a command must have a name (action drop "
        + "leaves its exits out)")]
    [InlineData("rules:\n- command: a\n  replace:\n", "agent.yml:3:11: rules[1].replace: needs one value")]
    [InlineData("rules:\n- command: [a, b]\n  drop: true\n", "agent.yml:2:12: rules[1].command: needs one value")]
    [InlineData(
        "rules:\n- user: a\n  replace: $1\n",
        "agent.yml:3:12: rules[1].replace: the replacement '$1' uses group 1, which needs a pattern for the "
        + "command")]
    [InlineData(
        "rules:\n- command: a\n  drop: maybe\n",
        "agent.yml:3:9: rules[1].drop: 'maybe' is neither true nor false")]
    [InlineData(
        "rules:\n- command: a\n  drop: false\n",
        "agent.yml:3:9: rules[1].drop: can only be true; leave the line out otherwise")]
    [InlineData(
        "rules:\n- command: a\n  keep: no\n",
        "agent.yml:3:9: rules[1].keep: can only be true; leave the line out otherwise")]
    [InlineData(
        "rules:\n- command: a\n  drop: true\nrules:\n- command: b\n  drop: true\n",
        "agent.yml:4:1: rules: stands here a second time, after line 1")]
    [InlineData(
        "rules:\n- command: a{50000}\n  drop: true\n",
        "agent.yml:2:12: rules[1].command: 'a{50000}' is too large: with its counts written out it has more than "
        + "10000 steps")]
    [InlineData(
        "rules:\n- drop: true\n  exe: /x\n  uint: y\n",
        "agent.yml:4:3: rules[1].uint: there is no such key of a rule; did you mean 'unit'?")]
    [InlineData(
        "rules:\n- command: a(\n  replace: $9\n  drp: true\n",
        "agent.yml:2:12: rules[1].command: 'a(' is no regular expression: a ( is not closed (character "
        + "2)|agent.yml:4:3: rules[1].drp: there is no such key of a rule; did you mean 'drop'?")]
    public void Rules_AreToldWhatIsWrongWithThem(string file, string faults) =>
        Assert.Equal(faults.Split('|'), Configured.By([], [], file).Faults);

    [Fact]
    public void Rules_HaveALimit()
    {
        Assert.Equal(RuleReader.MostRules, Rules(RuleReader.MostRules).Options.Ledger.Rules.Count);
        Assert.Equal(["agent.yml:1002:3: rules: more than 1000 rules"], Rules(RuleReader.MostRules + 1).Faults);

        static LoadedConfig Rules(int count) => Configured.By(
            [], [], "rules:\n" + string.Concat(Enumerable.Repeat("- {command: a, drop: true}\n", count)));
    }

    [Fact]
    public void Pattern_HasALimit() => Assert.Equal(
        ["agent.yml:2:12: rules[1].command: the pattern is too long: 1001 characters, where 1000 are allowed"],
        Configured.By([], [], $"rules:\n- command: {new string('a', 1001)}\n  drop: true\n").Faults);

    [Fact]
    public void Rule_IsReadWhole()
    {
        var config = Configured.By([], [],
            """
            rules:
              - command: 'python3(\.\d+)?'
                user: root
                exe: /usr/.*
                unit: ''
                replace: python$1
              - {user: 'build-.*', drop: yes}
              - {unit: 'db@(?<name>.*)', keep: true}
            """);
        Assert.Empty(config.Faults);
        var rules = config.Options.Ledger.Rules;
        Assert.Equal([RuleAction.Replace, RuleAction.Drop, RuleAction.Keep], rules.Select(rule => rule.Action));
        Assert.Equal(["agent.yml:2", "agent.yml:7", "agent.yml:8"], rules.Select(rule => rule.Place));
        Assert.Equal(
            [@"python3(\.\d+)?", "root", "/usr/.*", "", "python$1"],
            [rules[0].Command!.Text, rules[0].User!.Text, rules[0].Exe!.Text, rules[0].Unit!.Text,
                rules[0].Replacement!.Text]);
        Assert.Equal((null, "build-.*"), (rules[1].Command?.Text, rules[1].User!.Text));
        Assert.Equal("agent.yml:2:3", config.Origins["rules"]);
    }

    /// <summary>A rule that is wrong takes no other with it: all of them are told.</summary>
    [Fact]
    public void EveryRule_IsJudged() => Assert.Equal(
        ["agent.yml:2:12: rules[1].command: 'a(' is no regular expression: a ( is not closed (character 2)",
            "agent.yml:6:3: rules[3]: says not what to do: give it one of replace, drop, keep"],
        Configured.By([], [],
            "rules:\n- command: a(\n  drop: true\n- command: b\n  drop: true\n- command: c\n").Faults);
}
