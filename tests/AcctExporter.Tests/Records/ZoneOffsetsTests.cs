// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Tests.Records;

/// <summary>Against <see cref="TimeZoneInfo"/>, which is asked each time.</summary>
public class ZoneOffsetsTests
{
    [Theory]
    [InlineData("Europe/Berlin")]
    [InlineData("America/New_York")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("Asia/Kathmandu")]
    [InlineData("Africa/Casablanca")]
    [InlineData("Pacific/Apia")]
    [InlineData("UTC")]
    public void SecondsAt_IsTheZonesOwn_AroundEveryChange(string name)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(name);
        var offsets = new ZoneOffsets(zone);
        var wrong = new List<long>();
        // Every hour and a half from 1999 to 2028, each with the last second before it.
        for (var seconds = 915_148_800L; seconds < 1_830_000_000; seconds += 5400)
        {
            foreach (var instant in new[] { seconds - 1, seconds })
            {
                var truth = (int)zone.GetUtcOffset(DateTimeOffset.FromUnixTimeSeconds(instant)).TotalSeconds;
                if (offsets.SecondsAt(instant) != truth)
                {
                    wrong.Add(instant);
                }
            }
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    [InlineData(-62_135_596_801)]
    [InlineData(253_402_300_800)]
    public void SecondsAt_TakesAnyInstant(long seconds) =>
        Assert.Equal(0, new ZoneOffsets(TimeZoneInfo.Utc).SecondsAt(seconds));
}
