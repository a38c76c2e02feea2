// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;
using AcctExporter.Tests.Properties;

namespace AcctExporter.Tests.Records;

/// <summary>How time is divided, against figures that were worked out second by second.</summary>
public class PrimeTimeTests
{
    private const string Day = "2026 0000 2400\n";
    private const string Sane = nameof(HolidayRules.Sane);
    private const string Compat = nameof(HolidayRules.Compat);
    private const string OldCompat = nameof(HolidayRules.OldCompat);
    private const string Office = "2026 0800 1800\n";

    [Theory]
    [InlineData("2026-07-07 09:00:00", "2026-07-07 17:00:00", 28800, 0)] // inside prime time
    [InlineData("2026-07-07 08:00:00", "2026-07-07 18:00:00", 36000, 0)] // exactly prime time
    [InlineData("2026-07-07 07:59:59", "2026-07-07 08:00:01", 1, 1)] // over its start
    [InlineData("2026-07-07 17:59:59", "2026-07-07 18:00:01", 1, 1)] // over its end
    [InlineData("2026-07-07 08:00:01", "2026-07-07 09:00:00", 3599, 0)] // from just behind its start
    [InlineData("2026-07-07 18:00:01", "2026-07-07 19:00:00", 0, 3599)] // from just behind its end
    [InlineData("2026-07-02 16:30:00", "2026-07-03 09:15:00", 5400, 54900)] // into a holiday
    [InlineData("2026-07-10 17:00:00", "2026-07-13 08:30:00", 5400, 223200)] // over a weekend
    [InlineData("2026-07-07 22:00:00", "2026-07-08 00:00:00", 0, 7200)] // ends at midnight
    [InlineData("2026-07-07 00:00:00", "2026-07-08 00:00:00", 36000, 50400)] // a working day
    [InlineData("2026-07-04 10:00:00", "2026-07-04 11:00:00", 0, 3600)] // a Saturday
    [InlineData("2026-07-01 17:30:00", "2026-07-06 08:10:10", 38410, 360000)] // holiday and weekend
    [InlineData("2026-07-07 12:00:00", "2026-07-07 12:00:00", 0, 0)] // nothing
    [InlineData("2027-07-02 09:00:00", "2027-07-02 10:00:00", 3600, 0)] // the observed day is another next year
    public void Split_OfAnyMode(string from, string to, long prime, long nonPrime)
    {
        foreach (var rules in (HolidayRules[])[HolidayRules.Sane, HolidayRules.Compat])
        {
            Assert.Equal(
                (prime, nonPrime),
                Calendar.Split(Calendar.H, rules, TimeZoneInfo.Utc, Calendar.At(from), Calendar.At(to)));
        }
    }

    [Theory]
    [InlineData(Day, Sane, "2026-07-07 06:00", "2026-07-07 20:00", 50400, 0)] // 2400 is the day's end
    [InlineData(Day, Compat, "2026-07-07 06:00", "2026-07-07 20:00", 50400, 0)]
    [InlineData("2026 0900 2400", Sane, "2026-07-07 23:00", "2026-07-08 09:30", 5400, 32400)]
    [InlineData("2026 0900 2400", Compat, "2026-07-07 23:00", "2026-07-08 09:30", 5400, 32400)]
    [InlineData(Day, OldCompat, "2026-07-07 00:00", "2026-07-08 00:00", 0, 86400)] // 2400 was 0000
    [InlineData("2026 0800 2400", OldCompat, "2026-07-07", "2026-07-08", -28800, 115200)]
    [InlineData(Calendar.H, Compat, "2028-12-25 09:00", "2028-12-25 10:00", 3600, 0)] // by day of year
    [InlineData(Calendar.H, Sane, "2028-12-25 09:00", "2028-12-25 10:00", 0, 3600)]
    public void Split_OfTheTable(
        string holidays, string rules, string from, string to, long prime, long nonPrime) => Assert.Equal(
        (prime, nonPrime),
        Calendar.Split(
            holidays, Enum.Parse<HolidayRules>(rules), TimeZoneInfo.Utc, Calendar.At(from), Calendar.At(to)));

    [Theory]
    [InlineData(Sane, "2026-03-06 17:00", "2026-03-09 09:00", 7200, 219600)] // clocks go forward
    [InlineData(Compat, "2026-03-06 17:00", "2026-03-09 09:00", 7200, 219600)]
    [InlineData(Sane, "2026-10-30 17:00", "2026-11-02 09:00", 7200, 226800)] // and back
    [InlineData(Compat, "2026-10-30 17:00", "2026-11-02 09:00", 7200, 226800)]
    [InlineData(Sane, "2026-03-08 01:00", "2026-03-09 00:30", 0, 81000)]
    [InlineData(Compat, "2026-03-08 01:00", "2026-03-09 00:30", 0, 82800)] // half an hour too much
    public void Split_OverAChangeOfTheClocks(
        string rules, string from, string to, long prime, long nonPrime) => Assert.Equal(
        (prime, nonPrime),
        Calendar.Split(
            Office, Enum.Parse<HolidayRules>(rules), Calendar.NewYork,
            Calendar.At(from, Calendar.NewYork), Calendar.At(to, Calendar.NewYork)));

    [Fact]
    public void Split_BoundaryThatTheClocksSkipOrPassTwice()
    {
        // Samoa left out Friday 2011-12-30 altogether.
        var apia = Calendar.Zone("Pacific/Apia");
        var thursday = new DateTimeOffset(2011, 12, 29, 0, 0, 0, TimeSpan.FromHours(-10)).ToUnixTimeSeconds();
        Assert.Equal(
            (36000, 50400), Calendar.Split(Office, HolidayRules.Sane, apia, thursday, thursday + 86400));
        Assert.Equal(
            (0, 172800), Calendar.Split(Office, HolidayRules.Sane, apia, thursday + 86400, thursday + (3 * 86400)));

        // In Cairo 23:30 came twice on Tuesday 2010-08-10, when midnight went back to 23:00: the first of them counts.
        var cairo = Calendar.Zone("Africa/Cairo");
        var evening = new DateTimeOffset(2010, 8, 10, 22, 0, 0, TimeSpan.FromHours(3)).ToUnixTimeSeconds();
        Assert.Equal(
            (5400, 9000), Calendar.Split("2010 2200 2330\n", HolidayRules.Sane, cairo, evening, evening + (4 * 3600)));
    }

    [Fact]
    public void Split_OfYears_IsAsFastAsOfAnHour_AndAllocatesNothing()
    {
        var prime = new PrimeTime(Calendar.Of(Calendar.H), Calendar.NewYork);
        var whole = prime.Split(0, 4_000_000_000);
        Assert.Equal(4_000_000_000, whole.PrimeSeconds + whole.NonPrimeSeconds);
        long sum = 0;
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var allocated = Allocated.By(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                sum += prime.Split(i * 1000L, 4_000_000_000 - (i * 2000L)).PrimeSeconds;
            }
        });

        Assert.Equal(0, allocated);
        Assert.True(sum > 0);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"110,000 splits took {clock.Elapsed}");
    }

    [Fact]
    public void Split_WithoutATable_IsNonPrime() => Assert.Equal(
        new PrimeSplit(0, 86400), new PrimeTime(Holidays.None, TimeZoneInfo.Utc).Split(0, 86400));
}
