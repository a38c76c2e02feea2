// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Tests.Capture;

/// <summary>A clock that stands where a test puts it.</summary>
internal sealed class FixedClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>By how much it was set; no time passed with that.</summary>
    public TimeSpan SetBy { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => (Now - SetBy).Ticks;
}
