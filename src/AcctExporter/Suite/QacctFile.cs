// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using System.Globalization;

namespace AcctExporter.Suite;

/// <summary>
/// The file of printed jobs, one a line: <c>user uid pages</c>, as AIX has it, and behind that what ours says more,
/// <c>printer time</c> (seconds since 1970). Names are fields of <see cref="FieldText"/>; who has no number has
/// 4294967295.
/// </summary>
internal static class QacctFile
{
    /// <summary>The most bytes of a line of ours.</summary>
    public const int LongestBytes = (2 * FieldText.LongestBytes) + 64;

    /// <summary>The number of somebody who has none.</summary>
    public const uint Nobody = uint.MaxValue;

    /// <summary>Writes a line of ours.</summary>
    /// <param name="destination">At least <see cref="LongestBytes"/>.</param>
    /// <param name="line">What it says; negative pages are not.</param>
    /// <returns>The bytes written.</returns>
    public static int Write(Span<byte> destination, QacctLine line)
    {
        var at = FieldText.Write(line.User, destination);
        at += Number(destination[at..], line.Uid);
        at += Number(destination[at..], line.Pages);
        destination[at++] = (byte)' ';
        at += FieldText.Write(line.Printer, destination[at..]);
        at += Number(destination[at..], line.UnixSeconds);
        destination[at++] = (byte)'\n';
        return at;
    }

    /// <summary>Decodes a line, of AIX or ours, without its line feed; false when it is none.</summary>
    /// <param name="line">The line.</param>
    /// <param name="names">Room for the names: at least as long as the line.</param>
    /// <param name="decoded">What it says.</param>
    public static bool TryRead(ReadOnlySpan<byte> line, Span<byte> names, out QacctLine decoded)
    {
        decoded = default;
        var user = FieldText.Read(FieldText.Take(ref line), names);
        var uid = FieldText.Take(ref line);
        var pages = FieldText.Take(ref line);
        var printer = FieldText.Read(FieldText.Take(ref line), names[user.Length..]);
        var time = FieldText.Take(ref line);
        if (user.IsEmpty || user.Length > TacctFile.LongestName || !Whole(uid, out var number)
            || number is < 0 or > uint.MaxValue || !Whole(pages, out var count) || count < 0
            || !Whole(time.IsEmpty ? "0"u8 : time, out var seconds))
        {
            return false;
        }

        decoded = new() { User = user, Uid = (uint)number, Pages = count, Printer = printer, UnixSeconds = seconds };
        return true;
    }

    /// <summary>Adds up the pages of all lines.</summary>
    /// <param name="input">The file.</param>
    /// <param name="into">Takes the pages, by user number and name.</param>
    /// <param name="bad">Told the number of each line that is none, from 1.</param>
    /// <returns>Lines that were added.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static long Read(Stream input, UserTable<TacctSums> into, Action<long> bad)
    {
        var (lines, added) = (new TextLines(input), 0L);
        Span<byte> names = stackalloc byte[TextLines.LongestBytes];
        while (lines.TryRead(out var line))
        {
            if (TryRead(line, names, out var job))
            {
                into.Of(job.Uid, job.User).Add(new TacctSums { PrintedPages = job.Pages });
                added++;
            }
            else if (!line.Trim(" \t\r"u8).IsEmpty)
            {
                bad(lines.Number);
            }
        }

        return added;
    }

    private static int Number(Span<byte> destination, long value)
    {
        destination[0] = (byte)' ';
        _ = value.TryFormat(destination[1..], out var written, default, CultureInfo.InvariantCulture);
        return written + 1;
    }

    private static bool Whole(ReadOnlySpan<byte> text, out long value) =>
        Utf8Parser.TryParse(text, out value, out var used) && used == text.Length && text[0] != '+';
}

/// <summary>What a line of <c>qacct</c> says.</summary>
internal readonly ref struct QacctLine
{
    /// <summary>Who printed.</summary>
    public ReadOnlySpan<byte> User { get; init; }

    /// <summary>Their number; <see cref="QacctFile.Nobody"/> for none.</summary>
    public uint Uid { get; init; }

    /// <summary>Pages.</summary>
    public long Pages { get; init; }

    /// <summary>On which printer; empty in lines of AIX.</summary>
    public ReadOnlySpan<byte> Printer { get; init; }

    /// <summary>When; 0 in lines of AIX.</summary>
    public long UnixSeconds { get; init; }
}
