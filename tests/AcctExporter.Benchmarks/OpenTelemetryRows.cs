// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;
using AcctExporter.Ledger;
using AcctExporter.Records;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace AcctExporter.Benchmarks;

/// <summary>Counting an exit in the ledger against doing it with the instruments of OpenTelemetry's SDK.</summary>
internal static class OpenTelemetryRows
{
    private const int LabelSets = 10_000;
    private const int Counters = 10;

    /// <summary>Ten counters and three histograms, 10,000 label sets; then the text of as many series.</summary>
    public static IEnumerable<Finding> Compare(Workbench bench)
    {
        var exits = Exits(bench.Quick ? 50_000 : 1_000_000);
        CountOurs(exits);
        using var peer = new Instruments();
        peer.Record(exits);
        var best = Effort.Interleave(bench.Rounds, () => CountOurs(exits), () => peer.Record(exits));
        var (ours, theirs) = (best[0].CpuSeconds / exits.Length * 1e9, best[1].CpuSeconds / exits.Length * 1e9);
        yield return new Finding("count one exit among 10,000 label sets: OpenTelemetry SDK 1.20.1",
            Finding.Text($"{ours:F0} ns"), Finding.Text($"{theirs:F0} ns"), Finding.Text($"{theirs / ours:F0} x"));
        yield return ScrapeRows.AsManyLinesAsPeers(bench);
    }

    private static ProcessExit[] Exits(int count)
    {
        var random = new Random(1);
        var exits = new ProcessExit[count];
        for (var i = 0; i < count; i++)
        {
            var set = i < LabelSets ? i : random.Next(LabelSets);
            var name = CommandName.From(Encoding.ASCII.GetBytes(Finding.Text($"command-{set / 100}")));
            exits[i] = new ProcessExit
            {
                CommandLow = name.Low,
                CommandHigh = name.High,
                Uid = 1000 + (uint)(set % 100),
                UserMicroseconds = (ulong)random.Next(500) * 10_000,
                SystemMicroseconds = (ulong)random.Next(500) * 10_000,
                ElapsedMicroseconds = (ulong)random.Next(100_000) * 10_000,
                VirtualMemoryBytes = (ulong)random.NextInt64(1L << 36),
                MinorFaults = (ulong)random.Next(100_000),
                ExitCode = random.Next(10) == 0 ? 256u : 0,
            };
        }

        return exits;
    }

    private static Effort CountOurs(ProcessExit[] exits)
    {
        using var ledger = new ExitLedger(
            new LedgerOptions { PairLimit = LabelSets }, uid => uid.ToString(CultureInfo.InvariantCulture));
        var pairs = new int[ExitTable.BatchExits];
        var decisions = new ArrayBufferWriter<byte>();
        var effort = Effort.Of(() =>
        {
            for (var start = 0; start < exits.Length; start += pairs.Length)
            {
                var batch = exits.AsSpan(start, Math.Min(pairs.Length, exits.Length - start));
                ledger.Plan(batch, pairs, decisions, 1);
                decisions.ResetWrittenCount();
                ledger.Count(batch, pairs, 1);
            }
        });
        if (FileTotals.Of(ledger) is var totals && (totals.Exits, totals.Pairs) != ((ulong)exits.Length, LabelSets))
        {
            throw new WrongResultException($"the ledger counts {totals}, and there are {exits.Length} exits");
        }

        return effort;
    }

    /// <summary>The peer: ten counters and three histograms with the tags user and command.</summary>
    private sealed class Instruments : IDisposable
    {
        private readonly Meter meter = new("bench");
        private readonly Counter<long>[] counters;
        private readonly Histogram<double>[] histograms;
        private readonly MeterProvider provider;
        private readonly Discard exporter = new();
        private readonly Dictionary<(CommandName, uint), KeyValuePair<string, object?>[]> tags = [];
        private long recorded;

        public Instruments()
        {
            counters = [.. Enumerable.Range(0, Counters).Select(i => meter.CreateCounter<long>($"counter{i}"))];
            histograms = [.. Enumerable.Range(0, 3).Select(i => meter.CreateHistogram<double>($"histogram{i}"))];
            double[] bounds = [.. HistogramBounds.Default.DurationMicroseconds.ToArray().Select(bound => bound / 1e6)];
            provider = Sdk.CreateMeterProviderBuilder()
                .AddMeter(meter.Name)
                .AddView(instrument => instrument is Histogram<double>
                    ? new ExplicitBucketHistogramConfiguration { Boundaries = bounds, CardinalityLimit = LabelSets + 2 }
                    : new MetricStreamConfiguration { CardinalityLimit = LabelSets + 2 })
                .AddReader(new BaseExportingMetricReader(exporter))
                .Build();
        }

        public Effort Record(ProcessExit[] exits)
        {
            var labels = Array.ConvertAll(exits, exit => Tags(exit));
            var effort = Effort.Of(() =>
            {
                for (var i = 0; i < exits.Length; i++)
                {
                    Record(exits[i], labels[i]);
                }
            });
            recorded += exits.Length;
            provider.ForceFlush();
            return exporter.First == recorded ? effort
                : throw new WrongResultException(
                    $"OpenTelemetry counts {exporter.First}, and there are {recorded} exits");
        }

        public void Dispose()
        {
            provider.Dispose();
            meter.Dispose();
        }

        private void Record(in ProcessExit exit, KeyValuePair<string, object?>[] labels)
        {
            counters[0].Add(1, labels);
            counters[1].Add(exit.Status.Failed ? 1 : 0, labels);
            counters[2].Add(exit.Status.Signal != 0 ? 1 : 0, labels);
            counters[3].Add((long)exit.UserMicroseconds, labels);
            counters[4].Add((long)exit.SystemMicroseconds, labels);
            counters[5].Add((long)exit.MinorFaults, labels);
            counters[6].Add((long)exit.MajorFaults, labels);
            counters[7].Add((long)exit.Flags & 1, labels);
            counters[8].Add((long)exit.Flags >> 1 & 1, labels);
            counters[9].Add(exit.Status.DumpedCore ? 1 : 0, labels);
            histograms[0].Record(exit.ElapsedMicroseconds / 1e6, labels);
            histograms[1].Record((exit.UserMicroseconds + exit.SystemMicroseconds) / 1e6, labels);
            histograms[2].Record(exit.VirtualMemoryBytes, labels);
        }

        /// <summary>Made once for each label set: nobody would make them anew for every exit.</summary>
        private KeyValuePair<string, object?>[] Tags(in ProcessExit exit)
        {
            var key = (exit.Command, exit.Uid);
            if (!tags.TryGetValue(key, out var made))
            {
                tags[key] = made =
                [
                    new("user", exit.Uid.ToString(CultureInfo.InvariantCulture)),
                    new("command", Finding.Text($"{exit.Command.Low:x}{exit.Command.High:x}")),
                ];
            }

            return made;
        }
    }

    /// <summary>Sums up the first counter and drops the rest.</summary>
    private sealed class Discard : BaseExporter<Metric>
    {
        public long First { get; private set; }

        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (var metric in batch)
            {
                if (metric.Name != "counter0")
                {
                    continue;
                }

                First = 0;
                foreach (ref readonly var point in metric.GetMetricPoints())
                {
                    First += point.GetSumLong();
                }
            }

            return ExportResult.Success;
        }
    }
}
