// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Ledger;

namespace AcctExporter.Capture;

/// <summary>
/// The pipeline and its one thread: waits for the kernel to write, counts, saves, looks around. It runs at its own
/// pace; scrapes ask it to catch up and read the ledger's copy.
/// </summary>
internal sealed partial class ExitCapture : IExitSource, IDisposable
{
    private static readonly TimeSpan LookAroundInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan EvictionInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>
    /// For users, and again for groups: with both, an exit is still counted within a second of its end.
    /// </summary>
    private static readonly TimeSpan NamePatience = TimeSpan.FromMilliseconds(400);

    /// <summary>How long an end may count what has gathered.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(8);

    private readonly CaptureOptions options;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly CaptureStore store;
    private readonly ExitRecorder recorder;
    private readonly IAccountingSource source;
    private readonly IdNames users;
    private readonly IdNames? groups;
    private readonly SideSources sides;
    private readonly ExitEvents? written;
    private readonly ExitEvents? pushed;
    private readonly ExitEvents[] events;
    private readonly CapturePace pace;
    private readonly Waiter waiter = new();
    private readonly Lock gate = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TaskCompletionSource? wanted;
    private volatile CaptureStatus status;
    private volatile bool stopping;
    private volatile bool leaveAsFound;
    private bool started;

    /// <summary>
    /// Takes the locks, rebuilds the ledger, and switches accounting on or opens the file: when this returns, nothing
    /// that ends is missed. Counting begins with <see cref="Start"/>.
    /// </summary>
    /// <param name="receiver">Where chosen exits go besides the file; null for nowhere. It ends with this.</param>
    /// <exception cref="CaptureFault">It cannot be done; the message says what to do.</exception>
    public ExitCapture(CaptureOptions options, LedgerOptions limits, Func<uint, byte[]?> userNames,
        Func<uint, byte[]?> groupNames, TimeProvider clock, ILogger log, IExitEventSink? receiver = null)
    {
        if (options.SourceFile is null)
        {
            SegmentSwitch.DemandRight();
        }

        this.options = options;
        this.clock = clock;
        pace = new CapturePace(clock);
        this.log = log;
        users = new IdNames(userNames, clock, NamePatience, standIns: NameFiles.Read(NameFiles.Users));
        groups = limits.Labels.HasFlag(OptionalLabels.Group)
            ? new IdNames(groupNames, clock, NamePatience, "group names", NameFiles.Read(NameFiles.Groups)) : null;
        sides = new SideSources(options, limits, clock, log);
        // The scopes may be others after a change of rules.
        store = CaptureStore.Open(
            options,
            () => new ExitLedger(limits, users.Of, groups is null ? null : groups.Of,
                context => sides.Scopes.ContextOf(context), context => sides.Scopes.InputsOf(context)),
            clock);
        // Each has a ring and a thread of its own: a receiver that hangs does not hold up the file.
        written = options.Events.File.Length > 0 ? Events(new EventFileSink(options.Events)) : null;
        pushed = receiver is null ? null : Events(receiver);
        events = [.. new[] { written, pushed }.OfType<ExitEvents>()];
        recorder = new ExitRecorder(store.Journal, store.Ledger, clock, events, pace);
        recorder.Resume(store.Position);
        SayWhatWasFound();

        source = options.SourceFile is { } file
            ? new FollowedFile(file, recorder, clock, log)
            : new OwnSegments(options, recorder, clock, log, Save);
        status = new CaptureStatus { Source = source.Kind, Path = source.Path };
        source.Start();
        StartSides();
        Publish(ready: false);

        ExitEvents Events(IExitEventSink sink) => new(options.Events.Selection, sink, userNames, clock, log);
    }

    /// <summary>Ends when the thread has ended: faulted when it had to give up.</summary>
    public Task Ended => ended.Task;

    /// <summary>Another one sees every exit that is counted. To be called before <see cref="Start"/>.</summary>
    public void Show(IExitObserver observer) => recorder.Observers.Add(observer);

    /// <summary>Starts the thread.</summary>
    public void Start()
    {
        if (source.Kind == "accounting")
        {
            CaptureLog.Armed(log, source.Path);
        }

        Array.ForEach(events, place => place.Start());
        // In the background: should it hang, the agent ends all the same.
        started = true;
        new Thread(Run) { Name = "capture", IsBackground = true }.Start();
    }

    /// <summary>
    /// Asks the thread to count what there is, for <see cref="DrainTime"/> at most, save, and leave accounting as the
    /// options say. What is not counted by then stays where it is for the next start.
    /// </summary>
    /// <param name="asFound">
    /// The agent could not start: accounting that was off before it is switched off again.
    /// </param>
    public void Stop(bool asFound = false)
    {
        leaveAsFound |= asFound;
        pace.EndIn(DrainTime);
        stopping = true;
        waiter.Wake();
    }

    /// <inheritdoc/>
    public async Task<bool> CatchUpAsync(TimeSpan limit, CancellationToken cancellation)
    {
        Task pass;
        lock (gate)
        {
            wanted ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            pass = wanted.Task;
        }

        waiter.Wake();
        try
        {
            await pass.WaitAsync(limit, clock, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <inheritdoc cref="ExitLedger.CountingSinceUnixMicroseconds"/>
    public long CountingSinceUnixMicroseconds => store.Ledger.CountingSinceUnixMicroseconds;

    /// <inheritdoc/>
    public void CopyTo(LedgerSnapshot snapshot) => store.Ledger.CopyTo(snapshot);

    /// <inheritdoc/>
    public void Dispose()
    {
        stopping = true;
        if (started && !ended.Task.IsCompleted)
        {
            // It hangs: what it uses ends with the process.
            return;
        }

        source.Dispose();
        sides.Dispose();
        store.Dispose();
        store.Ledger.Dispose();
        Array.ForEach(events, place => place.Dispose());
        users.Dispose();
        groups?.Dispose();
        waiter.Dispose();
    }

    private void StartSides()
    {
        try
        {
            sides.Start(recorder, source);
        }
        catch (CaptureFault)
        {
            source.Stop(asFound: true);
            throw;
        }
    }

    private void Run()
    {
        try
        {
            do
            {
                pace.Beat();
                Guarded(source.Pass);
            }
            while (journalFails && !stopping);

            if (!journalFails && !pace.IsOver)
            {
                CaptureLog.Ready(log, recorder.ExitsCounted);
                Publish(ready: true);
            }

            Loop();
            End();
            ended.SetResult();
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            CaptureLog.CaptureEnded(log, error.Message);
            ended.SetException(error);
        }
    }

    private void Loop()
    {
        var looked = clock.GetTimestamp();
        var evicted = looked;
        var saved = looked;
        while (!stopping)
        {
            Wait();
            pace.Beat();
            var request = TakeRequest();
            TakeNewOptions();
            Guarded(source.Pass);
            // Not in the end: what looks around may go on to another segment before this one is counted.
            if (!stopping && clock.GetElapsedTime(looked) >= LookAroundInterval)
            {
                looked = clock.GetTimestamp();
                sides.LookAround();
                Guarded(source.LookAround);
                Guarded(recorder.Flush);
            }

            if (clock.GetElapsedTime(evicted) >= EvictionInterval)
            {
                evicted = clock.GetTimestamp();
                Guarded(recorder.EvictIdlePairs);
            }

            if (clock.GetElapsedTime(saved) >= options.CheckpointInterval)
            {
                saved = clock.GetTimestamp();
                SaveIfNew();
            }

            Publish(ready: true);
            request?.TrySetResult();
        }
    }

    /// <summary>
    /// Waits for the kernel or a scrape. After the kernel, records gather for a moment, unless a scrape waits.
    /// </summary>
    private void Wait()
    {
        var woken = waiter.Wait(source.Watch, options.PollInterval, sides.TaskSocket, sides.ScopeSocket);
        if (woken != WaitResult.TimedOut && (woken & WaitResult.Woken) == 0)
        {
            sides.Settle(waiter);
        }
    }

    private TaskCompletionSource? TakeRequest()
    {
        lock (gate)
        {
            (var request, wanted) = (wanted, null);
            return request;
        }
    }

    private void End()
    {
        Guarded(() => source.Stop(leaveAsFound));
        Guarded(recorder.Flush);
        Save();
        Array.ForEach(events, place => place.LetEnd());
        Array.ForEach(events, place => place.Stop());
        Publish(status.Ready);
        TakeRequest()?.TrySetResult();
    }
}
