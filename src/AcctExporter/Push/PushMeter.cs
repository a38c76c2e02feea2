// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.Metrics;
using AcctExporter.Metrics;
using AcctExporter.Records;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace AcctExporter.Push;

/// <summary>What every meter is made with.</summary>
/// <param name="Families">The rows of the catalog that are pushed.</param>
/// <param name="Histograms">How histograms are made.</param>
/// <param name="Resource">Makes the resource: what is said of the sender.</param>
/// <param name="NewExporter">Makes what sends. Each meter has its own.</param>
/// <param name="Version">The version of the agent.</param>
/// <param name="LoginScale">
/// How many times the users and lines that the catalog tells of there may be: their limits can be configured.
/// </param>
/// <param name="SuiteScale">The same of the suite's users.</param>
internal sealed record PushMeterOptions(
    IReadOnlyList<MetricFamily> Families, PushHistograms Histograms, Func<ResourceBuilder> Resource,
    Func<PushExporter> NewExporter, string Version, int LoginScale = 1,
    int SuiteScale = 1);

/// <summary>
/// A meter of OpenTelemetry with its instruments, and the SDK's provider that collects them. Two are open: one for the
/// pairs, whose label sets come and go, and one for all else. The SDK forgets no label set that it has seen, and has
/// limits: so the meter of the pairs is made anew when it is full.
/// </summary>
internal sealed class PushMeter : IDisposable
{
    /// <summary>Name of both meters: the scope of what is pushed.</summary>
    public const string Name = "acct-exporter";

    /// <summary>Label sets that fit on a meter, in multiples of those that there can be at a time.</summary>
    private const int Generations = 4;

    /// <summary>The SDK gives its limit in points, and this many more are sure to be free.</summary>
    private const int Spare = 2;

    private readonly PushMeterOptions options;
    private readonly bool ofPairs;
    private readonly Meter meter;
    private readonly PushedRows rows;
    private readonly Dictionary<string, PushedFamily> families = [];
    private readonly Dictionary<string, MetricStreamConfiguration> views = [];
    private readonly PushExporter exporter;
    private readonly BaseExportingMetricReader reader;
    private readonly MeterProvider provider;
    private Others known;

    private PushMeter(PushMeterOptions options, bool ofPairs, ScrapeData scrape, PushMeter? before)
    {
        this.options = options;
        this.ofPairs = ofPairs;
        known = before?.known ?? Others.None;
        rows = new PushedRows(before?.rows);
        LabelSetLimit = Generations * (scrape.Ledger.PairLimit + 1);
        var pushed = options.Families.Where(family => family.Scope == MetricScope.Pair == ofPairs).ToList();
        Histograms = new HistogramSet(pushed);
        foreach (var family in pushed)
        {
            var limit = LimitOf(family, scrape);
            views[family.OTelName] = ViewOf(family, limit);
            if (family.Kind != MetricKind.Histogram)
            {
                families[family.OTelName] =
                    new PushedFamily(family, rows, limit, before?.families.GetValueOrDefault(family.OTelName));
            }
        }

        // It may fail, so it comes before what is to be let go of.
        exporter = options.NewExporter();
        meter = new Meter(Name, options.Version);
        reader = new BaseExportingMetricReader(exporter)
        {
            TemporalityPreference = MetricReaderTemporalityPreference.Cumulative,
        };
        provider = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(options.Resource())
            .SetExemplarFilter(ExemplarFilterType.AlwaysOff)
            .AddMeter(Name)
            // The SDK knows meters by their names alone, and there are two of that name; in turns of meters, three.
            .AddView(instrument => ReferenceEquals(instrument.Meter, meter)
                ? views.GetValueOrDefault(instrument.Name) : MetricStreamConfiguration.Drop)
            .AddReader(reader)
            .Build();
    }

    /// <summary>Its histograms: recorded while exits are counted.</summary>
    public HistogramSet Histograms { get; }

    /// <summary>How many label sets of pairs fit on it.</summary>
    public int LabelSetLimit { get; }

    /// <summary>What is pushed has no room for all label sets of the last take.</summary>
    public bool IsFull => ofPairs && families.Values.Any(family => family.IsFull);

    /// <summary>The first meter: what was counted before is subtracted from all that it shows.</summary>
    public static PushMeter First(PushMeterOptions options, bool ofPairs, ScrapeData scrape)
    {
        var made = new PushMeter(options, ofPairs, scrape, null);
        made.Take(scrape, true);
        made.Open();
        return made;
    }

    /// <summary>
    /// The meter after this one, which begins where this one ends. It starts with <see cref="Open"/>.
    /// </summary>
    public PushMeter Next(ScrapeData scrape) => new(options, ofPairs, scrape, this);

    /// <summary>Makes the instruments: the start of all its sums.</summary>
    public void Open()
    {
        foreach (var family in families.Values)
        {
            family.Open(meter);
        }

        Histograms.Open(meter);
    }

    /// <summary>Prepares what the next <see cref="Collect"/> reads.</summary>
    public void Take(ScrapeData scrape) => Take(scrape, false);

    /// <summary>Lets the SDK read every instrument. What it has read waits for <see cref="Send"/>.</summary>
    public void Collect() => reader.Collect();

    /// <summary>Sends what was collected.</summary>
    /// <param name="limit">How long all requests may take together.</param>
    /// <returns>False when a request failed.</returns>
    public bool Send(TimeSpan limit) => exporter.Send(limit);

    /// <summary>Lets go of it without sending anything.</summary>
    public void Dispose()
    {
        meter.Dispose();
        provider.Dispose();
    }

    /// <summary>
    /// A source whose first reading is known now was counting before: what it says then is where its sums begin. What
    /// is counted after that is pushed, be it the first of its kind.
    /// </summary>
    private void Take(ScrapeData scrape, bool first)
    {
        var late = KnownTo(scrape) & ~known;
        known |= late;
        foreach (var family in families.Values)
        {
            family.Take(scrape, first || (late & OthersOf(family.Scope)) != Others.None);
            family.ForgetBefore();
        }

        rows.ForgetBefore();
    }

    private static Others KnownTo(ScrapeData scrape) =>
        (scrape.Logins is not null ? Others.Logins : Others.None)
        | (scrape.Suite is not null ? Others.Suite : Others.None)
        | (scrape.Suite is { PageLog: not null } ? Others.PageLog : Others.None);

    /// <summary>The agent's own figures are of the ledger and of logins; of the suite since its start.</summary>
    private static Others OthersOf(MetricScope scope) => scope switch
    {
        MetricScope.Logins or MetricScope.Agent => Others.Logins,
        MetricScope.Suite => Others.Suite | Others.PageLog,
        _ => Others.None,
    };

    private int LimitOf(MetricFamily family, ScrapeData scrape) => family.Source switch
    {
        SignalPoints when !ofPairs => SignalName.Count,
        SignalPoints => Math.Max(LabelSetLimit, Generations * scrape.Ledger.Signals.Length),
        TaskBuckets tasks => tasks.Points.Length * (ofPairs ? LabelSetLimit : 1),
        RowBuckets => ofPairs ? LabelSetLimit : 1,
        TableRows table => table.SeriesMax * Math.Max(
            Generations, family.Scope == MetricScope.Suite ? options.SuiteScale : options.LoginScale),
        var source => source.SeriesMax * (ofPairs ? LabelSetLimit : 1),
    };

    private MetricStreamConfiguration ViewOf(MetricFamily family, int limit) => (family.Kind, options.Histograms) switch
    {
        (MetricKind.Histogram, PushHistograms.Exponential) => new Base2ExponentialBucketHistogramConfiguration
        {
            RecordMinMax = false,
            CardinalityLimit = limit + Spare,
        },
        (MetricKind.Histogram, _) => new ExplicitBucketHistogramConfiguration
        {
            Boundaries = BoundsOf(family.Source),
            RecordMinMax = false,
            CardinalityLimit = limit + Spare,
        },
        _ => new MetricStreamConfiguration { CardinalityLimit = limit + Spare },
    };

    /// <summary>Sources beside the ledger, each with sums from before the agent.</summary>
    [Flags]
    private enum Others
    {
        None = 0,
        Logins = 1,
        Suite = 2,
        PageLog = 4,
    }

    private static double[] BoundsOf(MetricSource source) => source switch
    {
        RowBuckets { Form: FigureForm.Microseconds } buckets => [.. buckets.Bounds.Select(bound => bound / 1e6)],
        RowBuckets buckets => [.. buckets.Bounds.Select(bound => (double)bound)],
        TaskBuckets tasks => [.. tasks.Bounds.Select(bound => (double)bound)],
        _ => [],
    };
}
