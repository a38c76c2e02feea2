// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
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

    /// <summary>Bytes of that form up to the minute.</summary>
    public const int ShortBytes = 16;

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

    private readonly ZoneOffsets offsets = new(zone);
    private readonly long[] days = [.. Enumerable.Repeat(long.MinValue, Days)];
    private readonly byte[] texts = new byte[Days * DayBytes];

    /// <summary><c>Sun Mar  1 12:00:00 2026</c>.</summary>
    /// <param name="unixSeconds">The instant.</param>
    /// <param name="destination">At least <see cref="CtimeBytes"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void WriteCtime(long unixSeconds, Span<byte> destination)
    {
        var (day, second) = Split(unixSeconds, offsets.SecondsAt(unixSeconds));
        var text = DayText(day);
        destination = destination[..CtimeBytes];
        Vector128.Create(text).CopyTo(destination);
        WriteClock(second, destination[YearAt..]);
        MemoryMarshal.Write(destination[19..], MemoryMarshal.Read<uint>(text[YearAt..]));
        destination[23] = text[YearAt + 4];
    }

    /// <summary><c>Sun Mar  1 12:00</c>.</summary>
    /// <param name="unixSeconds">The instant.</param>
    /// <param name="destination">At least <see cref="ShortBytes"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void WriteShort(long unixSeconds, Span<byte> destination)
    {
        var (day, second) = Split(unixSeconds, offsets.SecondsAt(unixSeconds));
        destination = destination[..ShortBytes];
        Vector128.Create(DayText(day)).CopyTo(destination);
        WriteMinute(second, destination[YearAt..]);
    }

    /// <summary><c>12:00</c>: five bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void WriteHourMinute(long unixSeconds, Span<byte> destination)
    {
        var (_, second) = Split(unixSeconds, offsets.SecondsAt(unixSeconds));
        WriteMinute(second, destination);
    }

    /// <summary><c>2026-03-01T12:00:00+00:00</c>.</summary>
    /// <param name="unixSeconds">The instant.</param>
    /// <param name="destination">At least <see cref="IsoBytes"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (long Day, int Second) Split(long unixSeconds, int offset)
    {
        var local = unixSeconds + offset;
        var day = local >= 0 ? local / DaySeconds : ((local + 1) / DaySeconds) - 1;
        return (Math.Clamp(day, FirstDay, LastDay), (int)(local - (day * DaySeconds)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteMinute(int second, Span<byte> destination)
    {
        var minute = second / 60;
        Two(minute % 60, destination[3..]);
        destination[2] = (byte)':';
        Two(minute / 60, destination);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WriteClock(int second, Span<byte> destination)
    {
        WriteMinute(second, destination);
        destination[5] = (byte)':';
        Two(second % 60, destination[6..]);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Two(int number, Span<byte> destination)
    {
        // Up to 99: 103 / 1024 is near enough to a tenth.
        var tens = (number * 103) >> 10;
        destination[1] = (byte)('0' + number - (10 * tens));
        destination[0] = (byte)('0' + tens);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<byte> DayText(long day)
    {
        var slot = (int)(day & (Days - 1));
        if (days[slot] != day)
        {
            Fill(day, slot);
        }

        return texts.AsSpan(slot * DayBytes, DayBytes);
    }

    private void Fill(long day, int slot)
    {
        var date = DateTime.UnixEpoch.AddDays(day);
        var text = texts.AsSpan(slot * DayBytes, DayBytes);
        text.Fill((byte)' ');
        "SunMonTueWedThuFriSat"u8.Slice(3 * (int)date.DayOfWeek, 3).CopyTo(text);
        "JanFebMarAprMayJunJulAugSepOctNovDec"u8.Slice(3 * (date.Month - 1), 3).CopyTo(text[4..]);
        Two(date.Day, text[8..]);
        text[8] = text[8] == (byte)'0' ? (byte)' ' : text[8];
        Two(date.Year / 100, text[(YearAt + 1)..]);
        Two(date.Year % 100, text[(YearAt + 3)..]);
        text.Slice(YearAt + 1, 4).CopyTo(text[IsoAt..]);
        text[IsoAt + 4] = (byte)'-';
        Two(date.Month, text[(IsoAt + 5)..]);
        text[IsoAt + 7] = (byte)'-';
        Two(date.Day, text[(IsoAt + 8)..]);
        text[IsoAt + 10] = (byte)'T';
        days[slot] = day;
    }
}
