// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;
using AcctExporter.Records;

namespace AcctExporter.Metrics;

/// <summary>Reads one figure from the row of a pair or of the host: a number, microseconds or bytes.</summary>
internal delegate ulong RowValue(in ExitRow row);

/// <summary>Reads one figure from everything that a scrape knows.</summary>
internal delegate Reading AgentValue(ScrapeData scrape);

/// <summary>A label of a series with its value.</summary>
internal readonly record struct MetricLabel(string Key, string Value);

/// <summary>
/// Where the values of a metric come from. What walks the catalog knows these kinds, and no metric.
/// </summary>
/// <param name="LabelKeys">The labels besides those of the scope.</param>
internal abstract record MetricSource(string[] LabelKeys)
{
    /// <summary>The most series that one pair, the host or the agent can have.</summary>
    public abstract int SeriesMax { get; }

    /// <summary>The bounds of a histogram as <c>le</c> spells them, without <c>+Inf</c>.</summary>
    public virtual IEnumerable<string> BoundTexts => [];
}

/// <summary>Figures of a row, one for each value of the one label, or a single one without.</summary>
/// <param name="LabelKey">The label, or null.</param>
/// <param name="Form">The form of all of them.</param>
/// <param name="Points">The figures.</param>
internal sealed record RowPoints(string? LabelKey, FigureForm Form, params RowPoint[] Points)
    : MetricSource(LabelKey is null ? [] : [LabelKey])
{
    /// <inheritdoc/>
    public override int SeriesMax => Points.Length;
}

/// <summary>One figure of a row.</summary>
/// <param name="LabelValue">The value of the label that tells it from its sisters.</param>
/// <param name="Value">Reads it.</param>
internal readonly record struct RowPoint(string LabelValue, RowValue Value);

/// <summary>Deaths by signal. Pairs show the signals that they have seen, the host the usual ones from 0.</summary>
/// <param name="CoresOnly">Only those that left a core.</param>
internal sealed record SignalPoints(bool CoresOnly) : MetricSource(["signal"])
{
    /// <summary>Signal numbers that Linux gives to programs.</summary>
    private const int Signals = 64;

    /// <inheritdoc/>
    public override int SeriesMax => Signals;

    /// <summary>
    /// What the series of one of the ledger's entries shows. An entry with a core follows the one without of the same
    /// pair and signal: the first of the two speaks for both, unless cores alone are wanted.
    /// </summary>
    public Deaths Shown(ReadOnlySpan<SignalCount> signals, int index)
    {
        ref readonly var entry = ref signals[index];
        if (CoresOnly)
        {
            return entry.Core ? entry.Deaths : default;
        }

        if (entry.Core)
        {
            return index > 0 && AreSisters(signals[index - 1], entry) ? default : entry.Deaths;
        }

        var hasSister = index + 1 < signals.Length && AreSisters(entry, signals[index + 1]);
        return hasSister ? entry.Deaths.And(signals[index + 1].Deaths) : entry.Deaths;
    }

    private static bool AreSisters(in SignalCount one, in SignalCount other) =>
        one.Pair == other.Pair && one.Signal == other.Signal;

    /// <summary>True for the signals that the host shows before the first death.</summary>
    public static bool ShownFromZero(int signal) => SignalName.UsuallyFatal.AsSpan().Contains(signal);
}

/// <summary>A histogram of a row.</summary>
/// <param name="Histogram">Which.</param>
/// <param name="Form">The form of the bounds and of the sum.</param>
/// <param name="Bounds">Upper bounds of all buckets but the last.</param>
/// <param name="Sum">Reads the sum of all observations.</param>
internal sealed record RowBuckets(RowHistogram Histogram, FigureForm Form, long[] Bounds, RowValue Sum)
    : MetricSource([])
{
    /// <summary>The bounds, the bucket without one, the sum and the count.</summary>
    public override int SeriesMax => Bounds.Length + 3;

    /// <inheritdoc/>
    public override IEnumerable<string> BoundTexts =>
        Bounds.Select(bound => BoundText.Of(bound, Form == FigureForm.Microseconds));
}

/// <summary>Figures of the agent.</summary>
/// <param name="LabelKeys">The labels of each point, in their order.</param>
/// <param name="Points">The figures; an absent one has no series.</param>
internal sealed record AgentPoints(string[] LabelKeys, params AgentPoint[] Points) : MetricSource(LabelKeys)
{
    /// <inheritdoc/>
    public override int SeriesMax => Points.Length;
}

/// <summary>One figure of the agent.</summary>
/// <param name="LabelValues">The values of its labels.</param>
/// <param name="Value">Reads it.</param>
internal readonly record struct AgentPoint(string[] LabelValues, AgentValue Value);

/// <summary>The constant 1, whose labels say which program this is.</summary>
internal sealed record BuildPoint() : MetricSource(["version", "revision"])
{
    /// <inheritdoc/>
    public override int SeriesMax => 1;
}
