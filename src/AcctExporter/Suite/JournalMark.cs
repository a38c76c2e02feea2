// SPDX-License-Identifier: Apache-2.0
using System.Globalization;

namespace AcctExporter.Suite;

/// <summary>
/// A place in the journal: behind a block, known by its number and by the moment in which it was counted. The number
/// alone would not do, since a journal that was begun anew has it again.
/// </summary>
/// <param name="Block">The block's number; 0 for the beginning, whatever is there.</param>
/// <param name="UnixMicroseconds">When it was counted, in microseconds since 1970.</param>
internal readonly record struct JournalMark(ulong Block, long UnixMicroseconds)
{
    private const char Separator = '@';

    /// <summary>True before the first block of any journal.</summary>
    public bool IsBeginning => Block == 0;

    /// <summary>As the suite's files have it: <c>1234@1782964800000000</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Block}{Separator}{UnixMicroseconds}");

    /// <summary>Reads what <see cref="ToString"/> wrote; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out JournalMark mark)
    {
        mark = default;
        var at = text.IndexOf(Separator);
        if (at < 0
            || !ulong.TryParse(text[..at], NumberStyles.None, CultureInfo.InvariantCulture, out var block)
            || !long.TryParse(
                text[(at + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var time))
        {
            return false;
        }

        mark = new(block, time);
        return true;
    }
}
