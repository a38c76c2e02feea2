// SPDX-License-Identifier: Apache-2.0
using System.Text;

namespace AcctExporter.Metrics;

/// <summary>
/// The text of a series up to its value, encoded once: what stands before the labels of a pair, and what after them
/// (<c>name{</c> and <c>,mode="user"} </c>). Without a pair all of it stands before.
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

    /// <summary>Bytes without the labels of a pair.</summary>
    public int Length => before.Length + after.Length;

    /// <summary>What follows the labels of a pair.</summary>
    public ReadOnlySpan<byte> After => after;

    /// <summary>The text of a series of a scope.</summary>
    public static SeriesText For(MetricScope scope, string name, params IEnumerable<MetricLabel> labels)
    {
        var text = string.Join(',', labels.Select(label => $"{label.Key}=\"{TextEscape.Label(label.Value)}\""));
        if (scope == MetricScope.Pair)
        {
            return new($"{name}{{", text.Length == 0 ? "} " : $",{text}}} ");
        }

        return new(text.Length == 0 ? $"{name} " : $"{name}{{{text}}} ", "");
    }

    /// <summary>Writes it around the labels of a pair, already quoted, or around nothing.</summary>
    public void Put(ref LineWriter line, scoped ReadOnlySpan<byte> pairLabels)
    {
        line.Put(before);
        line.Put(pairLabels);
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
