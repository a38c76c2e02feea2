// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Metrics;

namespace AcctExporter.Tests.Push;

/// <summary>What was pushed, as the series that servers make of it.</summary>
internal static class PushedSeries
{
    /// <summary>
    /// Labels that VictoriaMetrics makes of what a push says of its sender and its meter. They, and the target labels
    /// of a scrape (<c>job</c>, <c>instance</c>), are the only difference of both doors.
    /// </summary>
    public static readonly string[] ResourceLabels =
    [
        "service_name", "service_version", "service_instance_id", "host_name", "host_id", "os_type", "service.name",
        "service.version", "service.instance.id", "host.name", "host.id", "os.type", "scope_name", "scope_version",
    ];

    /// <summary>The last value of each series.</summary>
    public static IEnumerable<(Dictionary<string, string> Labels, double Value)> Of(IEnumerable<OtlpMetric> metrics)
    {
        var last = new Dictionary<(string, string), (OtlpMetric Metric, OtlpPoint Point)>();
        foreach (var metric in metrics)
        {
            foreach (var point in metric.Points)
            {
                last[(metric.Name, point.Attributes.ToString())] = (metric, point);
            }
        }

        return last.Values.SelectMany(one => Of(one.Metric, one.Point));
    }

    private static IEnumerable<(Dictionary<string, string> Labels, double Value)> Of(OtlpMetric metric, OtlpPoint point)
    {
        var kind = metric.Kind switch
        {
            OtlpKind.Sum => MetricKind.Counter,
            OtlpKind.Histogram => MetricKind.Histogram,
            _ => MetricKind.Gauge,
        };
        var name = PrometheusName.Of(metric.Name, metric.Unit, kind);
        if (kind != MetricKind.Histogram)
        {
            yield return (Labels(name), point.Value);
            yield break;
        }

        ulong count = 0;
        for (var i = 0; i < point.Buckets.Count; i++)
        {
            count += point.Buckets[i];
            var bucket = Labels(name + "_bucket");
            bucket["le"] = i < point.Bounds.Count
                ? point.Bounds[i].ToString("R", CultureInfo.InvariantCulture) : "+Inf";
            yield return (bucket, count);
        }

        yield return (Labels(name + "_count"), point.Count);
        yield return (Labels(name + "_sum"), point.Sum ?? double.NaN);

        Dictionary<string, string> Labels(string series)
        {
            var labels = point.Attributes.Where(label => (string?)label.Value is { Length: > 0 })
                .ToDictionary(label => label.Key, label => (string)label.Value!);
            labels["__name__"] = series;
            return labels;
        }
    }
}
