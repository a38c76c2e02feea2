// SPDX-License-Identifier: Apache-2.0
using System.IO.Compression;
using AcctExporter.Metrics;

namespace AcctExporter.Benchmarks;

/// <summary>What one host's page holds, by what the agent is asked for.</summary>
internal static class FleetPages
{
    private static readonly (string What, VirtualHostSetup Setup)[] Kinds =
    [
        ("300 pairs, as it comes", VirtualHostSetup.Usual),
        ("300 pairs, without taskstats", new VirtualHostSetup { TaskStats = false }),
        ("300 pairs, with delays", new VirtualHostSetup { Delays = true }),
        ("300 pairs, `--pairs.all-histograms`", new VirtualHostSetup { AllHistograms = true }),
        ("50 pairs", new VirtualHostSetup { Pairs = 50 }),
        ("100 pairs", new VirtualHostSetup { Pairs = 100 }),
        ("1,000 pairs", new VirtualHostSetup { Pairs = 1_000 }),
        ("10,000 pairs", new VirtualHostSetup { Pairs = 10_000 }),
    ];

    /// <summary>Prints the table.</summary>
    public static void Print()
    {
        Console.WriteLine("\n| agent | series | text | gzip | OpenMetrics | gzip | samples/s at 15 s, 30 s, 60 s |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- |");
        foreach (var (what, setup) in Kinds)
        {
            using var host = new VirtualHost(0, setup);
            host.Live(VirtualFleet.ExitsBetweenScrapes);
            var text = host.Page(ExpositionFormat.Text);
            var series = Series(text.Span);
            var open = host.Page(ExpositionFormat.OpenMetrics);
            Console.WriteLine(Finding.Text($"| {what} | {series:N0} | {Kilobytes(text)} | {Kilobytes(Zipped(text))} ")
                + Finding.Text($"| {Kilobytes(open)} | {Kilobytes(Zipped(open))} ")
                + Finding.Text($"| {series / 15:N0}, {series / 30:N0}, {series / 60:N0} |"));
        }
    }

    /// <summary>Lines of a page that are samples.</summary>
    public static int Series(ReadOnlySpan<byte> text) => text.Count((byte)'\n') - text.Count("\n# "u8) - 1;

    private static string Kilobytes(ReadOnlyMemory<byte> bytes) => Finding.Text($"{bytes.Length / 1000.0:N0} kB");

    private static ReadOnlyMemory<byte> Zipped(ReadOnlyMemory<byte> bytes)
    {
        using var output = new MemoryStream();
        using (var zip = new GZipStream(output, CompressionLevel.Fastest))
        {
            zip.Write(bytes.Span);
        }

        return output.ToArray();
    }
}
