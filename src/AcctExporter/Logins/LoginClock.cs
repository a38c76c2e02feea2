// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Logins;

/// <summary>
/// The wall clock, held against one that nobody can set and that goes on while the host is suspended. Daylight saving
/// is no change of it: it counts in UTC. Smaller changes than <see cref="SlackSeconds"/> pass as time.
/// </summary>
internal sealed class LoginClock(TimeProvider wall, Func<TimeSpan> sinceBoot)
{
    /// <summary>What reading two clocks, and correcting one slowly, may come to between two looks.</summary>
    public const long SlackSeconds = 5;

    private const long MicrosecondsPerSecond = 1_000_000;

    private long? offset;
    private long lookedAt;

    /// <summary>Now, in microseconds since 1970.</summary>
    public long Now { get; private set; }

    /// <summary>When the host started, by the clock of now, in microseconds since 1970.</summary>
    public long BootedAt => offset ?? 0;

    /// <summary>The change since the look before, if there was one.</summary>
    public ClockStep Step { get; private set; }

    /// <summary>Looks at both clocks.</summary>
    public void Look()
    {
        var up = (long)sinceBoot().TotalMicroseconds;
        Now = wall.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
        var moved = offset is { } before ? (Now - up - before) / MicrosecondsPerSecond : 0;
        Step = Math.Abs(moved) < SlackSeconds ? default : new ClockStep(
            moved, (up - lookedAt) / MicrosecondsPerSecond, Now / MicrosecondsPerSecond);
        (offset, lookedAt) = (Now - up, up);
    }
}

/// <summary>The wall clock was set.</summary>
/// <param name="Seconds">By so much; 0 when it was not.</param>
/// <param name="WithinSeconds">So long ago at most.</param>
/// <param name="NowSeconds">Now, by the new clock, in seconds since 1970.</param>
internal readonly record struct ClockStep(long Seconds, long WithinSeconds, long NowSeconds)
{
    /// <summary>It was.</summary>
    public bool IsAny => Seconds != 0;

    /// <summary>
    /// The time of a record that was read right after: one that was written before the change is moved with it.
    /// </summary>
    public long ByNewClock(long seconds)
    {
        var isOld = IsAny && !IsWithin(seconds, NowSeconds) && IsWithin(seconds, NowSeconds - Seconds);
        return isOld ? seconds + Seconds : seconds;
    }

    private bool IsWithin(long seconds, long now) => seconds <= now + LoginClock.SlackSeconds
        && seconds >= now - WithinSeconds - LoginClock.SlackSeconds;
}
