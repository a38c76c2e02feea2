// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace AcctExporter.Push;

/// <summary>Reads the standard variables of one signal. An empty variable is one that is not set.</summary>
internal sealed class OtlpVariables(OtlpSignal signal, Func<string, string?> variable, Action<string> fault)
{
    private const string Prefix = "OTEL_EXPORTER_OTLP_";
    private const string EndpointName = "ENDPOINT";

    /// <summary>A day.</summary>
    private const int LongestMilliseconds = 24 * 60 * 60 * 1000;

    private readonly string ofSignal = signal == OtlpSignal.Metrics ? "METRICS_" : "LOGS_";
    private readonly string exporter =
        signal == OtlpSignal.Metrics ? "OTEL_METRICS_EXPORTER" : "OTEL_LOGS_EXPORTER";

    /// <summary>The environment switches the signal off, whatever else it says.</summary>
    public bool IsOff => "true".Equals(Text("OTEL_SDK_DISABLED"), StringComparison.OrdinalIgnoreCase)
        || Text(exporter) == "none";

    /// <summary>Somebody says where to push.</summary>
    public bool HasEndpoint(Uri? setting) => setting is not null || Text(NameOf(EndpointName)).Length > 0;

    /// <summary>The name of the variable that holds: the signal's, else the general one.</summary>
    public string NameOf(string what) =>
        Text(Prefix + ofSignal + what).Length > 0 ? Prefix + ofSignal + what : Prefix + what;

    /// <summary>
    /// Where requests go; null when nobody says. A base gets the path of the signal (http); the address that the
    /// signal's own variable gives is used as it is.
    /// </summary>
    public Uri? Endpoint(Uri? setting, PushProtocol protocol)
    {
        if (setting is not null)
        {
            return WithPath(setting, protocol);
        }

        var name = NameOf(EndpointName);
        var isBase = name == Prefix + EndpointName;
        string problem;
        if (isBase ? TryReadBase(Text(name), out var uri, out problem)
            : TryReadEndpoint(Text(name), out uri, out problem))
        {
            return isBase ? WithPath(uri, protocol) : uri;
        }

        fault($"{name}: {problem}");
        return null;
    }

    /// <summary>Reads the base of a receiver, to which the path of the signal is added.</summary>
    public static bool TryReadBase(string text, out Uri uri, out string problem)
    {
        if (!TryReadEndpoint(text, out uri, out problem))
        {
            return false;
        }

        var path = uri.AbsolutePath.TrimEnd('/');
        foreach (var added in (string[])["/v1/metrics", "/v1/logs"])
        {
            if (path.EndsWith(added, StringComparison.Ordinal))
            {
                problem = $"'{text}' ends in {added}, which is added to it: leave that out";
            }
        }

        return problem.Length == 0;
    }

    /// <summary>Reads the address of a receiver.</summary>
    public static bool TryReadEndpoint(string text, out Uri uri, out string problem)
    {
        problem = !Uri.TryCreate(text, UriKind.Absolute, out var read) || read.Scheme is not ("http" or "https")
                || read.Host.Length == 0
                ? $"'{text}' is no address of a receiver (http://127.0.0.1:4318)"
            : read.UserInfo.Length > 0 ? "an address has no password in it: use OTEL_EXPORTER_OTLP_HEADERS"
            : read.Query.Length > 0 || read.Fragment.Length > 0 ? $"'{text}' has more than a path behind the host"
            : "";
        uri = read!;
        return problem.Length == 0;
    }

    /// <summary>The choice of a variable; null when it is not set, or wrong.</summary>
    public T? OneOf<T>(string what, (string Word, T Value)[] words)
        where T : struct => Choice(NameOf(what), words);

    /// <summary>The kind of histograms, likewise.</summary>
    public PushHistograms? Histograms() => signal == OtlpSignal.Metrics
        ? Choice(Prefix + "METRICS_DEFAULT_HISTOGRAM_AGGREGATION", OtlpWords.Histograms) : null;

    /// <summary>A length of time in milliseconds; null when the variable is not set, or wrong.</summary>
    public TimeSpan? Milliseconds(string name)
    {
        if (Text(name) is not { Length: > 0 } text)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value is > 0 and <= LongestMilliseconds)
        {
            return TimeSpan.FromMilliseconds(value);
        }

        fault($"{name}: '{text}' is no number of milliseconds from 1 to {LongestMilliseconds}");
        return null;
    }

    /// <summary>Headers as the SDK takes them; empty when they are not set, or wrong.</summary>
    public string Headers()
    {
        var name = NameOf("HEADERS");
        foreach (var part in Text(name).Split(
            ',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (part.IndexOf('=', StringComparison.Ordinal) <= 0)
            {
                // What it says may be a secret.
                fault($"{name}: one of its headers is not of the form key=value (key=value,key=value)");
                return "";
            }
        }

        return Text(name);
    }

    /// <summary>The file of authorities; null when it is not set, or cannot be used.</summary>
    public string? Authorities()
    {
        var name = NameOf("CERTIFICATE");
        return Text(name) is { Length: > 0 } file && Loads(name, () =>
        {
            var read = new X509Certificate2Collection();
            read.ImportFromPemFile(file);
            return read.Count > 0;
        }) ? file : null;
    }

    /// <summary>The file of our own certificate, and of its key, likewise.</summary>
    public string? ClientCertificate(out string? key)
    {
        var name = NameOf("CLIENT_CERTIFICATE");
        var keyName = NameOf("CLIENT_KEY");
        var file = Text(name);
        key = Text(keyName) is { Length: > 0 } keyFile ? keyFile : null;
        if (file.Length == 0 && key is null)
        {
            return null;
        }

        if (file.Length == 0 || key is null)
        {
            fault(file.Length == 0 ? $"{keyName}: there is no certificate for it ({name})"
                : $"{name}: there is no key for it ({keyName})");
            key = null;
            return null;
        }

        var chosen = key;
        if (!Loads(name, () =>
        {
            using var certificate = X509Certificate2.CreateFromPemFile(file, chosen);
            return certificate.HasPrivateKey;
        }))
        {
            key = null;
        }

        return key is null ? null : file;
    }

    /// <summary>Only our own way of pushing can be had.</summary>
    public void CheckExporter()
    {
        if (Text(exporter) is { Length: > 0 } text && text != "otlp")
        {
            fault($"{exporter}: '{text}' is neither otlp nor none");
        }
    }

    /// <summary>Sums are pushed as they stand, never as differences.</summary>
    public void CheckTemporality()
    {
        const string name = Prefix + "METRICS_TEMPORALITY_PREFERENCE";
        if (signal == OtlpSignal.Metrics && Text(name) is { Length: > 0 } text
            && !text.Equals("cumulative", StringComparison.OrdinalIgnoreCase))
        {
            fault($"{name}: '{text}' cannot be had: values are pushed cumulative. Leave it out, or let a collector "
                + "make differences of them");
        }
    }

    private Uri WithPath(Uri endpoint, PushProtocol protocol) => protocol == PushProtocol.Grpc ? endpoint
        : new Uri($"{endpoint.AbsoluteUri.TrimEnd('/')}/v1/{(signal == OtlpSignal.Metrics ? "metrics" : "logs")}");

    private T? Choice<T>(string name, (string Word, T Value)[] words)
        where T : struct
    {
        if (Text(name) is not { Length: > 0 } text)
        {
            return null;
        }

        foreach (var (word, value) in words)
        {
            if (word.Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return value;
            }
        }

        fault($"{name}: '{text}' is none of {string.Join(", ", words.Select(word => word.Word))}");
        return null;
    }

    private bool Loads(string name, Func<bool> load)
    {
        try
        {
            if (load())
            {
                return true;
            }

            fault($"{name}: {Text(name)} has no certificate in it (PEM)");
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            fault($"{name}: {Text(name)} cannot be used: {error.Message}");
        }

        return false;
    }

    private string Text(string name) => variable(name)?.Trim() ?? "";
}
