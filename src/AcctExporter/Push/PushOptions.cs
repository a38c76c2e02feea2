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

/// <summary>
/// Where and how figures are pushed over OTLP. What is null here is what the standard variables of OpenTelemetry say
/// (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c> and the others), and without these the protocol's own default.
/// </summary>
internal sealed record PushOptions
{
    /// <summary>The base of the receiver, as <c>http://127.0.0.1:4318</c>; null pushes nothing unless the environment
    /// has one.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>How pushed histograms are made.</summary>
    public PushHistograms Histograms { get; init; }
}
