// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;
using AcctExporter.Records;

namespace AcctExporter.Metrics;

/// <summary>The last processes that left a core, or were ended by a signal that nobody sends as a request.</summary>
internal sealed class RecentDeaths
{
    /// <summary>How many are kept.</summary>
    public const int Kept = 32;

    private const int HangUp = 1;
    private const int Interrupt = 2;
    private const int User1 = 10;
    private const int User2 = 12;
    private const int BrokenPipe = 13;
    private const int Alarm = 14;
    private const int Terminate = 15;

    private readonly RecentDeath[] ring = new RecentDeath[Kept];
    private long count;

    /// <summary>
    /// True for a core, and for a death by a signal that is no usual end: hang-ups, interrupts, broken pipes, alarms
    /// and requests to end are everyday, and would soon be all that is kept.
    /// </summary>
    public static bool Keeps(ExitStatus status) => status.DumpedCore
        || status.Signal is not (0 or HangUp or Interrupt or User1 or User2 or BrokenPipe or Alarm or Terminate);

    /// <summary>Keeps one, in the place of the oldest.</summary>
    public void Add(in ProcessExit exit, Pair? pair) =>
        ring[count++ % Kept] =
            new RecentDeath(pair, exit.Command, exit.Uid, exit.Pid, exit.Status, exit.EndUnixSeconds);

    /// <summary>Copies them, the last first.</summary>
    public void CopyTo(List<RecentDeath> deaths)
    {
        deaths.Clear();
        for (var back = 1; back <= Math.Min(count, Kept); back++)
        {
            deaths.Add(ring[(count - back) % Kept]);
        }
    }
}

/// <summary>One death.</summary>
/// <param name="Pair">Its pair, whose names the metrics show; null for <c>other</c>.</param>
/// <param name="Name">Its name, as the kernel had it.</param>
/// <param name="Uid">Whose it was.</param>
/// <param name="Pid">Its process id; 0 where the record does not tell.</param>
/// <param name="Status">How it ended.</param>
/// <param name="EndUnixSeconds">When, in seconds since 1970.</param>
internal readonly record struct RecentDeath(
    Pair? Pair, CommandName Name, uint Uid, uint Pid, ExitStatus Status, long EndUnixSeconds);
