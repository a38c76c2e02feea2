// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AcctExporter.Tests.RealSystem;

/// <summary>A server that answers PromQL, as Prometheus and VictoriaMetrics do.</summary>
internal abstract class QueryServer(string name) : PeerServer(name)
{
    private static readonly JavaScriptEncoder Json = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>The value of a query that gives one series; NaN when it gives none.</summary>
    public double Value(string query) =>
        Series(query).Values is { Count: > 0 } values ? values.Single() : double.NaN;

    /// <summary>The result of an instant query: labels, spelled as in a sorted series, and value.</summary>
    public Dictionary<string, double> Series(string query) =>
        Labelled(query).ToDictionary(one => Spelled(one.Labels), one => one.Value);

    /// <summary>The result of an instant query: the labels of each series as they are, and its value.</summary>
    /// <param name="query">The query.</param>
    /// <param name="floatsOnly">Native histograms are left out; else they are a fault.</param>
    /// <param name="instant">Seconds since 1970; null is now.</param>
    public List<(Dictionary<string, string> Labels, double Value)> Labelled(
        string query, bool floatsOnly = false, double? instant = null)
    {
        var time = instant is null ? "" : string.Create(CultureInfo.InvariantCulture, $"&time={instant:F3}");
        using var answer = Query($"api/v1/query?query={Uri.EscapeDataString(query)}{time}");
        var result = answer.RootElement.GetProperty("data").GetProperty("result");
        var shown = result.EnumerateArray().Where(one => !floatsOnly || one.TryGetProperty("value", out _));
        return [.. shown.Select(one => (
            one.GetProperty("metric").EnumerateObject().ToDictionary(label => label.Name, Text),
            double.Parse(one.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture)))];

        static string Text(JsonProperty label) => label.Value.GetString()!;
    }

    /// <summary>A path of the query interface, whose answer must be a success.</summary>
    public JsonDocument Query(string path)
    {
        var answer = GetJson(path);
        Assert.Equal("success", answer.RootElement.GetProperty("status").GetString());
        return answer;
    }

    /// <summary>A series in one spelling: name, then labels by name; those that servers add are left out.</summary>
    public static string Spelled(IReadOnlyDictionary<string, string> labels) =>
        labels.GetValueOrDefault("__name__", "") + string.Concat(labels
            .Where(label => label.Key is not ("__name__" or "job" or "instance"))
            .OrderBy(label => label.Key, StringComparer.Ordinal)
            .Select(label => $" {label.Key}=\"{Json.Encode(label.Value)}\""));
}
