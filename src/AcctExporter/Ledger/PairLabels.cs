// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using AcctExporter.Records;

namespace AcctExporter.Ledger;

/// <summary>
/// Decides which pair an exit belongs to when its raw key is met for the first time: user name, label values, limit.
/// What it decides goes into <see cref="Decisions"/> before anything is counted.
/// </summary>
internal sealed class PairLabels(LedgerOptions options, Func<uint, string> userName, Lock gate)
{
    private const int LongestCommandLabel = CommandName.Size * LabelText.LongestEscape;
    private const int LongestUserLabel = 512;

    private readonly List<Pair?> pairs = [];
    private readonly Dictionary<string, int> byLabels = [];
    private readonly Dictionary<uint, (string Label, int Alive)> frozenUsers = [];
    private readonly SortedSet<int> freeIds = [];

    /// <summary>Where births are written while a block is being planned.</summary>
    public IBufferWriter<byte>? Output { get; set; }

    /// <summary>The wall clock of the block being planned: the birth of its new pairs.</summary>
    public long NowUnixMicroseconds { get; set; }

    /// <summary>The pairs by id; a free place is null.</summary>
    public IReadOnlyList<Pair?> Places => pairs;

    /// <summary>Pairs alive.</summary>
    public int Alive => byLabels.Count;

    /// <summary>
    /// The pair for an exit: an existing one, a new one, or <see cref="ExitTable.Other"/> over the limit.
    /// </summary>
    public int PairOf(in ProcessExit exit)
    {
        Span<byte> name = stackalloc byte[CommandName.Size];
        Span<char> key = stackalloc char[LongestUserLabel + 1 + LongestCommandLabel];
        var user = UserOf(exit.Uid);
        user.CopyTo(key);
        // NUL separates: no label value has one.
        key[user.Length] = '\0';
        var command = key[(user.Length + 1)..];
        command = command[..LabelText.Escape(name[..exit.Command.CopyTo(name)], command)];
        key = key[..(user.Length + 1 + command.Length)];
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
            var pair = new Pair(id, exit.Uid, user, new string(command), NowUnixMicroseconds);
            Place(pair);
            Decisions.WriteNewPair(Output, pair);
            return id;
        }
    }

    /// <summary>Takes in a pair from the journal or a checkpoint. The caller holds the lock.</summary>
    public void Adopt(Pair pair)
    {
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
        if (id >= pairs.Count || pairs[id] is not { } pair)
        {
            throw new InvalidDataException($"pair {id} is evicted, but was never born");
        }

        pairs[id] = null;
        freeIds.Add(id);
        byLabels.Remove(KeyOf(pair));
        var (label, alive) = frozenUsers[pair.Uid];
        if (alive == 1)
        {
            frozenUsers.Remove(pair.Uid);
        }
        else
        {
            frozenUsers[pair.Uid] = (label, alive - 1);
        }
    }

    /// <summary>
    /// The label value for a user: the one that living pairs of the uid already bear, else what NSS says now.
    /// </summary>
    private string UserOf(uint uid)
    {
        if (frozenUsers.TryGetValue(uid, out var frozen))
        {
            return frozen.Label;
        }

        var user = userName(uid);
        return user.Length <= LongestUserLabel ? user : user[..LongestUserLabel];
    }

    private void Place(Pair pair)
    {
        while (pairs.Count <= pair.Id)
        {
            pairs.Add(null);
        }

        pairs[pair.Id] = pair;
        byLabels.Add(KeyOf(pair), pair.Id);
        frozenUsers[pair.Uid] = frozenUsers.TryGetValue(pair.Uid, out var frozen) ? (frozen.Label, frozen.Alive + 1)
            : (pair.User, 1);
    }

    private static string KeyOf(Pair pair) => $"{pair.User}\0{pair.Command}";
}
