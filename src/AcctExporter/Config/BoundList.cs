// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Ledger;

namespace AcctExporter.Config;

/// <summary>
/// Bounds of a histogram as they are written: <c>0.01,0.5,2.5</c> or <c>10ms,500ms,2.5s</c> in seconds,
/// <c>1MiB,4MiB</c> in bytes, <c>off</c> for none. The rules are those of <see cref="HistogramBounds"/>.
/// </summary>
internal static class BoundList
{
    private const string Off = "off";
    private const long Second = 1_000_000;

    /// <summary>Below, some writers of text say 1.0 where others say 1; from here on they agree.</summary>
    private const long WholeFrom = 1_000_000;

    /// <summary>Every whole number up to here is a double, which is what servers keep.</summary>
    private const long Largest = 1L << 53;

    /// <summary>Bounds in seconds, kept in microseconds.</summary>
    public static TextForm<long[]> Seconds { get; } = new(
        "SECONDS,...|off", (string text, out string problem) => Read(text, ReadSeconds, Second, out problem),
        bounds => Show(bounds, bound => ((decimal)bound / Second).ToString("0.######", CultureInfo.InvariantCulture)),
        SettingArity.Words);

    /// <summary>Bounds in bytes.</summary>
    public static TextForm<long[]> Bytes { get; } = new(
        "SIZE,...|off", (string text, out string problem) => Read(text, ReadBytes, 1, out problem),
        bounds => Show(bounds, Units.Format), SettingArity.Words);

    private delegate bool BoundReader(string text, out long bound);

    private static string Show(long[] bounds, Func<long, string> show) =>
        bounds.Length == 0 ? Off : string.Join(',', bounds.Select(show));

    private static long[]? Read(string text, BoundReader read, long unit, out string problem)
    {
        problem = "";
        if (text == Off)
        {
            return [];
        }

        var words = text.Split(',', StringSplitOptions.TrimEntries);
        if (words.Length > HistogramBounds.Bounds)
        {
            problem = $"{words.Length} bounds are too many: at most {HistogramBounds.Bounds}";
            return null;
        }

        var bounds = new long[words.Length];
        for (var i = 0; i < words.Length; i++)
        {
            problem = read(words[i], out bounds[i]) ? FaultOf(words, bounds, i, unit) : FormFault(words[i], unit);
            if (problem.Length > 0)
            {
                return null;
            }
        }

        return bounds;
    }

    private static string FormFault(string word, long unit) => unit == Second
        ? $"'{word}' is no number of seconds in whole microseconds above 0 (0.01, 10ms, 2.5s), and not off"
        : $"'{word}' is no size of 1 byte to 8192TiB (1MiB, 1GiB), and not off";

    /// <summary>What is wrong with a bound behind those before it; empty when nothing is.</summary>
    private static string FaultOf(string[] words, long[] bounds, int index, long unit)
    {
        var (word, bound) = (words[index], bounds[index]);
        if (bound % unit == 0 && bound / unit < WholeFrom)
        {
            var instead = unit == Second ? $"{bound / Second}.5 would be right" : "1MiB would be right";
            return $"'{word}' is a whole number below 1e6, which text formats spell in two ways "
                + $"(le=\"{bound / unit}\" and le=\"{bound / unit}.0\"): {instead}";
        }

        if (index == 0)
        {
            return "";
        }

        return bound <= bounds[index - 1] ? $"'{word}' is not above '{words[index - 1]}': bounds rise"
            : long.LeadingZeroCount(bound) == long.LeadingZeroCount(bounds[index - 1])
                ? $"'{words[index - 1]}' and '{word}' are too near: at most one bound may lie between two powers of "
                    + $"two of {(unit == Second ? "a microsecond" : "bytes")} (a bound at twice the last is always "
                    + "right)"
            : "";
    }

    private static bool ReadSeconds(string text, out long bound)
    {
        bound = 0;
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture, out var seconds))
        {
            if (!Units.TryParseDuration(text, out var span) || span.Ticks % TimeSpan.TicksPerMicrosecond != 0)
            {
                return false;
            }

            seconds = (decimal)span.Ticks / TimeSpan.TicksPerSecond;
        }

        if (seconds <= 0 || seconds > Largest / Second || seconds * Second % 1 != 0)
        {
            return false;
        }

        bound = (long)(seconds * Second);
        return true;
    }

    private static bool ReadBytes(string text, out long bound) =>
        Units.TryParseSize(text, out bound) && bound is > 0 and <= Largest;
}
