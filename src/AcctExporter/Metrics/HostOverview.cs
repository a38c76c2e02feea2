// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Metrics;

/// <summary>What the page says, taken at one instant. Names are label values, written by strangers.</summary>
internal sealed record HostOverview
{
    /// <summary>Which agent it is.</summary>
    public required BuildFacts Build { get; init; }

    /// <summary>The name of the host; empty where nobody gave it.</summary>
    public string Host { get; init; } = "";

    /// <summary>When this was taken, in microseconds since 1970.</summary>
    public long UnixMicroseconds { get; init; }

    /// <summary>Since when is counted, over all restarts, likewise; 0 while nothing is.</summary>
    public long CountingSinceUnixMicroseconds { get; init; }

    /// <summary>The backlog of the start is counted.</summary>
    public bool Ready { get; init; }

    /// <summary>Bytes of accounting files that wait to be counted.</summary>
    public long BytesBehind { get; init; }

    /// <summary>Exits counted since the start of the agent.</summary>
    public ulong CountedSinceStart { get; init; }

    /// <summary>Sources and places where figures go.</summary>
    public required IReadOnlyList<SourceState> Sources { get; init; }

    /// <summary>Free space of the accounting file's file system, 0 to 1; NaN when unknown.</summary>
    public double FreeRatio { get; init; }

    /// <summary>The kernel stops at or below, and starts again from this ratio on; NaN when unknown.</summary>
    public double SuspendRatio { get; init; }

    /// <inheritdoc cref="SuspendRatio"/>
    public double ResumeRatio { get; init; }

    /// <summary>Exits ever counted; those of them that failed; those ended by a signal.</summary>
    public ulong Exits { get; init; }

    /// <inheritdoc cref="Exits"/>
    public ulong Failures { get; init; }

    /// <inheritdoc cref="Exits"/>
    public ulong Signals { get; init; }

    /// <summary>Records known to be lost, and times when an unknown number may be.</summary>
    public IReadOnlyList<LossLine> Losses { get; init; } = [];

    /// <summary>Pairs with series, and how many may have them.</summary>
    public int Pairs { get; init; }

    /// <inheritdoc cref="Pairs"/>
    public int PairLimit { get; init; }

    /// <summary>Exits counted under <c>other</c>, for want of a place.</summary>
    public ulong Folded { get; init; }

    /// <summary>Deaths by signal, the most frequent first.</summary>
    public IReadOnlyList<SignalLine> BySignal { get; init; } = [];

    /// <summary>Exits of the last quarter of an hour, in steps of <see cref="RecentRates.StepSeconds"/>.</summary>
    public IReadOnlyList<RateStep> Steps { get; init; } = [];

    /// <summary>Who cost most in the last five minutes.</summary>
    public TopLists Recent { get; init; } = TopLists.Empty;

    /// <summary>Who cost most since counting began, among the pairs that have series.</summary>
    public TopLists Ever { get; init; } = TopLists.Empty;

    /// <summary>The last cores and kills, the last first.</summary>
    public IReadOnlyList<DeathLine> Deaths { get; init; } = [];

    /// <summary>Exits a second over the last so many whole steps; NaN before the first is over.</summary>
    public double Rate(int steps)
    {
        var taken = Math.Min(steps, Steps.Count);
        var exits = 0.0;
        for (var i = Steps.Count - taken; i < Steps.Count; i++)
        {
            exits += Steps[i].Exits;
        }

        return taken == 0 ? double.NaN : exits / (taken * RecentRates.StepSeconds);
    }
}

/// <summary>What was lost for one reason.</summary>
/// <param name="Reason">Why, in words.</param>
/// <param name="Records">Records known to be lost.</param>
/// <param name="Gaps">Times when an unknown number may be.</param>
internal sealed record LossLine(string Reason, ulong Records, ulong Gaps);

/// <summary>Deaths by one signal.</summary>
/// <param name="Signal">Its name.</param>
/// <param name="Deaths">How many.</param>
/// <param name="Cores">Those of them that left a core.</param>
internal sealed record SignalLine(string Signal, ulong Deaths, ulong Cores);

/// <summary>One core or kill.</summary>
/// <param name="UnixSeconds">When it ended.</param>
/// <param name="Command">Its command.</param>
/// <param name="User">Its user.</param>
/// <param name="Pid">Its process id; 0 when unknown.</param>
/// <param name="Signal">The signal.</param>
/// <param name="Core">It left a core.</param>
/// <param name="ShellCode">What a shell says of such an end: 128 and the signal.</param>
internal sealed record DeathLine(
    long UnixSeconds, string Command, string User, uint Pid, string Signal, bool Core, int ShellCode);

/// <summary>The first of commands and of users by what they cost.</summary>
/// <param name="CommandsByCpu">Commands by CPU time.</param>
/// <param name="CommandsByExits">Commands by count.</param>
/// <param name="UsersByCpu">Users by CPU time.</param>
/// <param name="UsersByExits">Users by count.</param>
internal sealed record TopLists(
    TopList CommandsByCpu, TopList CommandsByExits, TopList UsersByCpu, TopList UsersByExits)
{
    /// <summary>Nothing ended.</summary>
    public static readonly TopLists Empty = new(TopList.Empty, TopList.Empty, TopList.Empty, TopList.Empty);
}

/// <summary>The first of a list.</summary>
/// <param name="Lines">The largest, largest first.</param>
/// <param name="Total">The sum over all, those not among <paramref name="Lines"/> too.</param>
internal sealed record TopList(IReadOnlyList<TopLine> Lines, double Total)
{
    /// <summary>Of nothing.</summary>
    public static readonly TopList Empty = new([], 0);
}

/// <summary>One of them.</summary>
/// <param name="Name">A command or a user.</param>
/// <param name="Amount">Seconds of CPU time, or exits.</param>
internal readonly record struct TopLine(string Name, double Amount);
