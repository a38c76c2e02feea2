// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// A real Prometheus that scrapes one target every second. It keeps its data in a directory of its own.
/// </summary>
internal sealed class PrometheusServer : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly HttpClient Client = new() { Timeout = TimeSpan.FromSeconds(20) };

    private static readonly JavaScriptEncoder Json = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    private readonly string root = Directory.CreateTempSubdirectory("prometheus-test").FullName;
    private readonly Process process;
    private readonly StringBuilder log = new();
    private readonly Uri address;

    /// <summary>Starts it; <paramref name="target"/> is host and port.</summary>
    public PrometheusServer(string target)
    {
        var port = FreePort();
        address = new Uri($"http://127.0.0.1:{port}/");
        File.WriteAllText($"{root}/prometheus.yml", $"""
            global:
              scrape_interval: 1s
              scrape_timeout: 1s
            scrape_configs:
              - job_name: acct
                static_configs:
                  - targets: ["{target}"]
            """);
        var start = new ProcessStartInfo(Tools.Installed("/usr/bin/prometheus", "prometheus"))
        {
            ArgumentList =
            {
                $"--config.file={root}/prometheus.yml", $"--storage.tsdb.path={root}/data",
                $"--web.listen-address=127.0.0.1:{port}", "--log.level=warn",
            },
            RedirectStandardError = true,
            RedirectStandardOutput = true,
            WorkingDirectory = root,
        };
        process = Process.Start(start)!;
        process.ErrorDataReceived += (_, line) => Hear(line.Data);
        process.OutputDataReceived += (_, line) => Hear(line.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    /// <summary>A port of 127.0.0.1 on which nobody listens.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>The value of a query that gives one series; NaN when it gives none.</summary>
    public double Value(string query) =>
        Series(query).Values is { Count: > 0 } values ? values.Single() : double.NaN;

    /// <summary>The result of an instant query: labels, spelled as in a sorted series, and value.</summary>
    public Dictionary<string, double> Series(string query) =>
        Labelled(query).ToDictionary(one => Spelled(one.Labels), one => one.Value);

    /// <summary>The result of an instant query: the labels of each series as they are, and its value.</summary>
    public List<(Dictionary<string, string> Labels, double Value)> Labelled(string query)
    {
        using var answer = Get($"api/v1/query?query={Uri.EscapeDataString(query)}");
        var result = answer.RootElement.GetProperty("data").GetProperty("result");
        return [.. result.EnumerateArray().Select(one => (
            one.GetProperty("metric").EnumerateObject().ToDictionary(label => label.Name, Text),
            double.Parse(one.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture)))];

        static string Text(JsonProperty label) => label.Value.GetString()!;
    }

    /// <summary>
    /// Type and unit of a metric's family as the last scrape told them; empty when there is no such family.
    /// </summary>
    public (string Type, string Unit) Metadata(string family)
    {
        using var answer = Get($"api/v1/targets/metadata?metric={family}");
        return answer.RootElement.GetProperty("data").EnumerateArray()
            .Select(one => (one.GetProperty("type").GetString()!, one.GetProperty("unit").GetString()!))
            .FirstOrDefault(("", ""));
    }

    /// <summary>What Prometheus says of the last scrape when it failed.</summary>
    public string LastError()
    {
        using var answer = Get("api/v1/targets");
        var targets = answer.RootElement.GetProperty("data").GetProperty("activeTargets");
        return targets[0].GetProperty("lastError").GetString()!;
    }

    /// <summary>A series in one spelling: name, then labels by name; those that Prometheus adds are left out.</summary>
    public static string Spelled(IReadOnlyDictionary<string, string> labels) =>
        labels.GetValueOrDefault("__name__", "") + string.Concat(labels
            .Where(label => label.Key is not ("__name__" or "job" or "instance"))
            .OrderBy(label => label.Key, StringComparer.Ordinal)
            .Select(label => $" {label.Key}=\"{Json.Encode(label.Value)}\""));

    /// <summary>Waits for a condition; says what Prometheus said when it does not come.</summary>
    public void Until(Func<bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            if (clock.Elapsed > Limit || process.HasExited)
            {
                throw new TimeoutException($"not '{what}' after {clock.Elapsed}: {TellError()} {Log()}");
            }

            Thread.Sleep(100);
        }
    }

    /// <summary>Waits until the target answers, and is scraped once more after that.</summary>
    public void UntilScraped()
    {
        Until(() => Answers() && Value("up") == 1, "up");
        var since = Value("timestamp(up)");
        Until(() => Value("timestamp(up)") > since && Value("up") == 1, "scraped again");
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        process.Dispose();
        Directory.Delete(root, recursive: true);
    }

    private bool Answers()
    {
        try
        {
            using var answer = Client.GetAsync(new Uri(address, "-/ready")).Result;
            return answer.IsSuccessStatusCode;
        }
        catch (AggregateException error) when (error.InnerException is HttpRequestException or IOException)
        {
            return false;
        }
    }

    private JsonDocument Get(string path)
    {
        var text = Client.GetStringAsync(new Uri(address, path)).Result;
        var answer = JsonDocument.Parse(text);
        Assert.Equal("success", answer.RootElement.GetProperty("status").GetString());
        return answer;
    }

    private string TellError() => Answers() ? LastError() : "it does not answer";

    private string Log()
    {
        lock (log)
        {
            return log.ToString();
        }
    }

    private void Hear(string? line)
    {
        lock (log)
        {
            log.AppendLine(line);
        }
    }
}
