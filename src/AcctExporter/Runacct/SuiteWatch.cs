// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>
/// What scrapes show of the suite, on a thread of its own: the files that daily runs wrote, whoever ran them, read anew
/// when they change; and what was done since, live.
/// </summary>
/// <param name="options">Where it is.</param>
/// <param name="live">What was done since the last run.</param>
/// <param name="work">What the agent runs by itself; null when it runs nothing.</param>
/// <param name="clock">Which day it is.</param>
/// <param name="log">Where faults are told.</param>
internal sealed class SuiteWatch(
    RunOptions options, IReadOnlyList<ISuiteLive> live, SuiteWorkCounts? work, TimeProvider clock, ILogger log)
    : ISuiteView, IDisposable
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(10);

    /// <summary>A look at every file's size is not for every turn.</summary>
    private const int TurnsBetweenSizes = 6;

    private readonly SuitePaths paths = options.Paths;
    private readonly Waiter waiter = new();
    private readonly TotalsFile fiscal = new(options.Paths.SumTacct);
    private readonly TotalsFile groups = new(Path.Combine(options.Paths.Sum, "gtacct"));
    private readonly TotalsFile disks = new(options.Paths.DiskTacct);

    private volatile SuiteSnapshot? snapshot;
    private volatile bool stopping;
    private volatile bool isRunning;
    private bool cannotRead;
    private long failures;
    private long size = -1;
    private int turns;

    /// <inheritdoc/>
    public SuiteSnapshot? Suite => snapshot;

    /// <inheritdoc/>
    public SuiteWorkCounts? Work => work;

    /// <summary>Starts the thread. Nobody waits for its end: it writes nothing.</summary>
    public void Start()
    {
        isRunning = true;
        new Thread(Run) { Name = "suite watch", IsBackground = true }.Start();
    }

    /// <summary>Ends it.</summary>
    public void Stop()
    {
        stopping = true;
        waiter.Wake();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        if (!isRunning)
        {
            waiter.Dispose();
        }
    }

    /// <summary>One turn: reads what changed, and shows it. The thread's own, and tests'.</summary>
    public void Turn()
    {
        try
        {
            // Where the suite was never used there is nothing to show.
            snapshot = Directory.Exists(paths.Root) ? Look() : null;
            cannotRead = false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or RunFault)
        {
            failures++;
            snapshot = snapshot is { } last ? last with { ReadFailures = failures } : null;
            if (!cannotRead)
            {
                SuiteLog.CannotRead(log, error is RunFault ? error.Message : FileFault.Tell(error));
                cannotRead = true;
            }
        }
    }

    private void Run()
    {
        while (!stopping)
        {
            Turn();
            waiter.Wait(null, LookInterval);
        }

        isRunning = false;
    }

    private SuiteSnapshot Look()
    {
        var today = DateOnly.FromDateTime(clock.GetLocalNow().DateTime);
        var marks = RunMarks.Read(paths, today);
        var last = LastRuns.Load(paths);
        var day = new SuiteTotals();
        foreach (var source in live)
        {
            source.AddTo(day);
        }

        day.Add(disks.Read());
        var open = fiscal.Read();
        var both = new SuiteTotals();
        both.Add(day);
        both.Add(open);
        var shown = both.Largest(options.Suite.UsersLimit);
        var openGroups = groups.Read();
        var look = new SuiteSnapshot
        {
            Users =
            [
                .. day.Folded(shown).Rows("user", SuiteScope.Day),
                .. open.Folded(shown).Rows("user", SuiteScope.Fiscal),
            ],
            Groups =
            [
                .. openGroups.Folded(openGroups.Largest(options.Suite.UsersLimit)).Rows("group", SuiteScope.Fiscal),
            ],
            Fees =
            [
                .. both.Folded(shown).Sums.Where(row => row.Value.FeeMilliunits != 0)
                    .OrderBy(row => row.Key, StringComparer.Ordinal)
                    .Select(row => new SuiteRow(row.Value.FeeMilliunits, 0, ("user", row.Key))),
            ],
            State = marks.StateWord is null ? null : marks.State,
            LastSuccessUnixMicroseconds = Microseconds(last?.LastSuccess),
            LastExitCode = last?.Code ?? -1,
            LastMicroseconds = last is { Began: { } began } ? (long)(last.Ended - began).TotalMicroseconds : -1,
            ClosedUnixMicroseconds = LastClose(),
            FileBytes = Size(),
            ReadFailures = failures,
        };
        return live.Aggregate(look, (shows, source) => source.Show(shows));
    }

    private long LastClose() => Directory.Exists(paths.Fiscal)
        ? Directory.EnumerateFiles(paths.Fiscal, "tacct*")
            .Select(path => Microseconds(File.GetLastWriteTimeUtc(path))).DefaultIfEmpty().Max()
        : 0;

    private long Size()
    {
        if (turns++ % TurnsBetweenSizes == 0)
        {
            size = new DirectoryInfo(paths.Root).EnumerateFiles("*", new EnumerationOptions
            {
                RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint,
            }).Sum(file => file.Length);
        }

        return size;
    }

    private static long Microseconds(DateTimeOffset? time) => (time?.ToUnixTimeMilliseconds() ?? 0) * 1000;

    /// <summary>The totals in a file, read again when it has become another.</summary>
    private sealed class TotalsFile(string path)
    {
        private (DateTime Time, long Length) stamp;
        private SuiteTotals totals = new();

        /// <summary>What is in it; nothing when it is not there.</summary>
        public SuiteTotals Read()
        {
            var file = new FileInfo(path);
            var found = file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
            if (found != stamp)
            {
                var table = new UserTable<TacctSums>();
                TacctFiles.Add(path, table, "");
                totals = new SuiteTotals();
                totals.Add(table);
                stamp = found;
            }

            return totals;
        }
    }
}
