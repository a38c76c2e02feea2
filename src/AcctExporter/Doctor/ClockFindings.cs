// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Kernel;

namespace AcctExporter.Doctor;

/// <summary>The clocks: records bear the wall clock's time, spans are the monotonic clock's.</summary>
internal static class ClockFindings
{
    private const int EarliestYear = 2020;

    /// <summary>How much the clocks may differ: reading two of them takes a moment.</summary>
    private const double SlackSeconds = 5;

    /// <summary>All of them.</summary>
    public static IEnumerable<Finding> Of(HostView host)
    {
        yield return Wall(host);
        yield return Kept(host);
        yield return Monotonic(host);
    }

    private static Finding Wall(HostView host)
    {
        const string id = "clock-wall";
        var now = host.Clock.GetUtcNow();
        var zone = host.Link("/etc/localtime")?.Split("/zoneinfo/")[^1] ?? host.Read("/etc/timezone") ?? "UTC";
        var what = string.Create(
            CultureInfo.InvariantCulture, $"It is {now:yyyy-MM-dd'T'HH:mm:ss'Z'}; the zone is {zone}.");
        return now.Year >= EarliestYear ? Finding.Ok(id, what) : new(id, FindingState.Failure, what)
        {
            Means = "The wall clock was never set: records, and all that is kept by age, would bear that time.",
            Mend = ["systemctl enable --now systemd-timesyncd", "date --set='2026-01-31 12:00:00'  # the time it is"],
            StartsAnd = "give every exit a wrong time",
        };
    }

    private static Finding Kept(HostView host)
    {
        const string id = "clock-synchronized";
        var state = host.ReadClock();
        if (state == ClockState.Synchronized || host.Exists("/run/systemd/timesync/synchronized"))
        {
            return Finding.Ok(id, "A time service keeps the wall clock right.");
        }

        return state == ClockState.Unknown
            ? new(id, FindingState.Unknown, "Whether the wall clock is kept right cannot be asked (adjtimex(2)).")
            : Finding.Note(id, "No time service keeps the wall clock right, as the kernel knows it (STA_UNSYNC).") with
            {
                Means = "Times of exits may be off; counts and spans are not.",
                Mend = ["systemctl enable --now systemd-timesyncd  # or chronyd"],
            };
    }

    /// <summary>The monotonic clock stands still while the host sleeps, so it may be behind, never ahead.</summary>
    private static Finding Monotonic(HostView host)
    {
        const string id = "clock-monotonic";
        var own = (double)host.Clock.GetTimestamp() / host.Clock.TimestampFrequency;
        if (!double.TryParse((host.Read("/proc/uptime") ?? "").Split(' ')[0], NumberStyles.Float,
            CultureInfo.InvariantCulture, out var uptime))
        {
            return new(id, FindingState.Unknown, "/proc/uptime cannot be read.");
        }

        var what = string.Create(CultureInfo.InvariantCulture,
            $"The host is up for {uptime:F0} s, its monotonic clock shows {own:F0} s.");
        return own > 0 && own <= uptime + SlackSeconds ? Finding.Ok(id, what)
            : new(id, FindingState.Warning, what)
            {
                Means = "The monotonic clock is ahead of the uptime: a time namespace, or a kernel gone wrong; then "
                    + "exits may not be joined with their taskstats.",
                Mend = ["start it without unshare --time"],
            };
    }
}
