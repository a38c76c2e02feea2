// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;

namespace AcctExporter.Metrics;

/// <summary>
/// Every metric of the product, one row each, and the only place that spells one. <c>/metrics</c>, the pushed
/// instruments, <c>docs/metrics.md</c>, the <c>metrics</c> command and the checks on dashboards and alerts read it.
/// </summary>
internal static partial class Catalog
{
    /// <summary>All rows in the order in which a scrape shows them: pairs, host, logins,
    /// suite, accounting, agent.</summary>
    public static IReadOnlyList<MetricFamily> All { get; } = For(HistogramBounds.Default);

    /// <summary>The same rows with other bounds of the classic histograms: what an agent shows and pushes.</summary>
    public static IReadOnlyList<MetricFamily> For(HistogramBounds bounds) =>
    [
        .. ExitFamilies(bounds),
        .. TaskFamilies(bounds),
        .. ExitFamilies(bounds).Select(family => family.ForHost()),
        .. TaskFamilies(bounds).Select(family => family.ForHost()),
        .. LoginFamilies(),
        .. SuiteFamilies(),
        .. AccountingFamilies(),
        .. AgentFamilies(),
        .. ProcessFamilies(),
    ];

    private static MetricFamily Agent(string name, string unit, MetricKind kind, string help, AgentValue value) =>
        Agent(name, unit, kind, help, new AgentPoints([], new AgentPoint([], value)));

    private static MetricFamily Agent(string name, string unit, MetricKind kind, string help, MetricSource source) =>
        new(name, unit, kind, MetricScope.Agent, source, help) { Stability = MetricStability.Experimental };

    /// <summary>One point for each value of one label.</summary>
    private static AgentPoints Each<T>(
        string label, IEnumerable<T> keys, Func<T, string> text, Func<T, AgentValue> value) =>
        new([label], [.. keys.Select(key => new AgentPoint([text(key)], value(key)))]);
}
