// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;
using AcctExporter.Records;

namespace AcctExporter.Metrics;

/// <summary>
/// Writes deaths by signal of the pairs: a row is an entry of the ledger's list, and most pairs have none.
/// </summary>
internal sealed class PairSignalsWriter : FamilyWriter
{
    private readonly SignalPoints source;
    private readonly SeriesText[] series;
    private readonly SeriesText[] created;
    private readonly int fixedBytes;

    public PairSignalsWriter(MetricFamily family, SignalPoints source)
        : base(family)
    {
        this.source = source;
        series = SignalSeries.For(source, labels => SeriesText.For(family.HasRowLabels, family.Name, labels));
        created = SignalSeries.For(source, labels => CreatedSeries(labels));
        fixedBytes = (2 * LineWriter.LongestNumber) + Exemplar.Longest + series.Max(text => text.Length)
            + created.Max(text => text.Length);
    }

    /// <inheritdoc/>
    public override int Rows(ScrapeData scrape) =>
        source.CoresOnly && !scrape.HasPairCores ? 0 : scrape.Ledger.Signals.Length;

    /// <inheritdoc/>
    public override int LongestRow(ScrapeData scrape, int row) =>
        fixedBytes + (2 * scrape.Ledger.Pairs[scrape.PairOfSignal(row)].Labels.Length);

    /// <inheritdoc/>
    public override void WriteRow(ref LineWriter line, ScrapeData scrape, int row)
    {
        var deaths = source.Shown(scrape.Ledger.Signals, row);
        if (deaths.Count == 0)
        {
            return;
        }

        var signal = scrape.Ledger.Signals[row].Signal;
        var pair = scrape.Ledger.Pairs[scrape.PairOfSignal(row)];
        series[signal].Put(ref line, pair.Labels);
        line.PutCount(deaths.Count);
        Exemplar.Put(ref line, scrape, deaths.Last);
        line.EndLine();
        WriteCreated(ref line, scrape, created[signal], pair.Labels, scrape.CreatedUnixMicroseconds(pair));
    }
}

/// <summary>Writes deaths by signal of the host: a row is a signal number.</summary>
internal sealed class HostSignalsWriter : FamilyWriter
{
    private readonly SignalPoints source;
    private readonly SeriesText[] series;
    private readonly SeriesText[] created;

    public HostSignalsWriter(MetricFamily family, SignalPoints source)
        : base(family)
    {
        this.source = source;
        series = SignalSeries.For(source, labels => SeriesText.For(family.HasRowLabels, family.Name, labels));
        created = SignalSeries.For(source, labels => CreatedSeries(labels));
    }

    /// <inheritdoc/>
    public override int Rows(ScrapeData scrape) => SignalName.Count;

    /// <inheritdoc/>
    public override int LongestRow(ScrapeData scrape, int row) =>
        series[row].Length + created[row].Length + (2 * LineWriter.LongestNumber) + Exemplar.Longest;

    /// <inheritdoc/>
    public override void WriteRow(ref LineWriter line, ScrapeData scrape, int row)
    {
        var deaths = source.CoresOnly ? scrape.Ledger.HostCore(row) : scrape.Ledger.HostSignal(row);
        if (deaths.Count > 0 || SignalPoints.ShownFromZero(row))
        {
            series[row].Put(ref line, []);
            line.PutCount(deaths.Count);
            Exemplar.Put(ref line, scrape, deaths.Last);
            line.EndLine();
            WriteCreated(ref line, scrape, created[row], [], scrape.CreatedUnixMicroseconds(null));
        }
    }
}

/// <summary>
/// The last death as an exemplar of OpenMetrics: <c> # {pid="123"} 1 1732250000.25</c>. Exemplars stand behind the
/// values of counters, and have 128 characters at most.
/// </summary>
internal static class Exemplar
{
    private const int LongestPid = 10;

    /// <summary>No fewer bytes than it takes.</summary>
    public static int Longest => Before.Length + LongestPid + After.Length + LineWriter.LongestNumber;

    private static ReadOnlySpan<byte> Before => " # {pid=\""u8;

    private static ReadOnlySpan<byte> After => "\"} 1 "u8;

    /// <summary>Writes it behind a value, where it is wanted and there is one.</summary>
    public static void Put(ref LineWriter line, ScrapeData scrape, DeathExemplar death)
    {
        if (scrape.Exemplars && death is { Pid: > 0, UnixMicroseconds: > 0 })
        {
            line.Put(Before);
            line.PutCount(death.Pid);
            line.Put(After);
            line.PutMicroseconds((ulong)death.UnixMicroseconds);
        }
    }
}

/// <summary>The text of every signal's series, by number.</summary>
internal static class SignalSeries
{
    /// <summary>Number 0 is no signal and is never asked for.</summary>
    public static SeriesText[] For(SignalPoints source, Func<MetricLabel[], SeriesText> text) =>
        [.. Enumerable.Range(0, SignalName.Count)
            .Select(signal => text([new MetricLabel(source.LabelKeys[0], SignalName.Of(signal))]))];
}
