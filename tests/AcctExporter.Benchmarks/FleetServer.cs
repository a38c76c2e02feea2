// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace AcctExporter.Benchmarks;

/// <summary>A real server that scrapes a <see cref="VirtualFleet"/>, or what scrapes for it.</summary>
internal sealed class FleetServer : IDisposable
{
    private const double TicksPerSecond = 100;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly HttpClient client = new() { Timeout = TimeSpan.FromSeconds(60) };
    private readonly string directory;
    private readonly Process process;
    private readonly string address = $"127.0.0.1:{FreePort()}";

    private FleetServer(Workbench bench, string program, Func<FleetServer, string[]> arguments)
    {
        directory = bench.NewDirectory("server");
        client.BaseAddress = new Uri($"http://{address}/");
        process = Process.Start(new ProcessStartInfo(program, arguments(this))
        {
            RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = directory,
        }) ?? throw new InvalidOperationException($"{program} does not start");
        process.ErrorDataReceived += (_, _) => { };
        process.OutputDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
    }

    /// <summary>Prometheus.</summary>
    public static FleetServer Prometheus(Workbench bench, string program, int interval, params string[] flags) =>
        new(bench, program, server =>
        [
            $"--config.file={server.Configure(interval)}", $"--storage.tsdb.path={server.directory}/data",
            $"--web.listen-address={server.address}", "--log.level=error", .. flags,
        ]);

    /// <summary>VictoriaMetrics; with an interval it scrapes by itself.</summary>
    public static FleetServer Victoria(Workbench bench, string program, int? interval) =>
        new(bench, program, server =>
        [
            $"-storageDataPath={server.directory}/data", $"-httpListenAddr={server.address}", "-retentionPeriod=10y",
            "-search.latencyOffset=0s", "-search.disableCache", "-loggerLevel=ERROR",
            .. interval is { } seconds ? server.Scraping(seconds) : [],
        ]);

    /// <summary>vmagent, which scrapes and sends to a VictoriaMetrics.</summary>
    public static FleetServer Agent(Workbench bench, string program, int interval, FleetServer storage) =>
        new(bench, program, server =>
        [
            $"-remoteWrite.url=http://{storage.address}/api/v1/write", $"-remoteWrite.tmpDataPath={server.directory}/tmp",
            $"-httpListenAddr={server.address}", "-loggerLevel=ERROR", .. server.Scraping(interval),
        ]);

    /// <summary>Its resident memory, in bytes.</summary>
    public long ResidentBytes => long.Parse(
        File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) << 10;

    /// <summary>CPU time that it has used.</summary>
    public double CpuSeconds
    {
        get
        {
            // Behind the name in brackets: state is the first field, utime and stime the 12th and 13th.
            var stat = File.ReadAllText($"/proc/{process.Id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return (long.Parse(fields[11], CultureInfo.InvariantCulture)
                + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
        }
    }

    /// <summary>From now on it scrapes these.</summary>
    public void Target(VirtualFleet fleet)
    {
        // It may look at any time, and must not see half of it.
        File.WriteAllText($"{directory}/targets.new", fleet.Targets());
        File.Move($"{directory}/targets.new", $"{directory}/targets.json", overwrite: true);
    }

    /// <summary>Waits until a query gives a value.</summary>
    public void Until(string query, double value)
    {
        var last = double.NaN;
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Limit && !process.HasExited; Thread.Sleep(200))
        {
            last = Answers().GetValueOrDefault("", double.NaN);
            if (last == value)
            {
                return;
            }
        }

        throw new WrongResultException(Finding.Text($"{query} is {last}, and should be {value}"));

        Dictionary<string, double> Answers()
        {
            try
            {
                return Query(query, "");
            }
            catch (HttpRequestException)
            {
                return [];
            }
        }
    }

    /// <summary>The answer to a query, by the value of a label.</summary>
    public Dictionary<string, double> Query(string query, string label)
    {
        using var answer = JsonDocument.Parse(Get($"api/v1/query?query={Uri.EscapeDataString(query)}"));
        return answer.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().ToDictionary(
            one => one.GetProperty("metric").TryGetProperty(label, out var value) ? value.GetString()! : "",
            one => double.Parse(one.GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture));
    }

    /// <summary>The text at a path.</summary>
    public string Get(string path) => client.GetStringAsync(new Uri(path, UriKind.Relative)).GetAwaiter().GetResult();

    /// <summary>Sends bytes to a path.</summary>
    public void Post(string path, ReadOnlyMemory<byte> body)
    {
        using var answer = client.PostAsync(new Uri(path, UriKind.Relative), new ReadOnlyMemoryContent(body))
            .GetAwaiter().GetResult();
        answer.EnsureSuccessStatusCode();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
        }

        process.WaitForExit();
        process.Dispose();
        client.Dispose();
        Directory.Delete(directory, recursive: true);
    }

    private string[] Scraping(int interval) =>
        [$"-promscrape.config={Configure(interval)}", "-promscrape.fileSDCheckInterval=1s"];

    private string Configure(int interval)
    {
        var path = $"{directory}/scrape.yml";
        File.WriteAllText($"{directory}/targets.json", "[]");
        File.WriteAllText(path, $"""
            global:
              scrape_interval: {interval}s
              scrape_timeout: {interval}s
            scrape_configs:
              - job_name: acct-exporter
                file_sd_configs:
                  - files: ["{directory}/targets.json"]
            """);
        return path;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
