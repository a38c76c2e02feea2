// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;

namespace AcctExporter.Reports;

/// <summary>
/// The lines of <c>sum/loginlog</c> as reports show them: a date or <c>never</c>, two blanks, a name of any bytes.
/// </summary>
internal static class LoginlogText
{
    private const int Gap = 2;
    private const int LongDate = 10;
    private const int ShortDate = 8;

    /// <summary>The lines as a terminal may see them.</summary>
    public static List<byte[]> Lines(byte[] loginlog) => [.. Split(loginlog).Select(SafeText.Of)];

    /// <summary>Names and days; null for who never logged in, and for what is no date.</summary>
    public static IEnumerable<(string Name, DateOnly? Day)> Entries(byte[] loginlog)
    {
        foreach (var line in Split(loginlog))
        {
            // The date of the original has two digits of the year.
            var date = line.Length >= ShortDate + Gap && line[ShortDate] == ' ' && line[2] == '-' ? ShortDate
                : LongDate;
            if (line.Length > date + Gap)
            {
                yield return (Encoding.UTF8.GetString(line.AsSpan(date + Gap)), Day(line.AsSpan(0, date)));
            }
        }
    }

    private static DateOnly? Day(ReadOnlySpan<byte> date)
    {
        var text = Encoding.ASCII.GetString(date);
        if (date.Length == ShortDate)
        {
            // 69 and later are of the century before.
            text = (string.CompareOrdinal(text, "69") < 0 ? "20" : "19") + text;
        }

        return DateOnly.TryParseExact(
            text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;
    }

    /// <summary>The lines of a text, without empty ones.</summary>
    public static IEnumerable<byte[]> Split(byte[] text)
    {
        for (var begin = 0; begin < text.Length;)
        {
            var end = Array.IndexOf(text, (byte)'\n', begin);
            end = end < 0 ? text.Length : end;
            if (end > begin)
            {
                yield return text[begin..end];
            }

            begin = end + 1;
        }
    }
}
