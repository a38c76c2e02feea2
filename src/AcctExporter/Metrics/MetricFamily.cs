// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Metrics;

/// <summary>What a metric's value means over time.</summary>
internal enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>What one series of a metric stands for.</summary>
internal enum MetricScope
{
    /// <summary>A pair of user and command.</summary>
    Pair,

    /// <summary>Everything that ended on the host: no labels of user and command, exact, from 0.</summary>
    Host,

    /// <summary>Logins: of a user, on a line, or of the whole host.</summary>
    Logins,

    /// <summary>The accounting suite: its totals by user, and how its runs go.</summary>
    Suite,

    /// <summary>The agent itself, or the kernel's accounting as the agent sees it.</summary>
    Agent,
}

/// <summary>What is promised of a metric's name, labels and meaning.</summary>
internal enum MetricStability
{
    /// <summary>Changes only with a major version, and the change log says what to query instead.</summary>
    Stable,

    /// <summary>May change with any version; the change log says so.</summary>
    Experimental,
}

/// <summary>One row of the <see cref="Catalog"/>: everything that any reader needs to know of one metric.</summary>
/// <param name="OTelName">The OpenTelemetry name, from which the Prometheus name is derived.</param>
/// <param name="Unit">The OpenTelemetry unit: <c>s</c>, <c>By</c>, <c>1</c>, an annotation in braces, nothing.</param>
/// <param name="Kind">Counter, gauge or histogram.</param>
/// <param name="Scope">What a series stands for.</param>
/// <param name="Source">Where the values come from, and the labels besides those of the scope.</param>
/// <param name="Help">One or two sentences, shown by every server.</param>
internal sealed record MetricFamily(
    string OTelName, string Unit, MetricKind Kind, MetricScope Scope, MetricSource Source, string Help)
{
    private static readonly string[] PairLabels = ["user", "command"];

    /// <summary>What is promised of it.</summary>
    public MetricStability Stability { get; init; } = MetricStability.Stable;

    /// <summary>For <c>/metrics</c> alone: a push says the same by other means (resource, SDK).</summary>
    public bool ScrapeOnly { get; init; }

    /// <summary>Shown only when every pair is to have every histogram.</summary>
    public bool AllHistogramsOnly { get; init; }

    /// <summary>A counter that starts again with the agent; the others go on over restarts.</summary>
    public bool SinceStart { get; init; }

    /// <summary>The name on <c>/metrics</c>, with the suffix of its unit and kind.</summary>
    public string Name => PrometheusName.Of(OTelName, Unit, Kind);

    /// <summary>
    /// The labels of its series, those of the scope first. Pairs may have optional ones between: group, unit,
    /// container, pod.
    /// </summary>
    public IReadOnlyList<string> Labels =>
        Scope == MetricScope.Pair ? [.. PairLabels, .. Source.LabelKeys] : Source.LabelKeys;

    /// <summary>Each row has labels of its own, which stand before the others.</summary>
    public bool HasRowLabels => Scope == MetricScope.Pair || Source is TableRows;

    /// <summary>The row for the whole host that belongs to a row of pairs: the same without <c>process</c>.</summary>
    public MetricFamily ForHost() => this with
    {
        OTelName = OTelName.Replace("acct.process.", "acct.", StringComparison.Ordinal),
        Scope = MetricScope.Host,
        Help = Help + " Whole host.",
        AllHistogramsOnly = false,
    };
}
