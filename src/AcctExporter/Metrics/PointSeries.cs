// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Metrics;

/// <summary>A series of a counter or gauge, encoded once for all formats.</summary>
internal readonly struct PointSeries
{
    /// <summary>A series of a family, with labels besides those of its row.</summary>
    public PointSeries(MetricFamily family, params IEnumerable<MetricLabel> labels)
    {
        IsCounter = family.Kind == MetricKind.Counter;
        Line = SeriesText.For(family.HasRowLabels, family.Name, labels);
        Created = SeriesText.Created(family, labels);
        LabelMessages = Ledger.LabelMessages.Of([.. labels.Select(label => (label.Key, label.Value))]);
    }

    /// <summary>A counter knows when it started.</summary>
    public bool IsCounter { get; }

    /// <summary>The line up to its value.</summary>
    public SeriesText Line { get; }

    /// <summary>The line that says when it started.</summary>
    public SeriesText Created { get; }

    /// <summary>The labels in the protobuf format.</summary>
    public byte[] LabelMessages { get; }

    /// <summary>No fewer bytes than its lines take with labels of a row of that length.</summary>
    public int Longest(int rowLabels) =>
        Line.Length + Created.Length + (2 * (rowLabels + LineWriter.LongestNumber)) + Exemplar.Longest;
}
