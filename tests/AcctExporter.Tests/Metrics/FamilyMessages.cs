// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AcctExporter.Tests.Push;

namespace AcctExporter.Tests.Metrics;

/// <summary>
/// What an exposition of <c>io.prometheus.client.MetricFamily</c> says, by the numbers of its fields as client_model
/// publishes them. A field that is not known there fails the test.
/// </summary>
internal sealed record FamilyMessage(string Name, string Help, string Type, string Unit, List<MetricMessage> Metrics)
{
    private static readonly string[] Types = ["counter", "gauge", "summary", "untyped", "histogram", "gaugehistogram"];

    /// <summary>All families.</summary>
    public static List<FamilyMessage> Read(ReadOnlySpan<byte> exposition)
    {
        var families = new List<FamilyMessage>();
        var reader = new ProtoReader(exposition);
        while (reader.NextDelimited(out var message))
        {
            families.Add(One(message));
        }

        return families;
    }

    /// <summary>The samples that text shows of the classic part, with its spelling of bounds.</summary>
    public List<Sample> Samples(bool created = false) => [.. Metrics.SelectMany(metric => metric.Samples(this, created))];

    /// <summary>All that it says, for people.</summary>
    public string Readable() =>
        $"{Name} {Type}{(Unit.Length > 0 ? $" in {Unit}" : "")}: {Help}\n"
        + string.Concat(Metrics.Select(metric => $"  {metric.Readable()}\n"));

    private static FamilyMessage One(ReadOnlySpan<byte> message)
    {
        var family = new FamilyMessage("", "", "", "", []);
        var field = new ProtoReader(message);
        while (field.Next())
        {
            switch (field.Field)
            {
                case 1: family = family with { Name = field.Text() }; break;
                case 2: family = family with { Help = field.Text() }; break;
                case 3: family = family with { Type = Types[field.Varint()] }; break;
                case 4: family.Metrics.Add(MetricMessage.Read(field.Bytes())); break;
                case 5: family = family with { Unit = field.Text() }; break;
                default: throw new FormatException($"MetricFamily has no field {field.Field}");
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

    public static MetricMessage Read(ReadOnlySpan<byte> message)
    {
        var metric = new MetricMessage(new SortedDictionary<string, string>(StringComparer.Ordinal));
        var field = new ProtoReader(message);
        while (field.Next())
        {
            switch (field.Field)
            {
                case 1: AddLabel(metric.Labels, field.Bytes()); break;
                case 2: metric.ReadPoint("gauge", field.Bytes()); break;
                case 3: metric.ReadPoint("counter", field.Bytes()); break;
                case 7: metric.ReadHistogram(field.Bytes()); break;
                default: throw new FormatException($"Metric has no field {field.Field}");
            }
        }

        return metric;
    }

    /// <summary>All that it says, for people.</summary>
    public string Readable()
    {
        var text = new StringBuilder("{").AppendJoin(',', Labels.Select(label => $"{label.Key}={label.Value}")).Append('}');
        text.Append(CultureInfo.InvariantCulture, $" {Kind}");
        text.Append(Kind == "histogram" ? $" of {Count}, sum" : "").Append(' ').Append(Number(Value));
        text.Append(Created < 0 ? "" : $" since {Number(Created / 1e6)}").Append(Exemplar.Length > 0 ? " # " : "");
        text.Append(Exemplar).Append(Buckets.Count > 0 ? "\n    le " : "");
        text.AppendJoin(' ', Buckets.Select(bucket => $"{Number(bucket.Bound)}:{bucket.Count}"));
        if (Schema is { } schema)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n    schema {schema} zero {Number(ZeroThreshold)}:{ZeroCount} ");
            text.AppendJoin(' ', Spans.Select(span => $"span {span.Offset}+{span.Length}")).Append(" counts ");
            text.AppendJoin(' ', Native.Select(bucket => $"{bucket.Key}:{bucket.Value}"));
        }

        return text.ToString().Replace("\n    ", "\n      ", StringComparison.Ordinal).TrimEnd();
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

    private void ReadPoint(string kind, ReadOnlySpan<byte> point)
    {
        Assert.Equal("", Kind);
        Kind = kind;
        var field = new ProtoReader(point);
        while (field.Next())
        {
            switch (field.Field)
            {
                case 1: Value = field.Double(); break;
                case 2 when kind == "counter": Exemplar = ReadExemplar(field.Bytes()); break;
                case 3 when kind == "counter": Created = ReadTime(field.Bytes()); break;
                default: throw new FormatException($"{kind} has no field {field.Field}");
            }
        }
    }

    private void ReadHistogram(ReadOnlySpan<byte> histogram)
    {
        Assert.Equal("", Kind);
        Kind = "histogram";
        var packed = new List<ulong>();
        var field = new ProtoReader(histogram);
        while (field.Next())
        {
            switch (field.Field)
            {
                case 1: Count = field.Varint(); break;
                case 2: Value = field.Double(); break;
                case 3: ReadBucket(field.Bytes()); break;
                case 5: Schema = field.Signed(); break;
                case 6: ZeroThreshold = field.Double(); break;
                case 7: ZeroCount = field.Varint(); break;
                case 12: ReadSpan(field.Bytes()); break;
                case 13: field.AddVarintsTo(packed); break;
                case 15: Created = ReadTime(field.Bytes()); break;
                default: throw new FormatException($"Histogram has no field {field.Field}");
            }
        }

        Deltas.AddRange(packed.Select(value => (long)(value >> 1) ^ -(long)(value & 1)));
    }

    private void ReadBucket(ReadOnlySpan<byte> bucket)
    {
        var (bound, count) = (double.NaN, 0UL);
        var field = new ProtoReader(bucket);
        while (field.Next())
        {
            switch (field.Field)
            {
                case 1: count = field.Varint(); break;
                case 2: bound = field.Double(); break;
                default: throw new FormatException($"Bucket has no field {field.Field}");
            }
        }

        Buckets.Add((bound, count));
    }

    private void ReadSpan(ReadOnlySpan<byte> span)
    {
        var (offset, length) = (0, 0);
        var field = new ProtoReader(span);
        while (field.Next())
        {
            switch (field.Field)
            {
                case 1: offset = field.Signed(); break;
                case 2: length = (int)field.Varint(); break;
                default: throw new FormatException($"BucketSpan has no field {field.Field}");
            }
        }

        Spans.Add((offset, length));
    }

    private static long ReadTime(ReadOnlySpan<byte> time)
    {
        var (seconds, nanoseconds) = (0L, 0L);
        var field = new ProtoReader(time);
        while (field.Next())
        {
            switch (field.Field)
            {
                case 1: seconds = (long)field.Varint(); break;
                case 2: nanoseconds = (long)field.Varint(); break;
                default: throw new FormatException($"Timestamp has no field {field.Field}");
            }
        }

        Assert.InRange(nanoseconds, 0, 999_999_999);
        return (seconds * 1_000_000) + (nanoseconds / 1_000);
    }

    private static string ReadExemplar(ReadOnlySpan<byte> exemplar)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var (value, time) = ("", "");
        var field = new ProtoReader(exemplar);
        while (field.Next())
        {
            switch (field.Field)
            {
                case 1: AddLabel(labels, field.Bytes()); break;
                case 2: value = Number(field.Double()); break;
                case 3: time = Number(ReadTime(field.Bytes()) / 1e6); break;
                default: throw new FormatException($"Exemplar has no field {field.Field}");
            }
        }

        return $"{{{string.Join(',', labels.Select(label => $"{label.Key}=\"{label.Value}\""))}}} {value} {time}";
    }

    private static void AddLabel(SortedDictionary<string, string> labels, ReadOnlySpan<byte> label)
    {
        var (name, value) = ("", "");
        var field = new ProtoReader(label);
        while (field.Next())
        {
            switch (field.Field)
            {
                case 1: name = field.Text(); break;
                case 2: value = field.Text(); break;
                default: throw new FormatException($"LabelPair has no field {field.Field}");
            }
        }

        labels.Add(name, value);
    }
}
