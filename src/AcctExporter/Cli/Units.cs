// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace AcctExporter.Cli;

/// <summary>
/// Durations and sizes as people write them on a command line: <c>20ms</c>, <c>1h</c>, <c>31d</c>; <c>8MiB</c>.
/// </summary>
internal static class Units
{
    private static readonly (string Unit, long Ticks)[] Times =
    [
        ("ms", TimeSpan.TicksPerMillisecond), ("s", TimeSpan.TicksPerSecond), ("m", TimeSpan.TicksPerMinute),
        ("h", TimeSpan.TicksPerHour), ("d", TimeSpan.TicksPerDay), ("w", 7 * TimeSpan.TicksPerDay),
    ];

    private static readonly (string Unit, long Bytes)[] Sizes =
    [
        ("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("TiB", 1L << 40), ("kB", 1000), ("MB", 1000 * 1000),
        ("GB", 1000L * 1000 * 1000), ("B", 1), ("K", 1L << 10), ("M", 1L << 20), ("G", 1L << 30),
    ];

    /// <summary>A number with one of ms, s, m, h, d, w; a bare 0 and <c>off</c> are zero.</summary>
    public static bool TryParseDuration(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text is "0" or "off")
        {
            return true;
        }

        var digits = text.AsSpan().TrimEnd("abcdefghijklmnopqrstuvwxyz");
        foreach (var (unit, ticks) in Times)
        {
            // A decimal number: 43ms is no binary fraction of a second.
            if (text.AsSpan(digits.Length).SequenceEqual(unit)
                && decimal.TryParse(
                    digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number <= TimeSpan.MaxValue.Ticks / 2 / ticks)
            {
                duration = TimeSpan.FromTicks((long)(number * ticks));
                return true;
            }
        }

        return false;
    }

    /// <summary>A whole number of bytes, or one with KiB, MiB, GiB, TiB, kB, MB, GB; <c>off</c> is zero.</summary>
    public static bool TryParseSize(string text, out long bytes)
    {
        bytes = 0;
        if (text == "off" || long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out bytes))
        {
            return true;
        }

        var digits = text.AsSpan().TrimEnd("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
        foreach (var (unit, size) in Sizes)
        {
            if (text.AsSpan(digits.Length).SequenceEqual(unit)
                && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number <= long.MaxValue / size)
            {
                bytes = number * size;
                return true;
            }
        }

        return false;
    }
}
