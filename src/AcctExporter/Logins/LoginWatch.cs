// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Journal;
using AcctExporter.Kernel;
using AcctExporter.Records;

namespace AcctExporter.Logins;

/// <summary>
/// Follows logins on a thread of its own: reads what is new, saves, and only then shows it. Whatever it is killed at,
/// the next start goes on from what was saved, and no figure is ever below one that was shown.
/// </summary>
internal sealed partial class LoginWatch : ILoginView, IDisposable
{
    /// <summary>
    /// How long connect time may stand still when nobody asks: after a crash it is known up to there.
    /// </summary>
    private static readonly TimeSpan IdleCredit = TimeSpan.FromMinutes(1);

    /// <summary>How long a rotated file is still looked at, for programs that had opened it.</summary>
    private static readonly TimeSpan LeaveTime = TimeSpan.FromMilliseconds(100);

    private readonly LoginOptions options;
    private readonly LoginHost host;
    private readonly LoginStore store;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly LoginBook book;
    private readonly LoginClock times;
    private readonly LoginCalendar calendar;
    private readonly KnownUsers known;
    private readonly LoginProcesses? processes;
    private readonly LoginFile failures;
    private readonly FileWatch? watch;
    private readonly Waiter waiter = new();
    private readonly Lock gate = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly bool startedAnew;

    private ISessionFeed? sessions;
    private LoginPositions saved;
    private LoginPositions positions;
    private TaskCompletionSource? wanted;
    private volatile LoginSnapshot? snapshot;
    private volatile bool stopping;
    private volatile bool newCalendar;
    private bool isFirst;
    private bool toldNoSource;
    private bool hasNews = true;
    private bool cannotSave;
    private bool cannotSync;
    private bool started;
    private ulong savedSum;
    private ulong saveFailures;
    private long creditedAt;
    private long lookedAt;
    private long turnedAt;
    private long syncedAt;

    /// <summary>
    /// Reads what was kept. Following begins with <see cref="Start"/>.
    /// </summary>
    /// <param name="options">What to follow.</param>
    /// <param name="storage">The directory of the state; it is there, and locked for this agent.</param>
    /// <param name="startsAnew">What cannot be used is set aside instead of refused.</param>
    /// <param name="host">The system.</param>
    /// <param name="clock">The wall clock and its zone.</param>
    /// <param name="log">Where it is told.</param>
    /// <exception cref="StorageFault">What was kept cannot be used.</exception>
    public LoginWatch(
        LoginOptions options, string storage, bool startsAnew, LoginHost host, TimeProvider clock, ILogger log)
    {
        this.options = options;
        this.host = host;
        this.clock = clock;
        this.log = log;
        store = new LoginStore(storage);
        times = new LoginClock(clock, host.SinceBoot);
        calendar = new LoginCalendar(options, clock, log);
        var time = calendar.Read();
        book = NewBook(time);
        LoginPositions? kept = null;
        try
        {
            kept = store.Load(book);
        }
        catch (StorageFault fault) when (startsAnew)
        {
            store.SetAside(clock);
            LoginLog.StartedAnew(log, storage, fault.Message);
            startedAnew = true;
            book = NewBook(time);
        }

        if (store.LatestFault is { } lost)
        {
            LoginLog.LatestLost(log, lost);
        }

        isFirst = kept is null;
        saved = positions = kept ?? new LoginPositions(LoginSource.Auto, default, default, []);
        watch = TryWatch();
        known = new KnownUsers(host.Knows, clock, host.NamePatience, host.LocalUsers);
        processes = host.StartOf is null ? null : new LoginProcesses(host.StartOf);
        failures = new LoginFile(options.BtmpFile, positions.Btmp, book.Btmp, watch, log, skipsHistory: true);
        creditedAt = lookedAt = turnedAt = syncedAt = clock.GetTimestamp();
    }

    /// <inheritdoc/>
    public LoginSnapshot? Snapshot => snapshot;

    /// <inheritdoc/>
    public bool IsReady => snapshot is not null;

    /// <summary>Ends when the thread has ended: faulted when it had to give up.</summary>
    public Task Ended => ended.Task;

    /// <summary>How long ago the thread last began a turn.</summary>
    public TimeSpan SinceTurn => clock.GetElapsedTime(Volatile.Read(ref turnedAt));

    /// <summary>Starts the thread.</summary>
    public void Start()
    {
        started = true;
        new Thread(Run) { Name = "logins", IsBackground = true }.Start();
    }

    /// <summary>Asks the thread to read once more, save, and end.</summary>
    public void Stop()
    {
        stopping = true;
        waiter.Wake();
    }

    /// <summary>Has the table of prime time read anew.</summary>
    public void Reload()
    {
        newCalendar = true;
        waiter.Wake();
    }

    /// <inheritdoc/>
    public async Task<bool> CatchUpAsync(TimeSpan limit, CancellationToken cancellation)
    {
        Task turn;
        lock (gate)
        {
            wanted ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            turn = wanted.Task;
        }

        waiter.Wake();
        try
        {
            await turn.WaitAsync(limit, clock, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>One turn: reads, saves, shows. The thread's own, and tests'.</summary>
    /// <param name="isWanted">Somebody waits to see connect time up to now.</param>
    public void Turn(bool isWanted)
    {
        Volatile.Write(ref turnedAt, clock.GetTimestamp());
        watch?.Drain();
        LookAtClock();
        var now = times.Now;
        TakeNewCalendar(now);
        if (sessions is null or { IsKnown: false })
        {
            Choose();
        }

        sessions?.Pass(isFirst, now);
        book.EndStep();
        book.WatchClock();
        failures.Pass(CountFailure, first => isFirst || first < book.SinceUnixMicroseconds / 1_000_000);
        LookForProcesses(now);
        Credit(now, isWanted);
        positions = (sessions?.AddTo(positions) ?? positions) with { Btmp = failures.Cursor };
        Save();
        if (!cannotSave)
        {
            isFirst = false;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stopping = true;
        if (started && !ended.Task.IsCompleted)
        {
            // It hangs: what it uses ends with the process.
            return;
        }

        sessions?.Dispose();
        failures.Dispose();
        known.Dispose();
        watch?.Dispose();
        waiter.Dispose();
    }

    private LoginBook NewBook(PrimeTime time) =>
        new(options, time, clock.GetUtcNow().ToUnixTimeMilliseconds() * 1000);

    private FileWatch? TryWatch()
    {
        try
        {
            return new FileWatch();
        }
        catch (IOException error)
        {
            LoginLog.NoWatch(log, error.Message);
            return null;
        }
    }

    private void Run()
    {
        try
        {
            Turn(isWanted: true);
            while (!stopping)
            {
                var isLeaving = failures.IsLeaving || sessions is { IsLeaving: true };
                waiter.Wait(watch, isLeaving ? LeaveTime : options.PollInterval);
                var request = TakeRequest();
                Turn(request is not null || stopping);
                request?.TrySetResult();
                Sync(isLast: false);
            }

            TakeRequest()?.TrySetResult();
            Sync(isLast: true);
            ended.SetResult();
        }
        catch (Exception error) when (error is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            LoginLog.Ended(log, error.Message);
            ended.SetException(error);
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

    private void TakeNewCalendar(long now)
    {
        if (newCalendar)
        {
            newCalendar = false;
            // What has passed is divided by the old table.
            CreditAll(now);
            book.Use(calendar.Read());
        }
    }

    /// <summary>Which source it is, as long as none was ever there.</summary>
    private void Choose()
    {
        if (LoginSources.Choose(options) is not { } source)
        {
            if (!toldNoSource)
            {
                LoginLog.NoSource(log, LoginSources.Wanted(options));
                book.Wtmp.Failures++;
                toldNoSource = true;
            }

            return;
        }

        if (source == sessions?.Source)
        {
            return;
        }

        if (saved.Source is not LoginSource.Auto && saved.Source != source)
        {
            LoginLog.SourceChanged(log, source.ToString());
            book.DropSessions();
            positions = positions with { Wtmp = default, Database = [] };
            isFirst = true;
        }

        sessions?.Dispose();
        sessions = LoginSources.Open(source, options, positions, isFirst, book, watch, log);
    }

    private void CountFailure(UtmpRecord record)
    {
        if (record.Type is UtmpType.UserProcess or UtmpType.LoginProcess)
        {
            book.CountFailure(known.Of(record.User));
        }
    }

    private void LookForProcesses(long now)
    {
        if (processes is not null && clock.GetElapsedTime(lookedAt) >= options.ProcessInterval)
        {
            lookedAt = clock.GetTimestamp();
            hasNews |= processes.Look(book, now, times.BootedAt);
        }
    }
}
