// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Binary;
using AcctExporter.Records;

namespace AcctExporter.Ledger;

/// <summary>
/// The counters of the host: rows of pairs, signals, tallies. One thread plans and counts; scrapes copy what they need
/// under the lock. Planning (which pair?) and counting are two steps, with the journal between them.
/// </summary>
internal sealed class ExitLedger : IDisposable
{
    /// <summary>So that one block holds them: the rest goes with the next.</summary>
    private const int EvictionsAtMost = 1 << 16;

    private readonly Lock gate = new();
    private readonly ExitTable table;
    private readonly TaskTable tasks;
    private readonly NativeTable? natives;
    private readonly PairLabels labels;
    private readonly Tallies tallies = new();
    private LedgerOptions options;

    /// <summary>An empty ledger.</summary>
    /// <param name="options">Its limits, and the labels that tell pairs apart.</param>
    /// <param name="userName">The label value for a uid; must not block for long.</param>
    /// <param name="groupName">The label value for a gid, likewise; without it, the number.</param>
    /// <param name="contextOf">What stands behind <see cref="ProcessExit.Context"/>; without it, nothing.</param>
    /// <param name="inputsOf">What rules may ask for besides; without it, nothing.</param>
    public ExitLedger(LedgerOptions options, Func<uint, string> userName, Func<uint, string>? groupName = null,
        Func<uint, ExitContext>? contextOf = null, Func<uint, RuleInputs>? inputsOf = null)
    {
        this.options = options;
        table = new ExitTable(options.RawKeyLimit, options.Bounds);
        tasks = new TaskTable(options.Bounds);
        natives = options.NativeHistograms ? new NativeTable() : null;
        labels = new PairLabels(options, userName,
            groupName ?? LabelText.OfNumber, contextOf ?? (_ => ExitContext.Empty), inputsOf ?? (_ => RuleInputs.None),
            gate);
    }

    /// <summary>
    /// When the first block was counted, in microseconds since 1970; 0 before. The start of every series of the host,
    /// over all restarts.
    /// </summary>
    public long CountingSinceUnixMicroseconds { get; private set; }

    /// <summary>True when the checkpoint's buckets had other bounds than <see cref="LedgerOptions.Bounds"/>.</summary>
    public bool BoundsChanged { get; private set; }

    /// <summary>Matches of rules that took too long since the start of the agent, and counted as none.</summary>
    public ulong RuleTimeouts => labels.RuleTimeouts;

    /// <summary>The pair in a place; null for a free one. Only for the thread that plans and counts.</summary>
    public Pair? PairAt(int id) => labels.Places[id];

    /// <summary>
    /// Finds the pair of each exit. New pairs are written to <paramref name="decisions"/> as births at
    /// <paramref name="nowUnixMicroseconds"/>; nothing is counted yet.
    /// </summary>
    public void Plan(ReadOnlySpan<ProcessExit> exits, Span<int> pairs, IBufferWriter<byte> decisions,
        long nowUnixMicroseconds)
    {
        labels.Output = decisions;
        labels.NowUnixMicroseconds = nowUnixMicroseconds;
        table.FindPairs(exits, pairs, labels);
        labels.Output = null;
    }

    /// <summary>
    /// From the next <see cref="Plan"/> on, contexts mean something else: nothing that was found by them is remembered.
    /// </summary>
    public void ForgetRawKeys() => table.ForgetRawKeys();

    /// <summary>
    /// Changes limits and rules; for the thread that plans, between two blocks. The next exit of each raw key is asked
    /// about anew. Living pairs keep their labels and their values: one that the rules name otherwise from now on gets
    /// no more exits, and leaves when it is idle. Which labels and histograms there are does not change.
    /// </summary>
    public void Reconfigure(LedgerOptions changed)
    {
        lock (gate)
        {
            options = changed with
            {
                Labels = options.Labels, Bounds = options.Bounds, NativeHistograms = options.NativeHistograms,
            };
            table.Reconfigure(options.RawKeyLimit);
            labels.Reconfigure(options);
        }
    }

    /// <summary>
    /// Adds planned exits to their rows. <paramref name="unixMicroseconds"/> is the time of their block.
    /// </summary>
    public void Count(ReadOnlySpan<ProcessExit> exits, ReadOnlySpan<int> pairs, long unixMicroseconds) =>
        Count(exits, [], pairs, unixMicroseconds);

    /// <summary>
    /// Adds planned exits to their rows, with what taskstats say of each: one of <paramref name="figures"/> for each
    /// exit, or none at all. <paramref name="unixMicroseconds"/> is the time of their block.
    /// </summary>
    public void Count(ReadOnlySpan<ProcessExit> exits, ReadOnlySpan<TaskFigures> figures, ReadOnlySpan<int> pairs,
        long unixMicroseconds)
    {
        lock (gate)
        {
            table.EnsurePairs(labels.Places.Count);
            table.Count(exits, pairs, (uint)(unixMicroseconds / 1_000_000));
            tasks.Count(figures, pairs);
            natives?.Count(exits, figures, pairs);
            if (CountingSinceUnixMicroseconds == 0)
            {
                CountingSinceUnixMicroseconds = unixMicroseconds;
            }
        }
    }

    /// <summary>
    /// Writes the eviction of every pair without an exit since <see cref="LedgerOptions.PairIdleTime"/>, if places are
    /// short.
    /// </summary>
    /// <returns>How many pairs give up their place, once <see cref="Apply"/> is called with what was written.</returns>
    public int PlanEvictions(IBufferWriter<byte> decisions, long nowUnixMicroseconds)
    {
        if (labels.Alive < options.PairLimit)
        {
            return 0;
        }

        var oldest = (nowUnixMicroseconds / 1_000_000) - (long)options.PairIdleTime.TotalSeconds;
        var evicted = 0;
        lock (gate)
        {
            table.EnsurePairs(labels.Places.Count);
            foreach (var pair in labels.Places)
            {
                if (evicted == EvictionsAtMost)
                {
                    break;
                }

                if (pair is not null && table.Row(pair.Id) is { Exits: > 0 } row && row.LastCountedUnixSeconds < oldest)
                {
                    Decisions.WriteEvictPair(decisions, pair.Id);
                    evicted++;
                }
            }
        }

        return evicted;
    }

    /// <summary>Carries out decisions read from the journal, or just written to it.</summary>
    /// <param name="decisions">What <see cref="Decisions"/> wrote.</param>
    /// <param name="birthsKnown">True when <see cref="Plan"/> decided the births: then they are in place.</param>
    /// <exception cref="InvalidDataException">They contradict the ledger: the journal and the checkpoint do not belong
    /// together.</exception>
    public void Apply(ReadOnlySpan<byte> decisions, bool birthsKnown = false)
    {
        lock (gate)
        {
            while (Decisions.TryTake(ref decisions, out var kind, out var data))
            {
                switch (kind)
                {
                    case DecisionKind.NewPair or DecisionKind.NewLabelledPair when birthsKnown:
                        break;
                    case DecisionKind.NewPair or DecisionKind.NewLabelledPair:
                        labels.Adopt(Decisions.ReadNewPair(kind, data));
                        break;
                    case DecisionKind.EvictPair:
                        Evict(BinaryPrimitives.ReadInt32LittleEndian(data));
                        break;
                    case DecisionKind.Tally:
                        tallies.Add(BinaryPrimitives.ReadUInt16LittleEndian(data),
                            BinaryPrimitives.ReadUInt64LittleEndian(data[2..]));
                        break;
                    default:
                        break;
                }
            }
        }
    }

    /// <summary>
    /// Copies everything that a scrape shows. What is copied belongs together: no exit is in one figure and not in
    /// another.
    /// </summary>
    public void CopyTo(LedgerSnapshot snapshot)
    {
        lock (gate)
        {
            table.EnsurePairs(labels.Places.Count);
            snapshot.Fill(table, tasks, natives, labels.Places, labels.Alive, options.PairLimit, tallies.Values);
        }
    }

    /// <summary>Writes the whole ledger for the checkpoint: read by <see cref="LoadCheckpoint"/>.</summary>
    public void SaveCheckpoint(ArrayBufferWriter<byte> output)
    {
        lock (gate)
        {
            table.EnsurePairs(labels.Places.Count);
            LedgerCheckpoint.Write(
                output, table, tasks, labels.Places, tallies, CountingSinceUnixMicroseconds, options.Bounds);
        }
    }

    /// <summary>Writes the native histograms for the checkpoint; nothing where they are not counted.</summary>
    public void SaveNatives(ArrayBufferWriter<byte> output)
    {
        lock (gate)
        {
            if (natives is not null)
            {
                NativeCheckpoint.Write(output, natives);
            }
        }
    }

    /// <summary>
    /// Takes over what <see cref="SaveCheckpoint"/> and <see cref="SaveNatives"/> wrote. The ledger must be empty. Without
    /// native histograms, they are made of the classic ones: each exit at the bound of its bucket. Where the bounds have
    /// changed, the exits of a classic bucket move to the one that holds its bound.
    /// </summary>
    /// <exception cref="InvalidDataException">The bytes are of another layout.</exception>
    public void LoadCheckpoint(ReadOnlySpan<byte> data, ReadOnlySpan<byte> nativeData = default)
    {
        lock (gate)
        {
            (CountingSinceUnixMicroseconds, var stored) =
                LedgerCheckpoint.Read(data, table, tasks, labels, tallies);
            table.EnsurePairs(labels.Places.Count);
            var classic = new ClassicBuckets(table, tasks, labels.Places.Count);
            if (natives is not null && nativeData.IsEmpty)
            {
                classic.CopyTo(natives, stored);
            }
            else if (natives is not null)
            {
                NativeCheckpoint.Read(nativeData, natives, table, tasks, labels.Places.Count);
            }

            BoundsChanged = classic.Move(stored, options.Bounds);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => table.Dispose();

    /// <summary>
    /// The sums of a pair that goes stay in the host's totals, and nowhere else: added to <c>other</c> they would count
    /// twice in rate().
    /// </summary>
    private void Evict(int id)
    {
        labels.Evict(id);
        table.EnsurePairs(id + 1);
        table.Retire(id);
        tasks.Retire(id);
        natives?.Retire(id);
    }
}
