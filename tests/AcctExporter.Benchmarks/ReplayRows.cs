// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text.RegularExpressions;
using AcctExporter.Capture;
using AcctExporter.Ledger;

namespace AcctExporter.Benchmarks;

/// <summary>
/// Whole files into pairs with histograms, on one core: against a plain C loop and against GNU <c>sa</c>.
/// </summary>
internal static partial class ReplayRows
{
    private const long Now = 1_700_000_000_000_000;

    /// <summary>Up to 10,000 pairs.</summary>
    public static IEnumerable<Finding> Usual(Workbench bench)
    {
        var (path, totals) = bench.Usual();
        CheckPeers(bench, path, totals);
        CheckProcess(path, totals, Workbench.UsualLimit);
        var best = Effort.Interleave(
            bench.Rounds,
            () => Ours(path, totals, Workbench.UsualLimit),
            () => Workbench.Measure(bench.PlainC(), path),
            () => Workbench.Measure(Workbench.AcctExporter, ReplayArguments(path, Workbench.UsualLimit)),
            () => Workbench.Measure(Workbench.Sa(), "-i", path),
            () => Workbench.Measure(
                Workbench.AcctExporter, ReplayArguments(path, LedgerOptions.DefaultPairLimit)));
        var (ours, c, process, sa, limited) = (best[0], best[1], best[2], best[3], best[4]);
        var work = Finding.Text($"count {totals.Exits / 1e6:0.#} M records into {totals.Pairs} pairs");
        return
        [
            Faster($"{work}: sa -i", ours, sa, totals, 4),
            Within($"{work}: plain C", ours, c, totals, 1.3),
            Faster("the process `replay`, all pairs printed: sa -i", process, sa, totals, 4),
            Within("the process `replay`, all pairs printed: plain C", process, c, totals, 1.3),
            Faster("the process `replay`, default limit: sa -i", limited, sa, totals, 4),
            Within("the process `replay`, default limit: plain C", limited, c, totals, 1.3),
        ];
    }

    /// <summary>300,000 raw keys, with rows for all of them, and with the rows of the default limit.</summary>
    public static IEnumerable<Finding> RandomKeys(Workbench bench)
    {
        var (path, totals) = bench.RandomKeys();
        CheckPeers(bench, path, totals);
        var folded = totals with { Pairs = LedgerOptions.DefaultPairLimit + 1 };
        var best = Effort.Interleave(
            bench.Rounds,
            () => Ours(path, totals, Workbench.KeysLimit),
            () => Workbench.Measure(bench.PlainC(), path),
            () => Ours(path, folded, LedgerOptions.DefaultPairLimit),
            () => Workbench.Measure(Workbench.Sa(), "-i", path));
        var (ours, c, limited, sa) = (best[0], best[1], best[2], best[3]);
        var work = Finding.Text($"count {totals.Exits / 1e6:0.#} M records of {totals.Pairs} raw keys");
        return
        [
            Faster($"{work}: sa -i", ours, sa, totals, 2.5),
            Within($"{work}: plain C", ours, c, totals, 1),
            new Finding($"the same with the default limit of {LedgerOptions.DefaultPairLimit} pairs: plain C",
                Rate(limited, totals), Rate(c, totals), Finding.Text($"{limited.CpuSeconds / c.CpuSeconds:F2} of it")),
        ];
    }

    /// <summary>
    /// What two threads would give that count a part of the file each, in a ledger of its own: the upper limit of any
    /// reading with two. One thread counts the file twice, then two threads count it at the same time.
    /// </summary>
    public static IEnumerable<Finding> TwoCores(Workbench bench)
    {
        var (path, totals) = bench.Usual();
        Ours(path, totals, Workbench.UsualLimit);
        var best = Effort.Interleave(
            bench.Rounds,
            () => Effort.OfAllThreads(() =>
            {
                Ours(path, totals, Workbench.UsualLimit);
                Ours(path, totals, Workbench.UsualLimit);
            }),
            () => Effort.OfAllThreads(() => Parallel.For(0, 2, _ => Ours(path, totals, Workbench.UsualLimit))));
        var (one, two) = (best[0].WallSeconds, best[1].WallSeconds);
        yield return new Finding("two threads with ledgers of their own, by the clock (not built: see below)",
            Finding.Text($"{two:F3} s"), Finding.Text($"{one:F3} s on one"), Finding.Text($"{one / two:F2} x"),
            "at least 1.6 x");
    }

    /// <summary>Counts a file in this process, on this thread, and looks whether it is right.</summary>
    private static Effort Ours(string path, FileTotals truth, int pairLimit)
    {
        using var ledger = NewLedger(pairLimit);
        var effort = Effort.Of(() =>
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            new FileReplay(ledger, Now).Read(file);
        });
        FileTotals.Of(ledger).MustBe(truth, "the ledger");
        return effort;
    }

    /// <summary>A ledger as `replay` has it: with what text shows, and nothing more.</summary>
    private static ExitLedger NewLedger(int pairLimit) =>
        new(new LedgerOptions { PairLimit = pairLimit, NativeHistograms = false }, NameOf);

    private static string NameOf(uint uid) => uid.ToString(CultureInfo.InvariantCulture);

    private static string[] ReplayArguments(string path, int pairLimit) =>
        ["replay", path, $"--pairs.limit={pairLimit}"];

    private static Finding Faster(string what, Effort ours, Effort peer, FileTotals totals, double least) =>
        Finding.Faster(what, Rate(ours, totals), Rate(peer, totals), peer.CpuSeconds / ours.CpuSeconds, least);

    private static Finding Within(string what, Effort ours, Effort peer, FileTotals totals, double most) =>
        Finding.Within(what, Rate(ours, totals), Rate(peer, totals), ours.CpuSeconds / peer.CpuSeconds, most);

    private static void CheckPeers(Workbench bench, string path, FileTotals truth)
    {
        var c = FileTotals.OfC(Workbench.Run(bench.PlainC(), path));
        c.MustBe(truth, "the plain C loop");
        using var ledger = NewLedger(Workbench.KeysLimit);
        using (var file = File.OpenRead(path))
        {
            new FileReplay(ledger, Now).Read(file);
        }

        FileTotals.Of(ledger).MustBe(c, "the ledger");
        // " 10000000   12345.67re    1234.56cp ...": calls, then minutes with two decimals.
        var first = Workbench.Run(Workbench.Sa(), "-i", path).Split('\n', 2)[0];
        var figures = SaTotals().Match(first);
        if (!figures.Success || Number(figures.Groups[1]) != truth.Exits
            || Math.Abs(Number(figures.Groups[2]) - truth.CpuMinutes) > 0.01)
        {
            throw new WrongResultException($"sa says '{first}', and it is {truth}");
        }

        Console.WriteLine(Finding.Text(
            $"  all count the same: {truth.Exits} exits, {truth.Pairs} pairs, {truth.CpuMinutes:F2} minutes of CPU"));
    }

    private static void CheckProcess(string path, FileTotals truth, int pairLimit)
    {
        var text = Workbench.Run(Workbench.AcctExporter, ReplayArguments(path, pairLimit));
        var exits = HostExits().Match(text);
        var cpu = HostCpu().Matches(text).Sum(mode => Number(mode.Groups[1]));
        if (!exits.Success || Number(exits.Groups[1]) != truth.Exits || Math.Abs((cpu / 60) - truth.CpuMinutes) > 1e-6)
        {
            throw new WrongResultException($"`replay` says {exits.Value} and {cpu} s of CPU, and it is {truth}");
        }
    }

    private static double Number(Group group) => double.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    private static string Rate(Effort effort, FileTotals totals) =>
        Finding.Text($"{effort.CpuSeconds:F3} s = {totals.Exits / effort.CpuSeconds / 1e6:F1} M/s");

    [GeneratedRegex(@"^ *(\d+) +[\d.]+re +([\d.]+)cp")]
    private static partial Regex SaTotals();

    [GeneratedRegex(@"^acct_exits_total (\d+)$", RegexOptions.Multiline)]
    private static partial Regex HostExits();

    [GeneratedRegex(@"^acct_cpu_time_seconds_total\{.*\} ([\d.]+)$", RegexOptions.Multiline)]
    private static partial Regex HostCpu();
}
