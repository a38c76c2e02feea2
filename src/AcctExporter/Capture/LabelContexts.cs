// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;

namespace AcctExporter.Capture;

/// <summary>
/// Gives each combination of what labels need beside user and command a number: <see
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
    private readonly Dictionary<(uint Gid, int Scope), uint> numbers = [];
    private readonly List<ExitContext> contexts = [ExitContext.Empty];

    /// <summary>Numbers in use, without 0.</summary>
    public int Count => contexts.Count - 1;

    /// <summary>The label values behind a number; without the group, which the ledger knows.</summary>
    public ExitContext this[uint context] => contexts[(int)context];

    /// <summary>True when this many exits find room, whatever they are.</summary>
    public bool HasRoomFor(int exits) => contexts.Count + exits <= most;

    /// <summary>The number for a group and a scope; 0 when the labels ask for neither.</summary>
    public uint Of(uint gid, int scope, CgroupScopes scopes)
    {
        scope = scope == CgroupScopes.Unknown ? CgroupScopes.Nothing : scope;
        if (!withGroup && scope == CgroupScopes.Nothing)
        {
            return 0;
        }

        var key = (withGroup ? gid : 0, scope);
        if (!numbers.TryGetValue(key, out var number))
        {
            number = (uint)contexts.Count;
            contexts.Add(scopes[scope]);
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
