// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace AcctExporter.Benchmarks;

/// <summary>
/// What is shipped, as a process: its size, how soon it answers, and the memory of 1,000 pairs after many scrapes,
/// without a push and with one that nobody takes. In a PID namespace of its own.
/// </summary>
internal static class PublishedRun
{
    private const string Usage = "usage: --published FOLDER (as deploy/publish.sh makes it); root";
    private const int Pairs = 1_000;
    private const int Starts = 10;
    private const int Scrapes = 1_000;

    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);

    /// <summary>Runs it; returns the exit code.</summary>
    public static int Run(string[] args)
    {
        var at = Array.IndexOf(args, "--published");
        if (at + 1 >= args.Length || !File.Exists(Path.Combine(args[at + 1], "acct-exporter")))
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        var folder = Path.GetFullPath(args[at + 1]);
        var bytes = Directory.GetFiles(folder).Sum(file => new FileInfo(file).Length);
        using var bench = new Workbench(quick: true);
        using var inside = new PidNamespace();
        var (path, totals) = bench.SmallWithPairs(Pairs);
        Finding[] findings =
        [
            new("size of the program and its library", Finding.Text($"{bytes / 1e6:F1} MB")),
            .. Measure(bench, inside, folder, path, totals, "", 64, []),
            .. Measure(bench, inside, folder, path, totals, ", pushing", 96,
                ["--otlp.endpoint=http://127.0.0.1:9", "--otlp.interval=1s"]),
        ];
        Table.Print(findings, Console.Out);
        return 0;
    }

    private static IEnumerable<Finding> Measure(Workbench bench, PidNamespace inside, string folder, string path,
        FileTotals totals, string how, double budgetMebibytes, string[] flags)
    {
        var storage = bench.NewDirectory("storage");
        var times = new List<double>();
        for (var start = 0; start <= Starts; start++)
        {
            using var agent = ServingAgent.Through(
                ["nsenter", "-t", $"{inside.FirstPid}", "-p", "-m", "--"], Path.Combine(folder, "acct-exporter"),
                [$"--source={path}", $"--storage.path={storage}", $"--pairs.limit={Pairs}", .. flags]);
            var page = agent.WaitForPage();
            var seconds = Stopwatch.GetElapsedTime(agent.Started).TotalSeconds;
            if (!page.Contains($"\nacct_exits_total {totals.Exits}\n", StringComparison.Ordinal))
            {
                throw new WrongResultException($"the agent does not show {totals.Exits} exits at its first scrape");
            }

            // The first start counts the file; the later ones find no backlog.
            if (start > 0)
            {
                times.Add(seconds);
            }

            if (start == Starts)
            {
                for (var scrape = 0; scrape < Scrapes; scrape++)
                {
                    _ = agent.Page() ?? throw new InvalidOperationException("the agent stops answering");
                }

                Thread.Sleep(Idle);
                yield return Finding.AtMost(
                    $"resident memory{how}, {Pairs} pairs, {Scrapes} scrapes", agent.ResidentMebibytes(),
                    budgetMebibytes, "MiB");
                yield return new Finding($"of it nobody else's{how} (PSS)",
                    Finding.Text($"{ProportionalMebibytes(agent.Pid):F0} MiB"));
            }
        }

        times.Sort();
        yield return Finding.AtMost($"start to the first answered scrape{how}, best", times[0], 0.4, "s");
        yield return Finding.AtMost($"start{how}, median of {Starts}", times[times.Count / 2], 0.4, "s");
    }

    private static double ProportionalMebibytes(int pid) => File.ReadLines($"/proc/{pid}/smaps_rollup")
        .Where(line => line.StartsWith("Pss:", StringComparison.Ordinal))
        .Select(line => double.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1],
            System.Globalization.CultureInfo.InvariantCulture) / 1024).Single();
}
