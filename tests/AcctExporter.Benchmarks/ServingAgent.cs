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
    private readonly bool isChild;

    /// <summary>Starts it, and does not wait.</summary>
    /// <param name="flags">Flags of <c>serve</c>, without those for address and log.</param>
    public ServingAgent(params string[] flags)
        : this([], Workbench.AcctExporter, flags)
    {
    }

    private ServingAgent(string[] wrapper, string program, string[] flags)
    {
        string[] command =
            [.. wrapper, program, "serve", "--log.level=error"];
        var address = $"127.0.0.1:{FreePort()}";
        client = new HttpClient { BaseAddress = new Uri($"http://{address}/") };
        // What a client has to load for its first request is not the agent's.
        _ = Page();
        Started = Stopwatch.GetTimestamp();
        process = Process.Start(new ProcessStartInfo(
            command[0], [.. command[1..], $"--web.listen-address={address}", .. flags])
            { RedirectStandardError = true }) ?? throw new InvalidOperationException("the agent does not start");
        isChild = wrapper.Length > 0;
        process.ErrorDataReceived += (_, line) => said.Enqueue(line.Data ?? "");
        process.BeginErrorReadLine();
    }

    /// <summary>Starts a program through another one, whose child it is (nsenter), or as it is.</summary>
    public static ServingAgent Through(string[] wrapper, string program, params string[] flags) =>
        new(wrapper, program, flags);

    /// <summary>Its process id, as this process numbers it.</summary>
    public int Pid => !isChild ? process.Id : int.Parse(
        File.ReadAllText($"/proc/{process.Id}/task/{process.Id}/children").Split(' ')[0],
        CultureInfo.InvariantCulture);

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
        return Status("VmRSS") / 1024.0;
    }

    /// <summary>A number of its /proc/PID/status: memory in KiB, or threads.</summary>
    public long Status(string key)
    {
        // "VmRSS:   12345 kB", "Threads:\t20"
        var fields = File.ReadLines($"/proc/{Pid}/status")
            .First(line => line.StartsWith(key + ":", StringComparison.Ordinal))
            .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return long.Parse(fields[1], CultureInfo.InvariantCulture);
    }

    /// <summary>How many descriptors it has open.</summary>
    public int Descriptors() => Directory.GetFileSystemEntries($"/proc/{Pid}/fd").Length;

    /// <summary>Ends it as a service manager does, and waits.</summary>
    public void Dispose()
    {
        if (!process.HasExited)
        {
            _ = kill(Pid, Terminate);
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
