// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AcctExporter.Metrics;

namespace AcctExporter.Benchmarks;

/// <summary>
/// What a sample takes on disk: an hour of one host, scraped each 15 s, given to the servers at once. Most series of a
/// host stand still between two scrapes, which is what makes samples so small.
/// </summary>
internal static class FleetDisk
{
    private const int Interval = 15;
    private const int Scrapes = 3600 / Interval;

    /// <summary>A whole number of two hours, so that Prometheus makes one block of it.</summary>
    private const long Start = 1_789_999_200;

    private static readonly TimeSpan Merging = TimeSpan.FromSeconds(20);

    /// <summary>Prints the table.</summary>
    public static void Print(Workbench bench)
    {
        Console.WriteLine("\n| an hour of one host | samples | on disk | a sample | index of its series |");
        Console.WriteLine("| --- | --- | --- | --- | --- |");
        OfPrometheus(bench);
        OfVictoria(bench);
    }

    private static void OfPrometheus(Workbench bench)
    {
        var directory = bench.NewDirectory("blocks");
        var samples = 0L;
        using (var host = new VirtualHost(0, VirtualHostSetup.Usual))
        using (var file = new StreamWriter($"{directory}/input"))
        {
            for (var scrape = 0; scrape < Scrapes; scrape++)
            {
                host.Live(VirtualFleet.ExitsBetweenScrapes);
                var time = (Start + (scrape * Interval)).ToString(CultureInfo.InvariantCulture);
                foreach (var line in Encoding.UTF8.GetString(host.Page(ExpositionFormat.Text).Span).Split('\n'))
                {
                    if (line.Length > 0 && line[0] != '#')
                    {
                        file.Write($"{line} {time}\n");
                        samples++;
                    }
                }
            }

            file.Write("# EOF\n");
        }

        Workbench.Run(FleetRun.Program("promtool"), "tsdb", "create-blocks-from", "openmetrics", "--quiet",
            $"{directory}/input", $"{directory}/data");
        Row("Prometheus, a block of 2.42", samples, Bytes("chunks"), Bytes("index"));

        long Bytes(string name) => new DirectoryInfo($"{directory}/data")
            .EnumerateFiles("*", SearchOption.AllDirectories)
            .Where(file => file.Name == name || file.Directory!.Name == name).Sum(file => file.Length);
    }

    private static void OfVictoria(Workbench bench)
    {
        using var server = FleetServer.Victoria(bench, FleetRun.Program("victoria"), null);
        server.Until("vector(1)", 1);
        var samples = 0L;
        using var host = new VirtualHost(0, VirtualHostSetup.Usual);
        for (var scrape = 0; scrape < Scrapes; scrape++)
        {
            host.Live(VirtualFleet.ExitsBetweenScrapes);
            var page = host.Page(ExpositionFormat.Text);
            samples += FleetPages.Series(page.Span);
            var time = (Start + (scrape * Interval)) * 1000;
            server.Post(Finding.Text($"api/v1/import/prometheus?timestamp={time}"), page);
        }

        server.Get("internal/force_flush");
        server.Get("internal/force_merge");
        var figures = Figures(server);
        for (var waited = TimeSpan.Zero; waited < Merging && Sum(figures, "vm_active_merges") > 0;)
        {
            Thread.Sleep(500);
            waited += TimeSpan.FromMilliseconds(500);
            figures = Figures(server);
        }

        var rows = Sum(figures, "vm_rows{type=\"storage/");
        if ((long)rows != samples)
        {
            throw new WrongResultException(Finding.Text($"VictoriaMetrics has {rows} of {samples} samples"));
        }

        Row("VictoriaMetrics 1.112", samples, (long)Sum(figures, "vm_data_size_bytes{type=\"storage/"),
            (long)Sum(figures, "vm_data_size_bytes{type=\"indexdb/"));
    }

    private static string[] Figures(FleetServer server) => server.Get("metrics").Split('\n');

    private static double Sum(string[] figures, string begin) => figures
        .Where(line => line.StartsWith(begin, StringComparison.Ordinal))
        .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));

    private static void Row(string what, long samples, long bytes, long index) => Console.WriteLine(Finding.Text(
        $"| {what} | {samples:N0} | {bytes / 1e6:F2} MB | {(double)bytes / samples:F2} B | {index / 1e6:F2} MB |"));
}
