// SPDX-License-Identifier: Apache-2.0
using OpenTelemetry.Exporter;

namespace AcctExporter.Push;

/// <summary>What can be pushed: each has variables of its own, which win over the general ones.</summary>
internal enum OtlpSignal
{
    /// <summary><c>OTEL_EXPORTER_OTLP_METRICS_*</c>, <c>/v1/metrics</c>.</summary>
    Metrics,

    /// <summary><c>OTEL_EXPORTER_OTLP_LOGS_*</c>, <c>/v1/logs</c>.</summary>
    Logs,
}

/// <summary>
/// Where and how one signal is pushed: what our settings say, else the standard variables of OpenTelemetry (those of
/// the signal before the general ones), else the defaults of the protocol.
/// </summary>
internal sealed record OtlpSettings
{
    /// <summary>What is pushed.</summary>
    public OtlpSignal Signal { get; init; }

    /// <summary>What is pushed, as the label <c>data</c> says it: <c>metrics</c>, <c>events</c>.</summary>
    public string Data => Signal == OtlpSignal.Metrics ? "metrics" : "events";

    /// <summary>The transport in the words of the settings.</summary>
    public string ProtocolWord => Protocol == PushProtocol.Grpc ? "grpc" : "http/protobuf";

    /// <summary>The address that requests go to; for http with the path of the signal.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>The transport; http/protobuf where nobody says.</summary>
    public PushProtocol Protocol { get; init; }

    /// <summary>Headers of each request, as <c>key=value,key=value</c>; empty without any.</summary>
    public string Headers { get; init; } = "";

    /// <summary>How long a request may take: 10 s where nobody says.</summary>
    public TimeSpan Timeout { get; init; }

    /// <summary>How requests are packed: not at all where nobody says.</summary>
    public PushCompression Compression { get; init; }

    /// <summary>PEM file of the authorities that the receiver's certificate is checked against; null for the
    /// system's.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file of our own certificate; null for none.</summary>
    public string? ClientCertificateFile { get; init; }

    /// <summary>PEM file of its key.</summary>
    public string? ClientKeyFile { get; init; }

    /// <summary>Time between two pushes of metrics: 60 s where nobody says.</summary>
    public TimeSpan Interval { get; init; }

    /// <summary>How long all requests of one push of metrics may take together: 30 s where nobody says.</summary>
    public TimeSpan PushTimeout { get; init; }

    /// <summary>How histograms are made.</summary>
    public PushHistograms Histograms { get; init; }

    /// <summary>
    /// What holds for a signal; null when it is not pushed: no endpoint, <c>OTEL_SDK_DISABLED</c>, or its exporter is
    /// <c>none</c>.
    /// </summary>
    /// <param name="signal">What is to be pushed.</param>
    /// <param name="options">Our settings.</param>
    /// <param name="variable">A variable of the environment; null or empty where it is not set.</param>
    /// <param name="fault">Told what is wrong, beginning with the variable's name. Nobody is told where nothing is
    /// pushed; what is wrong is then left at its default.</param>
    public static OtlpSettings? For(OtlpSignal signal, PushOptions options, Func<string, string?> variable,
        Action<string>? fault = null)
    {
        var read = new OtlpVariables(signal, variable, fault ?? (_ => { }));
        if (read.IsOff || !read.HasEndpoint(options.Endpoint))
        {
            return null;
        }

        var protocol = options.Protocol ?? read.OneOf("PROTOCOL", OtlpWords.Protocols) ?? PushProtocol.HttpProtobuf;
        if (read.Endpoint(options.Endpoint, protocol) is not { } endpoint)
        {
            return null;
        }

        read.CheckExporter();
        read.CheckTemporality();
        return new OtlpSettings
        {
            Signal = signal,
            Endpoint = endpoint,
            Protocol = protocol,
            Headers = read.Headers(),
            Timeout = options.Timeout ?? read.Milliseconds(read.NameOf("TIMEOUT")) ?? TimeSpan.FromSeconds(10),
            Compression =
                options.Compression ?? read.OneOf("COMPRESSION", OtlpWords.Compressions) ?? PushCompression.None,
            CertificateFile = read.Authorities(),
            ClientCertificateFile = read.ClientCertificate(out var key),
            ClientKeyFile = key,
            Interval = options.Interval ?? read.Milliseconds("OTEL_METRIC_EXPORT_INTERVAL") ?? TimeSpan.FromMinutes(1),
            PushTimeout = read.Milliseconds("OTEL_METRIC_EXPORT_TIMEOUT") ?? TimeSpan.FromSeconds(30),
            Histograms = options.Histograms ?? read.Histograms() ?? PushHistograms.Explicit,
        };
    }

    /// <summary>What holds for each signal that is pushed.</summary>
    public static IReadOnlyList<OtlpSettings> Pushed(PushOptions options, Func<string, string?> variable)
    {
        OtlpSettings?[] all = [For(OtlpSignal.Metrics, options, variable),
            options.Events ? For(OtlpSignal.Logs, options, variable) : null];
        return [.. all.OfType<OtlpSettings>()];
    }

    /// <summary>What is wrong with the variables of what is pushed, each beginning with its name.</summary>
    public static IReadOnlyList<string> Faults(PushOptions options, Func<string, string?> variable)
    {
        var faults = new List<string>();
        For(OtlpSignal.Metrics, options, variable, faults.Add);
        if (options.Events)
        {
            For(OtlpSignal.Logs, options, variable, faults.Add);
        }

        if (faults.Count > 0 || For(OtlpSignal.Metrics, options, variable) is not null)
        {
            OtlpResource.Attributes(variable, faults.Add);
        }

        return [.. faults.Distinct()];
    }

    /// <summary>
    /// The options of the SDK's exporters. Its own reading of the environment is overruled in all that is said here.
    /// </summary>
    /// <param name="connection">Makes the client of the exporter, and knows why a request failed.</param>
    public OtlpExporterOptions ExporterOptions(OtlpConnection connection) => new()
    {
        Endpoint = Endpoint,
        Protocol = Protocol == PushProtocol.Grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf,
        Headers = Headers,
        TimeoutMilliseconds = (int)Timeout.TotalMilliseconds,
        Compression =
            Compression == PushCompression.Gzip ? OtlpExportCompression.GZip : OtlpExportCompression.None,
        HttpClientFactory = connection.CreateClient,
    };
}

/// <summary>How the standard variables spell what they choose from.</summary>
internal static class OtlpWords
{
    /// <summary>The transports.</summary>
    public static readonly (string Word, PushProtocol Value)[] Protocols =
        [("grpc", PushProtocol.Grpc), ("http/protobuf", PushProtocol.HttpProtobuf)];

    /// <summary>The ways of packing.</summary>
    public static readonly (string Word, PushCompression Value)[] Compressions =
        [("none", PushCompression.None), ("gzip", PushCompression.Gzip)];

    /// <summary>The kinds of histograms.</summary>
    public static readonly (string Word, PushHistograms Value)[] Histograms =
    [
        ("explicit_bucket_histogram", PushHistograms.Explicit),
        ("base2_exponential_bucket_histogram", PushHistograms.Exponential),
    ];
}
