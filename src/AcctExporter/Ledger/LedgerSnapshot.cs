// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace AcctExporter.Ledger;

/// <summary>
/// A copy of the ledger at one instant, for one scrape. Made to be used again: its arrays grow and stay.
/// The host's totals are sums over all rows, so they are exact whatever the limit did to the pairs.
/// </summary>
internal sealed partial class LedgerSnapshot
{
    /// <summary>
    /// <c>other</c> stands for user and command alone. What is folded may have been in any unit or container; a value
    /// there would make it look like one more of them.
    /// </summary>
    private static readonly Pair OtherPair = new(ExitTable.Other, 0, LabelText.Other, LabelText.Other, 0);

    private readonly List<Pair> pairs = [];
    private readonly List<SignalCount> signals = [];
    private readonly Dictionary<long, ulong> carries = [];
    private readonly ulong[] hostBuckets = new ulong[3 * HistogramBounds.Buckets];
    private readonly Deaths[] hostSignals = new Deaths[Records.SignalName.Count];
    private readonly Deaths[] hostCores = new Deaths[Records.SignalName.Count];
    private readonly Tallies tallies = new();
    private ExitRow[] rows = [];

    /// <summary>
    /// Pairs with at least one exit, in the order of their places; last, when used, the pair <c>other</c>.
    /// </summary>
    public IReadOnlyList<Pair> Pairs => pairs;

    /// <summary>The row of each of <see cref="Pairs"/>.</summary>
    public ReadOnlySpan<ExitRow> Rows => rows.AsSpan(0, pairs.Count);

    /// <summary>Deaths by signal of the pairs, in the order of <see cref="Pairs"/>, then by signal.</summary>
    public ReadOnlySpan<SignalCount> Signals => CollectionsMarshal.AsSpan(signals);

    /// <summary>
    /// Sums over everything ever counted. Its buckets are cut to 32 bits: use <see cref="HostBucket"/>.
    /// </summary>
    public ExitRow Host { get; private set; }

    /// <summary>Exits counted under <c>other</c>.</summary>
    public ulong Folded { get; private set; }

    /// <summary>Exits that a rule dropped.</summary>
    public ulong Dropped { get; private set; }

    /// <summary>Pairs that have series, and how many may.</summary>
    public int PairCount { get; private set; }

    /// <inheritdoc cref="PairCount"/>
    public int PairLimit { get; private set; }

    /// <summary>Counters that are no exits.</summary>
    public Tallies Tallies => tallies;

    /// <summary>Exits in one bucket (not cumulative) of one pair's histogram.</summary>
    public ulong Bucket(int index, RowHistogram histogram, int bucket)
    {
        ref readonly var row = ref rows[index];
        var low = histogram switch
        {
            RowHistogram.Duration => row.Duration[bucket],
            RowHistogram.Cpu => row.Cpu[bucket],
            _ => row.VirtualMemory[bucket],
        };
        var carry = carries.Count == 0 ? 0
            : carries.GetValueOrDefault(ExitTable.CarryKey(pairs[index].Id, histogram, bucket));
        return low + (carry << 32);
    }

    /// <summary>Exits in one bucket (not cumulative) of the host's histogram.</summary>
    public ulong HostBucket(RowHistogram histogram, int bucket) =>
        hostBuckets[((int)histogram * HistogramBounds.Buckets) + bucket];

    /// <summary>Deaths of the host's processes by a signal, with or without a core.</summary>
    public Deaths HostSignal(int signal) => hostSignals[signal];

    /// <summary>Of these, the ones with a core.</summary>
    public Deaths HostCore(int signal) => hostCores[signal];

    /// <summary>Copies the ledger. Called by <see cref="ExitLedger"/> under its lock.</summary>
    internal void Fill(ExitTable table, TaskTable tasks, NativeTable? natives, IReadOnlyList<Pair?> places,
        int alive, int limit, ReadOnlySpan<ulong> tallyValues)
    {
        var all = table.Rows(places.Count);
        PairCount = alive;
        PairLimit = limit;
        tallies.Load(tallyValues);
        Folded = table.Row(ExitTable.Other).Exits;
        Dropped = table.Row(ExitTable.Dropped).Exits;
        CopyRows(all, places);
        CopyCarries(table);
        SumHost(all, table);
        CopySignals(table);
        CopyTasks(tasks.Rows);
        CopyNatives(natives);
    }

    private void CopyRows(ReadOnlySpan<ExitRow> all, IReadOnlyList<Pair?> places)
    {
        if (rows.Length < places.Count + 1)
        {
            rows = new ExitRow[Math.Max(places.Count + 1, rows.Length * 2)];
        }

        pairs.Clear();
        for (var id = 0; id < places.Count; id++)
        {
            // A pair whose first block is not yet in the journal has no exits, and is not shown.
            ref readonly var row = ref all[ExitTable.RowIndex(id)];
            if (row.Exits > 0 && places[id] is { } pair)
            {
                rows[pairs.Count] = row;
                pairs.Add(pair);
            }
        }

        if (Folded > 0)
        {
            rows[pairs.Count] = all[ExitTable.RowIndex(ExitTable.Other)];
            pairs.Add(OtherPair);
        }
    }

    private void CopyCarries(ExitTable table)
    {
        carries.Clear();
        foreach (var (key, value) in table.Carries)
        {
            carries.Add(key, value);
        }
    }

    private void SumHost(ReadOnlySpan<ExitRow> all, ExitTable table)
    {
        var host = default(ExitRow);
        Array.Clear(hostBuckets);
        foreach (ref readonly var row in all)
        {
            if (row.Exits == 0)
            {
                continue;
            }

            host.Exits += row.Exits;
            host.Failures += row.Failures;
            host.Signals += row.Signals;
            host.UserMicroseconds += row.UserMicroseconds;
            host.SystemMicroseconds += row.SystemMicroseconds;
            host.MinorFaults += row.MinorFaults;
            host.MajorFaults += row.MajorFaults;
            host.ForksWithoutExec += row.ForksWithoutExec;
            host.PrivilegedExits += row.PrivilegedExits;
            host.ElapsedMicroseconds += row.ElapsedMicroseconds;
            host.VirtualMemoryBytes += row.VirtualMemoryBytes;
            for (var bucket = 0; bucket < HistogramBounds.Buckets; bucket++)
            {
                hostBuckets[bucket] += row.Duration[bucket];
                hostBuckets[HistogramBounds.Buckets + bucket] += row.Cpu[bucket];
                hostBuckets[(2 * HistogramBounds.Buckets) + bucket] += row.VirtualMemory[bucket];
            }
        }

        foreach (var (key, value) in table.Carries)
        {
            hostBuckets[(int)(key & 0xff)] += value << 32;
        }

        Host = host;
    }

    private void CopySignals(ExitTable table)
    {
        signals.Clear();
        Array.Clear(hostSignals);
        Array.Clear(hostCores);
        foreach (var (key, deaths) in table.SignalCounts)
        {
            var (pair, signal, core) = ExitTable.SignalOf(key);
            hostSignals[signal] = hostSignals[signal].And(deaths);
            hostCores[signal] = core ? hostCores[signal].And(deaths) : hostCores[signal];
            if (pair >= ExitTable.Other)
            {
                signals.Add(new SignalCount(pair, signal, core, deaths));
            }
        }

        signals.Sort(static (a, b) => a.Order.CompareTo(b.Order));
    }
}

/// <summary>Deaths of one pair by one signal, without or with a core.</summary>
/// <param name="Pair">Id of the pair, or <see cref="ExitTable.Other"/>.</param>
/// <param name="Signal">1 to 127.</param>
/// <param name="Core">True for the deaths that left a core. All deaths by the signal are the sum of both.</param>
/// <param name="Deaths">How many, and the last of them.</param>
internal readonly record struct SignalCount(int Pair, int Signal, bool Core, Deaths Deaths)
{
    /// <summary>Order of <see cref="LedgerSnapshot.Pairs"/>: places first, <c>other</c> last; then by signal.</summary>
    public long Order =>
        ((Pair == ExitTable.Other ? int.MaxValue : (long)Pair) << 8) | (uint)(Signal << 1) | (Core ? 1u : 0);
}
