// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Metrics;

/// <summary>
/// The fields of <c>io.prometheus.client</c> that are written: each the number of the field, moved up by three bits,
/// and how its value is encoded (0 a varint, 1 eight bytes, 2 a length and so many bytes).
/// </summary>
internal static class ProtobufTag
{
    /// <summary>Of a family: its name, its help, its kind, its metrics, its unit.</summary>
    public const byte FamilyName = 0x0a;

    /// <inheritdoc cref="FamilyName"/>
    public const byte FamilyHelp = 0x12;

    /// <inheritdoc cref="FamilyName"/>
    public const byte FamilyType = 0x18;

    /// <inheritdoc cref="FamilyName"/>
    public const byte Metric = 0x22;

    /// <inheritdoc cref="FamilyName"/>
    public const byte FamilyUnit = 0x2a;

    /// <summary>Of a metric, besides its labels: one of these.</summary>
    public const byte Gauge = 0x12;

    /// <inheritdoc cref="Gauge"/>
    public const byte Counter = 0x1a;

    /// <inheritdoc cref="Gauge"/>
    public const byte Histogram = 0x3a;

    /// <summary>Of a counter or gauge.</summary>
    public const byte PointValue = 0x09;

    /// <summary>Of a counter.</summary>
    public const byte CounterExemplar = 0x12;

    /// <inheritdoc cref="CounterExemplar"/>
    public const byte CounterCreated = 0x1a;

    /// <summary>Of a metric or an exemplar: a label, and its name and value.</summary>
    public const byte Label = 0x0a;

    /// <inheritdoc cref="Label"/>
    public const byte LabelName = 0x0a;

    /// <inheritdoc cref="Label"/>
    public const byte LabelValue = 0x12;

    /// <summary>Of an exemplar, besides its label.</summary>
    public const byte ExemplarValue = 0x11;

    /// <inheritdoc cref="ExemplarValue"/>
    public const byte ExemplarTime = 0x1a;

    /// <summary>Of an instant.</summary>
    public const byte InstantSeconds = 0x08;

    /// <inheritdoc cref="InstantSeconds"/>
    public const byte InstantNanoseconds = 0x10;

    /// <summary>Of a histogram: how many observations, their sum, buckets with bounds, when it started.</summary>
    public const byte SampleCount = 0x08;

    /// <inheritdoc cref="SampleCount"/>
    public const byte SampleSum = 0x11;

    /// <inheritdoc cref="SampleCount"/>
    public const byte Bucket = 0x1a;

    /// <inheritdoc cref="SampleCount"/>
    public const byte HistogramCreated = 0x7a;

    /// <summary>Of a bucket: how many observations up to its bound, and the bound.</summary>
    public const byte CumulativeCount = 0x08;

    /// <inheritdoc cref="CumulativeCount"/>
    public const byte UpperBound = 0x11;

    /// <summary>Of a histogram: what makes it a native one.</summary>
    public const byte Schema = 0x28;

    /// <inheritdoc cref="Schema"/>
    public const byte ZeroThreshold = 0x31;

    /// <inheritdoc cref="Schema"/>
    public const byte ZeroCount = 0x38;

    /// <inheritdoc cref="Schema"/>
    public const byte PositiveSpan = 0x62;

    /// <inheritdoc cref="Schema"/>
    public const byte PositiveDelta = 0x6a;

    /// <summary>Of a span of native buckets: how far from the one before, and how many.</summary>
    public const byte SpanOffset = 0x08;

    /// <inheritdoc cref="SpanOffset"/>
    public const byte SpanLength = 0x10;
}
