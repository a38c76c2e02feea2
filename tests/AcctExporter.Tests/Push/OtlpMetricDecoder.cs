// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Tests.Push;

/// <summary>A metric and its points: field numbers of <c>opentelemetry/proto/metrics/v1</c>.</summary>
internal static class OtlpMetricDecoder
{
    /// <summary>Reads a Metric.</summary>
    public static void Read(ReadOnlySpan<byte> message, OtlpMetric metric)
    {
        var fields = new ProtoReader(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    metric.Name = fields.Text();
                    break;
                case 2:
                    metric.Description = fields.Text();
                    break;
                case 3:
                    metric.Unit = fields.Text();
                    break;
                case 5 or 7 or 9 or 10:
                    metric.Kind = fields.Field switch
                    {
                        5 => OtlpKind.Gauge,
                        7 => OtlpKind.Sum,
                        9 => OtlpKind.Histogram,
                        _ => OtlpKind.Exponential,
                    };
                    ReadData(fields.Bytes(), metric);
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
    }

    private static void ReadData(ReadOnlySpan<byte> message, OtlpMetric metric)
    {
        var fields = new ProtoReader(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    metric.Points.Add(metric.Kind switch
                    {
                        OtlpKind.Histogram => HistogramPoint(fields.Bytes()),
                        OtlpKind.Exponential => ExponentialPoint(fields.Bytes()),
                        _ => NumberPoint(fields.Bytes()),
                    });
                    break;
                case 2:
                    metric.Temporality = (OtlpTemporality)fields.Varint();
                    break;
                case 3:
                    metric.IsMonotonic = fields.Varint() != 0;
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
    }

    private static OtlpPoint NumberPoint(ReadOnlySpan<byte> message)
    {
        var point = new OtlpPoint();
        var fields = new ProtoReader(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 2:
                    point.Start = fields.Fixed64();
                    break;
                case 3:
                    point.Time = fields.Fixed64();
                    break;
                case 4:
                    point.Value = fields.Double();
                    break;
                case 6:
                    (point.Value, point.IsWhole) = ((long)fields.Fixed64(), true);
                    break;
                case 7:
                    OtlpAttributeDecoder.Read(fields.Bytes(), point.Attributes);
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        return point;
    }

    private static OtlpPoint HistogramPoint(ReadOnlySpan<byte> message)
    {
        var point = new OtlpPoint();
        var bounds = new List<ulong>();
        var fields = new ProtoReader(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 6:
                    fields.AddFixed64To(point.Buckets);
                    break;
                case 7:
                    fields.AddFixed64To(bounds);
                    break;
                case 9:
                    OtlpAttributeDecoder.Read(fields.Bytes(), point.Attributes);
                    break;
                default:
                    ReadCounts(ref fields, point);
                    break;
            }
        }

        point.Bounds.AddRange(bounds.Select(BitConverter.UInt64BitsToDouble));
        return point;
    }

    private static OtlpPoint ExponentialPoint(ReadOnlySpan<byte> message)
    {
        var point = new OtlpPoint();
        var fields = new ProtoReader(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    OtlpAttributeDecoder.Read(fields.Bytes(), point.Attributes);
                    break;
                case 6:
                    point.Scale = fields.Signed();
                    break;
                case 7:
                    point.ZeroCount = fields.Fixed64();
                    break;
                case 8:
                    ReadBuckets(fields.Bytes(), point);
                    break;
                default:
                    ReadCounts(ref fields, point);
                    break;
            }
        }

        return point;
    }

    /// <summary>What both kinds of histograms have under the same numbers.</summary>
    private static void ReadCounts(ref ProtoReader fields, OtlpPoint point)
    {
        switch (fields.Field)
        {
            case 2:
                point.Start = fields.Fixed64();
                break;
            case 3:
                point.Time = fields.Fixed64();
                break;
            case 4:
                point.Count = fields.Fixed64();
                break;
            case 5:
                point.Sum = fields.Double();
                break;
            default:
                fields.Skip();
                break;
        }
    }

    private static void ReadBuckets(ReadOnlySpan<byte> message, OtlpPoint point)
    {
        var fields = new ProtoReader(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    point.PositiveOffset = fields.Signed();
                    break;
                case 2:
                    fields.AddVarintsTo(point.Positive);
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
    }
}
