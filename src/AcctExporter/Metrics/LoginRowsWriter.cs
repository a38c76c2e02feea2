// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Metrics;

/// <summary>Writes figures of users and lines of logins: a row is one of them.</summary>
internal sealed class LoginRowsWriter : FamilyWriter
{
    private readonly LoginRows source;
    private readonly SeriesText[] series;
    private readonly SeriesText[] created;
    private readonly int fixedBytes;
    private readonly int lines;

    public LoginRowsWriter(MetricFamily family, LoginRows source)
        : base(family)
    {
        this.source = source;
        series = [.. source.Points.Select(point => SeriesText.For(family.HasRowLabels, family.Name, Labels(point)))];
        created = [.. source.Points.Select(point => CreatedSeries(Labels(point)))];
        lines = series.Length + created.Length;
        fixedBytes = (lines * LineWriter.LongestNumber) + series.Sum(text => text.Length)
            + created.Sum(text => text.Length);
    }

    /// <inheritdoc/>
    public override int Rows(ScrapeData scrape) =>
        scrape.Logins is { KnowsSessions: true } logins && HasAny(logins) ? source.Rows(logins).Count : 0;

    /// <inheritdoc/>
    public override int LongestRow(ScrapeData scrape, int row) =>
        fixedBytes + (lines * source.Rows(scrape.Logins!)[row].Labels.Length);

    /// <inheritdoc/>
    public override void WriteRow(ref LineWriter line, ScrapeData scrape, int row)
    {
        var login = source.Rows(scrape.Logins!)[row];
        for (var i = 0; i < series.Length; i++)
        {
            var reading = source.Points[i].Value(login);
            if (!reading.IsPresent)
            {
                continue;
            }

            series[i].Put(ref line, login.Labels);
            reading.Write(ref line);
            line.EndLine();
            if (Family.Kind == MetricKind.Counter)
            {
                WriteCreated(ref line, scrape, created[i], login.Labels, login.BornUnixMicroseconds);
            }
        }
    }

    /// <summary>A head without a line below it would be no family.</summary>
    private bool HasAny(Logins.LoginSnapshot logins)
    {
        var rows = source.Rows(logins);
        for (var row = 0; row < rows.Count; row++)
        {
            foreach (ref readonly var point in source.Points.AsSpan())
            {
                if (point.Value(rows[row]).IsPresent)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private IEnumerable<MetricLabel> Labels(LoginRowPoint point) =>
        source.LabelKey is { } key ? [new MetricLabel(key, point.LabelValue)] : [];
}
