// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;
using AcctExporter.Records;

namespace AcctExporter.Metrics;

/// <summary>Reads one figure from what taskstats add to a pair or to the host.</summary>
internal delegate UInt128 TaskValue(in TaskRow row);

/// <summary>Reads the sum of a histogram that taskstats add.</summary>
internal delegate ulong TaskSum(in TaskRow row);

/// <summary>
/// Figures that taskstats add, one for each value of the one label, or a single one without. A pair shows them when an
/// exit of it was counted with them; the host also while they would be known.
/// </summary>
/// <param name="LabelKey">The label, or null.</param>
/// <param name="Needs">What must be known of an exit to have them.</param>
/// <param name="Form">The form of all of them.</param>
/// <param name="Points">The figures.</param>
internal sealed record TaskPoints(string? LabelKey, TaskKnowledge Needs, FigureForm Form, params TaskPoint[] Points)
    : MetricSource(LabelKey is null ? [] : [LabelKey])
{
    /// <inheritdoc/>
    public override int SeriesMax => Points.Length;
}

/// <summary>One figure that taskstats add.</summary>
/// <param name="LabelValue">The value of the label that tells it from its sisters.</param>
/// <param name="Value">Reads it.</param>
/// <param name="FirstVersion">
/// The first version of taskstats that has it. With an older kernel it is left out, unless it was counted before.
/// </param>
internal readonly record struct TaskPoint(string LabelValue, TaskValue Value, int FirstVersion = 0);

/// <summary>Histograms of bytes that taskstats add, one for each value of the one label, or a single one.</summary>
/// <param name="LabelKey">The label, or null.</param>
/// <param name="Bounds">Upper bounds of all buckets but the last.</param>
/// <param name="Points">The histograms.</param>
internal sealed record TaskBuckets(string? LabelKey, long[] Bounds, params TaskBucketsPoint[] Points)
    : MetricSource(LabelKey is null ? [] : [LabelKey])
{
    /// <summary>The bounds, the bucket without one, the sum and the count.</summary>
    public override int SeriesMax => Points.Length * (Bounds.Length + 3);

    /// <inheritdoc/>
    public override IEnumerable<string> BoundTexts => Bounds.Select(bound => BoundText.Of(bound, microseconds: false));
}

/// <summary>One histogram that taskstats add.</summary>
/// <param name="LabelValue">The value of the label that tells it from its sisters.</param>
/// <param name="Histogram">Which.</param>
/// <param name="Sum">Reads the sum of all observations.</param>
internal readonly record struct TaskBucketsPoint(string LabelValue, TaskHistogram Histogram, TaskSum Sum);
