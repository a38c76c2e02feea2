// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace AcctExporter.Tests.Metrics;

/// <summary>
/// What an exposition of <c>io.prometheus.client.MetricFamily</c> says, by the numbers of its fields as client_model
/// publishes them. A field that is not known there fails the test.
/// </summary>
internal sealed record FamilyMessage(string Name, string Help, string Type, string Unit, List<MetricMessage> Metrics)
{
    private static readonly string[] Types = ["counter", "gauge", "summary", "untyped", "histogram", "gaugehistogram"];

    /// <summary>All families.</summary>
    public static List<FamilyMessage> Read(ReadOnlyMemory<byte> exposition) =>
        [.. ProtobufReader.Delimited(exposition).Select(One)];

    /// <summary>The samples that text shows of the classic part, with its spelling of bounds.</summary>
    public List<Sample> Samples(bool created = false) => [.. Metrics.SelectMany(metric => metric.Samples(this, created))];

    private static FamilyMessage One(ReadOnlyMemory<byte> message)
    {
        var family = new FamilyMessage("", "", "", "", []);
        foreach (var field in ProtobufReader.Fields(message))
        {
            switch (field.Number)
            {
                case 1: family = family with { Name = field.Text }; break;
                case 2: family = family with { Help = field.Text }; break;
                case 3: family = family with { Type = Types[field.Count] }; break;
                case 4: family.Metrics.Add(MetricMessage.Read(field.Body)); break;
                case 5: family = family with { Unit = field.Text }; break;
                default: throw new FormatException($"MetricFamily has no field {field.Number}");
            }
        }

        return family;
    }
}

/// <summary>One metric of a family.</summary>
internal sealed record MetricMessage(SortedDictionary<string, string> Labels)
{
    /// <summary>counter, gauge or histogram.</summary>
    public string Kind { get; private set; } = "";

    public double Value { get; private set; }

    /// <summary>As OpenMetrics spells it, or nothing.</summary>
    public string Exemplar { get; private set; } = "";

    /// <summary>When it started, in microseconds since 1970; -1 when it is not told.</summary>
    public long Created { get; private set; } = -1;

    public ulong Count { get; private set; }

    /// <summary>Cumulative counts by bound.</summary>
    public List<(double Bound, ulong Count)> Buckets { get; } = [];

    public int? Schema { get; private set; }

    public double ZeroThreshold { get; private set; }

    public ulong ZeroCount { get; private set; }

    public List<(int Offset, int Length)> Spans { get; } = [];

    public List<long> Deltas { get; } = [];

    /// <summary>The native buckets that are told, by their index; those with 0 too.</summary>
    public SortedDictionary<int, ulong> Native
    {
        get
        {
            var native = new SortedDictionary<int, ulong>();
            var (index, count, delta) = (0, 0L, 0);
            foreach (var (offset, length) in Spans)
            {
                index += offset;
                for (var i = 0; i < length; i++)
                {
                    count += Deltas[delta++];
                    native.Add(index++, checked((ulong)count));
                }
            }

            Assert.Equal(Deltas.Count, delta);
            return native;
        }
    }

    public string Label(string key) => Labels.GetValueOrDefault(key, "");

    public static MetricMessage Read(ReadOnlyMemory<byte> message)
    {
        var metric = new MetricMessage(new SortedDictionary<string, string>(StringComparer.Ordinal));
        foreach (var field in ProtobufReader.Fields(message))
        {
            switch (field.Number)
            {
                case 1: AddLabel(metric.Labels, field); break;
                case 2: metric.ReadPoint("gauge", field); break;
                case 3: metric.ReadPoint("counter", field); break;
                case 7: metric.ReadHistogram(field); break;
                default: throw new FormatException($"Metric has no field {field.Number}");
            }
        }

        return metric;
    }

    /// <summary>The lines that text has of it.</summary>
    public IEnumerable<Sample> Samples(FamilyMessage family, bool created)
    {
        Assert.Equal(family.Type, Kind);
        if (Kind != "histogram")
        {
            yield return new Sample(family.Name, Labels, Number(Value), Exemplar);
        }
        else if (Buckets.Count > 0)
        {
            foreach (var (bound, count) in Buckets.Append((double.PositiveInfinity, Count)))
            {
                yield return new Sample($"{family.Name}_bucket", With("le", Bound(bound)), Number(count), "");
            }

            yield return new Sample($"{family.Name}_sum", Labels, Number(Value), "");
            yield return new Sample($"{family.Name}_count", Labels, Number(Count), "");
        }

        if (created && Created >= 0 && (Kind != "histogram" || Buckets.Count > 0))
        {
            var name = Kind == "counter" ? family.Name[..^"_total".Length] : family.Name;
            yield return new Sample($"{name}_created", Labels, Number(Created / 1e6), "");
        }
    }

    /// <summary>A number as one text, whatever the format that it came in.</summary>
    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Bound(double bound) => double.IsPositiveInfinity(bound) ? "+Inf"
        : bound.ToString("R", CultureInfo.InvariantCulture);

    private SortedDictionary<string, string> With(string key, string value) =>
        new(Labels, StringComparer.Ordinal) { [key] = value };

    private void ReadPoint(string kind, ProtobufField point)
    {
        Assert.Equal("", Kind);
        Kind = kind;
        foreach (var field in point.Fields)
        {
            switch (field.Number)
            {
                case 1: Value = field.Real; break;
                case 2 when kind == "counter": Exemplar = ReadExemplar(field); break;
                case 3 when kind == "counter": Created = ReadTime(field); break;
                default: throw new FormatException($"{kind} has no field {field.Number}");
            }
        }
    }

    private void ReadHistogram(ProtobufField histogram)
    {
        Assert.Equal("", Kind);
        Kind = "histogram";
        foreach (var field in histogram.Fields)
        {
            switch (field.Number)
            {
                case 1: Count = field.Count; break;
                case 2: Value = field.Real; break;
                case 3: Buckets.Add(ReadBucket(field)); break;
                case 5: Schema = (int)field.Signed; break;
                case 6: ZeroThreshold = field.Real; break;
                case 7: ZeroCount = field.Count; break;
                case 12: Spans.Add(ReadSpan(field)); break;
                case 13: Deltas.AddRange(ProtobufReader.PackedSigned(field.Body)); break;
                case 15: Created = ReadTime(field); break;
                default: throw new FormatException($"Histogram has no field {field.Number}");
            }
        }
    }

    private static (double Bound, ulong Count) ReadBucket(ProtobufField bucket)
    {
        var fields = bucket.Fields;
        Assert.Equal([1, 2], fields.Select(field => field.Number));
        return (fields[1].Real, fields[0].Count);
    }

    private static (int Offset, int Length) ReadSpan(ProtobufField span)
    {
        var fields = span.Fields;
        Assert.Equal([1, 2], fields.Select(field => field.Number));
        return ((int)fields[0].Signed, (int)fields[1].Count);
    }

    private static long ReadTime(ProtobufField time)
    {
        var fields = time.Fields.ToDictionary(field => field.Number);
        var nanoseconds = fields.TryGetValue(2, out var part) ? (long)part.Count : 0;
        Assert.InRange(nanoseconds, 0, 999_999_999);
        return ((long)fields[1].Count * 1_000_000) + (nanoseconds / 1_000);
    }

    private static string ReadExemplar(ProtobufField exemplar)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var text = new StringBuilder();
        foreach (var field in exemplar.Fields)
        {
            switch (field.Number)
            {
                case 1:
                    AddLabel(labels, field);
                    text.Append(CultureInfo.InvariantCulture, $"{{{labels.Single().Key}=\"{labels.Single().Value}\"}}");
                    break;
                case 2: text.Append(' ').Append(Number(field.Real)); break;
                case 3: text.Append(' ').Append(Number(ReadTime(field) / 1e6)); break;
                default: throw new FormatException($"Exemplar has no field {field.Number}");
            }
        }

        return text.ToString();
    }

    private static void AddLabel(SortedDictionary<string, string> labels, ProtobufField label)
    {
        var fields = label.Fields;
        Assert.Equal([1, 2], fields.Select(field => field.Number));
        labels.Add(fields[0].Text, fields[1].Text);
    }
}
