// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Web;

/// <summary>Where the agent answers, and how many scrapes at a time.</summary>
internal sealed record WebOptions
{
    /// <summary>Where to listen when nothing is said: every address of the host.</summary>
    public const string DefaultListenAddress = ":9810";

    /// <summary>As many as other exporters allow.</summary>
    public const int DefaultMaxScrapes = 40;

    /// <summary>Where the metrics are when nothing is said.</summary>
    public const string DefaultTelemetryPath = "/metrics";

    /// <summary>One or more addresses; see <see cref="ListenAddress"/>.</summary>
    public IReadOnlyList<string> ListenAddresses { get; init; } = [DefaultListenAddress];

    /// <summary>Scrapes answered at the same time, 1 or more; what is over gets 503 at once.</summary>
    public int MaxScrapes { get; init; } = DefaultMaxScrapes;

    /// <summary>
    /// Listen on the sockets that systemd has opened (<c>LISTEN_FDS</c>) and on no address of
    /// <see cref="ListenAddresses"/>.
    /// </summary>
    public bool SystemdSocket { get; init; }

    /// <summary>Where the metrics are: a path of its own, that begins with <c>/</c>.</summary>
    public string TelemetryPath { get; init; } = DefaultTelemetryPath;

    /// <summary><c>POST /-/reload</c> reads the configuration anew. Whoever can reach the port can do it.</summary>
    public bool EnableLifecycle { get; init; }

    /// <summary>The file of TLS, users, headers and limits; null without one. See <see cref="WebConfig"/>.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>Every fault, not only the first.</summary>
    public IEnumerable<string> Faults()
    {
        if (ListenAddresses.Count == 0 && !SystemdSocket)
        {
            yield return "no address to listen on";
        }

        var known = new HashSet<ListenAddress>();
        foreach (var text in ListenAddresses)
        {
            if (!ListenAddress.TryParse(text, out var address, out var fault))
            {
                yield return fault;
            }
            else if (address.Port > 0 && !known.Add(address))
            {
                yield return $"'{text}' is given twice";
            }
        }

        if (MaxScrapes < 1)
        {
            yield return $"{MaxScrapes} scrapes at a time are not enough: 1 or more";
        }

        if (TelemetryPathFault() is { } pathFault)
        {
            yield return pathFault;
        }
    }

    // Nothing that a client would escape, and no segment that it would leave out: the path is compared as it is.
    private string? TelemetryPathFault() => TelemetryPath switch
    {
        "" or not ['/', ..] => $"'{TelemetryPath}' is not a path to serve: it must begin with /, as /metrics does",
        "/" => "'/' is the page: choose another path for the metrics, as /metrics",
        _ when TelemetryPath == "/-" || TelemetryPath.StartsWith("/-/", StringComparison.Ordinal) =>
            $"'{TelemetryPath}': what begins with /-/ is for health, readiness and reload: choose another path",
        _ when !TelemetryPath.All(letter => char.IsAsciiLetterOrDigit(letter) || "/-._~".Contains(letter)) =>
            $"'{TelemetryPath}': only letters and digits of ASCII and /-._~ may stand in it",
        _ when TelemetryPath.Split('/').Any(part => part is "." or "..") =>
            $"'{TelemetryPath}': clients leave . and .. out of a path",
        _ => null,
    };
}
