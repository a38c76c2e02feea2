// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace AcctExporter.Metrics;

/// <summary>
/// A histogram's bound as servers spell it that make series of a push: plain digits, never an exponent. Servers compare
/// <c>le</c> as text, so the same bound spelled in two ways is two series. (Prometheus 3 spells every scraped bound in
/// its own way, so there it does not matter; an older one writes 1.048576e+06 where it reads messages.)
/// </summary>
internal static class BoundText
{
    private const int MicrosecondDigits = 6;

    /// <summary>The text for a positive bound in whole units, or in microseconds and shown in seconds.</summary>
    public static string Of(long bound, bool microseconds)
    {
        var digits = bound.ToString(CultureInfo.InvariantCulture);
        if (!microseconds)
        {
            return digits;
        }

        digits = digits.PadLeft(MicrosecondDigits + 1, '0');
        var point = digits.Length - MicrosecondDigits;
        return $"{digits[..point]}.{digits[point..]}".TrimEnd('0').TrimEnd('.');
    }
}
