// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Globalization;

namespace AcctExporter.Benchmarks;

/// <summary>
/// The real agent on the real kernel while processes end as fast as they do in a storm: what an exit costs it, whether
/// it counts each one, and what it costs the processes. Switches process accounting on, and off again.
/// </summary>
internal static class StormRows
{
    private const double BudgetMicroseconds = 10;
    private const int ExitsPerSecond = 20_000;

    /// <summary>A name of our own: what other tests on this machine do is not counted as ours.</summary>
    private static readonly string Command = $"storm-{Environment.ProcessId}";

    private static readonly TimeSpan LongestCatchUp = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Where pids come again within a second, messages of the first one are set aside: see the join's eras.
    /// </summary>
    private static readonly TimeSpan Quarantine = TimeSpan.FromSeconds(2.5);

    private static readonly (string Name, string[] Flags)[] Agents =
    [
        ("accounting alone", ["--taskstats.mode=off"]),
        ("with taskstats", ["--taskstats.mode=on"]),
        ("with taskstats and the label unit", ["--taskstats.mode=on", "--labels=user,command,unit"]),
    ];

    /// <summary>Each agent in turn, five rounds; a row says so when it cannot be had here.</summary>
    public static IEnumerable<Finding> Run(Workbench bench)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            return [new Finding("the real agent in a storm", "not measured: it needs root")];
        }

        var storm = bench.Storm();
        var exits = bench.Quick ? 10_000 : 40_000;
        var without = Effort.Worst;
        var best = new Round[Agents.Length];
        Array.Fill(best, Round.Worst);
        var missing = new string?[Agents.Length];
        for (var round = 0; round < bench.Rounds; round++)
        {
            without = without.Best(Storm(storm, exits, rate: 0));
            for (var i = 0; i < Agents.Length; i++)
            {
                try
                {
                    best[i] = best[i].Best(Once(bench, storm, exits, Agents[i].Flags));
                }
                catch (InvalidOperationException error)
                {
                    missing[i] = error.Message;
                }
            }
        }

        return [.. Enumerable.Range(0, Agents.Length).SelectMany(i => best[i] == Round.Worst
            ? [new Finding($"storm, {Agents[i].Name}", Finding.Text($"not measured: {missing[i]}"))]
            : Rows(Agents[i].Name, exits, best[i], without))];
    }

    private static IEnumerable<Finding> Rows(string agent, int exits, Round best, Effort without) =>
    [
        Finding.AtMost($"storm of {ExitsPerSecond} exits a second, {agent}: CPU of an exit",
            best.AgentSeconds / exits * 1e6, BudgetMicroseconds, "us",
            Finding.Text($"{exits} of {exits} counted, {best.Unenriched} without messages, {best.Drops} dropped")),
        new($"the processes of a storm, {agent}: CPU of one, from fork to wait",
            Finding.Text($"{best.Unthrottled.CpuSeconds / exits * 1e6:F1} us"),
            Finding.Text($"{without.CpuSeconds / exits * 1e6:F1} us without an agent"),
            Finding.Text($"{best.Unthrottled.CpuSeconds / without.CpuSeconds:F2} x")),
    ];

    /// <summary>A storm without a limit, by which the agent gets its code compiled, and the measured one.</summary>
    private static Round Once(Workbench bench, string storm, int exits, string[] flags)
    {
        var state = bench.NewDirectory("agent");
        using var agent = new ServingAgent(
            [$"--accounting.path={state}/segments", $"--storage.path={state}/storage", "--accounting.on-exit=off",
                .. flags]);
        var page = agent.WaitForPage();
        Thread.Sleep(Quarantine);
        var unthrottled = Storm(storm, exits, rate: 0);
        var before = Counted(agent, page, exits);
        _ = Storm(storm, exits, ExitsPerSecond);
        var after = Counted(agent, before, exits);
        return new Round(
            Of(after, "process_cpu_seconds_total") - Of(before, "process_cpu_seconds_total"),
            unthrottled,
            Of(after, "acct_exporter_exits_unenriched_total") - Of(before, "acct_exporter_exits_unenriched_total"),
            Of(after, "acct_exporter_taskstats_drops_total")
                + Of(after, "acct_exporter_process_connector_drops_total"));
    }

    private static Effort Storm(string storm, int exits, int rate) => Workbench.Measure(storm, "--fast", "--count",
        exits.ToString(CultureInfo.InvariantCulture), "--parallel", rate == 0 ? "1" : "2", "--rate",
        rate.ToString(CultureInfo.InvariantCulture), "--name", Command);

    /// <summary>The page with so many exits of the storm more than before; fails when it is any other number.</summary>
    private static string Counted(ServingAgent agent, string before, int exits)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            var page = agent.Page() ?? throw new InvalidOperationException("the agent stops answering");
            var counted = OfStorm(page) - OfStorm(before);
            if (counted == exits)
            {
                return page;
            }

            if (Of(page, "acct_exporter_accounting_taken_total") > 0)
            {
                throw new InvalidOperationException("another program took process accounting away meanwhile");
            }

            if (counted > exits || clock.Elapsed > LongestCatchUp)
            {
                throw new WrongResultException($"the agent counts {counted} exits of a storm of {exits}");
            }

            Thread.Sleep(20);
        }
    }

    /// <summary>Exits of the storm, whatever other labels they have.</summary>
    private static double OfStorm(string page) => page.Split('\n')
        .Where(line => line.StartsWith("acct_process_exits_total{", StringComparison.Ordinal)
            && line.Contains($"command=\"{Command}\"", StringComparison.Ordinal))
        .Sum(Value);

    /// <summary>A sum over all series of a metric; 0 when there is none.</summary>
    private static double Of(string page, string metric) => page.Split('\n')
        .Where(line => line.StartsWith(metric, StringComparison.Ordinal) && line[metric.Length] is ' ' or '{')
        .Sum(Value);

    private static double Value(string line) =>
        double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture);

    private readonly record struct Round(double AgentSeconds, Effort Unthrottled, double Unenriched, double Drops)
    {
        public static readonly Round Worst = new(double.PositiveInfinity, Effort.Worst, 0, 0);

        /// <summary>The better in each figure of cost; losses are told, so the worse.</summary>
        public Round Best(Round other) => new(
            Math.Min(AgentSeconds, other.AgentSeconds), Unthrottled.Best(other.Unthrottled),
            Math.Max(Unenriched, other.Unenriched), Math.Max(Drops, other.Drops));
    }
}
