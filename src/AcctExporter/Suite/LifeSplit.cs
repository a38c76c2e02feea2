// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using AcctExporter.Records;

namespace AcctExporter.Suite;

/// <summary>
/// Divides the lives of processes between prime and non-prime time. Most end on the day and in the kind of time in
/// which the one before them began, so that is kept. Not for several threads.
/// </summary>
internal sealed class LifeSplit
{
    private readonly Holidays holidays;
    private readonly TimeZoneInfo zone;
    private readonly PrimeTime? sane;
    private readonly CompatPrimeTime? classic;
    private PrimeStretch known;

    private LifeSplit(Holidays holidays, TimeZoneInfo zone, bool isClassic)
    {
        (this.holidays, this.zone) = (holidays, zone);
        sane = isClassic ? null : new(holidays, zone);
        classic = isClassic ? new(holidays, zone) : null;
    }

    /// <summary>Both parts together are always the whole life.</summary>
    public static LifeSplit Of(Holidays holidays, TimeZoneInfo zone) => new(holidays, zone, isClassic: false);

    /// <summary>By the classic rules: over a change of the clocks they may be an hour too long together.</summary>
    public static LifeSplit Compat(Holidays holidays, TimeZoneInfo zone) => new(holidays, zone, isClassic: true);

    /// <summary>One that divides alike, for another thread.</summary>
    public LifeSplit Again() => new(holidays, zone, classic is not null);

    /// <summary>The parts of a life.</summary>
    /// <param name="begin">Its first second since 1970.</param>
    /// <param name="seconds">How long it was.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public PrimeSplit Parts(long begin, long seconds) =>
        begin >= known.From && begin + seconds <= known.To ? Whole(known.IsPrime, seconds) : Divided(begin, seconds);

    private static PrimeSplit Whole(bool isPrime, long seconds) => isPrime ? new(seconds, 0) : new(0, seconds);

    private PrimeSplit Divided(long begin, long seconds)
    {
        if (sane is null)
        {
            return classic!.Split(begin, begin + seconds);
        }

        var stretch = sane.StretchAt(begin);
        if (begin + seconds > stretch.To)
        {
            // One that lived long says nothing of where the next is.
            return sane.Split(begin, begin + seconds);
        }

        known = stretch;
        return Whole(stretch.IsPrime, seconds);
    }
}
