// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;
using AcctExporter.Ledger;
using AcctExporter.Records;

namespace AcctExporter.Metrics;

/// <summary>
/// What ended in the last minutes, for the page: how many, of whom, and who was killed. In memory alone: it begins
/// empty with the agent. Written by the thread that counts, which allocates nothing for it but room for new pairs.
/// </summary>
/// <param name="time">Its monotonic clock gives the steps, its wall clock tells what ended long ago.</param>
internal sealed class RecentExits(TimeProvider time) : IExitObserver
{
    /// <summary>
    /// What ended longer before it was counted is the backlog of a start: in no rate, for nobody knows whose.
    /// </summary>
    public const int BacklogSeconds = 60;

    private const int SecondsPerMinute = 60;

    private readonly Lock gate = new();
    private readonly long start = time.GetTimestamp();
    private readonly RecentRates rates = new();
    private readonly RecentPairs pairs = new();
    private readonly RecentDeaths deaths = new();
    private ulong counted;

    /// <inheritdoc/>
    public void Counted(
        ExitLedger ledger, ReadOnlySpan<ProcessExit> exits, ReadOnlySpan<TaskFigures> figures, ReadOnlySpan<int> places)
    {
        if (exits.IsEmpty)
        {
            return;
        }

        var seconds = Seconds();
        var minute = seconds / SecondsPerMinute;
        var oldest = time.GetUtcNow().ToUnixTimeSeconds() - BacklogSeconds;
        lock (gate)
        {
            counted += (ulong)exits.Length;
            var step = default(RateStep);
            for (var i = 0; i < exits.Length; i++)
            {
                ref readonly var exit = ref exits[i];
                var isRecent = exit.EndUnixSeconds >= oldest;
                step = isRecent ? step.With(exit.Status) : step;
                // What a rule drops has no name anywhere.
                if (places[i] != ExitTable.Dropped)
                {
                    Keep(exit, places[i], places[i] < 0 ? null : ledger.PairAt(places[i]), isRecent, minute);
                }
            }

            rates.Add(step, seconds);
        }
    }

    /// <summary>Copies what a page shows. One page at a time: the copy is used again.</summary>
    public void CopyTo(RecentCopy copy)
    {
        var seconds = Seconds();
        lock (gate)
        {
            copy.Counted = counted;
            copy.Seconds = seconds;
            rates.CopyTo(copy.Steps, seconds);
            pairs.CopyTo(copy.Pairs, seconds / SecondsPerMinute);
            deaths.CopyTo(copy.Deaths);
        }
    }

    private void Keep(in ProcessExit exit, int place, Pair? pair, bool isRecent, long minute)
    {
        if (isRecent)
        {
            pairs.Add(place, pair, exit.UserMicroseconds + exit.SystemMicroseconds, minute);
        }

        if (RecentDeaths.Keeps(exit.Status))
        {
            deaths.Add(exit, pair);
        }
    }

    private long Seconds() => (long)time.GetElapsedTime(start).TotalSeconds;
}

/// <summary>What one page shows of <see cref="RecentExits"/>. Its lists grow and stay.</summary>
internal sealed class RecentCopy
{
    /// <summary>Exits counted since the start of the agent, those of a backlog too.</summary>
    public ulong Counted { get; set; }

    /// <summary>How long is counted, in seconds.</summary>
    public long Seconds { get; set; }

    /// <summary>Whole steps of <see cref="RecentRates.StepSeconds"/>, oldest first; at the start fewer.</summary>
    public List<RateStep> Steps { get; } = new(RecentRates.Steps);

    /// <summary>Pairs with an exit in the last minutes.</summary>
    public List<PairSum> Pairs { get; } = [];

    /// <summary>Cores and kills, the last first.</summary>
    public List<RecentDeath> Deaths { get; } = new(RecentDeaths.Kept);
}
