// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Logins;
using AcctExporter.Metrics;
using AcctExporter.Push;
using AcctExporter.Suite;
using AcctExporter.Tests.Capture;
using AcctExporter.Tests.Metrics;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace AcctExporter.Tests.Push;

/// <summary>A pushed value: which series, since when, and how much.</summary>
internal sealed record PushedValue(string Series, DateTimeOffset Start, double Value, string Metric);

/// <summary>A push over a source that a test fills, into the hands of the test.</summary>
internal sealed class PushLab : IDisposable
{
    private static readonly Uri Nowhere = new("http://127.0.0.1:9/v1/metrics");

    private readonly List<PushedValue> values = [];

    /// <summary>Begins to push what the source has from now on.</summary>
    public PushLab(FakeSource source, PushHistograms histograms = PushHistograms.Explicit,
        Func<IReadOnlyList<Metric>, bool>? request = null, TimeSpan? interval = null, TimeSpan? pushTimeout = null,
        int loginScale = 1)
    {
        Source = source;
        Request = request ?? (_ => true);
        var settings = new OtlpSettings
        {
            Endpoint = Nowhere, Interval = interval ?? TimeSpan.FromDays(1),
            PushTimeout = pushTimeout ?? TimeSpan.FromSeconds(30),
        };
        Push = new MetricsPush(
            new PushSources(source, source, source),
            new PushMeterOptions([.. Catalog.All.Where(family => !family.ScrapeOnly)], histograms,
                ResourceBuilder.CreateEmpty, NewExporter, "1.2.3", loginScale),
            settings, new PushBook("metrics", Nowhere, TimeProvider.System, Log), () => "it is a test",
            TimeProvider.System)
        {
            Agent = () => FakeSource.Figures(ExpositionTests.Process),
        };
        source.Observer = Push.Observer;
    }

    public FakeSource Source { get; }

    public MetricsPush Push { get; }

    public RecordedLog Log { get; } = new();

    /// <summary>What becomes of a request.</summary>
    public Func<IReadOnlyList<Metric>, bool> Request { get; set; }

    /// <summary>Called before a meter is made.</summary>
    public Action BeforeMeter { get; set; } = () => { };

    /// <summary>Requests of the last push.</summary>
    public int Requests { get; private set; }

    /// <summary>A source that counts, with logins and a suite that know that nothing happened yet.</summary>
    public static FakeSource Fresh(int pairLimit = 4) => new(pairLimit)
    {
        Snapshot = new LoginSnapshot { KnowsSessions = true, KnowsFailures = true },
        Suite = new SuiteSnapshot { PageLog = new PrintFigures() },
    };

    /// <summary>
    /// Pushes once; all values of it, which are of different series, or of different lives of a series.
    /// </summary>
    public IReadOnlyList<PushedValue> Values()
    {
        values.Clear();
        Requests = 0;
        Push.Push();
        Assert.Equal(values.Count, values.Select(value => (value.Series, value.Start)).Distinct().Count());
        return [.. values];
    }

    /// <summary>The same by series.</summary>
    public Dictionary<string, double> Series() => Values().ToDictionary(value => value.Series, value => value.Value);

    public void Dispose()
    {
        Push.Dispose();
        Source.Dispose();
    }

    /// <summary>Reads a metric as a server does that gives it Prometheus' names.</summary>
    public static IEnumerable<PushedValue> Read(Metric metric)
    {
        var family = Catalog.All.Single(family => family.OTelName == metric.Name);
        Assert.Equal((family.Unit, family.Help), (metric.Unit, metric.Description));
        Assert.Equal((PushMeter.Name, "1.2.3"), (metric.MeterName, metric.MeterVersion));
        Assert.Equal(AggregationTemporality.Cumulative, metric.Temporality);
        var read = new List<PushedValue>();
        foreach (ref readonly var point in metric.GetMetricPoints())
        {
            var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
            foreach (var tag in point.Tags)
            {
                // All are text but the SDK's own mark of what found no room.
                labels.Add(tag.Key, tag.Key == "otel.metric.overflow" ? "true" : (string)tag.Value!);
            }

            switch (metric.MetricType)
            {
                case MetricType.LongSum:
                    Put("", point.GetSumLong(), point.StartTime);
                    break;
                case MetricType.DoubleSum:
                    Put("", point.GetSumDouble(), point.StartTime);
                    break;
                case MetricType.DoubleGauge:
                    Put("", point.GetGaugeLastValueDouble(), point.StartTime);
                    break;
                case MetricType.Histogram:
                    var sum = 0L;
                    foreach (var bucket in point.GetHistogramBuckets())
                    {
                        sum += bucket.BucketCount;
                        labels["le"] = double.IsPositiveInfinity(bucket.ExplicitBound) ? "+Inf"
                            : bucket.ExplicitBound.ToString("R", CultureInfo.InvariantCulture);
                        Put("_bucket", sum, point.StartTime);
                    }

                    labels.Remove("le");
                    Put("_sum", point.GetHistogramSum(), point.StartTime);
                    Put("_count", point.GetHistogramCount(), point.StartTime);
                    break;
                case MetricType.ExponentialHistogram:
                    Put("_sum", point.GetHistogramSum(), point.StartTime);
                    Put("_count", point.GetHistogramCount(), point.StartTime);
                    break;
                default:
                    Assert.Fail($"{metric.Name} is {metric.MetricType}");
                    break;
            }

            void Put(string suffix, double value, DateTimeOffset start) => read.Add(new PushedValue(
                $"{family.Name}{suffix}{{{string.Join(',', labels.Select(label => $"{label.Key}={label.Value}"))}}}",
                start, value, metric.Name));
        }

        return read;
    }

    private Receiver NewExporter()
    {
        BeforeMeter();
        return new Receiver(this);
    }

    /// <summary>The product's exporter, but for the network.</summary>
    private sealed class Receiver(PushLab lab) : PushExporter(
        new OtlpExporterOptions { Endpoint = Nowhere }, TimeProvider.System)
    {
        protected override bool Request(Metric[] metrics)
        {
            lab.Requests++;
            lab.values.AddRange(metrics.SelectMany(Read));
            return lab.Request(metrics);
        }
    }
}
