// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace AcctExporter.Suite;

/// <summary>
/// The number of a charge: digits, with a minus in front for a credit, and up to three digits behind a point.
/// </summary>
internal static class FeeAmount
{
    /// <summary>What is wrong with a number that is none.</summary>
    public const string Form = "is no number of fees: digits, a minus in front for a credit, up to three decimals";

    private const int MostDigits = 15;
    private const int Decimals = 3;

    /// <summary>Reads it; nothing is rounded, and nothing may follow.</summary>
    /// <param name="text">The number.</param>
    /// <param name="milliunits">It in 1/1000 of a unit.</param>
    public static bool TryParse(ReadOnlySpan<byte> text, out long milliunits)
    {
        milliunits = 0;
        var isCredit = text is [(byte)'-', ..];
        text = isCredit ? text[1..] : text;
        var point = text.IndexOf((byte)'.');
        var whole = point < 0 ? text : text[..point];
        var part = point < 0 ? [] : text[(point + 1)..];
        if (whole.Length is 0 or > MostDigits || (point >= 0 && part.Length is 0 or > Decimals)
            || whole.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0
            || part.IndexOfAnyExceptInRange((byte)'0', (byte)'9') >= 0)
        {
            return false;
        }

        _ = Utf8Parser.TryParse(whole, out long units, out _);
        milliunits = units * TacctSums.FeeParts;
        for (var (i, weight) = (0, TacctSums.FeeParts / 10); i < part.Length; i++, weight /= 10)
        {
            milliunits += (part[i] - '0') * weight;
        }

        milliunits = isCredit ? -milliunits : milliunits;
        return true;
    }

    /// <summary>The number as it is read: <c>12.5</c>, <c>-5</c>.</summary>
    public static string Text(long milliunits) =>
        ((decimal)milliunits / TacctSums.FeeParts).ToString("0.###", CultureInfo.InvariantCulture);

    /// <summary>Likewise, of a text as it was given.</summary>
    public static bool TryParse(string text, out long milliunits) =>
        TryParse(Encoding.UTF8.GetBytes(text), out milliunits);
}
