// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Runacct;
using AcctExporter.Suite;

namespace AcctExporter.Tests.Runacct;

public sealed class LocalTimesTests
{
    [Theory]
    [InlineData("2026-03-29", "01:59", "2026-03-29T00:59Z", "before the clocks go forward")]
    [InlineData("2026-03-29", "02:00", "2026-03-29T01:00Z", "left out: the first instant behind")]
    [InlineData("2026-03-29", "02:30", "2026-03-29T01:00Z", "left out: the first instant behind")]
    [InlineData("2026-03-29", "03:00", "2026-03-29T01:00Z", "behind")]
    [InlineData("2026-10-25", "01:59", "2026-10-24T23:59Z", "before they go back")]
    [InlineData("2026-10-25", "02:30", "2026-10-25T00:30Z", "twice: the first counts")]
    [InlineData("2026-10-25", "03:00", "2026-10-25T02:00Z", "behind")]
    [InlineData("2026-07-02", "04:00", "2026-07-02T02:00Z", "an ordinary day")]
    public void Time_OfADay_IsOneInstant(string day, string time, string instant, string why) => Assert.True(
        DateTimeOffset.Parse(instant) == LocalTimes.InstantOf(DateOnly.Parse(day), TimeOnly.Parse(time), Berlin),
        why);

    /// <summary>Samoa went over the date line, and had no 30 December 2011.</summary>
    [Fact]
    public void Day_ThatIsLeftOut_ComesWithItsNeighbour()
    {
        var samoa = TimeZoneInfo.FindSystemTimeZoneById("Pacific/Apia");
        var instants = Enumerable.Range(28, 5)
            .Select(day => LocalTimes.InstantOf(
                new DateOnly(2011, 12, 1).AddDays(day - 1), new TimeOnly(4, 0), samoa).UtcDateTime).ToArray();
        Assert.Equal(instants.Order(), instants);
        Assert.Equal(4, instants.Distinct().Count());
    }

    [Theory]
    [InlineData("2026-07-02T01:59Z", "2026-07-01")]
    [InlineData("2026-07-02T02:00Z", "2026-07-02")]
    [InlineData("2026-07-02T22:30Z", "2026-07-02", "after midnight, before four")]
    public void LastDay_IsTheOneWhoseTimeHasCome(string now, string day, string why = "") => Assert.True(
        DateOnly.Parse(day) == LocalTimes.LastDay(DateTimeOffset.Parse(now), new TimeOnly(4, 0), Berlin).Day, why);

    /// <summary>Around a change of the clocks, minute by minute: each day comes once.</summary>
    [Theory]
    [InlineData("2026-03-28T00:00Z")]
    [InlineData("2026-10-24T00:00Z")]
    public void Days_ComeOnce_InTheirOrder(string from)
    {
        var now = DateTimeOffset.Parse(from);
        var seen = new List<DateOnly>();
        for (var minute = 0; minute < 3 * 1440; minute++, now = now.AddMinutes(1))
        {
            var day = LocalTimes.LastDay(now, new TimeOnly(2, 30), Berlin).Day;
            if (seen.Count == 0 || seen[^1] != day)
            {
                seen.Add(day);
            }
        }

        Assert.Equal(seen.Distinct().Order(), seen);
        Assert.Equal(4, seen.Count);
    }

    [Theory]
    [InlineData("2026-07-05T20:29Z", "2026-06-28T20:30Z")]
    [InlineData("2026-07-05T20:30Z", "2026-07-05T20:30Z")]
    [InlineData("2026-07-11T00:00Z", "2026-07-05T20:30Z")]
    [InlineData("2026-10-25T21:29Z", "2026-10-18T20:30Z", "the clocks went back in between")]
    [InlineData("2026-10-25T21:30Z", "2026-10-25T21:30Z")]
    public void TimeOfWeek_CameLast(string now, string at, string why = "") => Assert.True(
        DateTimeOffset.Parse(at) == LocalTimes.LastOfWeek(
            DateTimeOffset.Parse(now), new WeeklyTime(DayOfWeek.Sunday, new TimeOnly(22, 30)), Berlin), why);

    private static TimeZoneInfo Berlin => TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
}
