// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Reports;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.Reports;

/// <summary>
/// Times of day of <c>acctcom</c> on days when clocks change. In Berlin 29 March 2026 has no time from 2:00 to 3:00,
/// and 25 October has it twice.
/// </summary>
public sealed class AcctcomTimesTests : IDisposable
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
    private readonly TemporaryDirectory folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("2026-03-29T10:00Z", "0", "2026-03-28T23:00Z", "2026-03-28T23:00Z")]
    [InlineData("2026-03-29T10:00Z", "1:59:59", "2026-03-29T00:59:59Z", "2026-03-29T00:59:59Z")]
    [InlineData("2026-03-29T10:00Z", "2:00", "2026-03-29T01:00Z", "2026-03-29T01:00Z")]
    [InlineData("2026-03-29T10:00Z", "2:30:15", "2026-03-29T01:00Z", "2026-03-29T01:00Z")]
    [InlineData("2026-03-29T10:00Z", "3:00", "2026-03-29T01:00Z", "2026-03-29T01:00Z")]
    [InlineData("2026-03-29T10:00Z", "24:00", "2026-03-29T22:00Z", "2026-03-29T22:00Z")]
    [InlineData("2026-03-29T22:30Z", "9", "2026-03-30T07:00Z", "2026-03-30T07:00Z")]
    [InlineData("2026-03-28T22:59:59Z", "9", "2026-03-28T08:00Z", "2026-03-28T08:00Z")]
    [InlineData("2026-10-25T10:00Z", "1:59:59", "2026-10-24T23:59:59Z", "2026-10-24T23:59:59Z")]
    [InlineData("2026-10-25T10:00Z", "2:00", "2026-10-25T00:00Z", "2026-10-25T01:00Z")]
    [InlineData("2026-10-25T10:00Z", "2:30:15", "2026-10-25T00:30:15Z", "2026-10-25T01:30:15Z")]
    [InlineData("2026-10-25T10:00Z", "3:00", "2026-10-25T02:00Z", "2026-10-25T02:00Z")]
    [InlineData("2026-10-25T10:00Z", "24:00", "2026-10-25T23:00Z", "2026-10-25T23:00Z")]
    [InlineData("2026-10-24T22:00Z", "2:30", "2026-10-25T00:30Z", "2026-10-25T01:30Z")]
    public void ATime_IsAnInstantOfItsDay(string dayOf, string time, string first, string last)
    {
        var bound = Seconds(time);
        Assert.Equal(
            new AcctcomBounds(Of(first), Of(last), Of(first), Of(last)),
            new AcctcomTimes { StartAfter = bound, StartBefore = bound, EndAfter = bound, EndBefore = bound }
                .On(Of(dayOf), Berlin));
    }

    /// <summary><c>-E</c> alone goes to the next day, and only when it is before <c>-S</c>.</summary>
    [Theory]
    [InlineData("2026-03-28T10:00Z", "22", "2:30", "2026-03-28T21:00Z", "2026-03-29T01:00Z")]
    [InlineData("2026-03-28T10:00Z", "22", "9", "2026-03-28T21:00Z", "2026-03-29T07:00Z")]
    [InlineData("2026-10-24T10:00Z", "22", "2:30", "2026-10-24T20:00Z", "2026-10-25T01:30Z")]
    [InlineData("2026-10-24T10:00Z", "22", "9", "2026-10-24T20:00Z", "2026-10-25T08:00Z")]
    [InlineData("2026-10-25T10:00Z", "1", "4", "2026-10-24T23:00Z", "2026-10-25T03:00Z")]
    [InlineData("2026-07-07T10:00Z", "9", "9", "2026-07-07T07:00Z", "2026-07-07T07:00Z")]
    public void AnEndBeforeTheStart_IsOfTheNextDay(string dayOf, string after, string before, string start, string end)
    {
        var times = new AcctcomTimes { StartAfter = Seconds(after), EndBefore = Seconds(before) };
        Assert.Equal(new AcctcomBounds(Of(start), null, null, Of(end)), times.On(Of(dayOf), Berlin));
        var others = new AcctcomTimes
        {
            EndAfter = Seconds("22"), StartBefore = Seconds("2:30"), EndBefore = Seconds("3"),
        };
        var bounds = others.On(Of("2026-07-07T10:00Z"), Berlin);
        Assert.Equal(
            new AcctcomBounds(null, Of("2026-07-07T00:30Z"), Of("2026-07-07T20:00Z"), Of("2026-07-07T01:00Z")), bounds);
    }

    /// <summary>The classic command has the offset of now: in summer an hour too early for a day of winter.</summary>
    [Fact]
    public void TheClassicCommand_HasTheOffsetOfNow()
    {
        var times = new AcctcomTimes
        {
            StartAfter = Seconds("22"),
            StartBefore = Seconds("3"),
            EndAfter = Seconds("4"),
            EndBefore = Seconds("2:30"),
        };
        Assert.Equal(
            new AcctcomBounds(
                Of("2026-01-10T20:00Z"), Of("2026-01-10T01:00Z"), Of("2026-01-10T02:00Z"), Of("2026-01-11T00:30Z")),
            times.WithOffset(Of("2026-01-10T10:00Z"), 7200));
    }

    /// <summary>Of each file the day on which its first process began, where we are; not that of UTC.</summary>
    [Theory]
    [InlineData("-S", "START AFT")]
    [InlineData("-e", "START BEF")]
    [InlineData("-s", "END AFTER")]
    [InlineData("-E", "END BEFOR")]
    public void EachFile_HasItsLocalDay(string option, string heading)
    {
        File.WriteAllBytes(folder.Of("a"), [.. Record("2026-07-04T22:30:00Z"), .. Record("2026-07-06T10:00:00Z")]);
        File.WriteAllBytes(folder.Of("b"), [.. Record("2026-07-07T21:59:59Z"), .. Record("2026-07-04T10:00:00Z")]);
        foreach (var direction in new[] { "--svr4", "-b" })
        {
            var text = Applet.Run(
                "acctcom", ["--svr4", direction, option, "9", folder.Of("a"), folder.Of("b")], Of("2026-07-10T10:00Z"),
                "Europe/Berlin").Text;
            Assert.Equal(
                [$"{heading}: Sun Jul  5 09:00:00 2026", $"{heading}: Tue Jul  7 09:00:00 2026"],
                text.Split('\n').Where(line => line.StartsWith(heading, StringComparison.Ordinal)));
        }
    }

    private static byte[] Record(string begin) => SystemVVectors.Record("x", 0, begin, 100, 1, 1, 1, 1, 1);

    private static int Seconds(string time) =>
        AcctcomTimes.TryRead(time, out var seconds) ? seconds : throw new ArgumentException(time);

    private static long Of(string instant) =>
        DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture).ToUnixTimeSeconds();
}
