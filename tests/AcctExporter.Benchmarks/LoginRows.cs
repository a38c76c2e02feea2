// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Reports;
using AcctExporter.Tests.Logins;

namespace AcctExporter.Benchmarks;

/// <summary>
/// The list of a login file of a million records: against <c>last</c> of util-linux, whose bytes it must have.
/// </summary>
internal static class LoginRows
{
    private const string Peer = "/usr/bin/last";

    /// <summary>As it is usually called, and with everything.</summary>
    public static IEnumerable<Finding> Last(Workbench bench)
    {
        var records = bench.Quick ? 100_000 : 1_000_000;
        var path = Path.Combine(bench.Directory, "wtmp-last");
        using (var file = File.Create(path))
        {
            new WtmpGenerator(1).Write(file, records);
        }

        foreach (var (arguments, options) in new[]
        {
            ("", new LastOptions()),
            ("-F -w ", new LastOptions { Times = LastTimes.Full, FullNames = true }),
        })
        {
            string[] words = [.. arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries), "-f", path];
            var asked = options with { Files = [path] };
            Check(words, asked);
            var best = Effort.Interleave(
                bench.Rounds * 2,
                () => Effort.OfAllThreads(() => List(asked, "/dev/null")),
                () => Workbench.Measure(Peer, words),
                () => Workbench.Measure(Workbench.AcctExporter, ["last", .. words]),
                () => Workbench.Measure(Workbench.AcctExporter, "last", "-f", "/dev/null"));
            var (ours, peer, process, start) = (best[0], best[1], best[2], best[3]);
            var work = Finding.Text($"last {arguments}of {records / 1e6:0.#} M records");
            yield return Finding.Faster(
                $"{work}: last", Rate(ours, records), Rate(peer, records), peer.CpuSeconds / ours.CpuSeconds, 5);
            yield return Finding.Faster(
                $"the process `last {arguments}`: last", Rate(process, records), Rate(peer, records),
                peer.CpuSeconds / process.CpuSeconds, 5);
            yield return new Finding(
                $"the process `last {arguments}` by the clock, and of an empty file",
                Finding.Text($"{process.WallSeconds:F3} s, {start.WallSeconds:F3} s"),
                Finding.Text($"{peer.WallSeconds:F3} s"),
                Finding.Text($"{peer.WallSeconds / process.WallSeconds:F2} x"));
        }
    }

    private static void List(LastOptions options, string output)
    {
        using var stream = new FileStream(
            output, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        var io = new ReportIo(Stream.Null, stream, TextWriter.Null, TimeProvider.System);
        if (new LastReport(io, options).Run() != ReadResult.Whole)
        {
            throw new WrongResultException("last finds something wrong with its file");
        }
    }

    private static void Check(string[] arguments, LastOptions options)
    {
        var output = Path.GetTempFileName();
        try
        {
            List(options, output);
            var (theirs, ours) = (Workbench.Run(Peer, arguments), File.ReadAllText(output));
            if (theirs != ours)
            {
                throw new WrongResultException(
                    $"last {string.Join(' ', arguments)} has {theirs.Length} bytes, and ours {ours.Length}, or others");
            }

            Console.WriteLine(Finding.Text($"  both list the same, {theirs.Length} bytes"));
        }
        finally
        {
            File.Delete(output);
        }
    }

    private static string Rate(Effort effort, long records) =>
        Finding.Text($"{effort.CpuSeconds:F3} s = {records / effort.CpuSeconds / 1e6:F1} M/s");
}
