// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;
using AcctExporter.Records;

namespace AcctExporter.Capture;

/// <summary>
/// What control groups say to the labels that are wanted, or to the rules, each combination once and with a number.
/// Groups that differ in nothing wanted share a number. Nothing is allocated for a path that was met before.
/// </summary>
internal sealed class CgroupScopes
{
    /// <summary>The number for "not known".</summary>
    public const int Unknown = 0;

    /// <summary>The number of groups that say nothing to the labels, such as the root.</summary>
    public const int Nothing = 1;

    /// <summary>How many numbers there are. A host that starts a container each second meets them in a day.</summary>
    public const int Most = 1 << 16;

    private readonly OptionalLabels labels;
    private readonly int most;
    private readonly List<ExitContext> contexts = [ExitContext.Empty, ExitContext.Empty];
    private readonly Dictionary<ExitContext, int> byContext = new() { [ExitContext.Empty] = Nothing };
    private readonly Dictionary<byte[], int> byPath = new(BytesComparer.Instance);
    private readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> pathLookup;
    private readonly Stack<int> free = [];

    /// <summary>None yet.</summary>
    public CgroupScopes(OptionalLabels labels, int most = Most)
    {
        this.labels = labels;
        this.most = most;
        pathLookup = byPath.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>Raised when numbers are free to mean something else: who remembers one must forget it.</summary>
    public int Generation { get; private set; }

    /// <summary>More than three in four numbers are taken: those that nobody holds should be let go.</summary>
    public bool NearlyFull => byContext.Count > most / 4 * 3;

    /// <summary>The label values behind a number.</summary>
    public ExitContext this[int scope] => contexts[scope];

    /// <summary>The number for a path; <see cref="Unknown"/> when all are taken.</summary>
    public int Of(ReadOnlySpan<byte> path)
    {
        if (pathLookup.TryGetValue(path, out var known))
        {
            return known;
        }

        var scope = Number(ContextOf(path));
        if (scope != Unknown)
        {
            if (byPath.Count >= most)
            {
                byPath.Clear();
            }

            pathLookup[path] = scope;
        }

        return scope;
    }

    /// <summary>Lets go of the numbers that are not in use.</summary>
    public void Keep(ReadOnlySpan<bool> used)
    {
        for (var scope = Nothing + 1; scope < contexts.Count; scope++)
        {
            if (!used[scope] && byContext.TryGetValue(contexts[scope], out var number) && number == scope)
            {
                byContext.Remove(contexts[scope]);
                free.Push(scope);
            }
        }

        byPath.Clear();
        Generation++;
    }

    private int Number(ExitContext context)
    {
        if (byContext.TryGetValue(context, out var known))
        {
            return known;
        }

        if (free.TryPop(out var scope))
        {
            contexts[scope] = context;
        }
        else if (contexts.Count < most)
        {
            scope = contexts.Count;
            contexts.Add(context);
        }
        else
        {
            return Unknown;
        }

        byContext.Add(context, scope);
        return scope;
    }

    private ExitContext ContextOf(ReadOnlySpan<byte> path)
    {
        var group = CgroupPath.Parse(path);
        Span<byte> pod = stackalloc byte[CgroupPath.LongestPod];
        return new ExitContext(
            "",
            Value(OptionalLabels.Unit, group.Unit),
            Value(OptionalLabels.Container, group.Container),
            Value(OptionalLabels.Pod, pod[..group.CopyPodTo(pod)]));
    }

    private string Value(OptionalLabels label, ReadOnlySpan<byte> name) =>
        labels.HasFlag(label) && !name.IsEmpty ? LabelText.Escape(name) : "";

    /// <summary>Compares paths by their bytes, with a hash that strangers cannot foresee.</summary>
    private sealed class BytesComparer : IEqualityComparer<byte[]>,
        IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public static readonly BytesComparer Instance = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = default(HashCode);
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
