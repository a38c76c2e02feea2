// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;

namespace AcctExporter.Metrics;

/// <content>What is counted of ended processes. Each row is two metrics: of pairs, and of the host.</content>
internal static partial class Catalog
{
    private static MetricFamily[] ExitFamilies(HistogramBounds bounds) =>
    [
        Exits("acct.process.exits", "{exit}",
            "Processes that ended. Successes are exits without failures and signals.",
            (in row) => row.Exits),
        Exits("acct.process.failures", "{exit}",
            "Processes that exited by themselves with a code other than 0. Deaths by signal are not among them.",
            (in row) => row.Failures),
        Deaths("acct.process.signals", coresOnly: false,
            "Processes that a signal ended, with or without a core."),
        Deaths("acct.process.core_dumps", coresOnly: true,
            "Processes that a signal ended and that left a core, as the wait status says."),
        Figures("acct.process.cpu.time", "s",
            "CPU time of ended processes. Where taskstats did not tell it, it is cut down to whole ticks of 10 ms.",
            new RowPoints("mode", FigureForm.Microseconds,
                new("user", (in row) => row.UserMicroseconds),
                new("system", (in row) => row.SystemMicroseconds))),
        Figures("acct.process.page_faults", "{fault}",
            "Page faults of ended processes: major ones waited for storage.",
            new RowPoints("fault", FigureForm.Count,
                new("minor", (in row) => row.MinorFaults),
                new("major", (in row) => row.MajorFaults))),
        Exits("acct.process.forks_without_exec", "{exit}",
            "Ended processes that had been forked and never ran a program of their own.",
            (in row) => row.ForksWithoutExec),
        Exits("acct.process.privileged_exits", "{exit}",
            "Ended processes that had used a privilege of the superuser. Not the same as processes of root.",
            (in row) => row.PrivilegedExits),
        Histogram("acct.process.duration", "s",
            "Time from start to end of ended processes.",
            new RowBuckets(RowHistogram.Duration, FigureForm.Microseconds, bounds.DurationMicroseconds,
                (in row) => row.ElapsedMicroseconds)),
        Histogram("acct.process.cpu.per_exit", "s",
            "CPU time of each ended process, user and system together. Where taskstats did not tell it, each is cut "
            + "down to whole ticks of 10 ms.",
            new RowBuckets(RowHistogram.Cpu, FigureForm.Microseconds, bounds.CpuMicroseconds,
                (in row) => row.UserMicroseconds + row.SystemMicroseconds)),
        Histogram("acct.process.virtual_memory", "By",
            "Address space of ended processes at their end: neither a peak nor resident memory.",
            new RowBuckets(RowHistogram.VirtualMemory, FigureForm.Count, bounds.VirtualMemoryBytes,
                (in row) => row.VirtualMemoryBytes)) with { AllHistogramsOnly = true },
    ];

    private static MetricFamily Exits(string name, string unit, string help, RowValue value) =>
        Figures(name, unit, help, new RowPoints(null, FigureForm.Count, new RowPoint("", value)));

    private static MetricFamily Deaths(string name, bool coresOnly, string help) =>
        new(name, "{exit}", MetricKind.Counter, MetricScope.Pair, new SignalPoints(coresOnly), help);

    private static MetricFamily Figures(string name, string unit, string help, RowPoints points) =>
        new(name, unit, MetricKind.Counter, MetricScope.Pair, points, help);

    private static MetricFamily Histogram(string name, string unit, string help, RowBuckets buckets) =>
        new(name, unit, MetricKind.Histogram, MetricScope.Pair, buckets, help);
}
