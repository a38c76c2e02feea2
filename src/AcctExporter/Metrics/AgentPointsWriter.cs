// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Metrics;

/// <summary>Writes the agent's own figures; those that are not known have no series.</summary>
internal sealed class AgentPointsWriter : FamilyWriter
{
    private readonly AgentPoints source;
    private readonly PointSeries[] series;

    public AgentPointsWriter(MetricFamily family, AgentPoints source)
        : base(family)
    {
        this.source = source;
        series = [.. source.Points.Select(point => new PointSeries(family, Labels(point)))];
    }

    /// <inheritdoc/>
    public override int Rows(ScrapeData scrape)
    {
        foreach (ref readonly var point in source.Points.AsSpan())
        {
            if (point.Value(scrape).IsPresent)
            {
                return 1;
            }
        }

        return 0;
    }

    /// <inheritdoc/>
    public override int LongestRow(ScrapeData scrape, int row) => Longest(series, 0);

    /// <inheritdoc/>
    public override void WriteRow(ref PointWriter points, ScrapeData scrape, int row)
    {
        var since = StartedUnixMicroseconds(scrape);
        for (var i = 0; i < series.Length; i++)
        {
            points.Put(series[i], [], source.Points[i].Value(scrape), since);
        }
    }

    private long StartedUnixMicroseconds(ScrapeData scrape) =>
        Family.SinceStart ? scrape.Agent.Process.StartUnixMicroseconds
        : Family.Scope == MetricScope.Logins ? scrape.Logins?.SinceUnixMicroseconds ?? 0
        : Family.Scope == MetricScope.Suite ? 0 // its files do not say since when
        : scrape.CreatedUnixMicroseconds(null);

    private IEnumerable<MetricLabel> Labels(AgentPoint point) =>
        source.LabelKeys.Zip(point.LabelValues, (key, value) => new MetricLabel(key, value));
}
