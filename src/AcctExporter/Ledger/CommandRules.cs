// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Ledger;

/// <summary>
/// The rules for commands in their order, and behind them the fold of kernel threads. The first rule that matches wins.
/// For one thread.
/// </summary>
/// <param name="rules">In the order in which they are asked.</param>
/// <param name="foldKernelThreads">Kernel threads that differ in a number or a device only are one command.</param>
internal sealed class CommandRules(IReadOnlyList<CommandRule> rules, bool foldKernelThreads)
{
    /// <summary>The rules in their order.</summary>
    public IReadOnlyList<CommandRule> Rules => rules;

    /// <summary>A rule asks for the unit.</summary>
    public bool NeedsUnit => NeedUnit(rules);

    /// <summary>A rule asks for the executable.</summary>
    public bool NeedsExe => NeedExe(rules);

    /// <summary>Matches that took too long, and counted as none.</summary>
    public ulong Timeouts
    {
        get
        {
            var sum = 0UL;
            foreach (var rule in rules)
            {
                sum += (rule.Command?.Timeouts ?? 0) + (rule.User?.Timeouts ?? 0) + (rule.Exe?.Timeouts ?? 0)
                    + (rule.Unit?.Timeouts ?? 0);
            }

            return sum;
        }
    }

    /// <summary>One of the rules asks for the unit.</summary>
    public static bool NeedUnit(IEnumerable<CommandRule> rules) => rules.Any(rule => rule.Unit is not null);

    /// <summary>One of the rules asks for the executable.</summary>
    public static bool NeedExe(IEnumerable<CommandRule> rules) => rules.Any(rule => rule.Exe is not null);

    /// <summary>The command under which an exit is counted. Nothing is allocated when no rule matches.</summary>
    /// <param name="command">The label value of its name.</param>
    /// <param name="user">The label value of its user.</param>
    /// <param name="exe">The path of its executable, or empty.</param>
    /// <param name="unit">The label value of its unit, or empty.</param>
    /// <param name="isKernelThread">It is a kernel thread.</param>
    public RuleVerdict Decide(
        ReadOnlySpan<char> command, string user, string exe, string unit, bool isKernelThread)
    {
        for (var index = 0; index < rules.Count; index++)
        {
            var rule = rules[index];
            if (!rule.Matches(command, user, exe, unit))
            {
                continue;
            }

            switch (rule.Action)
            {
                case RuleAction.Drop:
                    return new RuleVerdict(default, index, isDropped: true);
                case RuleAction.Replace when rule.Replacement?.Of(command) is { } replaced:
                    return new RuleVerdict(replaced, index);
                case RuleAction.Keep:
                    return new RuleVerdict(command, index);
                default:
                    // The groups took too long: that is no match.
                    continue;
            }
        }

        if (foldKernelThreads && isKernelThread)
        {
            var folded = KernelThreads.Fold(command);
            return new RuleVerdict(
                folded, folded.Length == command.Length ? RuleVerdict.NoRule : RuleVerdict.KernelThread);
        }

        return new RuleVerdict(command, RuleVerdict.NoRule);
    }
}

/// <summary>What is done with an exit, and why.</summary>
/// <param name="command">The label value; of no meaning when dropped.</param>
/// <param name="rule">Index of the rule that decided, or one of the constants.</param>
/// <param name="isDropped">It is in no series.</param>
internal readonly ref struct RuleVerdict(ReadOnlySpan<char> command, int rule, bool isDropped = false)
{
    /// <summary>No rule matched: the command is as it was.</summary>
    public const int NoRule = -1;

    /// <summary>No rule matched, and the fold of kernel threads changed the command.</summary>
    public const int KernelThread = -2;

    /// <summary>The label value of the command; it may be a part of the one that was asked about.</summary>
    public ReadOnlySpan<char> Command { get; } = command;

    /// <summary>Index of the rule that decided, or <see cref="NoRule"/>, or <see cref="KernelThread"/>.</summary>
    public int Rule { get; } = rule;

    /// <summary>The exit is in the host's totals, and in no series.</summary>
    public bool IsDropped { get; } = isDropped;
}
