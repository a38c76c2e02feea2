// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Tests.Push;

/// <summary>What kind of metric was pushed.</summary>
internal enum OtlpKind
{
    Gauge,
    Sum,
    Histogram,
    Exponential,
}

/// <summary>How the points of a metric relate to each other, as the protocol numbers it.</summary>
internal enum OtlpTemporality
{
    Unspecified,
    Delta,
    Cumulative,
}

/// <summary>Attributes by name: text, long, double, bool, or a list of these.</summary>
internal sealed class OtlpAttributes : Dictionary<string, object?>
{
    public OtlpAttributes()
        : base(StringComparer.Ordinal)
    {
    }

    /// <summary>In one spelling that tells sets apart, sorted by name.</summary>
    public override string ToString() =>
        string.Join(',', this.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key}={one.Value}"));
}

/// <summary>A metric of one request.</summary>
internal sealed record OtlpMetric
{
    /// <summary>Who it is of.</summary>
    public required OtlpAttributes Resource { get; init; }

    /// <summary>Name and version of the meter.</summary>
    public required string Scope { get; init; }

    /// <inheritdoc cref="Scope"/>
    public required string ScopeVersion { get; init; }

    public string Name { get; set; } = "";

    public string Description { get; set; } = "";

    public string Unit { get; set; } = "";

    public OtlpKind Kind { get; set; }

    public OtlpTemporality Temporality { get; set; }

    public bool IsMonotonic { get; set; }

    public List<OtlpPoint> Points { get; } = [];
}

/// <summary>A point of any kind; what its kind has not is empty.</summary>
internal sealed record OtlpPoint
{
    public OtlpAttributes Attributes { get; } = [];

    /// <summary>Nanoseconds since 1970.</summary>
    public ulong Start { get; set; }

    /// <inheritdoc cref="Start"/>
    public ulong Time { get; set; }

    /// <summary>Of a gauge or a sum.</summary>
    public double Value { get; set; }

    /// <summary>The value was sent as a whole number.</summary>
    public bool IsWhole { get; set; }

    /// <summary>Of a histogram of either kind.</summary>
    public ulong Count { get; set; }

    /// <inheritdoc cref="Count"/>
    public double? Sum { get; set; }

    /// <summary>Counts by bucket, one more than there are bounds; not cumulative.</summary>
    public List<ulong> Buckets { get; } = [];

    /// <summary>Upper bounds, without the last, infinite one.</summary>
    public List<double> Bounds { get; } = [];

    /// <summary>Of an exponential histogram.</summary>
    public int Scale { get; set; }

    /// <inheritdoc cref="Scale"/>
    public ulong ZeroCount { get; set; }

    /// <inheritdoc cref="Scale"/>
    public int PositiveOffset { get; set; }

    /// <summary>Counts of the buckets from <see cref="PositiveOffset"/> on.</summary>
    public List<ulong> Positive { get; } = [];
}

/// <summary>A log record of one request.</summary>
internal sealed record OtlpLog
{
    /// <summary>Who it is of.</summary>
    public required OtlpAttributes Resource { get; init; }

    /// <summary>The name of the logger.</summary>
    public required string Scope { get; init; }

    public OtlpAttributes Attributes { get; } = [];

    /// <summary>Nanoseconds since 1970.</summary>
    public ulong Time { get; set; }

    /// <inheritdoc cref="Time"/>
    public ulong ObservedTime { get; set; }

    public int Severity { get; set; }

    public string SeverityText { get; set; } = "";

    public object? Body { get; set; }

    public string EventName { get; set; } = "";

    /// <summary>Attributes that the sender left out because there were too many.</summary>
    public ulong DroppedAttributes { get; set; }
}

/// <summary>One request that arrived, taken or not.</summary>
internal sealed record OtlpRequest
{
    /// <summary><c>metrics</c> or <c>logs</c>.</summary>
    public required string Signal { get; init; }

    /// <summary><c>http/protobuf</c> or <c>grpc</c>.</summary>
    public required string Protocol { get; init; }

    /// <summary>The receiver took it.</summary>
    public required bool Taken { get; init; }

    /// <summary>Bytes of the body as it was sent, compressed or not, with gRPC's frame.</summary>
    public required int SentBytes { get; init; }

    /// <summary>Bytes of the message itself: what gRPC receivers limit to 4 MiB.</summary>
    public required int MessageBytes { get; init; }

    /// <summary>The headers by their names in lower case.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>When it arrived.</summary>
    public required DateTimeOffset Arrived { get; init; }

    public IReadOnlyList<OtlpMetric> Metrics { get; init; } = [];

    public IReadOnlyList<OtlpLog> Logs { get; init; } = [];
}
