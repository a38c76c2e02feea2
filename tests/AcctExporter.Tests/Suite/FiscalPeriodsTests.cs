// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Suite;

namespace AcctExporter.Tests.Suite;

public sealed class FiscalPeriodsTests
{
    [Theory]
    [InlineData("monthly", "2026-07-02", "2026-07")]
    [InlineData("monthly", "2026-07-31", "2026-07")]
    [InlineData("monthly", "2026-08-01", "2026-07", "the run of the first day charges the last of the month before")]
    [InlineData("monthly", "2026-08-02", "2026-08")]
    [InlineData("monthly", "2027-01-01", "2026-12")]
    [InlineData("off", "2026-08-02", null)]
    [InlineData("04-01", "2026-04-01", "2025-04-01")]
    [InlineData("04-01", "2026-04-02", "2026-04-01")]
    [InlineData("04-01", "2027-03-31", "2026-04-01")]
    [InlineData("01-01,04-01,07-01,10-01", "2026-12-31", "2026-10-01")]
    [InlineData("01-01,04-01,07-01,10-01", "2027-01-01", "2026-10-01")]
    [InlineData("01-01,04-01,07-01,10-01", "2027-01-02", "2027-01-01")]
    [InlineData("2026-01-05,2026-02-02", "2026-01-05", "before-2026-01-05")]
    [InlineData("2026-01-05,2026-02-02", "2026-01-06", "2026-01-05")]
    [InlineData("2026-01-05,2026-02-02", "2026-02-02", "2026-01-05")]
    [InlineData("2026-01-05,2026-02-02", "2031-01-01", "2026-02-02", "a list that has ended begins no period more")]
    public void Run_IsOfAPeriod(string periods, string day, string? period, string why = "")
    {
        var parsed = FiscalPeriods.Parse(periods, out var fault);
        Assert.Null(fault);
        Assert.True(period == parsed!.Of(DateOnly.Parse(day)), $"{parsed.Of(DateOnly.Parse(day))} {why}");
    }

    [Fact]
    public void WeeklyTime_IsReadAsItIsWritten()
    {
        foreach (var day in Enum.GetValues<DayOfWeek>())
        {
            var time = new WeeklyTime(day, new TimeOnly(22, 30));
            Assert.True(WeeklyTime.TryParse(time.ToString(), out var read));
            Assert.Equal(time, read);
        }
    }
}
