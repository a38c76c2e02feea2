// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// Local times as the C library writes them: <c>Sun Mar  1 12:00:00 2026</c> (ctime(3)), <c>12:00</c>, and
/// <c>2026-03-01T12:00:00+00:00</c>. The texts of the last days that were asked about are kept. What lies beyond the
/// years 1 to 9999 is written as the nearest day in them. Not for several threads.
/// </summary>
/// <param name="zone">The zone.</param>
internal sealed class TimeText(TimeZoneInfo zone)
{
    /// <summary>Bytes of ctime(3)'s form, without its newline.</summary>
    public const int CtimeBytes = 24;

    /// <summary>Bytes of the form with the offset.</summary>
    public const int IsoBytes = 25;

    private const int DaySeconds = 86_400;
    private const int Days = 64;

    /// <summary>A day's texts: <c>Sun Mar  1 </c>, then <c> 2026</c>, then <c>2026-03-01T</c>.</summary>
    private const int DayBytes = 32;

    private const int YearAt = 11;
    private const int IsoAt = 16;
    private const long FirstDay = -719_162;
    private const long LastDay = 2_932_896;

    private static readonly byte[] TwoDigits = Encoding.ASCII.GetBytes(
        string.Concat(Enumerable.Range(0, 100).Select(number => $"{number:d2}")));

    private readonly ZoneOffsets offsets = new(zone);
    private readonly long[] days = [.. Enumerable.Repeat(long.MinValue, Days)];
    private readonly byte[] texts = new byte[Days * DayBytes];

    /// <summary><c>Sun Mar  1 12:00:00 2026</c>.</summary>
    /// <param name="unixSeconds">The instant.</param>
    /// <param name="destination">At least <see cref="CtimeBytes"/>.</param>
    public void WriteCtime(long unixSeconds, Span<byte> destination)
    {
        var (day, second) = Split(unixSeconds, offsets.SecondsAt(unixSeconds));
        var text = DayText(day);
        destination = destination[..CtimeBytes];
        text[..YearAt].CopyTo(destination);
        WriteClock(second, destination[YearAt..]);
        text.Slice(YearAt, 5).CopyTo(destination[19..]);
    }

    /// <summary><c>12:00</c>: five bytes.</summary>
    public void WriteHourMinute(long unixSeconds, Span<byte> destination)
    {
        var (_, second) = Split(unixSeconds, offsets.SecondsAt(unixSeconds));
        Two(second / 3600, destination);
        destination[2] = (byte)':';
        Two(second / 60 % 60, destination[3..]);
    }

    /// <summary><c>2026-03-01T12:00:00+00:00</c>.</summary>
    /// <param name="unixSeconds">The instant.</param>
    /// <param name="destination">At least <see cref="IsoBytes"/>.</param>
    public void WriteIso(long unixSeconds, Span<byte> destination)
    {
        var offset = offsets.SecondsAt(unixSeconds);
        var (day, second) = Split(unixSeconds, offset);
        destination = destination[..IsoBytes];
        DayText(day).Slice(IsoAt, 11).CopyTo(destination);
        WriteClock(second, destination[11..]);
        destination[19] = offset < 0 ? (byte)'-' : (byte)'+';
        var minutes = Math.Abs(offset) / 60;
        Two(minutes / 60, destination[20..]);
        destination[22] = (byte)':';
        Two(minutes % 60, destination[23..]);
    }

    private static (long Day, int Second) Split(long unixSeconds, int offset)
    {
        var local = unixSeconds + offset;
        var day = local >= 0 ? local / DaySeconds : ((local + 1) / DaySeconds) - 1;
        return (Math.Clamp(day, FirstDay, LastDay), (int)(local - (day * DaySeconds)));
    }

    private static void WriteClock(int second, Span<byte> destination)
    {
        Two(second / 3600, destination);
        destination[2] = (byte)':';
        Two(second / 60 % 60, destination[3..]);
        destination[5] = (byte)':';
        Two(second % 60, destination[6..]);
    }

    private static void Two(int number, Span<byte> destination) =>
        TwoDigits.AsSpan(2 * number, 2).CopyTo(destination);

    private ReadOnlySpan<byte> DayText(long day)
    {
        var slot = (int)(day & (Days - 1));
        var text = texts.AsSpan(slot * DayBytes, DayBytes);
        if (days[slot] != day)
        {
            var date = DateTime.UnixEpoch.AddDays(day);
            Encoding.ASCII.GetBytes(string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{date:ddd MMM} {date.Day,2}  {date:yyyy}{date:yyyy-MM-dd}T"), text);
            days[slot] = day;
        }

        return text;
    }
}
