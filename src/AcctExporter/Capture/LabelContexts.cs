// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;

namespace AcctExporter.Capture;

/// <summary>
/// Gives each combination of what labels and rules need beside user and command a number: <see
/// cref="Records.ProcessExit.Context"/>. Bounded: when a block of exits may not find room, all begins anew, and the
/// ledger forgets what it found by the old numbers. Nothing is allocated for a combination that is known.
/// </summary>
/// <param name="labels">Which labels there are.</param>
/// <param name="most">How many numbers there are.</param>
internal sealed class LabelContexts(OptionalLabels labels, int most = LabelContexts.Most)
{
    /// <summary>How many numbers there are.</summary>
    public const int Most = 1 << 16;

    private readonly bool withGroup = labels.HasFlag(OptionalLabels.Group);
    private readonly bool withUnit = labels.HasFlag(OptionalLabels.Unit);
    private readonly Dictionary<(uint Gid, int Scope, string Exe), uint> numbers = [];
    private readonly List<(ExitContext Labels, RuleInputs Inputs)> contexts = [(ExitContext.Empty, RuleInputs.None)];

    /// <summary>Numbers in use, without 0.</summary>
    public int Count => contexts.Count - 1;

    /// <summary>The label values behind a number; without the group, which the ledger knows.</summary>
    public ExitContext this[uint context] => contexts[(int)context].Labels;

    /// <summary>What rules may ask for behind a number.</summary>
    public RuleInputs InputsOf(uint context) => contexts[(int)context].Inputs;

    /// <summary>True when this many exits find room, whatever they are.</summary>
    public bool HasRoomFor(int exits) => contexts.Count + exits <= most;

    /// <summary>
    /// The number for a group, a scope and an executable; 0 when neither labels nor rules ask for one.
    /// </summary>
    public uint Of(uint gid, int scope, CgroupScopes scopes, string exe = "")
    {
        scope = scope == CgroupScopes.Unknown ? CgroupScopes.Nothing : scope;
        if (!withGroup && scope == CgroupScopes.Nothing && exe.Length == 0)
        {
            return 0;
        }

        var key = (withGroup ? gid : 0, scope, exe);
        if (!numbers.TryGetValue(key, out var number))
        {
            number = (uint)contexts.Count;
            var known = scopes[scope];
            // The unit may be known for rules alone: then it tells no pairs apart.
            contexts.Add((withUnit ? known : known with { Unit = "" }, new RuleInputs(known.Unit, exe)));
            numbers.Add(key, number);
        }

        return number;
    }

    /// <summary>Begins anew: every number given so far means nothing any more.</summary>
    public void Clear()
    {
        numbers.Clear();
        contexts.RemoveRange(1, contexts.Count - 1);
    }
}
