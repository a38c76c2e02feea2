// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Ledger;
using AcctExporter.Metrics;
using AcctExporter.Records;
using AcctExporter.Tests.Golden;
using FsCheck;
using FsCheck.Fluent;
using static AcctExporter.Tests.Metrics.FakeSource;

namespace AcctExporter.Tests.Metrics;

/// <summary>The protobuf exposition against the text of the same ledger, and by itself.</summary>
public class ProtobufExpositionTests
{
    [Fact]
    public void Messages_AreTheGoldenOnes()
    {
        using var source = ExpositionTests.Small();
        GoldenFile.Check("scrape.protobuf.txt",
            string.Concat(source.Messages(process: ExpositionTests.Process).Select(family => family.Readable())));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Messages_SayWhatTextSays(bool allHistograms)
    {
        using var source = ExpositionTests.Small();
        CheckAgainstText(source, allHistograms);
    }

    [Fact]
    public void Messages_SayWhatTextSays_OfAnyExits() => Prop.ForAll(ExpositionProperties.Exits, exits =>
    {
        using var source = new FakeSource(pairLimit: 3);
        source.Count(exits, ExpositionProperties.Figures(exits));
        CheckAgainstText(source, allHistograms: true);
        CheckAgainstText(source, allHistograms: false);
        return true;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Messages_SayWhatTextSays_OfTenThousandPairs()
    {
        using var source = new FakeSource(pairLimit: 10_000);
        source.Count([.. Enumerable.Range(0, 10_000).Select(i => Exit(
            $"command \"{i}\"\\", (uint)i % 300, exitCode: i % 3 == 0 ? 139u : 0, user: (ulong)i * 10_000,
            elapsed: (ulong)i * 10_007, memory: (ulong)i * 4_096))]);
        CheckAgainstText(source, allHistograms: false);
    }

    [Fact]
    public void Families_HaveTheHelpTypeAndUnitOfOpenMetrics()
    {
        using var source = ExpositionTests.Small();
        foreach (var message in source.Messages(process: ExpositionTests.Process))
        {
            var family = Catalog.All.Single(family => family.Name == message.Name);
            Assert.Equal(
                (family.Help, FamilyWriter.KindText(family.Kind), PrometheusName.OpenMetricsUnit(family)),
                (message.Help, message.Type, message.Unit));
        }
    }

    /// <summary>Other histograms than those of duration and CPU time are native alone, unless all are asked for.</summary>
    [Fact]
    public void Pairs_HaveAllHistograms_AsNativeOnes()
    {
        using var source = ExpositionTests.Small();
        foreach (var family in Catalog.All.Where(family => family.Kind == MetricKind.Histogram))
        {
            foreach (var all in new[] { false, true })
            {
                var metrics = source.Messages(all).Single(message => message.Name == family.Name).Metrics;
                Assert.NotEmpty(metrics);
                Assert.All(metrics, metric => Assert.Equal(NativeBuckets.Schema, metric.Schema));
                var bounds = family.AllHistogramsOnly && !all ? 0 : HistogramBounds.Bounds;
                Assert.All(metrics, metric => Assert.Equal(bounds, metric.Buckets.Count));
            }
        }
    }

    [Fact]
    public void LedgerWithoutNativeHistograms_GivesClassicOnesOnly()
    {
        using var source = new FakeSource(options: new LedgerOptions { NativeHistograms = false });
        source.Count(Exit("a", elapsed: 30_000));
        CheckAgainstText(source, allHistograms: false);
        var families = source.Messages();
        Assert.DoesNotContain(families, family => family.Name == "acct_process_virtual_memory_bytes");
        Assert.All(families.SelectMany(family => family.Metrics), metric => Assert.Null(metric.Schema));
    }

    /// <summary>Classic buckets switched off: no bucket in the message, and the rest as ever.</summary>
    [Fact]
    public void WithoutBounds_OnlyTheNativeOneIsThere()
    {
        using var source = new FakeSource(options: new LedgerOptions
        {
            Bounds = HistogramBounds.Default with { DurationMicroseconds = [] },
        });
        source.Count(Exit("a", elapsed: 30_000, user: 1), Exit("a", elapsed: 31_000_000));
        var duration = source.Messages().Single(family => family.Name == "acct_process_duration_seconds").Metrics[0];
        Assert.Empty(duration.Buckets);
        Assert.Equal((2UL, 31.03, 2), (duration.Count, duration.Value, duration.Native.Count(one => one.Value > 0)));
        var cpu = source.Messages().Single(family => family.Name == "acct_process_cpu_per_exit_seconds").Metrics[0];
        Assert.Equal(HistogramBounds.Bounds, cpu.Buckets.Count);
    }

    /// <summary>A server must see it as native before the first exit, or it would change its kind with it.</summary>
    [Fact]
    public void HistogramWithoutExits_IsNative()
    {
        using var source = new FakeSource();
        var host = source.Messages().Single(family => family.Name == "acct_duration_seconds").Metrics.Single();
        Assert.Equal((0UL, 3, 0UL), (host.Count, host.Schema, host.ZeroCount));
        Assert.InRange(host.ZeroThreshold, double.Epsilon, 1e-9);
        Assert.Empty(host.Native);
    }

    /// <summary>Every bucket lies where its exits are, and all of them are the count.</summary>
    [Fact]
    public void NativeBuckets_AgreeWithTheClassicOnes() => Prop.ForAll(ExpositionProperties.Exits, exits =>
    {
        using var source = new FakeSource(pairLimit: 3);
        source.Count(exits, ExpositionProperties.Figures(exits));
        var histograms = source.Messages(allHistograms: true).Where(family => family.Type == "histogram").ToArray();
        Assert.All(histograms.SelectMany(family => family.Metrics), CheckNative);
        return exits.Length == 0 || histograms.Length >= 5;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void SparseBuckets_AreReadBackAsTheyWere() => Prop.ForAll<ushort[], short>((values, first) =>
    {
        // Holes of every length, and counts of every size.
        var counts = values.Select(value => value % 3 == 0 ? (ulong)value << (value % 40) : 0).ToArray();
        counts = [.. counts.SkipWhile(count => count == 0).Reverse().SkipWhile(count => count == 0).Reverse()];
        var metric = Written(new NativeView(7, counts.Length == 0 ? 0 : first, counts));
        Assert.Equal(7UL, metric.ZeroCount);
        Assert.Equal(
            counts.Select((count, i) => (first + i, count)).Where(bucket => bucket.count > 0),
            metric.Native.Where(bucket => bucket.Value > 0).Select(bucket => (bucket.Key, bucket.Value)));
        Assert.All(metric.Spans.Skip(1), span => Assert.True(span.Offset > 2));
        Assert.All(metric.Spans, span => Assert.True(span.Length > 0));
        return true;
    }).QuickCheckThrowOnFailure();

    /// <summary>Of a pair its birth, of the host since it is counted; what starts with the agent, the agent's.</summary>
    [Fact]
    public void Created_IsAlwaysThere_WhereItIsKnown()
    {
        using var source = ExpositionTests.Small();
        var families = source.Messages(process: ExpositionTests.Process);
        Assert.Equal(Noon, Of("acct_process_exits_total", "sh").Created);
        Assert.Equal(Noon + 2_000_000, Of("acct_process_duration_seconds", "java").Created);
        Assert.Equal(Noon - 1_000_000, Of("acct_exits_total", "").Created);
        Assert.Equal(Noon, Of("acct_exporter_scrapes_total", "").Created);
        foreach (var message in families)
        {
            var family = Catalog.All.Single(family => family.Name == message.Name);
            // The files of the suite do not say since when, unless it is the agent's own work.
            if (family.Kind == MetricKind.Gauge || family.Scope != MetricScope.Suite)
            {
                var isKnown = family.Kind != MetricKind.Gauge;
                Assert.All(message.Metrics, metric => Assert.Equal(isKnown, metric.Created > 0));
            }
        }

        MetricMessage Of(string name, string command) => families.Single(family => family.Name == name).Metrics
            .First(metric => metric.Label("command") == command);
    }

    [Fact]
    public void Exemplars_AreThere_UnlessTheyAreSwitchedOff()
    {
        using var source = ExpositionTests.Small();
        Assert.Contains(source.Messages().SelectMany(family => family.Metrics), metric => metric.Exemplar.Length > 0);
        Assert.All(source.Messages(exemplars: false).SelectMany(family => family.Metrics),
            metric => Assert.Equal("", metric.Exemplar));
    }

    [Fact]
    public void LabelsOfAnyLength_AreWritten()
    {
        foreach (var length in new[] { 1, 100, 118, 119, 120, 127, 128, 16_000, 16_384, 60_000 })
        {
            var user = new string('u', length);
            using var source = new FakeSource(userName: _ => user);
            source.Count(Exit("a"));
            Assert.Equal(user, source.Messages()[0].Metrics.Single().Label("user"));
        }
    }

    /// <summary>The native buckets below a bound, and those up to it, have the classic count between them.</summary>
    private static void CheckNative(MetricMessage metric)
    {
        var native = metric.Native;
        Assert.Equal(metric.Count, metric.ZeroCount + native.Values.Aggregate(0UL, (sum, count) => sum + count));
        foreach (var (bound, count) in metric.Buckets)
        {
            Assert.InRange(count, Upto(bucket => Upper(bucket) <= bound), Upto(bucket => Upper(bucket - 1) < bound));
        }

        ulong Upto(Func<int, bool> isBelow) => native.Where(bucket => isBelow(bucket.Key))
            .Aggregate(metric.ZeroCount, (sum, bucket) => sum + bucket.Value);

        static double Upper(int bucket) => Math.Pow(2, bucket / 8.0);
    }

    private static MetricMessage Written(NativeView native)
    {
        var message = new MessageBuffer();
        var metric = message.Begin(ProtobufTag.Histogram);
        NativeMessage.Put(message, native);
        message.End(metric);
        return MetricMessage.Read(message.Body);
    }

    private static void CheckAgainstText(FakeSource source, bool allHistograms)
    {
        var text = ExpositionReader.Read(source.Scrape(
            ExpositionFormat.OpenMetrics, allHistograms, created: true, process: ExpositionTests.Process));
        var messages = source.Messages(allHistograms, ExpositionTests.Process)
            .SelectMany(family => family.Samples(created: true));
        var said = Spelled(messages);
        var expected = Spelled(text);
        Assert.Equal(expected.Keys.Except(said.Keys), []);
        Assert.Equal(said.Keys.Except(expected.Keys), []);
        Assert.All(expected, sample => Assert.Equal(sample.Value, said[sample.Key]));
    }

    /// <summary>Series with one spelling of numbers: value and exemplar of each.</summary>
    private static Dictionary<string, (string Value, string Exemplar)> Spelled(IEnumerable<Sample> samples) => samples
        .ToDictionary(
            sample => $"{sample.Name}{{{string.Join(',', sample.Labels.Select(Spelled))}}}",
            sample => (MetricMessage.Number(sample.Value), sample.Exemplar));

    private static string Spelled(KeyValuePair<string, string> label) => label is { Key: "le", Value: not "+Inf" }
        ? $"le={MetricMessage.Number(double.Parse(label.Value, CultureInfo.InvariantCulture))}"
        : $"{label.Key}={label.Value}";
}
