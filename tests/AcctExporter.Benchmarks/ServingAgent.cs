// SPDX-License-Identifier: Apache-2.0
using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace AcctExporter.Benchmarks;

/// <summary><c>serve</c> as a process of its own that answers on a free port of 127.0.0.1.</summary>
internal sealed class ServingAgent : IDisposable
{
    private const int Terminate = 15;

    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(30);

    private readonly HttpClient client;
    private readonly Process process;
    private readonly ConcurrentQueue<string> said = new();

    /// <summary>Starts it, and does not wait.</summary>
    /// <param name="flags">Flags of <c>serve</c>, without those for address and log.</param>
    public ServingAgent(params string[] flags)
    {
        var address = $"127.0.0.1:{FreePort()}";
        client = new HttpClient { BaseAddress = new Uri($"http://{address}/") };
        // What a client has to load for its first request is not the agent's.
        _ = Page();
        Started = Stopwatch.GetTimestamp();
        process = Process.Start(new ProcessStartInfo(
            Workbench.AcctExporter, ["serve", $"--web.listen-address={address}", "--log.level=error", .. flags])
            { RedirectStandardError = true }) ?? throw new InvalidOperationException("the agent does not start");
        process.ErrorDataReceived += (_, line) => said.Enqueue(line.Data ?? "");
        process.BeginErrorReadLine();
    }

    /// <summary>When it was started, by <see cref="Stopwatch"/>.</summary>
    public long Started { get; }

    /// <summary>The first page of metrics that it gives.</summary>
    /// <exception cref="InvalidOperationException">It gives none; with what it said.</exception>
    public string WaitForPage()
    {
        while (true)
        {
            if (Page() is { } page)
            {
                return page;
            }

            if (process.HasExited || Stopwatch.GetElapsedTime(Started) > LongestStart)
            {
                // All of stderr has been read when this returns.
                _ = process.HasExited && process.WaitForExit(LongestStart);
                throw new InvalidOperationException($"the agent does not answer: {string.Join(' ', said).Trim()}");
            }

            Thread.Sleep(2);
        }
    }

    /// <summary>What it says on /metrics; null when it does not answer.</summary>
    public string? Page()
    {
        try
        {
            using var response = client.Send(new HttpRequestMessage(HttpMethod.Get, "metrics"));
            if (response.StatusCode != HttpStatusCode.OK)
            {
                return null;
            }

            using var text = new StreamReader(response.Content.ReadAsStream());
            return text.ReadToEnd();
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>The memory that it has now.</summary>
    public double ResidentMebibytes()
    {
        // "VmRSS:   12345 kB"
        var fields = File.ReadLines($"/proc/{process.Id}/status")
            .First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return double.Parse(fields[^2], CultureInfo.InvariantCulture) / 1024;
    }

    /// <summary>Ends it as a service manager does, and waits.</summary>
    public void Dispose()
    {
        if (!process.HasExited)
        {
            _ = kill(process.Id, Terminate);
        }

        process.WaitForExit();
        process.Dispose();
        client.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [DllImport("libc")]
    private static extern int kill(int pid, int signal);
}
