// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace AcctExporter.Metrics;

/// <summary>
/// The text of a series up to its value, encoded once: what stands before the labels of a row, and what after them
/// (<c>name{</c> and <c>,mode="user"} </c>). Without a row all of it stands before.
/// </summary>
internal readonly struct SeriesText
{
    private readonly byte[] before;
    private readonly byte[] after;

    private SeriesText(string before, string after)
    {
        this.before = Encoding.UTF8.GetBytes(before);
        this.after = Encoding.UTF8.GetBytes(after);
    }

    /// <summary>Bytes without the labels of a row.</summary>
    public int Length => before.Length + after.Length;

    /// <summary>What follows the labels of a row.</summary>
    public ReadOnlySpan<byte> After => after;

    /// <summary>The text of a series.</summary>
    /// <param name="hasRowLabels">The labels of a row (a pair, a user, a line) stand before the others.</param>
    /// <param name="name">The name.</param>
    /// <param name="labels">The other labels.</param>
    public static SeriesText For(bool hasRowLabels, string name, params IEnumerable<MetricLabel> labels)
    {
        var text = string.Join(',', labels.Select(label => $"{label.Key}=\"{TextEscape.Label(label.Value)}\""));
        if (hasRowLabels)
        {
            return new($"{name}{{", text.Length == 0 ? "} " : $",{text}}} ");
        }

        return new(text.Length == 0 ? $"{name} " : $"{name}{{{text}}} ", "");
    }

    /// <summary>The series that says when a counter or histogram started.</summary>
    public static SeriesText Created(MetricFamily family, params IEnumerable<MetricLabel> labels) =>
        For(family.HasRowLabels, PrometheusName.OpenMetricsFamily(family) + "_created", labels);

    /// <summary>Writes it around the labels of a row, already quoted, or around nothing.</summary>
    public void Put(ref LineWriter line, scoped ReadOnlySpan<byte> rowLabels)
    {
        line.Put(before);
        line.Put(rowLabels);
        line.Put(after);
    }
}

/// <summary>How both text formats escape.</summary>
internal static class TextEscape
{
    /// <summary>A label value, and HELP in OpenMetrics.</summary>
    public static string Label(string text) => Help(text).Replace("\"", "\\\"", StringComparison.Ordinal);

    /// <summary>HELP in the older format, which lets quotes stand.</summary>
    public static string Help(string text) =>
        text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\n", @"\n", StringComparison.Ordinal);
}
