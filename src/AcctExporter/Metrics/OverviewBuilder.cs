// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;
using AcctExporter.Records;

namespace AcctExporter.Metrics;

/// <summary>
/// Makes the page's figures of what is in memory. One page at a time: what it needs for that is kept for the next.
/// </summary>
/// <param name="build">Which agent this is.</param>
/// <param name="time">The clock of the page.</param>
internal sealed class OverviewBuilder(BuildFacts build, TimeProvider time)
{
    /// <summary>Signals that are shown one by one.</summary>
    private const int SignalLines = 12;

    private const int SignalBase = 128;

    private readonly Lock gate = new();
    private readonly RecentCopy copy = new();
    private readonly TopSums tops = new();

    /// <summary>The name of the host; empty where nobody gave it.</summary>
    public string Host { get; init; } = "";

    /// <summary>The last minutes; null where nobody keeps them.</summary>
    public RecentExits? Recent { get; init; }

    /// <summary>The figures of one instant.</summary>
    public HostOverview Build(ScrapeData scrape)
    {
        lock (gate)
        {
            Recent?.CopyTo(copy);
            var (status, ledger) = (scrape.Status, scrape.Ledger);
            var now = time.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
            return new HostOverview
            {
                Build = build,
                Host = Host,
                UnixMicroseconds = now,
                CountingSinceUnixMicroseconds = scrape.CountingSinceUnixMicroseconds,
                Ready = status.Ready,
                BytesBehind = status.BytesBehind,
                CountedSinceStart = copy.Counted,
                Sources = SourceStates.Of(scrape, now),
                FreeRatio = status.FreeRatio,
                SuspendRatio = status.SuspendRatio,
                ResumeRatio = status.ResumeRatio,
                Exits = ledger.Host.Exits,
                Failures = ledger.Host.Failures,
                Signals = ledger.Host.Signals,
                Losses = Losses(ledger.Tallies),
                Pairs = ledger.PairCount,
                PairLimit = ledger.PairLimit,
                Folded = ledger.Folded,
                BySignal = BySignal(ledger),
                Steps = [.. copy.Steps],
                Recent = RecentTops(),
                Ever = EverTops(ledger),
                Deaths = [.. copy.Deaths.Select(death => LineOf(death, ledger))],
            };
        }
    }

    private TopLists RecentTops()
    {
        tops.Clear();
        foreach (var (pair, exits, cpu) in copy.Pairs)
        {
            tops.Add(pair?.Command ?? LabelText.Other, pair?.User ?? LabelText.Other, exits, cpu);
        }

        return tops.First();
    }

    private TopLists EverTops(LedgerSnapshot ledger)
    {
        tops.Clear();
        var rows = ledger.Rows;
        for (var i = 0; i < rows.Length; i++)
        {
            ref readonly var row = ref rows[i];
            var pair = ledger.Pairs[i];
            tops.Add(pair.Command, pair.User, row.Exits, row.UserMicroseconds + row.SystemMicroseconds);
        }

        return tops.First();
    }

    /// <summary>
    /// The names of its pair, as the metrics show them. Of one that is counted under <c>other</c>, what the kernel
    /// says: who looks for a core needs its name.
    /// </summary>
    private static DeathLine LineOf(in RecentDeath death, LedgerSnapshot ledger) => new(
        death.EndUnixSeconds, death.Pair?.Command ?? NameOf(death.Name), death.Pair?.User ?? UserOf(death.Uid, ledger),
        death.Pid, SignalName.Of(death.Status.Signal), death.Status.DumpedCore, SignalBase + death.Status.Signal);

    private static string NameOf(CommandName name)
    {
        Span<byte> bytes = stackalloc byte[CommandName.Size];
        return LabelText.Escape(bytes[..name.CopyTo(bytes)]);
    }

    private static string UserOf(uint uid, LedgerSnapshot ledger)
    {
        foreach (var pair in ledger.Pairs)
        {
            if (pair.Uid == uid && pair.Id >= 0)
            {
                return pair.User;
            }
        }

        return LabelText.OfNumber(uid);
    }

    private static List<SignalLine> BySignal(LedgerSnapshot ledger)
    {
        var lines = new List<SignalLine>();
        for (var signal = 1; signal < SignalName.Count; signal++)
        {
            if (ledger.HostSignal(signal).Count is > 0 and var deaths)
            {
                lines.Add(new SignalLine(SignalName.Of(signal), deaths, ledger.HostCore(signal).Count));
            }
        }

        lines.Sort(static (one, other) => other.Deaths.CompareTo(one.Deaths));
        return lines.Count > SignalLines ? lines[..SignalLines] : lines;
    }

    private static List<LossLine> Losses(Tallies tallies)
    {
        var lines = new List<LossLine>();
        foreach (var reason in Enum.GetValues<LossReason>())
        {
            var (records, gaps) = (tallies[Tallies.Lost(reason)], tallies[Tallies.Gap(reason)]);
            if ((records | gaps) != 0)
            {
                lines.Add(new LossLine(TextOf(reason), records, gaps));
            }
        }

        return lines;
    }

    private static string TextOf(LossReason reason) => reason switch
    {
        LossReason.Suspension => "the kernel suspended accounting for want of space",
        LossReason.DiskFull => "the disk was full",
        LossReason.Reboot => "a reboot took the file",
        LossReason.Power => "a power cut damaged the file",
        LossReason.Truncated => "somebody truncated the file",
        LossReason.Deleted => "somebody deleted the file",
        LossReason.Rotated => "the file was rotated away while the agent was down",
        LossReason.Taken => "somebody switched accounting off or to another file",
        LossReason.Silent => "the kernel wrote no record of a child of our own",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, "a reason without a sentence"),
    };
}
