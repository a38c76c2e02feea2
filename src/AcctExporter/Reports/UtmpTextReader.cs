// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using System.Net;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>Lines of utmpdump(1) back into records (<c>utmpdump --reverse</c>), from any of its versions.</summary>
internal static class UtmpTextReader
{
    private const int Fields = 8;

    private static ReadOnlySpan<byte> Months => "JanFebMarAprMayJunJulAugSepOctNovDec"u8;

    /// <summary>
    /// Reads a line. Blanks behind a text are taken for its padding; exit status and session are in no line.
    /// </summary>
    /// <param name="line">The line.</param>
    /// <param name="address">Where the address goes: 16 bytes.</param>
    /// <param name="fields">The record's values, which lie in <paramref name="line"/> and
    /// <paramref name="address"/>.</param>
    /// <returns>False when it is no such line.</returns>
    public static bool TryRead(ReadOnlySpan<byte> line, Span<byte> address, out UtmpFields fields)
    {
        fields = default;
        Span<Range> parts = stackalloc Range[Fields];
        if (!TrySplit(line, parts)
            || !TryNumber(line[parts[0]], out var type) || type is < short.MinValue or > short.MaxValue
            || !TryNumber(line[parts[1]], out var pid) || pid is < int.MinValue or > int.MaxValue
            || !TryAddress(line[parts[6]].TrimEnd((byte)' '), address)
            || !TryTime(line[parts[7]].Trim((byte)' '), out var seconds, out var microseconds))
        {
            return false;
        }

        fields = new UtmpFields
        {
            Type = (UtmpType)type,
            Pid = (int)pid,
            Id = line[parts[2]].TrimEnd((byte)' '),
            User = line[parts[3]].TrimEnd((byte)' '),
            Line = line[parts[4]].TrimEnd((byte)' '),
            Host = line[parts[5]].TrimEnd((byte)' '),
            Address = address,
            Seconds = seconds,
            Microseconds = microseconds,
        };
        return true;
    }

    /// <summary>The fields stand in brackets, which are in none of them.</summary>
    private static bool TrySplit(ReadOnlySpan<byte> line, Span<Range> parts)
    {
        var at = 0;
        for (var part = 0; part < Fields; part++)
        {
            var open = line[at..].IndexOf((byte)'[');
            var close = open < 0 ? -1 : line[(at + open)..].IndexOf((byte)']');
            if (close < 0 || line.Slice(at, open).ContainsAnyExcept((byte)' '))
            {
                return false;
            }

            parts[part] = (at + open + 1)..(at + open + close);
            at += open + close + 1;
        }

        return !line[at..].ContainsAnyExcept(" \r"u8);
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, out long value) =>
        Utf8Parser.TryParse(text, out value, out var used) && used == text.Length;

    private static bool TryAddress(ReadOnlySpan<byte> text, Span<byte> address)
    {
        address.Clear();
        return text.IsEmpty || text.SequenceEqual("0.0.0.0"u8)
            || (IPAddress.TryParse(text, out var value) && value.TryWriteBytes(address, out _));
    }

    /// <summary>
    /// <c>2026-03-01T10:15:00,000000+00:00</c>, the older <c>Sun Mar 01 10:15:00 2026 GMT</c>, or nothing for 1970;
    /// always taken for UTC, as the zone's name says nothing certain.
    /// </summary>
    private static bool TryTime(ReadOnlySpan<byte> text, out long seconds, out long microseconds)
    {
        (seconds, microseconds) = (0, 0);
        if (text.IsEmpty)
        {
            return true;
        }

        Span<int> values = stackalloc int[6];
        if (text[0] is >= (byte)'A')
        {
            var month = text.Length < 24 ? -1 : Months.IndexOf(text.Slice(4, 3));
            values[1] = (month / 3) + 1;
            return month >= 0 && month % 3 == 0 && TryNumbers(text[8..], "  ::"u8, [2, 3, 4, 5, 0], values, out _)
                && TrySeconds(values, out seconds);
        }

        if (!TryNumbers(text, "--T::,"u8, [0, 1, 2, 3, 4, 5], values, out var used) || !TrySeconds(values, out seconds))
        {
            return false;
        }

        // The microseconds of a damaged record may be any number.
        text = text[used..];
        return Utf8Parser.TryParse(text, out microseconds, out used) && text[used..].SequenceEqual("+00:00"u8);
    }

    private static bool TrySeconds(ReadOnlySpan<int> values, out long seconds)
    {
        seconds = CivilTime.Seconds(values[0], values[1], values[2], values[3], values[4], values[5]);
        return values[1] is >= 1 and <= 12 && values[2] is >= 1 and <= 31 && values[3] is >= 0 and <= 23
            && values[4] is >= 0 and <= 59 && values[5] is >= 0 and <= 60;
    }

    /// <summary>Numbers with a mark behind each but perhaps the last, to their places.</summary>
    private static bool TryNumbers(
        ReadOnlySpan<byte> text, ReadOnlySpan<byte> marks, ReadOnlySpan<int> places, Span<int> values, out int used)
    {
        used = 0;
        for (var i = 0; i < places.Length; i++)
        {
            // A year may be negative; a day of the older form has a blank before it.
            if (!Utf8Parser.TryParse(text[used..], out values[places[i]], out var length))
            {
                return false;
            }

            used += length;
            if (i < marks.Length && (used == text.Length || text[used++] != marks[i]))
            {
                return false;
            }
        }

        return true;
    }
}
