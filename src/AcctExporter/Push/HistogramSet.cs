// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.Metrics;
using AcctExporter.Ledger;
using AcctExporter.Metrics;
using AcctExporter.Records;

namespace AcctExporter.Push;

/// <summary>
/// The histograms of one meter: of the pairs, or of the host. They are recorded exit by exit, for the SDK takes none
/// that is ready-made.
/// </summary>
internal sealed class HistogramSet
{
    private readonly LiveHistogram[] histograms;

    /// <summary>Those of a catalog's rows that are histograms.</summary>
    public HistogramSet(IEnumerable<MetricFamily> families) =>
        histograms = [.. families.SelectMany(LiveHistogram.Of)];

    /// <summary>How many kinds of label sets a pair has: one, and one for each direction where that is told.</summary>
    public int Count => histograms.Length;

    /// <summary>Makes the instruments.</summary>
    public void Open(Meter meter)
    {
        foreach (var histogram in histograms)
        {
            histogram.Open(meter);
        }
    }

    /// <summary>The labels for each histogram, behind those of a pair.</summary>
    public KeyValuePair<string, object?>[][] TagsFor(KeyValuePair<string, object?>[] labels) =>
        [.. histograms.Select(histogram => histogram.Label is { } label ? [.. labels, label] : labels)];

    /// <summary>Records an exit. Nothing is allocated.</summary>
    /// <param name="exit">The exit.</param>
    /// <param name="figures">What taskstats say of it.</param>
    /// <param name="tags">The labels for each histogram (<see cref="TagsFor"/>).</param>
    public void Record(in ProcessExit exit, in TaskFigures figures, KeyValuePair<string, object?>[][] tags)
    {
        for (var i = 0; i < histograms.Length; i++)
        {
            histograms[i].Record(exit, figures, tags[i]);
        }
    }

    /// <summary>What of an exit a histogram is of.</summary>
    private enum Figure
    {
        Duration,
        Cpu,
        VirtualMemory,
        PeakResident,
        Read,
        Written,
    }

    /// <summary>One histogram, or one direction of it.</summary>
    private sealed class LiveHistogram(MetricFamily family, Figure figure, KeyValuePair<string, object?>? label)
    {
        private Histogram<double>? seconds;
        private Histogram<long>? bytes;

        public KeyValuePair<string, object?>? Label => label;

        public static IEnumerable<LiveHistogram> Of(MetricFamily family) => family.Source switch
        {
            RowBuckets buckets => [new(family, OfRow(buckets.Histogram), null)],
            TaskBuckets tasks => tasks.Points.Select(point => new LiveHistogram(family, OfTask(point.Histogram),
                tasks.LabelKey is { } key ? new(key, point.LabelValue) : null)),
            _ => [],
        };

        public void Open(Meter meter)
        {
            if (family.Unit == "s")
            {
                seconds = meter.CreateHistogram<double>(family.OTelName, family.Unit, family.Help);
            }
            else
            {
                bytes = meter.CreateHistogram<long>(family.OTelName, family.Unit, family.Help);
            }
        }

        public void Record(in ProcessExit exit, in TaskFigures figures, KeyValuePair<string, object?>[] tags)
        {
            switch (figure)
            {
                case Figure.Duration:
                    seconds!.Record(exit.ElapsedMicroseconds / 1e6, tags);
                    break;
                case Figure.Cpu:
                    seconds!.Record((exit.UserMicroseconds + exit.SystemMicroseconds) / 1e6, tags);
                    break;
                case Figure.VirtualMemory:
                    bytes!.Record((long)exit.VirtualMemoryBytes, tags);
                    break;
                default:
                    if (figures.IsKnown)
                    {
                        bytes!.Record((long)OfTask(figures), tags);
                    }

                    break;
            }
        }

        private ulong OfTask(in TaskFigures figures) => figure switch
        {
            Figure.PeakResident => figures.PeakResidentBytes,
            Figure.Read => figures.ReadBytes,
            _ => figures.WrittenBytes,
        };

        private static Figure OfRow(RowHistogram histogram) => histogram switch
        {
            RowHistogram.Duration => Figure.Duration,
            RowHistogram.Cpu => Figure.Cpu,
            _ => Figure.VirtualMemory,
        };

        private static Figure OfTask(TaskHistogram histogram) => histogram switch
        {
            TaskHistogram.PeakResident => Figure.PeakResident,
            TaskHistogram.ReadPerExit => Figure.Read,
            _ => Figure.Written,
        };
    }
}
