// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Tests.Push;

/// <summary>
/// The requests of OTLP 1.x: field numbers of <c>opentelemetry/proto/{collector,resource,logs}/v1</c>. A field that is
/// not known is gone over, as the format wants it.
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
            OtlpMetricDecoder.Read(bytes, metric);
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
                    OtlpAttributeDecoder.ReadAll(fields.Bytes(), 1, resource);
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
                    log.Body = OtlpAttributeDecoder.Value(fields.Bytes());
                    break;
                case 6:
                    OtlpAttributeDecoder.Read(fields.Bytes(), log.Attributes);
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
}
