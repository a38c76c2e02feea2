// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;
using AcctExporter.Logins;

namespace AcctExporter.Push;

/// <summary>
/// A label set that pushed series share: that of a pair, a user, a line. It stays when what it stands for goes, for a
/// pushed sum never falls: who comes back under the same labels goes on where the last one ended.
/// </summary>
/// <param name="index">Its place among the label sets of its table.</param>
/// <param name="tags">The labels.</param>
internal sealed class PushedRow(int index, KeyValuePair<string, object?>[] tags)
{
    private object? tenant;
    private long born;

    /// <summary>Its place among the label sets of its table.</summary>
    public int Index => index;

    /// <summary>The labels.</summary>
    public KeyValuePair<string, object?>[] Tags => tags;

    /// <summary>
    /// Whose values these are now, as a number: it grows when who bears the labels is another than at the last look,
    /// whose sums began at 0.
    /// </summary>
    public int Life { get; private set; }

    /// <summary>The same label set in the table before this one; null when it was not in there.</summary>
    public PushedRow? Before { get; set; }

    /// <summary>A label set without labels: the host's, or the agent's.</summary>
    public static PushedRow Single() => new(0, []);

    /// <summary>Goes on where another table left it.</summary>
    public PushedRow After(PushedRow? before)
    {
        if (before is not null)
        {
            (tenant, born, Life) = (before.tenant, before.born, before.Life);
        }

        return this;
    }

    /// <summary>Looks at who bears the labels.</summary>
    public void Follow(object? bearer, long bornUnixMicroseconds)
    {
        if ((tenant ?? bearer) != bearer || (born != 0 && born != bornUnixMicroseconds))
        {
            Life++;
        }

        (tenant, born) = (bearer, bornUnixMicroseconds);
    }
}

/// <summary>The label sets of a table, in the order in which they were first seen.</summary>
/// <param name="before">The table that this one goes on from; null for none.</param>
internal sealed class PushedRows(PushedRows? before)
{
    private PushedRows? before = before;
    private readonly Dictionary<string, PushedRow> byLabels = [];
    private readonly List<(Pair Pair, PushedRow Row)?> byPlace = [];
    private PushedRow? other;

    /// <summary>How many there are.</summary>
    public int Count => byLabels.Count;

    /// <summary>The label set of a pair. Only the first look at a pair goes by its labels.</summary>
    public PushedRow Of(Pair pair)
    {
        if (pair.Id < 0)
        {
            return other ??= Look(pair);
        }

        while (byPlace.Count <= pair.Id)
        {
            byPlace.Add(null);
        }

        if (byPlace[pair.Id] is { } known && ReferenceEquals(known.Pair, pair))
        {
            return known.Row;
        }

        var row = Look(pair);
        byPlace[pair.Id] = (pair, row);
        return row;
    }

    /// <summary>Lets go of the table before: what it had is taken over.</summary>
    public void ForgetBefore()
    {
        before = null;
        foreach (var row in byLabels.Values)
        {
            row.Before = null;
        }
    }

    /// <summary>The label set of another row.</summary>
    public PushedRow Of(LabeledRow labeled)
    {
        var row = Get(string.Join('\0', labeled.LabelPairs), () => PushTags.Of(labeled.LabelPairs));
        row.Follow(null, labeled.BornUnixMicroseconds);
        return row;
    }

    private PushedRow Look(Pair pair)
    {
        var row = Get(PushTags.KeyOf(pair), () => PushTags.Of(pair));
        row.Follow(pair, pair.BornUnixMicroseconds);
        return row;
    }

    private PushedRow Get(string key, Func<KeyValuePair<string, object?>[]> tags)
    {
        if (!byLabels.TryGetValue(key, out var row))
        {
            var earlier = before?.byLabels.GetValueOrDefault(key);
            byLabels[key] = row = new PushedRow(byLabels.Count, tags()) { Before = earlier }.After(earlier);
        }

        return row;
    }
}

/// <summary>Labels as attributes of OpenTelemetry: the same keys and values as on <c>/metrics</c>.</summary>
internal static class PushTags
{
    /// <summary>The labels of a pair; empty ones are left out.</summary>
    public static KeyValuePair<string, object?>[] Of(Pair pair) => Of(
    [
        ("user", pair.User), ("command", pair.Command), ("group", pair.Context.Group), ("unit", pair.Context.Unit),
        ("container", pair.Context.Container), ("pod", pair.Context.Pod),
    ]);

    /// <summary>Any labels, likewise.</summary>
    public static KeyValuePair<string, object?>[] Of(IReadOnlyList<(string Key, string Value)> labels) =>
        [.. labels.Where(label => label.Value.Length > 0)
            .Select(label => new KeyValuePair<string, object?>(label.Key, label.Value))];

    /// <summary>What tells the labels of one pair from those of another.</summary>
    public static string KeyOf(Pair pair) => string.Join('\0', pair.User, pair.Command, pair.Context.Group,
        pair.Context.Unit, pair.Context.Container, pair.Context.Pod);
}
