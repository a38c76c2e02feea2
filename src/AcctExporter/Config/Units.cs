// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace AcctExporter.Config;

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

    /// <summary>
    /// The shortest form that <see cref="TryParseDuration"/> reads as the same: the largest whole unit.
    /// </summary>
    public static string Format(TimeSpan duration)
    {
        if (duration.Ticks % TimeSpan.TicksPerMillisecond != 0)
        {
            return string.Create(
                CultureInfo.InvariantCulture, $"{(decimal)duration.Ticks / TimeSpan.TicksPerMillisecond}ms");
        }

        var milliseconds = (long)duration.TotalMilliseconds;
        foreach (var (unit, length) in new[] { ("d", 86_400_000L), ("h", 3_600_000), ("m", 60_000), ("s", 1000) })
        {
            if (milliseconds > 0 && milliseconds % length == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{milliseconds / length}{unit}");
            }
        }

        return milliseconds == 0 ? "off" : string.Create(CultureInfo.InvariantCulture, $"{milliseconds}ms");
    }

    /// <summary>
    /// The shortest form that <see cref="TryParseSize"/> reads as the same: the largest whole binary unit.
    /// </summary>
    public static string Format(long bytes)
    {
        foreach (var (unit, size) in new[] { ("GiB", 1L << 30), ("MiB", 1L << 20), ("KiB", 1L << 10) })
        {
            if (bytes > 0 && bytes % size == 0)
            {
                return string.Create(CultureInfo.InvariantCulture, $"{bytes / size}{unit}");
            }
        }

        return bytes == 0 ? "off" : bytes.ToString(CultureInfo.InvariantCulture);
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

/// <summary>A duration that shows itself as it is written: <c>31d</c>.</summary>
/// <param name="Span">The duration.</param>
internal readonly record struct Duration(TimeSpan Span)
{
    /// <inheritdoc/>
    public override string ToString() => Units.Format(Span);
}

/// <summary>A size that shows itself as it is written: <c>8MiB</c>.</summary>
/// <param name="Bytes">The size.</param>
internal readonly record struct ByteSize(long Bytes)
{
    /// <inheritdoc/>
    public override string ToString() => Units.Format(Bytes);
}
