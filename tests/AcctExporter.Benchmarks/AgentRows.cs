// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace AcctExporter.Benchmarks;

/// <summary>The agent as a process: how soon it answers, and what memory it takes.</summary>
internal static class AgentRows
{
    private const int Pairs = 1_000;
    private const int Scrapes = 20;
    private const int Terminate = 15;

    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Follows a file with 1,000 pairs, read only. The first start counts it; the later ones find no backlog.
    /// </summary>
    public static IEnumerable<Finding> Run(Workbench bench)
    {
        var (path, totals) = bench.SmallWithPairs(Pairs);
        var storage = bench.NewDirectory("storage");
        var start = double.PositiveInfinity;
        var resident = 0.0;
        for (var round = 0; round <= bench.Rounds; round++)
        {
            var (seconds, mebibytes) = Once(path, totals, storage);
            if (round > 0)
            {
                start = Math.Min(start, seconds);
                resident = Math.Max(resident, mebibytes);
            }
        }

        yield return Finding.AtMost("start to the first answered scrape, no backlog, by the clock", start, 0.4, "s");
        yield return new Finding(Finding.Text($"resident memory, {Pairs} pairs, {Scrapes} scrapes"),
            Finding.Text($"{resident:F0} MiB"), "", "", "64 MiB, of the trimmed publish: this build is not");
    }

    private static (double Seconds, double Mebibytes) Once(string path, FileTotals totals, string storage)
    {
        var address = $"127.0.0.1:{FreePort()}";
        using var client = new HttpClient { BaseAddress = new Uri($"http://{address}/") };
        // What a client has to load for its first request is not the agent's.
        _ = Answer(client);
        var start = Stopwatch.GetTimestamp();
        using var agent = Process.Start(new ProcessStartInfo(Workbench.AcctExporter,
        [
            "serve", $"--source={path}", $"--storage.path={storage}", $"--web.listen-address={address}",
            $"--pairs.limit={Pairs}", "--log.level=error",
        ])) ?? throw new InvalidOperationException("the agent does not start");
        try
        {
            string? page;
            while ((page = Answer(client)) is null)
            {
                if (agent.HasExited || Stopwatch.GetElapsedTime(start) > LongestStart)
                {
                    throw new InvalidOperationException("the agent does not answer");
                }

                Thread.Sleep(2);
            }

            var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (!page.Contains($"\nacct_exits_total {totals.Exits}\n", StringComparison.Ordinal))
            {
                throw new WrongResultException($"the agent does not show {totals.Exits} exits at its first scrape");
            }

            for (var i = 1; i < Scrapes; i++)
            {
                _ = Answer(client) ?? throw new InvalidOperationException("the agent stops answering");
            }

            return (seconds, ResidentMebibytes(agent.Id));
        }
        finally
        {
            if (!agent.HasExited)
            {
                _ = kill(agent.Id, Terminate);
                agent.WaitForExit();
            }
        }
    }

    private static string? Answer(HttpClient client)
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

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static double ResidentMebibytes(int pid)
    {
        // "VmRSS:   12345 kB"
        var fields = File.ReadLines($"/proc/{pid}/status")
            .First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return double.Parse(fields[^2], CultureInfo.InvariantCulture) / 1024;
    }

    [DllImport("libc")]
    private static extern int kill(int pid, int signal);
}
