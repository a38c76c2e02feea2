// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace AcctExporter.Metrics;

/// <summary>The catalog for people: <c>docs/metrics.md</c>, and a plain table for the terminal.</summary>
internal static class MetricsDocument
{
    private const string Introduction =
        """
        # Metrics

        <!-- Generated from the catalog: acct-exporter metrics --format markdown. Do not edit. -->

        Every process that ends on a host is counted once: under which name and owner it ended, how, and what it cost.
        The figures come from the kernel's own accounting records (acct(2)), so a process that lives for a millisecond
        is counted like any other. Counters go on over restarts of the agent.

        - **Pairs** have the labels `user` and `command`, and those of the optional labels `group`, `unit`, `container`
          and `pod` that `--labels` asks for and that are known of the process. There is a limit on pairs; an exit over
          it is counted under `user="other",command="other"`. A pair idle for a day may give its place up.
        - **Host totals**, the same names without `process`, have neither label, start at 0, and are exact whatever the
          limit did.
        - **Logins** have the label `user` or `tty` where it is about users or lines. There are limits on both
          (`logins.users-limit`, `logins.lines-limit`); what is over them is counted under `other`. A host that keeps no
          record of logins has none of these series. More: [logins](logins.md).
        - **The accounting suite** has the totals of its users (`suite.users-limit`, the rest under `other`), and of
          groups where `suite.groups` asks for them. They are gauges: a daily run, and the close of a period, set
          them back. A host where it never ran has none of these series. More: [suite](suite.md).
        - **The agent** says whether the figures can be believed.

        Exits = successes + failures + deaths by signal. Core dumps are among the deaths.

        ## What the figures cannot tell

        - **What taskstats add** (input and output, resident memory, delays) is known of exits whose messages came, and
          shown only where there are such exits. The agent counts the others (exits unenriched), and the count of each
          histogram says over how many exits it is.
        - **CPU time** is as exact as the kernel's own. Where taskstats did not tell it, it is what the accounting file
          says: user and system time of each process, each cut down to whole ticks of 10 ms. A storm of processes of
          2 ms shows as no CPU time at all then.
        - **The name** of a program with threads is that of its first thread; without taskstats, that of the thread that
          ended last. Names have 15 bytes at most. A process that never called exec bears the name of its parent.
        - **The user** is the real user id, not the effective one, and **the group** likewise. A name is as it was when
          the pair was first seen.
        - **Unit, container and pod** are read from the name of the control group. Whoever may make control groups may
          give them any name. A process that is moved without running another program is seen where it was before.
        - **Virtual memory** is the size of the address space at the end: neither a peak nor resident memory.
        - **Input and output** are sums over threads, of which each is rounded down to 1 KiB.
        - **Delays** need `kernel.task_delayacct=1`, and processes forked after it was set. A reason that this kernel
          does not measure has no series.
        - **What still runs** is not counted. A daemon's CPU time appears when it ends.
        - **While accounting is off** nothing is recorded. The agent's own figures say when that was.

        A figure that is not known is left out, never shown as 0.

        """;

    /// <summary>The whole document, in Markdown.</summary>
    public static void WriteMarkdown(TextWriter output)
    {
        output.Write(Introduction.ReplaceLineEndings("\n"));
        WriteSection(output, "Pairs of user and command", MetricScope.Pair);
        WriteSection(output, "Host totals", MetricScope.Host);
        WriteSection(output, "Logins", MetricScope.Logins);
        WriteSection(output, "The accounting suite", MetricScope.Suite);
        WriteSection(output, "The agent and the kernel's accounting", MetricScope.Agent);
        output.Write("\n## Bounds of the histograms\n\nUnless `histograms.*` says otherwise: see "
            + "[configuration.md](configuration.md).\n\n| metrics | `le` besides `+Inf` |\n| --- | --- |\n");
        foreach (var family in Catalog.All.Where(family => family.Scope == MetricScope.Pair))
        {
            if (family.Kind == MetricKind.Histogram)
            {
                var names = $"`{family.Name}`, `{family.ForHost().Name}`";
                output.Write($"| {names} | {string.Join(", ", family.Source.BoundTexts)} |\n");
            }
        }
    }

    /// <summary>One line a metric, in columns.</summary>
    public static void WriteTable(TextWriter output)
    {
        string[][] rows =
        [
            ["NAME", "OPENTELEMETRY", "TYPE", "UNIT", "LABELS", "SERIES", "STABILITY", "HELP"],
            .. Catalog.All.Select(family => (string[])
            [
                family.Name, family.OTelName, FamilyWriter.KindText(family.Kind), OrDash(family.Unit),
                OrDash(string.Join(',', family.Labels)), Series(family), Stability(family), family.Help,
            ]),
        ];
        var widths = rows[0].Select((_, column) => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
        {
            var cells = row.Select((cell, column) => column == row.Length - 1 ? cell : cell.PadRight(widths[column]));
            output.Write($"{string.Join("  ", cells)}\n");
        }
    }

    private static void WriteSection(TextWriter output, string title, MetricScope scope)
    {
        output.Write($"\n## {title}\n\n");
        output.Write("| metric | type | labels | series at most | stability | OpenTelemetry name, unit | help |\n");
        output.Write("| --- | --- | --- | --- | --- | --- | --- |\n");
        foreach (var family in Catalog.All.Where(family => family.Scope == scope))
        {
            var labels = string.Join(", ", family.Labels.Select(label => $"`{label}`"));
            var unit = family.Unit.Length == 0 ? "" : $", `{family.Unit}`";
            var name = family.ScrapeOnly ? "not pushed" : $"`{family.OTelName}`{unit}";
            output.Write($"| `{family.Name}` | {FamilyWriter.KindText(family.Kind)} | {labels} | {Series(family)} "
                + $"| {Stability(family)} | {name} | {family.Help}{Remark(family)} |\n");
        }
    }

    private static string Remark(MetricFamily family) =>
        family.AllHistogramsOnly ? " Shown when every pair is to have every histogram; as a native one always." : "";

    private static string Series(MetricFamily family)
    {
        var count = family.Source.SeriesMax.ToString(CultureInfo.InvariantCulture);
        return family.Scope == MetricScope.Pair ? $"{count} a pair" : count;
    }

    private static string Stability(MetricFamily family) =>
        family.Stability == MetricStability.Stable ? "stable" : "experimental";

    private static string OrDash(string text) => text.Length == 0 ? "-" : text;
}
