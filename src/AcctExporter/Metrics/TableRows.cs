// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Logins;

namespace AcctExporter.Metrics;

/// <summary>
/// Figures of rows that come with what is met, each with labels of its own: users and lines of logins, users of the
/// accounting suite.
/// </summary>
/// <param name="RowLabels">The labels that each row bears, quoted in the snapshot.</param>
/// <param name="RowsMax">How many rows there can be with the default limit.</param>
/// <param name="Rows">The rows; none where nothing is known of them.</param>
/// <param name="LabelKey">The label that tells the figures of a row apart, or null.</param>
/// <param name="Points">The figures; an absent one has no series.</param>
internal sealed record TableRows(
    string[] RowLabels, int RowsMax, Func<ScrapeData, IReadOnlyList<LabeledRow>> Rows, string? LabelKey,
    params TableRowPoint[] Points)
    : MetricSource(LabelKey is null ? RowLabels : [.. RowLabels, LabelKey])
{
    /// <inheritdoc/>
    public override int SeriesMax => RowsMax * Points.Length;
}

/// <summary>One figure of a row.</summary>
/// <param name="LabelValue">The value of the label that tells it from its sisters.</param>
/// <param name="Value">Reads it.</param>
internal readonly record struct TableRowPoint(string LabelValue, Func<LabeledRow, Reading> Value);
