// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;
using AcctExporter.Logins;

namespace AcctExporter.Metrics;

/// <summary>
/// Where the writer of a family puts its points: lines of text into a span that is known to be large enough, or messages
/// of the protobuf format into a buffer.
/// </summary>
internal ref struct PointWriter
{
    /// <summary>The text.</summary>
    public LineWriter Line;

    private readonly MessageBuffer? message;
    private readonly bool created;
    private readonly bool exemplars;
    private readonly bool natives;

    /// <summary>One that writes text.</summary>
    public PointWriter(Span<byte> span, ScrapeData scrape)
    {
        Line = new LineWriter(span);
        (created, exemplars) = (scrape.Created, scrape.Exemplars);
    }

    /// <summary>One that writes messages.</summary>
    public PointWriter(MessageBuffer message, ScrapeData scrape)
    {
        this.message = message;
        (created, exemplars, natives) = (scrape.Created, scrape.Exemplars, scrape.Ledger.HasNatives);
    }

    /// <summary>The labels of a pair in the format that is written; none for the host.</summary>
    public readonly ReadOnlySpan<byte> LabelsOf(Pair? pair) =>
        pair is null ? [] : message is null ? pair.Labels : pair.LabelMessages;

    /// <summary>The labels of a row of a snapshot.</summary>
    public readonly ReadOnlySpan<byte> LabelsOf(LabeledRow row) => message is null ? row.Labels : row.LabelMessages;

    /// <summary>Writes a counter that is counted in integers.</summary>
    /// <param name="series">The series.</param>
    /// <param name="rowLabels">What <see cref="LabelsOf(Pair?)"/> gave.</param>
    /// <param name="value">The value.</param>
    /// <param name="form">Its form.</param>
    /// <param name="since">When the series started, in microseconds since 1970; 0 when nobody knows.</param>
    /// <param name="last">The last of what is counted, where that is known.</param>
    public void Put(in PointSeries series, scoped ReadOnlySpan<byte> rowLabels, UInt128 value, FigureForm form,
        long since, DeathExemplar last = default)
    {
        if (message is not null)
        {
            PutMetric(series, rowLabels, RealFigure.Of(value, form), since, last);
            return;
        }

        series.Line.Put(ref Line, rowLabels);
        Line.PutFigure(value, form);
        if (exemplars)
        {
            Exemplar.Put(ref Line, last);
        }

        Line.EndLine();
        PutCreated(series.Created, series.IsCounter, rowLabels, since);
    }

    /// <summary>Writes a figure of another kind; what is not known is left out.</summary>
    public void Put(in PointSeries series, scoped ReadOnlySpan<byte> rowLabels, in Reading reading, long since)
    {
        if (!reading.IsPresent)
        {
            return;
        }

        if (message is not null)
        {
            PutMetric(series, rowLabels, reading.Value, since, default);
            return;
        }

        series.Line.Put(ref Line, rowLabels);
        reading.Write(ref Line);
        Line.EndLine();
        PutCreated(series.Created, series.IsCounter, rowLabels, since);
    }

    /// <summary>Writes a histogram. The buckets are given each for itself; native ones where the ledger has them.</summary>
    public void Put(HistogramSeries series, scoped ReadOnlySpan<byte> rowLabels, scoped ReadOnlySpan<ulong> buckets,
        scoped NativeView native, ulong total, FigureForm form, long since)
    {
        if (message is not null)
        {
            series.Put(
                message, rowLabels, buckets, natives, native, RealFigure.Of(total, form), created ? since : 0);
            return;
        }

        series.Put(ref Line, rowLabels, buckets, total, form);
        PutCreated(series.Created, isKnown: true, rowLabels, since);
    }

    private void PutCreated(in SeriesText series, bool isKnown, scoped ReadOnlySpan<byte> rowLabels, long since)
    {
        if (created && isKnown && since > 0)
        {
            series.Put(ref Line, rowLabels);
            Line.PutMicroseconds((ulong)since);
            Line.EndLine();
        }
    }

    private readonly void PutMetric(
        in PointSeries series, scoped ReadOnlySpan<byte> rowLabels, double value, long since, DeathExemplar last)
    {
        var metric = message!.Begin(ProtobufTag.Metric);
        message.Put(rowLabels);
        message.Put(series.LabelMessages);
        var point = message.Begin(series.IsCounter ? ProtobufTag.Counter : ProtobufTag.Gauge);
        message.PutReal(ProtobufTag.PointValue, value);
        if (exemplars)
        {
            Exemplar.Put(message, last);
        }

        if (created && series.IsCounter && since > 0)
        {
            message.PutInstant(ProtobufTag.CounterCreated, since);
        }

        message.End(point);
        message.End(metric);
    }
}
