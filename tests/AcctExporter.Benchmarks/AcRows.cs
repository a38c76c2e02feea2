// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using AcctExporter.Reports;
using AcctExporter.Tests.Logins;

namespace AcctExporter.Benchmarks;

/// <summary>Connect time of a file of a million records: against GNU <c>ac</c>, which must say the same.</summary>
internal static class AcRows
{
    private const string Peer = "/usr/bin/ac";

    /// <summary>The total, and totals of each user of each day.</summary>
    public static IEnumerable<Finding> Run(Workbench bench)
    {
        var records = bench.Quick ? 100_000 : 1_000_000;
        var path = Path.Combine(bench.Directory, "wtmp");
        using (var file = File.Create(path))
        {
            new WtmpGenerator(7).Write(file, records);
        }

        foreach (var (what, options) in new[]
        {
            ("the total", new AcOptions { Files = [path] }),
            ("users of each day", new AcOptions { Files = [path], Daily = true, Individual = true }),
        })
        {
            string[] arguments = options.Daily ? ["-d", "-p", "-f", path] : ["-f", path];
            Check(options, arguments);
            var best = Effort.Interleave(
                bench.Rounds * 2,
                () => Effort.OfAllThreads(() => Ours(options)),
                () => Workbench.Measure(Peer, arguments),
                () => Workbench.Measure(Workbench.AcctExporter, ["ac", .. arguments]),
                () => Workbench.Measure(Workbench.AcctExporter, "ac", "-f", "/dev/null"));
            var (ours, peer, process, start) = (best[0], best[1], best[2], best[3]);
            var work = Finding.Text($"ac, {records / 1e6:0.#} M records, {what}");
            yield return Finding.Faster(
                $"{work}: ac", Rate(ours.CpuSeconds, records), Rate(peer.CpuSeconds, records),
                peer.CpuSeconds / ours.CpuSeconds, 2);
            yield return new Finding(
                $"{work}, by the clock: ac", Rate(ours.WallSeconds, records), Rate(peer.WallSeconds, records),
                Finding.Text($"{peer.WallSeconds / ours.WallSeconds:F2} x"));
            yield return new Finding(
                $"{work}, the process, by the clock: ac", Finding.Text($"{process.WallSeconds:F3} s"),
                Finding.Text($"{peer.WallSeconds:F3} s"),
                Finding.Text($"{process.WallSeconds / peer.WallSeconds:F2} of it, {start.WallSeconds:F3} s to start"));
        }
    }

    private static byte[] Ours(AcOptions options)
    {
        using var output = new MemoryStream();
        var io = new ReportIo(Stream.Null, output, TextWriter.Null, TimeProvider.System);
        return AcReport.Run(options, io) == ReadResult.Whole ? output.ToArray()
            : throw new WrongResultException("ac finds something wrong with its file");
    }

    private static void Check(AcOptions options, string[] arguments)
    {
        var ours = Lines(Encoding.UTF8.GetString(Ours(options)));
        var theirs = Lines(Workbench.Run(Peer, arguments));
        if (!ours.SequenceEqual(theirs))
        {
            throw new WrongResultException($"ac {string.Join(' ', arguments)} says {theirs.Length} lines, "
                + $"and ours {ours.Length}, or others");
        }

        Console.WriteLine($"  both say the same, in {theirs.Length} lines");
    }

    private static string[] Lines(string text) => [.. text.Split('\n').Order(StringComparer.Ordinal)];

    private static string Rate(double seconds, long records) => string.Create(
        CultureInfo.InvariantCulture, $"{seconds:F3} s = {records / seconds / 1e6:F1} M/s");
}
