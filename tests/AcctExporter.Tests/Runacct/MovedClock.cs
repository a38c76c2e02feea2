// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Tests.Runacct;

/// <summary>A wall clock that a test sets, and time that passes only when it says so.</summary>
internal sealed class MovedClock(string now, string zone = "Europe/Berlin") : TimeProvider
{
    private DateTimeOffset shown = DateTimeOffset.Parse(now);
    private long passed;

    public override TimeZoneInfo LocalTimeZone { get; } = TimeZoneInfo.FindSystemTimeZoneById(zone);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => shown.ToUniversalTime();

    public override long GetTimestamp() => passed;

    /// <summary>Time passes.</summary>
    public void Pass(TimeSpan time)
    {
        shown += time;
        passed += time.Ticks;
    }

    /// <summary>Somebody sets the clock.</summary>
    public void Set(string to) => shown = DateTimeOffset.Parse(to);
}
