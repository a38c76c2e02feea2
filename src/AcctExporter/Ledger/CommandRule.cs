// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Ledger;

/// <summary>What a rule does with the exits that it matches.</summary>
internal enum RuleAction
{
    /// <summary>They are counted under another command.</summary>
    Replace,

    /// <summary>They are in the host's totals, and in no series.</summary>
    Drop,

    /// <summary>The command stays as it is: no later rule is asked, and no kernel thread is folded.</summary>
    Keep,
}

/// <summary>
/// A rule for commands. It matches when each pattern that it has does. Patterns see label values: a program whose name
/// is <c>other</c> is <c>\x6fther</c>.
/// </summary>
internal sealed record CommandRule
{
    /// <summary>For the command; null for any.</summary>
    public RulePattern? Command { get; init; }

    /// <summary>For the user's name, or number where there is none; null for any.</summary>
    public RulePattern? User { get; init; }

    /// <summary>For the path of the executable, empty where it is not known; null for any.</summary>
    public RulePattern? Exe { get; init; }

    /// <summary>For the unit of systemd, empty where there is none or it is not known; null for any.</summary>
    public RulePattern? Unit { get; init; }

    /// <summary>What is done.</summary>
    public required RuleAction Action { get; init; }

    /// <summary>The new command, for <see cref="RuleAction.Replace"/>.</summary>
    public RuleReplacement? Replacement { get; init; }

    /// <summary>Where the rule stands, for people: <c>rules.yml:12</c>.</summary>
    public required string Place { get; init; }

    /// <summary>All patterns of the rule match.</summary>
    public bool Matches(ReadOnlySpan<char> command, string user, string exe, string unit) =>
        (Command is null || Command.Matches(command))
        && (User is null || User.Matches(user))
        && (Exe is null || Exe.Matches(exe))
        && (Unit is null || Unit.Matches(unit));
}
