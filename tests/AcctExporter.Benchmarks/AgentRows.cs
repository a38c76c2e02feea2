// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;

namespace AcctExporter.Benchmarks;

/// <summary>The agent as a process: how soon it answers, and what memory it takes.</summary>
internal static class AgentRows
{
    private const int Pairs = 1_000;
    private const int Scrapes = 20;

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
        using var agent = new ServingAgent(
            $"--source={path}", $"--storage.path={storage}", $"--pairs.limit={Pairs}");
        var page = agent.WaitForPage();
        var seconds = Stopwatch.GetElapsedTime(agent.Started).TotalSeconds;
        if (!page.Contains($"\nacct_exits_total {totals.Exits}\n", StringComparison.Ordinal))
        {
            throw new WrongResultException($"the agent does not show {totals.Exits} exits at its first scrape");
        }

        for (var i = 1; i < Scrapes; i++)
        {
            _ = agent.Page() ?? throw new InvalidOperationException("the agent stops answering");
        }

        return (seconds, agent.ResidentMebibytes());
    }
}
