// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;
using AcctExporter.Tests.Records;
using FsCheck;
using FsCheck.Fluent;

namespace AcctExporter.Tests.Properties;

/// <summary>What holds for any interval, any zone and any bytes of a holidays file.</summary>
public class PrimeTimeProperties
{
    private static readonly TimeZoneInfo[] Zones =
    [
        .. new[]
        {
            "UTC", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "America/Sao_Paulo", "Asia/Tehran",
            "Pacific/Apia", "Africa/Casablanca", "America/Havana", "Asia/Kathmandu", "Antarctica/Troll",
        }.Select(Calendar.Zone),
    ];

    private static readonly Gen<long> Instants = Gen.Choose(int.MinValue, int.MaxValue).Select(x => x + 2_147_483_648L);

    [Fact]
    public void TheParts_AreTheWhole_AndAddUp()
    {
        var calendars = Zones.Select(zone => new PrimeTime(Calendar.Of(Calendar.H), zone)).ToArray();
        Holds.ForAll(Instants.Three().Zip(Gen.Choose(0, Zones.Length - 1)), 3000, input =>
        {
            var ((a, b, c), zone) = input;
            var (whole, first, second) = (
                calendars[zone].Split(a, c), calendars[zone].Split(a, b), calendars[zone].Split(b, c));
            return whole.PrimeSeconds + whole.NonPrimeSeconds == c - a
                && whole.PrimeSeconds == first.PrimeSeconds + second.PrimeSeconds
                && (a > c || (whole.PrimeSeconds >= 0 && whole.NonPrimeSeconds >= 0));
        });
    }

    /// <summary>
    /// Second by second, by what the clocks show. Prime time is chosen so that no clocks of these zones are ever set at
    /// its boundaries.
    /// </summary>
    [Fact]
    public void Split_IsWhatTheClocksShow_SecondBySecond()
    {
        var table = Calendar.Of("2026 0615 1845\n7/3\n2/13\n184\n12/25\n");
        var calendars = Zones.Select(zone => new PrimeTime(table, zone)).ToArray();
        var inputs = Gen.Choose(0, 2_000_000_000).Zip(Gen.Choose(0, 200_000)).Zip(Gen.Choose(0, Zones.Length - 1));
        Holds.ForAll(inputs, 60, input =>
        {
            var ((start, length), zone) = input;
            return calendars[zone].Split(start, (long)start + length).PrimeSeconds
                == Counted(Zones[zone], table, start, length);
        });
    }

    [Fact]
    public void AnyBytes_AreATableOrNone()
    {
        var bytes = Gen.OneOf(
            Gen.Choose(0, 255).Select(value => (byte)value),
            Gen.Elements("0123456789/*\n -"u8.ToArray()));
        Holds.ForAllOf(bytes, 400, 3000, noise =>
        {
            byte[] text = [.. "2026 0800 1800\n"u8, .. noise];
            var sane = Holidays.Parse(noise);
            var compat = Holidays.Parse(text, HolidayRules.Compat);
            var year = new PrimeTime(Holidays.Parse(text), TimeZoneInfo.Utc).Split(0, 31_536_000);
            var classic = compat.IsUsable
                ? new CompatPrimeTime(compat, TimeZoneInfo.Utc).Split(0, 31_536_000 - 1) : new(0, 31_536_000 - 1);
            return (sane.IsUsable || sane.Warnings.Count > 0) && year.PrimeSeconds + year.NonPrimeSeconds == 31_536_000
                && classic.PrimeSeconds + classic.NonPrimeSeconds == 31_536_000 - 1;
        });
    }

    private static long Counted(TimeZoneInfo zone, Holidays table, long start, int length)
    {
        long prime = 0;
        for (var at = start; at < start + length; at++)
        {
            var local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(at), zone);
            var second = local.TimeOfDay.TotalSeconds;
            prime += local.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)
                && !table.IsHoliday(local.Month, local.Day)
                && second >= table.PrimeStartSeconds && second < table.PrimeEndSeconds ? 1 : 0;
        }

        return prime;
    }
}
