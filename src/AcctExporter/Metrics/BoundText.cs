// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace AcctExporter.Metrics;

/// <summary>
/// A histogram's bound as Prometheus itself spells it: Go's shortest 'g' form. Servers compare <c>le</c> as text, so
/// the same bound spelled in two ways is two series.
/// </summary>
internal static class BoundText
{
    private const int MicrosecondDigits = 6;

    /// <summary>Go writes an exponent below 1e-4 and from 1e6 on.</summary>
    private const int SmallestPlainExponent = -4;
    private const int PlainExponents = 6;

    /// <summary>The text for a positive bound in whole units, or in microseconds and shown in seconds.</summary>
    public static string Of(long bound, bool microseconds)
    {
        var digits = bound.ToString(CultureInfo.InvariantCulture);
        var exponent = digits.Length - 1 - (microseconds ? MicrosecondDigits : 0);
        digits = digits.TrimEnd('0');
        if (exponent is < SmallestPlainExponent or >= PlainExponents)
        {
            var fraction = digits.Length > 1 ? $".{digits[1..]}" : "";
            return string.Create(CultureInfo.InvariantCulture,
                $"{digits[0]}{fraction}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}");
        }

        if (exponent < 0)
        {
            return $"0.{new string('0', -exponent - 1)}{digits}";
        }

        var whole = exponent + 1;
        return digits.Length > whole ? $"{digits[..whole]}.{digits[whole..]}" : digits.PadRight(whole, '0');
    }
}
