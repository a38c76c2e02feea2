// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Runacct;

/// <summary>
/// When what failed is tried again: after five minutes, then after twice as long each time, up to an hour. By a clock
/// that nobody sets.
/// </summary>
/// <param name="clock">The clock.</param>
internal sealed class SuiteAttempts(TimeProvider clock)
{
    private static readonly TimeSpan First = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    private long since;
    private TimeSpan wait;
    private int failures;

    /// <summary>The wait is over, or there is none.</summary>
    public bool MayTry => wait == TimeSpan.Zero || clock.GetElapsedTime(since) >= wait;

    /// <summary>It worked.</summary>
    /// <returns>True when it had failed before.</returns>
    public bool Succeed()
    {
        var hadFailed = failures > 0;
        (failures, wait) = (0, TimeSpan.Zero);
        return hadFailed;
    }

    /// <summary>It failed.</summary>
    /// <returns>True for the first time in a row.</returns>
    public bool Fail()
    {
        wait = failures == 0 ? First : wait + wait < Longest ? wait + wait : Longest;
        since = clock.GetTimestamp();
        return failures++ == 0;
    }

    /// <summary>Something else is in the way: it is tried again after a while, and that is no failure.</summary>
    public void PutOff(TimeSpan time) => (wait, since) = (time, clock.GetTimestamp());
}
