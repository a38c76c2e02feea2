// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Web;

/// <summary>
/// What the file of <c>--web.config.file</c> says of the web server, in the terms of the exporters' common format: who
/// may ask, over what, how often, and with which headers the answer goes out.
/// </summary>
internal sealed record WebConfig
{
    /// <summary>What holds without a file.</summary>
    public static readonly WebConfig None = new();

    /// <summary>TLS; null for plain HTTP.</summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>HTTP/2 is spoken where there is TLS.</summary>
    public bool Http2 { get; init; } = true;

    /// <summary>
    /// Headers of every answer, by name; they win over the agent's own, and an empty one takes that of its name away.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>Names of users and the bcrypt hash of each one's password; empty when everybody may ask.</summary>
    public IReadOnlyDictionary<string, string> Users { get; init; } = new Dictionary<string, string>();

    /// <summary>A request is earned each time this has gone by; zero for no limit.</summary>
    public TimeSpan RateInterval { get; init; }

    /// <summary>How many requests may come at once; 1 or more where there is a limit.</summary>
    public int RateBurst { get; init; }
}

/// <summary>The file as it was read.</summary>
/// <param name="Config">What it says; null when there are faults.</param>
/// <param name="Faults">Each as <c>file:line:column: key: problem</c>.</param>
/// <param name="Warnings">What is right and still unwise, in the same form.</param>
/// <param name="Files">The file, and every file that it names: when one of them changes, all are read anew.</param>
internal sealed record WebConfigRead(
    WebConfig? Config, IReadOnlyList<string> Faults, IReadOnlyList<string> Warnings, IReadOnlyList<string> Files)
{
    /// <summary>No file.</summary>
    public static readonly WebConfigRead None = new(WebConfig.None, [], [], []);
}
