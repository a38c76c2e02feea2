// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Metrics;

/// <summary>What only the agent itself can say at the time of a scrape; asked for once a scrape.</summary>
internal sealed record AgentFigures
{
    /// <summary>Nothing is known.</summary>
    public static readonly AgentFigures Unknown = new();

    /// <summary>What the kernel says of its process.</summary>
    public ProcessFigures Process { get; init; } = ProcessFigures.Unknown;

    /// <summary>Its messages.</summary>
    public LogFigures Log { get; init; }

    /// <summary>Its configuration.</summary>
    public ReloadFigures Reload { get; init; }

    /// <summary>The web server's own configuration; null where there is none.</summary>
    public WebFigures? Web { get; init; }

    /// <summary>The push of metrics; null where none is pushed.</summary>
    public PushFigures? MetricsPush { get; init; }

    /// <summary>The push of exit events; null likewise.</summary>
    public PushFigures? EventsPush { get; init; }
}

/// <summary>How pushes went since the start of the agent.</summary>
/// <param name="Exports">Pushes begun.</param>
/// <param name="Failures">Those of them that the receiver did not take.</param>
/// <param name="LastSuccessUnixMicroseconds">When one was last taken, in microseconds since 1970; 0 before.</param>
internal readonly record struct PushFigures(ulong Exports, ulong Failures, long LastSuccessUnixMicroseconds);

/// <summary>Messages since the start of the agent.</summary>
/// <param name="Debug">Those of severity debug.</param>
/// <param name="Info">Likewise.</param>
/// <param name="Warn">Likewise.</param>
/// <param name="Error">Likewise.</param>
/// <param name="Dropped">Those of them that were never written, because nobody read stderr.</param>
internal readonly record struct LogFigures(ulong Debug, ulong Info, ulong Warn, ulong Error, ulong Dropped);

/// <summary>The configuration and how its last reload went.</summary>
/// <param name="Known">There is a configuration; without one there are no series.</param>
/// <param name="Successful">The last load worked: at the start it did.</param>
/// <param name="UnixMicroseconds">When a load last worked, in microseconds since 1970.</param>
/// <param name="Reloads">Loads after the first.</param>
/// <param name="Failures">Those of them that found faults, and changed nothing.</param>
internal readonly record struct ReloadFigures(
    bool Known, bool Successful, long UnixMicroseconds, ulong Reloads = 0, ulong Failures = 0);

/// <summary>The web server's own configuration, and what was refused because of it.</summary>
/// <param name="Successful">It was last read without a fault: at the start it was.</param>
/// <param name="Reloads">Times when it was read anew.</param>
/// <param name="Failures">Those of them that found faults, and changed nothing.</param>
/// <param name="CertificateEndUnixMicroseconds">When the certificate ends; 0 without TLS.</param>
/// <param name="RefusedCertificates">Connections whose client showed no certificate that is taken.</param>
/// <param name="RefusedPasswords">Requests without the name and the password of a user.</param>
/// <param name="RefusedBusy">Requests whose password had to wait for too many others.</param>
/// <param name="RefusedRate">Requests over the limit of the rate.</param>
internal readonly record struct WebFigures(
    bool Successful, ulong Reloads, ulong Failures, long CertificateEndUnixMicroseconds, ulong RefusedCertificates,
    ulong RefusedPasswords, ulong RefusedBusy, ulong RefusedRate);
