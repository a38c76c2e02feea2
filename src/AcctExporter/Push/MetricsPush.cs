// SPDX-License-Identifier: Apache-2.0
using System.Security.Cryptography;
using AcctExporter.Capture;
using AcctExporter.Logins;
using AcctExporter.Metrics;
using AcctExporter.Suite;

namespace AcctExporter.Push;

/// <summary>Where pushed figures come from: what a scrape shows.</summary>
/// <param name="Source">The pipeline.</param>
/// <param name="Logins">The thread that follows logins; null where nobody does.</param>
/// <param name="Suite">The thread that watches the accounting suite; null likewise.</param>
internal sealed record PushSources(IExitSource Source, ILoginView? Logins, ISuiteView? Suite);

/// <summary>
/// Pushes the catalog's metrics on a thread of its own. Nobody waits for it: counting records histograms and goes on,
/// scrapes read their own copy, and the end of the agent waits for the last push no longer than it is told to.
/// </summary>
internal sealed class MetricsPush : IDisposable
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromMilliseconds(20);

    private readonly PushSources sources;
    private readonly TimeSpan interval;
    private readonly TimeSpan timeout;
    private readonly PushBook book;
    private readonly Func<string> problem;
    private readonly ScrapeData scrape = new();
    private readonly ScrapeFigures noScrapes = new();
    private readonly SemaphoreSlim wake = new(0);
    private readonly LiveHistograms live;
    private readonly PushMeter host;
    private PushMeter pairs;
    private PushMeter? unsent;
    private Task? thread;
    private volatile bool stopping;

    /// <summary>Opens the meters: everything that is counted up to now is what they begin behind.</summary>
    /// <param name="sources">Where figures come from.</param>
    /// <param name="options">What is pushed, and what sends it.</param>
    /// <param name="settings">How often, and how long it may take.</param>
    /// <param name="book">Where pushes are counted.</param>
    /// <param name="problem">Why the last request failed.</param>
    public MetricsPush(PushSources sources, PushMeterOptions options, OtlpSettings settings, PushBook book,
        Func<string> problem)
    {
        (this.sources, this.book, this.problem) = (sources, book, problem);
        (interval, timeout) = (settings.Interval, settings.PushTimeout);
        Fill();
        host = PushMeter.First(options, ofPairs: false, scrape);
        pairs = PushMeter.First(options, ofPairs: true, scrape);
        live = new LiveHistograms(host, pairs, PushNow);
    }

    /// <summary>What the agent says of itself; called once a push. Nothing is known where nobody sets it.</summary>
    public Func<AgentFigures> Agent { get; set; } = () => AgentFigures.Unknown;

    /// <summary>Records histograms; to be given every exit that is counted.</summary>
    public IExitObserver Observer => live;

    /// <summary>How pushes went.</summary>
    public PushFigures Figures => book.Figures;

    /// <summary>Starts the thread.</summary>
    public void Start() => thread = Task.Factory.StartNew(
        Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Asks for one last push; the task ends when it was made, or failed.</summary>
    public Task StopAsync()
    {
        stopping = true;
        wake.Release();
        return thread ?? Task.CompletedTask;
    }

    /// <summary>One push of everything: collect, and send what was collected.</summary>
    /// <returns>False when the receiver did not take all of it.</returns>
    public bool Push()
    {
        book.Begin();
        var start = TimeProvider.System.GetTimestamp();
        var isTaken = false;
        var why = "";
        try
        {
            Fill();
            host.Take(scrape);
            host.Collect();
            isTaken = Send(host, start);
            isTaken &= PushPairs(start);
            why = isTaken ? "" : problem();
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException or IOException
            or NotSupportedException or UnauthorizedAccessException or CryptographicException)
        {
            // The SDK keeps its own to itself, but the next meter reads certificates, which may be written just now.
            // The next push is another try.
            (isTaken, why) = (false, error.Message);
        }

        book.End(isTaken, why);
        return isTaken;
    }

    /// <summary>Lets go of the meters. A thread that hangs in a push keeps them, and ends with the process.</summary>
    public void Dispose()
    {
        if (thread is { IsCompleted: false })
        {
            return;
        }

        host.Dispose();
        pairs.Dispose();
        unsent?.Dispose();
        wake.Dispose();
    }

    private void Fill() => scrape.Fill(sources.Source, sources.Logins?.Snapshot, sources.Suite, Agent(), noScrapes,
        countingSince: 0, created: false, exemplars: false, natives: false);

    private bool PushPairs(long start)
    {
        pairs.Take(scrape);
        // In order: what the meter before said last, then this one.
        var isBeforeTaken = unsent is null || Send(unsent, start);
        if (pairs.IsFull || live.IsNearlyFull)
        {
            ForgetUnsent();
            unsent = Turn();
            if (Send(unsent, start))
            {
                ForgetUnsent();
            }

            return isBeforeTaken && unsent is null;
        }

        pairs.Collect();
        var isTaken = Send(pairs, start);
        if (isBeforeTaken || isTaken)
        {
            // Taken, or refused by a receiver that takes others.
            ForgetUnsent();
        }

        return isBeforeTaken && isTaken;
    }

    /// <summary>Goes on with the next meter of the pairs; gives the one that is full, with its last sums.</summary>
    private PushMeter Turn()
    {
        // The provider is made first, for that takes its time, and counting waits for the turn.
        var full = pairs;
        var next = full.Next(scrape);
        live.GoOn(next, () =>
        {
            full.Collect();
            next.Open();
        });
        pairs = next;
        return full;
    }

    private void ForgetUnsent()
    {
        unsent?.Dispose();
        unsent = null;
    }

    private bool Send(PushMeter meter, long start) =>
        meter.Send(timeout - TimeProvider.System.GetElapsedTime(start));

    /// <summary>Called by the thread that counts, which must not end by it.</summary>
    private void PushNow()
    {
        try
        {
            wake.Release();
        }
        catch (ObjectDisposedException)
        {
            // Counting took longer than the end waits for it: there is no push any more.
        }
    }

    /// <summary>
    /// Logins and the suite are first read a moment after the start. What they hold then is where their sums begin;
    /// without this look, what is counted up to the first push would be missing in it. Each is met as soon as it is
    /// there: where the suite is not used, it never is.
    /// </summary>
    private void MeetSources()
    {
        var start = TimeProvider.System.GetTimestamp();
        var (logins, suite) = (sources.Logins is null, sources.Suite is null);
        while (!stopping && wake.CurrentCount == 0 && !(logins && suite)
            && TimeProvider.System.GetElapsedTime(start) < interval)
        {
            var known = (sources.Logins is not { Snapshot: null }, sources.Suite is not { Suite: null });
            if (known != (logins, suite))
            {
                (logins, suite) = known;
                Fill();
                host.Take(scrape);
            }
            else
            {
                Thread.Sleep(LookInterval);
            }
        }
    }

    private void Run()
    {
        MeetSources();
        var isLast = false;
        while (!isLast)
        {
            // What began before the end was asked for is not the last: that one has everything.
            isLast = stopping || (wake.Wait(interval) && stopping);
            Push();
        }
    }
}
