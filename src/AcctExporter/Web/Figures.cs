// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace AcctExporter.Web;

/// <summary>Numbers as people read them at a glance. All are ASCII and need no escape.</summary>
internal static class Figures
{
    private const double Thousand = 1000;
    private const int SecondsPerMinute = 60;
    private const int SecondsPerHour = 3600;
    private const int SecondsPerDay = 86_400;

    /// <summary>Three digits and a letter: <c>1.23M</c>; small ones whole.</summary>
    public static string Count(double count) => count < 10 * Thousand
        ? count.ToString("N0", CultureInfo.InvariantCulture) : Scaled(count);

    /// <summary>A rate: <c>0.4</c>, <c>12.5</c>, <c>1.2k</c>; a dash where nothing is known yet.</summary>
    public static string Rate(double rate) => rate switch
    {
        double.NaN => "\u2013",
        0 => "0",
        < 0.095 => rate.ToString("0.00", CultureInfo.InvariantCulture),
        < 99.5 => rate.ToString("0.0", CultureInfo.InvariantCulture),
        _ => Count(rate),
    };

    /// <summary>A share of 0 to 1.</summary>
    public static string Percent(double share) => share switch
    {
        double.NaN => "\u2013",
        0 or >= 0.0995 => (share * 100).ToString("0", CultureInfo.InvariantCulture) + "%",
        < 0.001 => "<0.1%",
        _ => (share * 100).ToString("0.#", CultureInfo.InvariantCulture) + "%",
    };

    /// <summary>A length of CPU time: <c>0.03 s</c>, <c>12.5 s</c>, <c>3 min 20 s</c>, <c>5.1 h</c>.</summary>
    public static string Seconds(double seconds) => seconds switch
    {
        < 0.0095 => (seconds * 1000).ToString("0.0", CultureInfo.InvariantCulture) + " ms",
        < 9.95 => seconds.ToString("0.00", CultureInfo.InvariantCulture) + " s",
        < SecondsPerMinute - 0.05 => seconds.ToString("0.0", CultureInfo.InvariantCulture) + " s",
        < SecondsPerHour => string.Create(CultureInfo.InvariantCulture,
            $"{(long)seconds / SecondsPerMinute} min {(long)seconds % SecondsPerMinute} s"),
        < 4 * SecondsPerDay => (seconds / SecondsPerHour).ToString("0.0", CultureInfo.InvariantCulture) + " h",
        _ => (seconds / SecondsPerDay).ToString("N1", CultureInfo.InvariantCulture) + " d",
    };

    /// <summary>How long ago something was; what is to come is now.</summary>
    public static string Ago(long seconds) => seconds switch
    {
        < 2 => "just now",
        < 2 * SecondsPerMinute => string.Create(CultureInfo.InvariantCulture, $"{seconds} s ago"),
        < 2 * SecondsPerHour => string.Create(CultureInfo.InvariantCulture, $"{seconds / SecondsPerMinute} min ago"),
        < 2 * SecondsPerDay => string.Create(CultureInfo.InvariantCulture, $"{seconds / SecondsPerHour} h ago"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / SecondsPerDay} d ago"),
    };

    private static string Scaled(double count)
    {
        var unit = 0;
        while (count >= Thousand && unit < 4)
        {
            count /= Thousand;
            unit++;
        }

        var form = count < 9.995 ? "0.00" : count < 99.95 ? "0.0" : "0";
        return count.ToString(form, CultureInfo.InvariantCulture) + " kMGT"[unit];
    }
}
