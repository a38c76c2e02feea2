// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace AcctExporter.Kernel;

/// <summary>
/// What time it is for this process. A test can have it stand still: <c>ACCT_EXPORTER_CLOCK=2026-07-02T04:00:00Z</c>.
/// </summary>
internal static class ProcessClock
{
    /// <summary>The variable that stops the clock, at an instant with its offset (RFC 3339).</summary>
    public const string Variable = "ACCT_EXPORTER_CLOCK";

    private static readonly TimeProvider Chosen = Of(Environment.GetEnvironmentVariable(Variable));

    /// <summary>The clock of the system, or the one that a test has set.</summary>
    public static TimeProvider Time => Chosen;

    /// <summary>The clock of the system for nothing, and for what is no instant.</summary>
    internal static TimeProvider Of(string? text) =>
        DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)
            ? new StoppedClock(instant, TimeZoneInfo.Local) : TimeProvider.System;
}

/// <summary>A clock that stands still.</summary>
/// <param name="instant">What it shows.</param>
/// <param name="zone">The local time zone.</param>
internal sealed class StoppedClock(DateTimeOffset instant, TimeZoneInfo zone) : TimeProvider
{
    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => zone;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => instant.ToUniversalTime();
}
