// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Ledger;

namespace AcctExporter.Benchmarks;

/// <summary>
/// What an accounting file holds, as each contestant has counted it: what is fast and wrong has not taken part.
/// </summary>
internal record struct FileTotals
{
    public ulong Exits;
    public ulong Failures;
    public ulong Signals;
    public ulong UserMicroseconds;
    public ulong SystemMicroseconds;
    public ulong MinorFaults;
    public ulong ElapsedMicroseconds;

    /// <summary>Every bucket of the three histograms times its number; 0 when only the generator speaks.</summary>
    public ulong Buckets;

    /// <summary>Rows with series: pairs of user and command.</summary>
    public ulong Pairs;

    /// <summary>CPU time, user and system together, in minutes, as <c>sa</c> shows it.</summary>
    public readonly double CpuMinutes => (UserMicroseconds + SystemMicroseconds) / 60e6;

    /// <summary>The totals that a ledger holds.</summary>
    public static FileTotals Of(ExitLedger ledger)
    {
        var snapshot = new LedgerSnapshot();
        ledger.CopyTo(snapshot);
        var host = snapshot.Host;
        var buckets = 0UL;
        for (var histogram = 0; histogram < 3; histogram++)
        {
            for (var bucket = 0; bucket < HistogramBounds.Buckets; bucket++)
            {
                buckets += snapshot.HostBucket((RowHistogram)histogram, bucket) * (ulong)(bucket + (16 * histogram));
            }
        }

        return new FileTotals
        {
            Exits = host.Exits,
            Failures = host.Failures,
            Signals = host.Signals,
            UserMicroseconds = host.UserMicroseconds,
            SystemMicroseconds = host.SystemMicroseconds,
            MinorFaults = host.MinorFaults,
            ElapsedMicroseconds = host.ElapsedMicroseconds,
            Buckets = buckets,
            Pairs = (ulong)snapshot.Pairs.Count,
        };
    }

    /// <summary>
    /// The line that the plain C loop prints: all figures in the order of the fields, then the rejected.
    /// </summary>
    public static FileTotals OfC(string line)
    {
        var figures = line.Split(' ').Select(text => ulong.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        return new FileTotals
        {
            Exits = figures[0],
            Failures = figures[1],
            Signals = figures[2],
            UserMicroseconds = figures[3],
            SystemMicroseconds = figures[4],
            MinorFaults = figures[5],
            ElapsedMicroseconds = figures[6],
            Buckets = figures[7],
            Pairs = figures[8],
        };
    }

    /// <summary>What two such files hold together.</summary>
    public readonly FileTotals Twice() => new()
    {
        Exits = 2 * Exits,
        Failures = 2 * Failures,
        Signals = 2 * Signals,
        UserMicroseconds = 2 * UserMicroseconds,
        SystemMicroseconds = 2 * SystemMicroseconds,
        MinorFaults = 2 * MinorFaults,
        ElapsedMicroseconds = 2 * ElapsedMicroseconds,
        Buckets = 2 * Buckets,
        Pairs = Pairs,
    };

    /// <summary>Fails unless both say the same.</summary>
    public readonly void MustBe(FileTotals truth, string contestant)
    {
        var mine = truth.Buckets == 0 ? this with { Buckets = 0 } : this;
        if (mine != truth)
        {
            throw new WrongResultException($"{contestant} counts {mine}, and it is {truth}");
        }
    }
}

/// <summary>A contestant has counted wrongly: the one thing besides not running at all that fails a run.</summary>
internal sealed class WrongResultException(string message) : Exception(message);
