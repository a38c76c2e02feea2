// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Metrics;

/// <summary>
/// The Prometheus name of an OpenTelemetry metric, by the rules that servers apply to a push ("Prometheus and
/// OpenMetrics Compatibility" of the OpenTelemetry specification), so that a scrape and a push give the same series.
/// </summary>
internal static class PrometheusName
{
    private const string CounterSuffix = "total";
    private const string RatioSuffix = "ratio";

    /// <summary>The name as samples bear it (histograms: before <c>_bucket</c>, <c>_sum</c>, <c>_count</c>).</summary>
    /// <exception cref="ArgumentException">The unit is none of those that the catalog may use.</exception>
    public static string Of(string otelName, string unit, MetricKind kind)
    {
        var words = otelName.Split('.', '_').ToList();
        var suffix = UnitSuffix(unit, kind);
        // Wherever a name already says its unit, the servers do not say it again: bytes_behind.
        if (suffix.Length > 0 && !words.Contains(suffix))
        {
            words.Add(suffix);
        }

        if (kind == MetricKind.Counter)
        {
            words.Remove(CounterSuffix);
            words.Add(CounterSuffix);
        }

        return string.Join('_', words);
    }

    /// <summary>The family's name in OpenMetrics, where <c>_total</c> belongs to the sample only.</summary>
    public static string OpenMetricsFamily(MetricFamily family) =>
        family.Kind == MetricKind.Counter ? family.Name[..^(CounterSuffix.Length + 1)] : family.Name;

    /// <summary>The unit as OpenMetrics declares it: only where it is the last word of the family's name.</summary>
    public static string OpenMetricsUnit(MetricFamily family)
    {
        var suffix = UnitSuffix(family.Unit, family.Kind);
        var isLast = OpenMetricsFamily(family).EndsWith($"_{suffix}", StringComparison.Ordinal);
        return isLast ? suffix : "";
    }

    private static string UnitSuffix(string unit, MetricKind kind) => unit switch
    {
        "" => "",
        "s" => "seconds",
        "By" => "bytes",
        "1" => kind == MetricKind.Gauge ? RatioSuffix : "",
        _ when unit.StartsWith('{') && unit.EndsWith('}') => "",
        _ => throw new ArgumentException($"no rule for the unit '{unit}'", nameof(unit)),
    };
}
