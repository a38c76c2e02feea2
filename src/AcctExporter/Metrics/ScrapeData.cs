// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;
using AcctExporter.Ledger;
using AcctExporter.Logins;
using AcctExporter.Records;
using AcctExporter.Suite;

namespace AcctExporter.Metrics;

/// <summary>
/// Everything that one scrape shows, taken at one instant. Used again by later scrapes: its arrays grow and stay.
/// </summary>
internal sealed class ScrapeData
{
    private int[] signalPairs = [];

    /// <summary>The copy of the ledger.</summary>
    public LedgerSnapshot Ledger { get; } = new();

    /// <summary>What the capture thread says.</summary>
    public CaptureStatus Status { get; private set; } = new() { Source = "", Path = "" };

    /// <summary>What is known of logins; null where they are not followed.</summary>
    public LoginSnapshot? Logins { get; private set; }

    /// <summary>What is known of the accounting suite; null where nothing is.</summary>
    public SuiteSnapshot? Suite { get; private set; }

    /// <summary>What the agent ran of it; null where it runs nothing.</summary>
    public SuiteWorkCounts? SuiteWork { get; private set; }

    /// <summary>What the agent says of itself.</summary>
    public AgentFigures Agent { get; private set; } = AgentFigures.Unknown;

    /// <summary>Scrapes so far.</summary>
    public ScrapeFigures Scrapes { get; private set; } = new();

    /// <summary>Since when the host is counted, in microseconds since 1970; 0 when unknown.</summary>
    public long CountingSinceUnixMicroseconds { get; private set; }

    /// <summary>Write when each counter started.</summary>
    public bool Created { get; private set; }

    /// <summary>Write the last death behind each counter of deaths.</summary>
    public bool Exemplars { get; private set; }

    /// <summary>Where a family is written that has its length in front.</summary>
    public MessageBuffer Message { get; } = new();

    /// <summary>True when any pair has left a core.</summary>
    public bool HasPairCores { get; private set; }

    /// <summary>The index among the ledger's pairs that an entry of its signals belongs to.</summary>
    public int PairOfSignal(int index) => signalPairs[index];

    /// <summary>When a pair's series started; those of <c>other</c> and of the host with the counting itself.</summary>
    public long CreatedUnixMicroseconds(Pair? pair) =>
        pair is { BornUnixMicroseconds: > 0 and var born } ? born : CountingSinceUnixMicroseconds;

    /// <summary>
    /// How many rows a family has that needs this of taskstats: none where it is not known and never was. A pair
    /// without such exits is a row that stays empty.
    /// </summary>
    public int RowsWith(TaskKnowledge needs, bool ofPairs)
    {
        if (ofPairs)
        {
            return Ledger.PairsHave(needs) ? Ledger.Pairs.Count : 0;
        }

        var up = Status.TaskStatsUp && (Status.DelaysOn || (needs & TaskKnowledge.Delays) == 0);
        return up || Ledger.HostTasks.Has(needs) ? 1 : 0;
    }

    /// <summary>The native histogram of a pair, or of the host; an empty one where the ledger has none.</summary>
    public NativeView NativeOf(bool ofPairs, int row, NativeHistogram histogram) =>
        !Ledger.HasNatives ? default : ofPairs ? Ledger.Native(row, histogram) : Ledger.HostNative(histogram);

    /// <summary>Takes everything anew.</summary>
    public void Fill(
        IExitSource source, LoginSnapshot? logins, ISuiteView? suite, AgentFigures agent, ScrapeFigures scrapes,
        long countingSince, bool created, bool exemplars, bool natives)
    {
        Ledger.WithNatives = natives;
        source.CopyTo(Ledger);
        Status = source.Status;
        Logins = logins;
        Suite = suite?.Suite;
        SuiteWork = suite?.Work;
        Agent = agent;
        Scrapes = scrapes;
        CountingSinceUnixMicroseconds = countingSince;
        Created = created;
        Exemplars = exemplars;
        PlaceSignals();
    }

    /// <summary>Pairs and their signals are in one order, so one walk finds the pair of every entry.</summary>
    private void PlaceSignals()
    {
        var signals = Ledger.Signals;
        if (signalPairs.Length < signals.Length)
        {
            signalPairs = new int[Math.Max(signals.Length, signalPairs.Length * 2)];
        }

        HasPairCores = false;
        var pair = 0;
        for (var i = 0; i < signals.Length; i++)
        {
            while (Ledger.Pairs[pair].Id != signals[i].Pair)
            {
                pair++;
            }

            signalPairs[i] = pair;
            HasPairCores |= signals[i].Core;
        }
    }
}
