// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.IO.Pipelines;
using AcctExporter.Capture;
using AcctExporter.Ledger;
using AcctExporter.Logins;
using AcctExporter.Suite;

namespace AcctExporter.Metrics;

/// <summary>What a scrape shows beyond the default.</summary>
internal sealed record ScrapeOptions
{
    /// <summary>
    /// Every histogram for every pair, not only those of duration and CPU time. In the protobuf format the others are
    /// native ones without it.
    /// </summary>
    public bool AllHistograms { get; init; }

    /// <summary>The bounds of the classic histograms: those of the ledger.</summary>
    public HistogramBounds Bounds { get; init; } = HistogramBounds.Default;

    /// <summary>
    /// When each counter started, in OpenMetrics. Servers older than their support of it take these lines for series.
    /// In the protobuf format it is always there.
    /// </summary>
    public bool Created { get; init; }

    /// <summary>The last death behind each counter of deaths, in OpenMetrics and in the protobuf format.</summary>
    public bool Exemplars { get; init; } = true;

    /// <summary>Only what files say, and nothing of a running agent: for <c>replay</c>.</summary>
    public bool WithoutAgent { get; init; }
}

/// <summary>When a scrape began.</summary>
/// <param name="Timestamp">By the clock of the renderer.</param>
internal readonly record struct ScrapeStart(long Timestamp);

/// <summary>
/// Answers scrapes: waits a moment for what the accounting file already holds, copies the ledger, writes the copy. Any
/// number may run at the same time; each has a copy of its own, kept for the next.
/// </summary>
/// <param name="source">The pipeline.</param>
/// <param name="options">What to show.</param>
/// <param name="build">Which agent this is.</param>
/// <param name="agent">What the agent says of itself; called once a scrape.</param>
/// <param name="countingSince">Since when the host is counted, in microseconds since 1970; 0 while unknown.</param>
/// <param name="time">The clock that scrapes are timed with.</param>
internal sealed class ScrapeRenderer(
    IExitSource source, ScrapeOptions options, BuildFacts build, Func<AgentFigures> agent, Func<long> countingSince,
    TimeProvider time)
{
    /// <summary>Copies kept for later scrapes; what more of them run at once is given back to the collector.</summary>
    private const int CopiesKept = 2;

    private static readonly TimeSpan CatchUpLimit = TimeSpan.FromMilliseconds(50);

    private readonly Exposition exposition = new(Catalog.For(options.Bounds), options, build);
    private readonly Lock gate = new();
    private readonly Stack<ScrapeData> copies = new(CopiesKept);
    private OverviewBuilder? overview;

    /// <summary>The thread that follows logins; null where nobody does.</summary>
    public ILoginView? Logins { get; init; }

    /// <summary>The thread that watches the accounting suite; null where nobody does.</summary>
    public ISuiteView? Suite { get; init; }

    /// <summary>What ended in the last minutes; null where nobody keeps it.</summary>
    public RecentExits? Recent { get; init; }

    /// <summary>The name of the host, for the page; empty where nobody gives it.</summary>
    public string Host { get; init; } = "";

    /// <summary>Counts of scrapes.</summary>
    public ScrapeFigures Figures { get; } = new();

    /// <summary>
    /// False until the backlog found at start is counted: before that a series could be below an earlier scrape.
    /// </summary>
    public bool IsReady => source.Status.Ready && Logins is not { IsReady: false };

    /// <summary>Begins a scrape: waits until the records on hand are counted, but no longer than 50 ms.</summary>
    /// <exception cref="OperationCanceledException">The scraper has gone, or its time is over.</exception>
    public async Task<ScrapeStart> BeginAsync(CancellationToken cancellation)
    {
        Figures.Begin();
        var start = new ScrapeStart(time.GetTimestamp());
        var logins = Logins?.CatchUpAsync(CatchUpLimit, cancellation);
        if (!await source.CatchUpAsync(CatchUpLimit, cancellation) | (logins is not null && !await logins))
        {
            Figures.MissCatchUp();
        }

        return start;
    }

    /// <summary>Writes everything that is counted by now, in chunks, each flushed before the next.</summary>
    /// <exception cref="OperationCanceledException">The scraper has gone, or its time is over.</exception>
    public async Task WriteAsync(
        ScrapeStart start, PipeWriter output, ExpositionFormat format, CancellationToken cancellation)
    {
        var scrape = Take(format);
        try
        {
            var position = default(ExpositionPosition);
            bool more;
            do
            {
                more = exposition.WriteChunk(output, scrape, format, ref position);
                var flushed = await output.FlushAsync(cancellation);
                if (flushed.IsCompleted || flushed.IsCanceled)
                {
                    return;
                }
            }
            while (more);
            Figures.Complete(time.GetElapsedTime(start.Timestamp));
        }
        finally
        {
            GiveBack(scrape);
        }
    }

    /// <summary>
    /// Writes everything that is counted by now, without waiting for more and without being a scrape.
    /// </summary>
    public void Write(IBufferWriter<byte> output, ExpositionFormat format)
    {
        var scrape = Take(format);
        var position = default(ExpositionPosition);
        while (exposition.WriteChunk(output, scrape, format, ref position))
        {
        }

        GiveBack(scrape);
    }

    /// <summary>Everything that the page says.</summary>
    public HostOverview Overview()
    {
        OverviewBuilder builder;
        lock (gate)
        {
            builder = overview ??= new OverviewBuilder(build, time) { Host = Host, Recent = Recent };
        }

        var scrape = Take(ExpositionFormat.Text);
        var figures = builder.Build(scrape);
        GiveBack(scrape);
        return figures;
    }

    private ScrapeData Take(ExpositionFormat format)
    {
        ScrapeData? scrape;
        lock (gate)
        {
            copies.TryPop(out scrape);
        }

        scrape ??= new ScrapeData();
        // Servers that read messages know what a start is: only in OpenMetrics it takes the option.
        var created = format == ExpositionFormat.Protobuf
            || (options.Created && format == ExpositionFormat.OpenMetrics);
        scrape.Fill(
            source, Logins?.Snapshot, Suite, agent(), Figures, countingSince(), created,
            options.Exemplars && format != ExpositionFormat.Text, natives: format == ExpositionFormat.Protobuf);
        return scrape;
    }

    private void GiveBack(ScrapeData scrape)
    {
        lock (gate)
        {
            if (copies.Count < CopiesKept)
            {
                copies.Push(scrape);
            }
        }
    }
}
