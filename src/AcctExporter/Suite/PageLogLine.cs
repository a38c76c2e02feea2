// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using System.Globalization;

namespace AcctExporter.Suite;

/// <summary>
/// A line of CUPS' log of printed pages (page_log) in its default form, <c>printer user job [date] page copies ...</c>
/// for each page or <c>printer user job [date] total sheets ...</c> for a whole job (<c>PageLogFormat</c> of
/// cupsd.conf(5): <c>%p %u %j %T %P %C</c> and whatever follows). Printers have no blanks in their names; a user may,
/// but the first date of a line is the true one: what stands behind it, people choose.
/// </summary>
internal readonly ref struct PageLogLine
{
    /// <summary>The printer's name, never empty.</summary>
    public ReadOnlySpan<byte> Printer { get; private init; }

    /// <summary>Who printed, as the client said; never empty.</summary>
    public ReadOnlySpan<byte> User { get; private init; }

    /// <summary>The job's number.</summary>
    public uint Job { get; private init; }

    /// <summary>When it was written.</summary>
    public long UnixSeconds { get; private init; }

    /// <summary>How many sheets: of a page its copies, of a job all.</summary>
    public int Sheets { get; private init; }

    /// <summary>It counts the whole job, with pages that have had lines of their own.</summary>
    public bool IsTotal { get; private init; }

    /// <summary>Decodes a line without its line feed; false when it is none.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> line, out PageLogLine decoded)
    {
        decoded = default;
        for (var start = 0; line[start..].IndexOf(" ["u8) is >= 0 and var found; start += found + 1)
        {
            var at = start + found;
            if (!TryDate(line[(at + 2)..], out var seconds, out var length))
            {
                continue;
            }

            if (!TryHead(line[..at], out var printer, out var user, out var job)
                || !TryPages(line[(at + 2 + length)..], out var isTotal, out var sheets))
            {
                return false;
            }

            decoded = new()
            {
                Printer = printer, User = user, Job = job, UnixSeconds = seconds, Sheets = sheets, IsTotal = isTotal,
            };
            return true;
        }

        return false;
    }

    /// <summary><c>printer user job</c>.</summary>
    private static bool TryHead(
        ReadOnlySpan<byte> head, out ReadOnlySpan<byte> printer, out ReadOnlySpan<byte> user, out uint job)
    {
        var (first, last) = (head.IndexOf((byte)' '), head.LastIndexOf((byte)' '));
        printer = user = [];
        job = 0;
        if (first <= 0 || last <= first + 1)
        {
            return false;
        }

        printer = head[..first];
        user = head[(first + 1)..last].Trim((byte)' ');
        var digits = head[(last + 1)..];
        return !user.IsEmpty && IsDigits(digits)
            && Utf8Parser.TryParse(digits, out job, out var used) && used == digits.Length;
    }

    /// <summary><c>total sheets</c>, or the page's number and copies.</summary>
    private static bool TryPages(ReadOnlySpan<byte> rest, out bool isTotal, out int sheets)
    {
        var page = FieldText.Take(ref rest);
        var count = FieldText.Take(ref rest);
        isTotal = page.SequenceEqual("total"u8);
        sheets = 0;
        return (isTotal || IsDigits(page)) && IsDigits(count)
            && Utf8Parser.TryParse(count, out sheets, out var used) && used == count.Length;
    }

    private static bool IsDigits(ReadOnlySpan<byte> text) =>
        !text.IsEmpty && text.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0;

    /// <summary>
    /// <c>20/May/1999:19:21:06 +0000]</c>, with a fraction of a second where the server was told so.
    /// </summary>
    private static bool TryDate(ReadOnlySpan<byte> text, out long seconds, out int length)
    {
        const string format = "dd/MMM/yyyy:HH:mm:ss";
        const int zone = 6;
        (seconds, length) = (0, text.IndexOf((byte)']') + 1);
        if (length < format.Length + zone + 1 || length > format.Length + zone + 8)
        {
            return false;
        }

        Span<char> letters = stackalloc char[format.Length];
        for (var i = 0; i < letters.Length; i++)
        {
            letters[i] = (char)text[i];
        }

        var fraction = text[format.Length..(length - zone - 1)];
        var offset = text[(length - zone)..(length - 1)];
        if ((!fraction.IsEmpty && (fraction[0] != '.' || !IsDigits(fraction[1..])))
            || text[length - zone - 1] != ' ' || offset[0] is not ((byte)'+' or (byte)'-') || !IsDigits(offset[1..])
            || !DateTime.TryParseExact(
                letters, format, CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var local))
        {
            return false;
        }

        var hours = ((offset[1] - '0') * 10) + offset[2] - '0';
        var minutes = (hours * 60) + ((offset[3] - '0') * 10) + offset[4] - '0';
        seconds = new DateTimeOffset(local).ToUnixTimeSeconds() - ((offset[0] == '-' ? -60 : 60) * (long)minutes);
        return true;
    }
}
