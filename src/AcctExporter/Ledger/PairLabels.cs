// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using AcctExporter.Records;

namespace AcctExporter.Ledger;

/// <summary>
/// Decides which pair an exit belongs to when its raw key is met for the first time: names, label values, limit. What
/// it decides goes into <see cref="Decisions"/> before anything is counted.
/// </summary>
/// <param name="options">The limit, and which labels there are.</param>
/// <param name="userName">The label value for a uid.</param>
/// <param name="groupName">The label value for a gid; asked for where the group is a label.</param>
/// <param name="contextOf">What stands behind <see cref="ProcessExit.Context"/>; never asked for 0.</param>
/// <param name="inputsOf">What rules may ask for besides, likewise.</param>
/// <param name="gate">Held while pairs come and go.</param>
internal sealed class PairLabels(
    LedgerOptions options, Func<uint, string> userName, Func<uint, string> groupName,
    Func<uint, ExitContext> contextOf, Func<uint, RuleInputs> inputsOf, Lock gate)
{
    private const int CommonKey = 512;

    private readonly List<Pair?> pairs = [];
    private LedgerOptions options = options;
    private CommandRules rules = new(options.Rules, options.FoldKernelThreads);
    private ulong earlierTimeouts;
    private readonly Dictionary<string, int> byLabels = [];
    private readonly FrozenNames users = new(userName);
    private readonly FrozenNames groups = new(groupName);
    private readonly SortedSet<int> freeIds = [];

    /// <summary>Where births are written while a block is being planned.</summary>
    public IBufferWriter<byte>? Output { get; set; }

    /// <summary>The wall clock of the block being planned: the birth of its new pairs.</summary>
    public long NowUnixMicroseconds { get; set; }

    /// <summary>The pairs by id; a free place is null.</summary>
    public IReadOnlyList<Pair?> Places => pairs;

    /// <summary>Pairs alive.</summary>
    public int Alive => byLabels.Count;

    /// <summary>Matches of rules that took too long, those of earlier rules too.</summary>
    public ulong RuleTimeouts => earlierTimeouts + rules.Timeouts;

    /// <summary>Other limits and rules from the next exit on. The caller holds the lock.</summary>
    public void Reconfigure(LedgerOptions changed)
    {
        earlierTimeouts = RuleTimeouts;
        options = changed;
        rules = new CommandRules(changed.Rules, changed.FoldKernelThreads);
    }

    /// <summary>
    /// The pair for an exit: an existing one, a new one, <see cref="ExitTable.Other"/> over the limit, or
    /// <see cref="ExitTable.Dropped"/> where a rule says so.
    /// </summary>
    public int PairOf(in ProcessExit exit)
    {
        Span<byte> name = stackalloc byte[CommandName.Size];
        Span<char> escaped = stackalloc char[CommandName.Size * LabelText.LongestEscape];
        ReadOnlySpan<char> command = escaped[..LabelText.Escape(name[..exit.Command.CopyTo(name)], escaped)];
        var user = users.Of(exit.Uid);
        var inputs = exit.Context == 0 ? RuleInputs.None : inputsOf(exit.Context);
        var verdict = rules.Decide(command, user, inputs.Exe, inputs.Unit, exit.IsKernelThread);
        if (verdict.IsDropped)
        {
            return ExitTable.Dropped;
        }

        command = verdict.Command;
        var context = ContextOf(exit);
        var length = KeyLength(user, command, context);
        Span<char> key = length <= CommonKey ? stackalloc char[CommonKey] : new char[length];
        key = key[..WriteKey(user, command, context, key)];
        if (byLabels.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out var known))
        {
            return known;
        }

        if (Alive >= options.PairLimit || Output is null)
        {
            return ExitTable.Other;
        }

        lock (gate)
        {
            var id = freeIds.Count > 0 ? freeIds.Min : pairs.Count;
            freeIds.Remove(id);
            var gid = context.Group.Length > 0 ? exit.Gid : 0;
            var pair = new Pair(id, exit.Uid, user, new string(command), NowUnixMicroseconds, gid, context);
            Place(pair);
            Decisions.WriteNewPair(Output, pair);
            return id;
        }
    }

    /// <summary>Takes in a pair from the journal or a checkpoint. The caller holds the lock.</summary>
    public void Adopt(Pair pair)
    {
        if (pair.Id is < 0 or >= LedgerOptions.LargestPairLimit)
        {
            throw new InvalidDataException($"pair {pair.Id} is born: there are at most {LedgerOptions.LargestPairLimit}");
        }

        if (pair.Id < pairs.Count && pairs[pair.Id] is { } tenant)
        {
            throw new InvalidDataException(
                $"pair {pair.Id} is born twice: {tenant.User}/{tenant.Command} and {pair.User}/{pair.Command}");
        }

        for (var id = pairs.Count; id < pair.Id; id++)
        {
            pairs.Add(null);
            freeIds.Add(id);
        }

        freeIds.Remove(pair.Id);
        Place(pair);
    }

    /// <summary>Frees the place of a pair. The caller holds the lock.</summary>
    public void Evict(int id)
    {
        if ((uint)id >= pairs.Count || pairs[id] is not { } pair)
        {
            throw new InvalidDataException($"pair {id} is evicted, but was never born");
        }

        pairs[id] = null;
        freeIds.Add(id);
        byLabels.Remove(KeyOf(pair));
        users.Release(pair.Uid);
        if (pair.Context.Group.Length > 0)
        {
            groups.Release(pair.Gid);
        }
    }

    /// <summary>
    /// Without a context there is no group either: the raw key of such an exit does not tell one group from another.
    /// </summary>
    private ExitContext ContextOf(in ProcessExit exit)
    {
        if (exit.Context == 0)
        {
            return ExitContext.Empty;
        }

        var context = contextOf(exit.Context);
        return options.Labels.HasFlag(OptionalLabels.Group)
            ? context with { Group = groups.Of(exit.Gid) }
            : context;
    }

    private void Place(Pair pair)
    {
        while (pairs.Count <= pair.Id)
        {
            pairs.Add(null);
        }

        pairs[pair.Id] = pair;
        byLabels.Add(KeyOf(pair), pair.Id);
        users.Keep(pair.Uid, pair.User);
        if (pair.Context.Group.Length > 0)
        {
            groups.Keep(pair.Gid, pair.Context.Group);
        }
    }

    private static string KeyOf(Pair pair)
    {
        var length = KeyLength(pair.User, pair.Command, pair.Context);
        return string.Create(length, pair, static (key, of) => WriteKey(of.User, of.Command, of.Context, key));
    }

    private static int KeyLength(string user, ReadOnlySpan<char> command, in ExitContext context) => user.Length
        + command.Length + context.Group.Length + context.Unit.Length + context.Container.Length + context.Pod.Length
        + 5;

    /// <summary>All values, each but the last with a NUL behind it: no value has one inside.</summary>
    private static int WriteKey(string user, ReadOnlySpan<char> command, in ExitContext context, Span<char> key)
    {
        var length = Append(key, 0, user);
        length = Append(key, length, command);
        length = Append(key, length, context.Group);
        length = Append(key, length, context.Unit);
        length = Append(key, length, context.Container);
        context.Pod.CopyTo(key[length..]);
        return length + context.Pod.Length;
    }

    private static int Append(Span<char> key, int length, ReadOnlySpan<char> value)
    {
        value.CopyTo(key[length..]);
        key[length + value.Length] = '\0';
        return length + value.Length + 1;
    }
}
