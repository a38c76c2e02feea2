// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using AcctExporter.Ledger;
using AcctExporter.Records;

namespace AcctExporter.Metrics;

/// <summary>
/// Writes deaths by signal of the pairs: a row is an entry of the ledger's list, and most pairs have none.
/// </summary>
internal sealed class PairSignalsWriter : FamilyWriter
{
    private readonly SignalPoints source;
    private readonly PointSeries[] series;
    private readonly int fixedBytes;

    public PairSignalsWriter(MetricFamily family, SignalPoints source)
        : base(family)
    {
        this.source = source;
        series = SignalSeries.For(family);
        fixedBytes = series.Max(one => one.Longest(0));
    }

    /// <inheritdoc/>
    public override int Rows(ScrapeData scrape) =>
        source.CoresOnly && !scrape.HasPairCores ? 0 : scrape.Ledger.Signals.Length;

    /// <inheritdoc/>
    public override int LongestRow(ScrapeData scrape, int row) =>
        fixedBytes + (2 * scrape.Ledger.Pairs[scrape.PairOfSignal(row)].Labels.Length);

    /// <inheritdoc/>
    public override void WriteRow(ref PointWriter points, ScrapeData scrape, int row)
    {
        var deaths = source.Shown(scrape.Ledger.Signals, row);
        if (deaths.Count == 0)
        {
            return;
        }

        var signal = scrape.Ledger.Signals[row].Signal;
        var pair = scrape.Ledger.Pairs[scrape.PairOfSignal(row)];
        points.Put(series[signal], points.LabelsOf(pair), deaths.Count, FigureForm.Count,
            scrape.CreatedUnixMicroseconds(pair), deaths.Last);
    }
}

/// <summary>Writes deaths by signal of the host: a row is a signal number.</summary>
internal sealed class HostSignalsWriter : FamilyWriter
{
    private readonly SignalPoints source;
    private readonly PointSeries[] series;

    public HostSignalsWriter(MetricFamily family, SignalPoints source)
        : base(family)
    {
        this.source = source;
        series = SignalSeries.For(family);
    }

    /// <inheritdoc/>
    public override int Rows(ScrapeData scrape) => SignalName.Count;

    /// <inheritdoc/>
    public override int LongestRow(ScrapeData scrape, int row) => series[row].Longest(0);

    /// <inheritdoc/>
    public override void WriteRow(ref PointWriter points, ScrapeData scrape, int row)
    {
        var deaths = source.CoresOnly ? scrape.Ledger.HostCore(row) : scrape.Ledger.HostSignal(row);
        if (deaths.Count > 0 || SignalPoints.ShownFromZero(row))
        {
            points.Put(series[row], [], deaths.Count, FigureForm.Count, scrape.CreatedUnixMicroseconds(null),
                deaths.Last);
        }
    }
}

/// <summary>
/// The last death as an exemplar: in OpenMetrics <c> # {pid="123"} 1 1732250000.25</c>. Exemplars stand behind the
/// values of counters, and have 128 characters at most.
/// </summary>
internal static class Exemplar
{
    private const int LongestPid = 10;

    /// <summary>No fewer bytes than it takes.</summary>
    public static int Longest => Before.Length + LongestPid + After.Length + LineWriter.LongestNumber;

    private static ReadOnlySpan<byte> Before => " # {pid=\""u8;

    private static ReadOnlySpan<byte> After => "\"} 1 "u8;

    /// <summary>Writes it behind a value, where there is one.</summary>
    public static void Put(ref LineWriter line, DeathExemplar death)
    {
        if (IsKnown(death))
        {
            line.Put(Before);
            line.PutCount(death.Pid);
            line.Put(After);
            line.PutMicroseconds((ulong)death.UnixMicroseconds);
        }
    }

    /// <summary>Writes it into the message of a counter, where there is one.</summary>
    public static void Put(MessageBuffer message, DeathExemplar death)
    {
        if (!IsKnown(death))
        {
            return;
        }

        Span<byte> digits = stackalloc byte[LongestPid];
        Utf8Formatter.TryFormat(death.Pid, digits, out var length);
        var exemplar = message.Begin(ProtobufTag.CounterExemplar);
        var label = message.Begin(ProtobufTag.Label);
        message.PutText(ProtobufTag.LabelName, "pid"u8);
        message.PutText(ProtobufTag.LabelValue, digits[..length]);
        message.End(label);
        message.PutReal(ProtobufTag.ExemplarValue, 1);
        message.PutInstant(ProtobufTag.ExemplarTime, death.UnixMicroseconds);
        message.End(exemplar);
    }

    private static bool IsKnown(DeathExemplar death) => death is { Pid: > 0, UnixMicroseconds: > 0 };
}

/// <summary>Every signal's series, by number.</summary>
internal static class SignalSeries
{
    /// <summary>Number 0 is no signal and is never asked for.</summary>
    public static PointSeries[] For(MetricFamily family) =>
        [.. Enumerable.Range(0, SignalName.Count).Select(signal =>
            new PointSeries(family, new MetricLabel(family.Source.LabelKeys[0], SignalName.Of(signal))))];
}
