// SPDX-License-Identifier: Apache-2.0
using System.Text;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace AcctExporter.Push;

/// <summary>
/// The SDK's exporter, in two steps: what is collected is kept, and sent when it is asked for, in requests that gRPC
/// receivers take. A metric stands as it was collected until the next collection.
/// </summary>
/// <param name="options">Where to, and how.</param>
/// <param name="clock">For the limit of a push.</param>
internal class PushExporter(OtlpExporterOptions options, TimeProvider clock) : OtlpMetricExporter(options)
{
    /// <summary>Receivers take 4 MiB by default; the head of a request and what is estimated need room.</summary>
    private const int RequestBytes = 3_800_000;

    /// <summary>Kinds and lengths of a metric; times, value, kinds and lengths of a point; of an attribute.</summary>
    private const int MetricBytes = 64;
    private const int PointBytes = 64;
    private const int AttributeBytes = 16;

    /// <summary>A bound and a count, both eight bytes; an exponential bucket is a varint, seldom a long one.</summary>
    private const int BucketBytes = 16;
    private const int ExponentialBuckets = 160;
    private const int ExponentialBytes = 5;

    private readonly List<Metric> collected = [];

    /// <summary>Keeps what was collected.</summary>
    public sealed override ExportResult Export(in Batch<Metric> metrics)
    {
        collected.Clear();
        foreach (var metric in metrics)
        {
            collected.Add(metric);
        }

        return ExportResult.Success;
    }

    /// <summary>Sends what was kept. What is not taken stays until the next collection.</summary>
    /// <param name="limit">When this is over, no further request begins.</param>
    /// <returns>False when a request failed, or did not begin.</returns>
    public bool Send(TimeSpan limit)
    {
        var start = clock.GetTimestamp();
        var left = new List<Metric>();
        var from = 0;
        while (from < collected.Count)
        {
            var to = from + 1;
            for (var bytes = SizeOf(collected[from]); to < collected.Count; to++)
            {
                bytes += SizeOf(collected[to]);
                if (bytes > RequestBytes)
                {
                    break;
                }
            }

            var inTime = clock.GetElapsedTime(start) < limit;
            if (!inTime || !Request([.. collected[from..to]]))
            {
                left.AddRange(collected[from..to]);
            }

            from = to;
        }

        collected.Clear();
        collected.AddRange(left);
        return left.Count == 0;
    }

    /// <summary>Sends one request; false when it failed.</summary>
    protected virtual bool Request(Metric[] metrics) =>
        base.Export(new Batch<Metric>(metrics, metrics.Length)) == ExportResult.Success;

    /// <summary>No fewer bytes than a metric takes, but for odd histograms.</summary>
    private static int SizeOf(Metric metric)
    {
        var size = MetricBytes + metric.Name.Length + metric.Description.Length + metric.Unit.Length;
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            size += PointBytes;
            foreach (var tag in point.Tags)
            {
                // The SDK's own mark of what found no room is a boolean.
                size += AttributeBytes + tag.Key.Length + Encoding.UTF8.GetByteCount(tag.Value as string ?? "");
            }

            size += metric.MetricType switch
            {
                MetricType.Histogram => BucketBytes * Buckets(point),
                MetricType.ExponentialHistogram => ExponentialBytes * ExponentialBuckets,
                _ => 0,
            };
        }

        return size;
    }

    private static int Buckets(in MetricPoint point)
    {
        var count = 0;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            count++;
        }

        return count;
    }
}
