// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;

namespace AcctExporter.Benchmarks;

/// <summary>
/// What many hosts cost the server that scrapes them: pages, memory, CPU and disk, with real servers over virtual
/// hosts. It prints the tables of <c>docs/fleet.md</c>. A sum by user that the server has wrong fails it.
/// </summary>
internal static class FleetRun
{
    private const string Usage =
        "usage: --fleet [HOSTS,HOSTS...] [--interval SECONDS] [--rounds SCRAPES] [--only SERVER]";

    /// <summary>The interval that the tables speak of, whatever was scraped with.</summary>
    private const double UsualInterval = 15;

    /// <summary>What can be scraped with, as <c>--only</c> and the table name it.</summary>
    private static readonly (string Key, string Name)[] Servers =
    [
        ("prometheus2", "Prometheus 2.42"), ("prometheus3", "Prometheus 3.5"), ("victoria", "VictoriaMetrics 1.112"),
        ("vmagent", "vmagent 1.112"),
    ];

    /// <summary>Runs it; returns the exit code.</summary>
    public static int Run(string[] args)
    {
        var hosts = After(args, "--fleet") is { } list && list[0] != '-' ? list : "10,40";
        var sizes = hosts.Split(',').Select(Number).ToArray();
        var interval = Number(After(args, "--interval") ?? "4");
        var rounds = Number(After(args, "--rounds") ?? "3");
        if (sizes.Any(size => size < 1) || interval < 1 || rounds < 1)
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        var only = After(args, "--only");
        try
        {
            using var bench = new Workbench(quick: true);
            if (only is null)
            {
                FleetPages.Print();
            }

            Console.WriteLine("\n| server | hosts | series | resident | a series | CPU of a sample | cores at 15 s |");
            Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
            foreach (var (key, name) in Servers.Where(one => only is null || one.Key == only))
            {
                Scrape(bench, key, name, sizes, interval, rounds);
            }

            if (only is null)
            {
                FleetDisk.Print(bench);
            }
        }
        catch (WrongResultException wrong)
        {
            Console.Error.WriteLine($"WRONG: {wrong.Message}");
            return 1;
        }

        return 0;
    }

    /// <summary>A program of the tests' tools, or of Debian's package prometheus.</summary>
    public static string Program(string key)
    {
        var tools = Environment.GetEnvironmentVariable("ACCT_TEST_TOOLS") ?? Path.GetFullPath("artifacts/tools");
        var path = key switch
        {
            "prometheus2" => "/usr/bin/prometheus",
            "promtool" => "/usr/bin/promtool",
            "prometheus3" => $"{tools}/prometheus3/root/usr/bin/prometheus",
            "vmagent" => $"{tools}/victoriametrics/root/usr/bin/vmagent",
            _ => $"{tools}/victoriametrics/root/usr/bin/victoria-metrics",
        };
        return File.Exists(path) ? path : throw new FileNotFoundException(
            $"{path} is missing: ./tests/run.sh peers installs it, and ACCT_TEST_TOOLS names its tools");
    }

    /// <summary>One server, and more and more hosts.</summary>
    private static void Scrape(Workbench bench, string key, string name, int[] sizes, int interval, int rounds)
    {
        using var fleet = new VirtualFleet();
        using var storage = key == "vmagent" ? FleetServer.Victoria(bench, Program("victoria"), null) : null;
        using var server = key switch
        {
            "vmagent" => FleetServer.Agent(bench, Program(key), interval, storage!),
            "victoria" => FleetServer.Victoria(bench, Program(key), interval),
            _ => FleetServer.Prometheus(bench, Program(key), interval),
        };
        var asked = storage ?? server;
        foreach (var size in sizes)
        {
            fleet.GrowTo(size);
            server.Target(fleet);
            asked.Until("count(up == 1)", size);
            // What the first scrapes of so many new series cost is over then.
            Thread.Sleep(TimeSpan.FromSeconds(interval));
            var (scrapes, cpu, cpuOfStorage) = (fleet.Scrapes, server.CpuSeconds, storage?.CpuSeconds ?? 0);
            Thread.Sleep(TimeSpan.FromSeconds(interval * rounds));
            (scrapes, cpu, cpuOfStorage) =
                (fleet.Scrapes - scrapes, server.CpuSeconds - cpu, (storage?.CpuSeconds ?? 0) - cpuOfStorage);
            var samples = asked.Query("sum(scrape_samples_scraped)", "")[""];
            if (storage is null)
            {
                PrintRow(name, size, samples, server.ResidentBytes, cpu / scrapes * size);
            }
            else
            {
                PrintRow($"{name}, scraping", size, samples, server.ResidentBytes, cpu / scrapes * size);
                PrintRow("VictoriaMetrics behind it", size, samples, storage.ResidentBytes,
                    cpuOfStorage / scrapes * size);
            }
        }

        SumsMustBeRight(fleet, asked);
    }

    /// <param name="name">The server.</param>
    /// <param name="hosts">How many hosts it scrapes.</param>
    /// <param name="samples">Samples of one scrape of all of them: as many series there are.</param>
    /// <param name="resident">Its memory in bytes.</param>
    /// <param name="cpu">Seconds of CPU time for one scrape of all of them.</param>
    private static void PrintRow(string name, int hosts, double samples, long resident, double cpu) =>
        Console.WriteLine(Finding.Text(
            $"| {name} | {hosts} | {samples:N0} | {resident / 1048576.0:N0} MiB | {resident / samples:N0} B ")
            + Finding.Text($"| {cpu / samples * 1e6:F2} us | {cpu / UsualInterval:F2} |"));

    /// <summary>Sums by user over all hosts are what was counted on them.</summary>
    private static void SumsMustBeRight(VirtualFleet fleet, FleetServer server)
    {
        fleet.Freeze();
        for (var user = 0; user < VirtualHost.Users; user++)
        {
            server.Until(
                $"sum(acct_process_exits_total{{user=\"{VirtualHost.User(user)}\"}})", fleet.ExitsOf(user));
        }
    }

    private static string? After(string[] args, string name) =>
        Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
