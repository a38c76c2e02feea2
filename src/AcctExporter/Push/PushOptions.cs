// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Push;

/// <summary>How pushed histograms are made.</summary>
internal enum PushHistograms
{
    /// <summary>With the bounds of <c>/metrics</c>: the same series by both doors.</summary>
    Explicit,

    /// <summary>OpenTelemetry's exponential histograms: fine buckets, without bounds of their own.</summary>
    Exponential,
}

/// <summary>The two transports of OTLP.</summary>
internal enum PushProtocol
{
    /// <summary>gRPC: over HTTP/2, also without TLS.</summary>
    Grpc,

    /// <summary>POST of protobuf messages.</summary>
    HttpProtobuf,
}

/// <summary>How requests are packed.</summary>
internal enum PushCompression
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>With gzip.</summary>
    Gzip,
}

/// <summary>
/// Where and how figures are pushed over OTLP. What is null here is what the standard variables of OpenTelemetry say
/// (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c> and the others), and without these the protocol's own default:
/// <see cref="OtlpSettings.For"/> puts the three together.
/// </summary>
internal sealed record PushOptions
{
    /// <summary>The base of the receiver, as <c>http://127.0.0.1:4318</c>; null pushes nothing unless the environment
    /// has one.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>The transport.</summary>
    public PushProtocol? Protocol { get; init; }

    /// <summary>Time between two pushes of metrics.</summary>
    public TimeSpan? Interval { get; init; }

    /// <summary>How long a request may take.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How requests are packed.</summary>
    public PushCompression? Compression { get; init; }

    /// <summary>How pushed histograms are made.</summary>
    public PushHistograms? Histograms { get; init; }

    /// <summary>Exit events are pushed as log records.</summary>
    public bool Events { get; init; }
}
