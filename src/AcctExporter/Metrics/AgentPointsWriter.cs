// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Metrics;

/// <summary>Writes the agent's own figures; those that are not known have no series.</summary>
internal sealed class AgentPointsWriter : FamilyWriter
{
    private readonly AgentPoints source;
    private readonly SeriesText[] series;
    private readonly SeriesText[] created;
    private readonly int fixedBytes;

    public AgentPointsWriter(MetricFamily family, AgentPoints source)
        : base(family)
    {
        this.source = source;
        series = [.. source.Points.Select(point => SeriesText.For(family.HasRowLabels, family.Name, Labels(point)))];
        created = [.. source.Points.Select(point => CreatedSeries(Labels(point)))];
        fixedBytes = (2 * series.Length * LineWriter.LongestNumber) + series.Sum(text => text.Length)
            + created.Sum(text => text.Length);
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
    public override int LongestRow(ScrapeData scrape, int row) => fixedBytes;

    /// <inheritdoc/>
    public override void WriteRow(ref LineWriter line, ScrapeData scrape, int row)
    {
        for (var i = 0; i < series.Length; i++)
        {
            var reading = source.Points[i].Value(scrape);
            if (!reading.IsPresent)
            {
                continue;
            }

            series[i].Put(ref line, []);
            reading.Write(ref line);
            line.EndLine();
            if (Family.Kind == MetricKind.Counter)
            {
                WriteCreated(ref line, scrape, created[i], [], StartedUnixMicroseconds(scrape));
            }
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
