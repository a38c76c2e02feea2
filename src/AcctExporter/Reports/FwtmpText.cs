// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// A login record as a line of the System V suite's fwtmp: user in 32 columns, id in 4, line in 32, then pid, type,
/// signal and exit status in octal, seconds, microseconds, session, the host's length with its final NUL, host, date.
/// What would break the columns (control characters, and blanks that are no padding) is written as <c>\ooo</c>, which
/// counts as one column.
/// </summary>
internal static class FwtmpText
{
    /// <summary>The most bytes of a line: every byte of the texts may take four.</summary>
    public const int LineRoom = 2048;

    private static ReadOnlySpan<byte> Days => "SunMonTueWedThuFriSat"u8;

    private static ReadOnlySpan<byte> Months => "JanFebMarAprMayJunJulAugSepOctNovDec"u8;

    /// <summary>Writes the line with its line feed.</summary>
    /// <param name="to">At least <see cref="LineRoom"/> bytes.</param>
    /// <param name="record">The record.</param>
    /// <param name="zone">For the date, which is a comment.</param>
    /// <returns>Its length.</returns>
    public static int Line(Span<byte> to, UtmpRecord record, ZoneOffsets zone)
    {
        var at = Column(to, record.User, UtmpRecord.UserSize);
        at += Column(to[at..], record.Id, UtmpRecord.IdSize);
        at += Column(to[at..], record.Line, UtmpRecord.LineSize);
        at += Right(to[at..], record.Pid, 9);
        at += Right(to[at..], (short)record.Type, 2);
        at += Octal(to[at..], record.Termination);
        at += Octal(to[at..], record.Exit);
        at += Right(to[at..], record.Seconds, 0);
        at += Right(to[at..], record.Microseconds, 0);
        at += Right(to[at..], record.Session, 0);
        var host = record.Host;
        at += Right(to[at..], host.IsEmpty ? 0 : host.Length + 1, 0);
        at += Escaped(to[at..], host, keepBlanks: true);
        to[at++] = (byte)' ';
        at += Date(to[at..], record.Seconds + zone.SecondsAt(record.Seconds));
        to[at++] = (byte)'\n';
        return at;
    }

    /// <summary>Reads a line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="texts">Where the texts go: 324 bytes.</param>
    /// <param name="fields">The record's values; their texts lie in <paramref name="texts"/>.</param>
    /// <returns>False when it is no such line.</returns>
    public static bool TryRead(ReadOnlySpan<byte> line, Span<byte> texts, out UtmpFields fields)
    {
        fields = default;
        var user = texts[..UtmpRecord.UserSize];
        var id = texts.Slice(32, UtmpRecord.IdSize);
        var name = texts.Slice(36, UtmpRecord.LineSize);
        var host = texts.Slice(68, UtmpRecord.HostSize);
        if (!TryColumn(ref line, user) || !TryColumn(ref line, id) || !TryColumn(ref line, name)
            || !TryNumber(ref line, int.MinValue, int.MaxValue, out var pid)
            || !TryNumber(ref line, short.MinValue, short.MaxValue, out var type)
            || !TryOctal(ref line, out var termination) || !TryOctal(ref line, out var exit)
            || !TryNumber(ref line, long.MinValue, long.MaxValue, out var seconds)
            || !TryNumber(ref line, long.MinValue, long.MaxValue, out var microseconds)
            || !TryNumber(ref line, long.MinValue, long.MaxValue, out var session)
            || !TryNumber(ref line, 0, UtmpRecord.HostSize + 1, out var hostLength)
            || !TryHost(line, host, (int)hostLength - 1))
        {
            return false;
        }

        fields = new UtmpFields
        {
            Type = (UtmpType)type,
            Pid = (int)pid,
            Line = name,
            Id = id,
            User = user,
            Host = host,
            Termination = termination,
            Exit = exit,
            Session = session,
            Seconds = seconds,
            Microseconds = microseconds,
        };
        return true;
    }

    /// <summary>A date as asctime(3) has it, without its line feed; any seconds.</summary>
    public static int Date(Span<byte> to, long localSeconds)
    {
        var time = CivilTime.Of(localSeconds);
        Days.Slice(3 * time.DayOfWeek, 3).CopyTo(to);
        to[3] = (byte)' ';
        Months.Slice(3 * (time.Month - 1), 3).CopyTo(to[4..]);
        to[7] = (byte)' ';
        var at = 8 + Right(to[8..], time.Day, 2);
        var second = time.SecondOfDay;
        at += Two(to[at..], second / 3600, (byte)':');
        at += Two(to[at..], second / 60 % 60, (byte)':');
        at += Two(to[at..], second % 60, (byte)' ');
        Utf8Formatter.TryFormat(time.Year, to[at..], out var written);
        return at + written;
    }

    private static int Two(Span<byte> to, int value, byte mark)
    {
        to[0] = (byte)('0' + (value / 10));
        to[1] = (byte)('0' + (value % 10));
        to[2] = mark;
        return 3;
    }

    private static int Column(Span<byte> to, ReadOnlySpan<byte> text, int width)
    {
        var at = Escaped(to, text, keepBlanks: false);
        to.Slice(at, width - text.Length + 1).Fill((byte)' ');
        return at + width - text.Length + 1;
    }

    private static int Escaped(Span<byte> to, ReadOnlySpan<byte> text, bool keepBlanks)
    {
        var at = 0;
        // A blank at the end would be taken for padding.
        var inner = text.TrimEnd((byte)' ').Length;
        for (var i = 0; i < text.Length; i++)
        {
            var value = text[i];
            if (value < 0x20 || value == 0x7f || (value == ' ' && i >= inner && !keepBlanks)
                || (value == '\\' && IsEscape(text[i..])))
            {
                to[at++] = (byte)'\\';
                to[at++] = (byte)('0' + (value >> 6));
                to[at++] = (byte)('0' + ((value >> 3) & 7));
                value = (byte)('0' + (value & 7));
            }

            to[at++] = value;
        }

        return at;
    }

    private static bool IsEscape(ReadOnlySpan<byte> text) =>
        text.Length >= 4 && text[0] == '\\' && text[1] is >= (byte)'0' and <= (byte)'3'
        && text[2] is >= (byte)'0' and <= (byte)'7' && text[3] is >= (byte)'0' and <= (byte)'7';

    private static int Right(Span<byte> to, long value, int width)
    {
        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, digits, out var written);
        var blanks = Math.Max(0, width - written);
        to[..blanks].Fill((byte)' ');
        digits[..written].CopyTo(to[blanks..]);
        return Close(to, blanks + written);
    }

    private static int Close(Span<byte> to, int length)
    {
        to[length] = (byte)' ';
        return length + 1;
    }

    private static int Octal(Span<byte> to, short value)
    {
        var bits = (ushort)value;
        var digits = bits > 0x7fff ? 6 : bits > 0xfff ? 5 : 4;
        for (var i = digits - 1; i >= 0; i--, bits >>= 3)
        {
            to[i] = (byte)('0' + (bits & 7));
        }

        return Close(to, digits);
    }

    /// <summary>So many characters, one of which may be an escape, and the blank behind them.</summary>
    private static bool TryColumn(ref ReadOnlySpan<byte> line, Span<byte> text)
    {
        text.Clear();
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (line.IsEmpty)
            {
                return false;
            }

            var isBlank = line[0] == ' ';
            text[i] = Next(ref line);
            length = isBlank ? length : i + 1;
        }

        text[length..].Clear();
        return TrySkip(ref line);
    }

    private static byte Next(ref ReadOnlySpan<byte> line)
    {
        var value = line[0];
        var used = 1;
        if (IsEscape(line))
        {
            value = (byte)(((line[1] - '0') << 6) | ((line[2] - '0') << 3) | (line[3] - '0'));
            used = 4;
        }

        line = line[used..];
        return value;
    }

    private static bool TrySkip(ref ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty || line[0] != ' ')
        {
            return false;
        }

        line = line[1..];
        return true;
    }

    private static bool TryNumber(ref ReadOnlySpan<byte> line, long least, long most, out long value)
    {
        line = line.TrimStart((byte)' ');
        var isNumber = Utf8Parser.TryParse(line, out value, out var used) && value >= least && value <= most;
        line = line[used..];
        return isNumber && (line.IsEmpty || line[0] == ' ');
    }

    private static bool TryOctal(ref ReadOnlySpan<byte> line, out short value)
    {
        line = line.TrimStart((byte)' ');
        var bits = 0;
        var used = 0;
        while (used < line.Length && line[used] is >= (byte)'0' and <= (byte)'7' && bits <= ushort.MaxValue)
        {
            bits = (bits << 3) | (line[used++] - '0');
        }

        line = line[used..];
        value = (short)bits;
        return used > 0 && bits <= ushort.MaxValue && TrySkip(ref line);
    }

    /// <summary>
    /// As long as the line says, when a blank or the end stands behind it; else, for somebody edited it, up to a blank.
    /// </summary>
    private static bool TryHost(ReadOnlySpan<byte> line, Span<byte> host, int length)
    {
        host.Clear();
        if (length <= 0)
        {
            return true;
        }

        if (!TrySkip(ref line))
        {
            return false;
        }

        var rest = line;
        for (var i = 0; i < length && !rest.IsEmpty; i++)
        {
            host[i] = Next(ref rest);
        }

        if (host[length - 1] != 0 && (rest.IsEmpty || rest[0] == ' '))
        {
            return true;
        }

        host.Clear();
        for (var i = 0; i < host.Length && !line.IsEmpty && line[0] != ' '; i++)
        {
            host[i] = Next(ref line);
        }

        return true;
    }
}
