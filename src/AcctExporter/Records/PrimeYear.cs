// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Records;

/// <summary>One year of <see cref="PrimeTime"/>: the instants of its days and of their prime time.</summary>
/// <param name="days">365 or 366.</param>
internal sealed class PrimeYear(int days)
{
    private readonly long[] starts = new long[days + 1];
    private readonly long[] primeStarts = new long[days];
    private readonly long[] primeEnds = new long[days];
    private readonly int[] primeBefore = new int[days + 1];

    /// <summary>Its first second.</summary>
    public long Start => starts[0];

    /// <summary>The first second of the next.</summary>
    public long End => starts[days];

    /// <summary>How much of it is prime.</summary>
    public long PrimeSeconds => primeBefore[days];

    /// <summary>Sets a day; in order.</summary>
    /// <param name="day">From 0.</param>
    /// <param name="start">When it begins.</param>
    /// <param name="primeStart">When its prime time begins.</param>
    /// <param name="primeEnd">When that ends; the same when it has none.</param>
    public void Set(int day, long start, long primeStart, long primeEnd)
    {
        starts[day] = start;
        primeStarts[day] = primeStart;
        primeEnds[day] = primeEnd;
        primeBefore[day + 1] = primeBefore[day] + (int)(primeEnd - primeStart);
    }

    /// <summary>Sets when the next year begins.</summary>
    public void Close(long end) => starts[days] = end;

    /// <summary>How much prime time there was in the year before an instant of it.</summary>
    public long PrimeBefore(long instant)
    {
        var day = DayOf(instant);
        return primeBefore[day] + Math.Clamp(instant - primeStarts[day], 0, primeEnds[day] - primeStarts[day]);
    }

    /// <summary>The part of a day, before, in or behind its prime time, that an instant of the year is in.</summary>
    public PrimeStretch StretchAt(long instant)
    {
        var day = DayOf(instant);
        var (start, end) = (primeStarts[day], primeEnds[day]);
        return start == end ? new(starts[day], starts[day + 1], false)
            : instant < start ? new(starts[day], start, false)
            : instant < end ? new(start, end, true)
            : new(end, starts[day + 1], false);
    }

    private int DayOf(long instant)
    {
        // The last day that begins no later: where clocks skip a whole day, two begin at once.
        var (low, high) = (0, days);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            (low, high) = starts[middle] <= instant ? (middle, high) : (low, middle);
        }

        return low;
    }
}
