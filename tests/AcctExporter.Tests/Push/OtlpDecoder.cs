// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Tests.Push;

/// <summary>
/// The messages of OTLP 1.x: field numbers of <c>opentelemetry/proto/{common,resource,metrics,logs}/v1</c>. A field that
/// is not known is gone over, as the format wants it.
/// </summary>
internal static class OtlpDecoder
{
    /// <summary>All metrics of an ExportMetricsServiceRequest.</summary>
    public static List<OtlpMetric> Metrics(ReadOnlySpan<byte> request)
    {
        var metrics = new List<OtlpMetric>();
        Groups(request, (resource, scope, version, bytes) =>
        {
            var metric = new OtlpMetric { Resource = resource, Scope = scope, ScopeVersion = version };
            ReadMetric(bytes, metric);
            metrics.Add(metric);
        });
        return metrics;
    }

    /// <summary>All records of an ExportLogsServiceRequest.</summary>
    public static List<OtlpLog> Logs(ReadOnlySpan<byte> request)
    {
        var logs = new List<OtlpLog>();
        Groups(request, (resource, scope, _, bytes) =>
        {
            var log = new OtlpLog { Resource = resource, Scope = scope };
            ReadLog(bytes, log);
            logs.Add(log);
        });
        return logs;
    }

    private delegate void Item(OtlpAttributes resource, string scope, string version, ReadOnlySpan<byte> bytes);

    /// <summary>What both requests have in common: items of scopes of resources.</summary>
    private static void Groups(ReadOnlySpan<byte> request, Item item)
    {
        var fields = new ProtoReader(request);
        while (fields.Next())
        {
            if (fields.Field == 1)
            {
                Resource(fields.Bytes(), item);
            }
            else
            {
                fields.Skip();
            }
        }
    }

    private static void Resource(ReadOnlySpan<byte> message, Item item)
    {
        var resource = new OtlpAttributes();
        var fields = new ProtoReader(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    ReadAttributes(fields.Bytes(), 1, resource);
                    break;
                case 2:
                    Scope(fields.Bytes(), resource, item);
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
    }

    private static void Scope(ReadOnlySpan<byte> message, OtlpAttributes resource, Item item)
    {
        var (scope, version) = ("", "");
        var fields = new ProtoReader(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    (scope, version) = NameAndVersion(fields.Bytes());
                    break;
                case 2:
                    item(resource, scope, version, fields.Bytes());
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
    }

    private static (string Name, string Version) NameAndVersion(ReadOnlySpan<byte> message)
    {
        var (name, version) = ("", "");
        var fields = new ProtoReader(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    name = fields.Text();
                    break;
                case 2:
                    version = fields.Text();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        return (name, version);
    }

    private static void ReadMetric(ReadOnlySpan<byte> message, OtlpMetric metric)
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
                    ReadAttribute(fields.Bytes(), point.Attributes);
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
                    ReadAttribute(fields.Bytes(), point.Attributes);
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
                    ReadAttribute(fields.Bytes(), point.Attributes);
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

    private static void ReadLog(ReadOnlySpan<byte> message, OtlpLog log)
    {
        var fields = new ProtoReader(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    log.Time = fields.Fixed64();
                    break;
                case 2:
                    log.Severity = (int)fields.Varint();
                    break;
                case 3:
                    log.SeverityText = fields.Text();
                    break;
                case 5:
                    log.Body = Value(fields.Bytes());
                    break;
                case 6:
                    ReadAttribute(fields.Bytes(), log.Attributes);
                    break;
                case 7:
                    log.DroppedAttributes = fields.Varint();
                    break;
                case 11:
                    log.ObservedTime = fields.Fixed64();
                    break;
                case 12:
                    log.EventName = fields.Text();
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
    }

    private static void ReadAttributes(ReadOnlySpan<byte> message, int field, OtlpAttributes attributes)
    {
        var fields = new ProtoReader(message);
        while (fields.Next())
        {
            if (fields.Field == field)
            {
                ReadAttribute(fields.Bytes(), attributes);
            }
            else
            {
                fields.Skip();
            }
        }
    }

    private static void ReadAttribute(ReadOnlySpan<byte> message, OtlpAttributes attributes)
    {
        var key = "";
        object? value = null;
        var fields = new ProtoReader(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    key = fields.Text();
                    break;
                case 2:
                    value = Value(fields.Bytes());
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }

        if (!attributes.TryAdd(key, value))
        {
            throw new InvalidDataException($"the attribute {key} is there twice");
        }
    }

    private static object? Value(ReadOnlySpan<byte> message)
    {
        object? value = null;
        var fields = new ProtoReader(message);
        while (fields.Next())
        {
            switch (fields.Field)
            {
                case 1:
                    value = fields.Text();
                    break;
                case 2:
                    value = fields.Varint() != 0;
                    break;
                case 3:
                    value = (long)fields.Varint();
                    break;
                case 4:
                    value = fields.Double();
                    break;
                case 5:
                    value = Values(fields.Bytes());
                    break;
                default:
                    throw new InvalidDataException($"an attribute's value of kind {fields.Field}");
            }
        }

        return value;
    }

    private static object?[] Values(ReadOnlySpan<byte> message)
    {
        var values = new List<object?>();
        var fields = new ProtoReader(message);
        while (fields.Next())
        {
            values.Add(Value(fields.Bytes()));
        }

        return [.. values];
    }
}
