// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.Metrics;
using AcctExporter.Metrics;
using AcctExporter.Records;

namespace AcctExporter.Push;

/// <summary>
/// A counter or gauge of the catalog as an instrument of OpenTelemetry. What it shows is prepared once for each push
/// (<see cref="Take"/>), from the same data as every other family; the SDK then reads it. Counters begin at zero: what
/// was counted before the instrument is subtracted.
/// </summary>
internal sealed class PushedFamily
{
    private readonly MetricFamily family;
    private readonly PushedRows rows;
    private readonly PushedRow single = PushedRow.Single();
    private PushedFamily? before;
    private readonly (string Key, string Value)[][] pointLabels;
    private readonly List<PushedSeries?[]> series = [];
    private readonly List<Measurement<long>> wholes = [];
    private readonly List<Measurement<double>> reals = [];
    private readonly bool isWhole;
    private int seriesCount;
    private bool isBaseline;

    /// <summary>A family with the label sets of its table.</summary>
    /// <param name="family">The row of the catalog: no histogram.</param>
    /// <param name="rows">The label sets, shared by all families of the table.</param>
    /// <param name="limit">How many series it may have.</param>
    /// <param name="before">The same family on the meter before this one; null on the first.</param>
    public PushedFamily(MetricFamily family, PushedRows rows, int limit, PushedFamily? before)
    {
        this.family = family;
        this.rows = rows;
        this.before = before;
        Limit = limit;
        pointLabels = LabelsOf(family.Source);
        isWhole = family.Kind == MetricKind.Counter && family.Source switch
        {
            RowPoints points => points.Form == FigureForm.Count,
            TaskPoints points => points.Form == FigureForm.Count,
            _ => family.Unit != "s",
        };
    }

    /// <summary>How many series it may have.</summary>
    public int Limit { get; }

    /// <summary>Series were left out of the last take, because there are as many as may be.</summary>
    public bool IsFull { get; private set; }

    /// <summary>What its values are of.</summary>
    public MetricScope Scope => family.Scope;

    /// <summary>Makes the instrument.</summary>
    public void Open(Meter meter)
    {
        var (name, unit, help) = (family.OTelName, family.Unit, family.Help);
        if (family.Kind == MetricKind.Gauge)
        {
            meter.CreateObservableGauge(name, () => reals, unit, help);
        }
        else if (isWhole)
        {
            meter.CreateObservableCounter(name, () => wholes, unit, help);
        }
        else
        {
            meter.CreateObservableCounter(name, () => reals, unit, help);
        }
    }

    /// <summary>Prepares the values of everything that has a series.</summary>
    /// <param name="scrape">What is known.</param>
    /// <param name="baseline">What is met for the first time was counted before: it begins at 0 here.</param>
    public void Take(ScrapeData scrape, bool baseline)
    {
        isBaseline = baseline && !family.SinceStart;
        IsFull = false;
        wholes.Clear();
        reals.Clear();
        switch (family.Source)
        {
            case RowPoints points:
                TakeRows(points, scrape);
                break;
            case TaskPoints points:
                TakeTasks(points, scrape);
                break;
            case SignalPoints signals:
                TakeSignals(signals, scrape);
                break;
            case TableRows table:
                TakeTable(table, scrape);
                break;
            case AgentPoints points:
                for (var point = 0; point < points.Points.Length; point++)
                {
                    Put(single, point, points.Points[point].Value(scrape));
                }

                break;
            default:
                throw new InvalidOperationException($"{family.OTelName} has a source that nobody pushes");
        }
    }

    /// <summary>Lets go of the family before: what it had is taken over.</summary>
    public void ForgetBefore() => before = null;

    private void TakeRows(RowPoints source, ScrapeData scrape)
    {
        var ledger = scrape.Ledger;
        var count = family.Scope == MetricScope.Pair ? ledger.Pairs.Count : 0;
        for (var point = 0; point < source.Points.Length; point++)
        {
            var value = source.Points[point].Value;
            for (var index = 0; index < count; index++)
            {
                Put(rows.Of(ledger.Pairs[index]), point, value(ledger.Rows[index]), source.Form);
            }

            if (family.Scope != MetricScope.Pair)
            {
                Put(single, point, value(ledger.Host), source.Form);
            }
        }
    }

    private void TakeTasks(TaskPoints source, ScrapeData scrape)
    {
        var ofPairs = family.Scope == MetricScope.Pair;
        var ledger = scrape.Ledger;
        var count = scrape.RowsWith(source.Needs, ofPairs);
        for (var point = 0; point < source.Points.Length; point++)
        {
            var (_, value, firstVersion) = source.Points[point];
            if (scrape.Status.TaskStatsVersion < firstVersion && value(ledger.HostTasks) == 0)
            {
                continue;
            }

            for (var index = 0; index < count; index++)
            {
                if (!ofPairs)
                {
                    Put(single, point, value(ledger.HostTasks), source.Form);
                }
                else if (ledger.TasksOf(index).Has(source.Needs))
                {
                    Put(rows.Of(ledger.Pairs[index]), point, value(ledger.TasksOf(index)), source.Form);
                }
            }
        }
    }

    private void TakeSignals(SignalPoints source, ScrapeData scrape)
    {
        var ledger = scrape.Ledger;
        if (family.Scope == MetricScope.Pair)
        {
            for (var index = 0; index < ledger.Signals.Length; index++)
            {
                if (source.Shown(ledger.Signals, index).Count is > 0 and var deaths)
                {
                    Put(rows.Of(ledger.Pairs[scrape.PairOfSignal(index)]), ledger.Signals[index].Signal, deaths,
                        FigureForm.Count);
                }
            }

            return;
        }

        for (var signal = 1; signal < SignalName.Count; signal++)
        {
            var deaths = source.CoresOnly ? ledger.HostCore(signal) : ledger.HostSignal(signal);
            if (deaths.Count > 0 || SignalPoints.ShownFromZero(signal))
            {
                Put(single, signal, deaths.Count, FigureForm.Count);
            }
        }
    }

    private void TakeTable(TableRows table, ScrapeData scrape)
    {
        var labeled = table.Rows(scrape);
        for (var index = 0; index < labeled.Count; index++)
        {
            var row = rows.Of(labeled[index]);
            for (var point = 0; point < table.Points.Length; point++)
            {
                Put(row, point, table.Points[point].Value(labeled[index]));
            }
        }
    }

    private void Put(PushedRow row, int point, Reading reading)
    {
        if (!reading.IsPresent)
        {
            return;
        }

        if (family.Kind == MetricKind.Counter)
        {
            Put(row, point, reading.Whole, reading.WholeForm);
        }
        else if (SeriesOf(row, point) is { } gauge)
        {
            reals.Add(new Measurement<double>(reading.Value, gauge.Tags));
        }
    }

    private void Put(PushedRow row, int point, UInt128 value, FigureForm form)
    {
        if (SeriesOf(row, point) is not { } counter)
        {
            return;
        }

        if (counter.IsNew)
        {
            counter.Begin(row, row.Before is null ? null : before?.Known(row.Before, point), isBaseline ? value : 0);
        }

        var pushed = counter.Advance(row.Life, value);
        if (isWhole)
        {
            wholes.Add(new Measurement<long>((long)pushed, counter.Tags));
        }
        else
        {
            reals.Add(new Measurement<double>(InUnits(pushed, form), counter.Tags));
        }
    }

    /// <summary>
    /// As the text says it: integers below 2^53 and a power of ten give the double that is nearest to the decimal.
    /// </summary>
    private static double InUnits(UInt128 value, FigureForm form) => form switch
    {
        FigureForm.Count => (double)value,
        FigureForm.Microseconds => (double)value / 1e6,
        _ => (double)value * (1 << 20) / 1e6,
    };

    private PushedSeries? Known(PushedRow row, int point) =>
        row.Index < series.Count ? series[row.Index][point] : null;

    /// <summary>The series of a label set; null when there are as many as may be.</summary>
    private PushedSeries? SeriesOf(PushedRow row, int point)
    {
        while (series.Count <= row.Index)
        {
            series.Add(new PushedSeries?[pointLabels.Length]);
        }

        ref var found = ref series[row.Index][point];
        if (found is null)
        {
            if (seriesCount >= Limit)
            {
                IsFull = true;
                return null;
            }

            seriesCount++;
            found = new PushedSeries([.. row.Tags, .. PushTags.Of(pointLabels[point])]);
        }

        return found;
    }

    /// <summary>The labels of each point besides those of the label set.</summary>
    private static (string Key, string Value)[][] LabelsOf(MetricSource source) => source switch
    {
        RowPoints { LabelKey: { } key } rows => [.. rows.Points.Select(point => Labels((key, point.LabelValue)))],
        TaskPoints { LabelKey: { } key } tasks => [.. tasks.Points.Select(point => Labels((key, point.LabelValue)))],
        TableRows { LabelKey: { } key } table => [.. table.Points.Select(point => Labels((key, point.LabelValue)))],
        SignalPoints signals => [.. Enumerable.Range(0, SignalName.Count).Select(
            signal => Labels((signals.LabelKeys[0], SignalName.Of(signal))))],
        AgentPoints agent => [.. agent.Points.Select(
            point => agent.LabelKeys.Zip(point.LabelValues).ToArray())],
        RowPoints rows => [.. rows.Points.Select(_ => Labels())],
        TaskPoints tasks => [.. tasks.Points.Select(_ => Labels())],
        TableRows table => [.. table.Points.Select(_ => Labels())],
        _ => [],
    };

    private static (string Key, string Value)[] Labels(params (string, string)[] labels) => labels;
}

/// <summary>One pushed series: its labels, what was last seen of its sum, and what was pushed of it.</summary>
internal sealed class PushedSeries(KeyValuePair<string, object?>[] tags)
{
    private int life = -1;
    private UInt128 seen;
    private UInt128 pushed;

    /// <summary>The labels.</summary>
    public KeyValuePair<string, object?>[] Tags => tags;

    /// <summary>It has no value yet.</summary>
    public bool IsNew => life < 0;

    /// <summary>
    /// Begins at zero: behind what the meter before this one pushed, where it had the series, else behind what was
    /// counted before anybody pushed.
    /// </summary>
    public void Begin(PushedRow row, PushedSeries? before, UInt128 counted) =>
        (life, seen) = before is { IsNew: false } ? (before.life, before.seen) : (row.Life, counted);

    /// <summary>Adds what was counted since the last look; the sum of another life began at 0.</summary>
    public UInt128 Advance(int of, UInt128 value)
    {
        pushed += of == life && value >= seen ? value - seen : value;
        (life, seen) = (of, value);
        return pushed;
    }
}
