// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;
using AcctExporter.Ledger;
using AcctExporter.Records;

namespace AcctExporter.Push;

/// <summary>
/// Records each exit that is counted into the histograms of the host and of its pair, on the thread that counts. The
/// labels of a pair are made once; nothing is allocated for an exit, and nothing is waited for but a turn of meters,
/// which is rare and waits for no network.
/// </summary>
internal sealed class LiveHistograms : IExitObserver
{
    private static readonly TaskFigures Unknown;

    private readonly Lock gate = new();
    private readonly HistogramSet host;
    private readonly KeyValuePair<string, object?>[][] hostTags;
    private readonly Action nearlyFull;
    private readonly List<PairTags?> byPlace = [];
    private PairTags? other;
    private HistogramSet pairs;
    private int generation;
    private int labelSets;
    private int enough;

    /// <summary>Records into the first two meters.</summary>
    /// <param name="host">That of the host.</param>
    /// <param name="pairs">That of the pairs.</param>
    /// <param name="nearlyFull">Called by the counting thread when label sets of the pairs' meter run short.</param>
    public LiveHistograms(PushMeter host, PushMeter pairs, Action nearlyFull)
    {
        this.host = host.Histograms;
        this.pairs = pairs.Histograms;
        this.nearlyFull = nearlyFull;
        hostTags = host.Histograms.TagsFor([]);
        enough = EnoughFor(pairs);
    }

    /// <summary>The label sets of the pairs' meter run short: it is time for the next.</summary>
    public bool IsNearlyFull => Volatile.Read(ref labelSets) >= Volatile.Read(ref enough);

    /// <inheritdoc/>
    public void Counted(
        ExitLedger ledger, ReadOnlySpan<ProcessExit> exits, ReadOnlySpan<TaskFigures> figures, ReadOnlySpan<int> pairs)
    {
        lock (gate)
        {
            for (var i = 0; i < exits.Length; i++)
            {
                ref readonly var known = ref (figures.IsEmpty ? ref Unknown : ref figures[i]);
                host.Record(exits[i], known, hostTags);
                if (pairs[i] != ExitTable.Dropped)
                {
                    this.pairs.Record(exits[i], known, TagsOf(ledger, pairs[i]));
                }
            }
        }
    }

    /// <summary>
    /// Goes on with another meter of the pairs: no exit is recorded between the start and the end of
    /// <paramref name="turn"/>, which reads the old meter and opens the new one.
    /// </summary>
    public void GoOn(PushMeter next, Action turn)
    {
        lock (gate)
        {
            turn();
            pairs = next.Histograms;
            generation++;
            labelSets = 0;
            enough = EnoughFor(next);
        }
    }

    /// <summary>A quarter stays free for what comes until the push has turned to the next meter.</summary>
    private static int EnoughFor(PushMeter meter) => meter.LabelSetLimit - (meter.LabelSetLimit / 4);

    private KeyValuePair<string, object?>[][] TagsOf(ExitLedger ledger, int place)
    {
        if (place < 0)
        {
            return (other = Seen(other ?? new PairTags(null, pairs.TagsFor(OtherLabels)))).Tags;
        }

        var pair = ledger.PairAt(place);
        if (place < byPlace.Count && byPlace[place] is { } known && ReferenceEquals(known.Pair, pair))
        {
            return Seen(known).Tags;
        }

        while (byPlace.Count <= place)
        {
            byPlace.Add(null);
        }

        return Seen(byPlace[place] = new PairTags(pair, pairs.TagsFor(PushTags.Of(pair!)))).Tags;
    }

    private static KeyValuePair<string, object?>[] OtherLabels =>
        PushTags.Of([("user", LabelText.Other), ("command", LabelText.Other)]);

    private PairTags Seen(PairTags tags)
    {
        if (tags.Generation != generation)
        {
            tags.Generation = generation;
            labelSets++;
            if (labelSets == enough)
            {
                nearlyFull();
            }
        }

        return tags;
    }

    /// <summary>The labels of a pair for each histogram.</summary>
    private sealed class PairTags(Pair? pair, KeyValuePair<string, object?>[][] tags)
    {
        public Pair? Pair => pair;

        public KeyValuePair<string, object?>[][] Tags => tags;

        /// <summary>The turn of meters in which it was last met.</summary>
        public int Generation { get; set; } = -1;
    }
}
