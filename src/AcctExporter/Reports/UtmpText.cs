// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// A login record as a line of utmpdump(1):
/// <c>[7] [00512] [ts/0] [bob     ] [pts/0       ] [192.0.2.7           ] [192.0.2.7      ] [2026-03-01T10:15:00,...]</c>.
/// </summary>
internal static class UtmpText
{
    /// <summary>The most bytes of a line.</summary>
    public const int LineRoom = 512;

    /// <summary>The most bytes of an address.</summary>
    public const int AddressRoom = 48;

    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        [.. Enumerable.Range(0x20, 0x5f).Select(code => (byte)code).Where(code => code is not ((byte)'[' or (byte)']'))]);

    /// <summary>Writes the line with its line feed; the time in UTC.</summary>
    /// <returns>Its length.</returns>
    public static int Line(Span<byte> to, UtmpRecord record)
    {
        var at = 0;
        to[at++] = (byte)'[';
        at += Number(to[at..], (short)record.Type, 0);
        at += Between(to[at..]);
        at += Number(to[at..], record.Pid, 5);
        at += Between(to[at..]);
        at += Field(to[at..], record.Id, 4);
        at += Between(to[at..]);
        at += Field(to[at..], record.User, 8);
        at += Between(to[at..]);
        at += Field(to[at..], record.Line, 12);
        at += Between(to[at..]);
        at += Field(to[at..], record.Host, 20);
        at += Between(to[at..]);
        var address = Address(to[at..], record.Address);
        at += Pad(to[at..], address, 15);
        at += Between(to[at..]);
        at += Time(to[at..], record.Seconds, record.Microseconds);
        "]\n"u8.CopyTo(to[at..]);
        return at + 2;
    }

    /// <summary>Writes an address as inet_ntop(3) does: IPv4 when only its first four bytes are set.</summary>
    /// <returns>Its length.</returns>
    public static int Address(Span<byte> to, ReadOnlySpan<byte> address)
    {
        if (!address[4..].ContainsAnyExcept((byte)0))
        {
            return Dotted(to, address);
        }

        var (start, length) = LongestZeros(address);
        var at = 0;
        for (var word = 0; word < 8; word++)
        {
            if (word == start)
            {
                to[at++] = (byte)':';
                word += length - 1;
                if (word == 7)
                {
                    to[at++] = (byte)':';
                }

                continue;
            }

            if (word > 0)
            {
                to[at++] = (byte)':';
            }

            // An IPv4 address in the clothes of IPv6.
            if (word == 6 && start == 0 && (length == 6 || (length == 5 && Word(address, 5) == 0xffff)))
            {
                return at + Dotted(to[at..], address[12..]);
            }

            Utf8Formatter.TryFormat((uint)Word(address, word), to[at..], out var written, new('x'));
            at += written;
        }

        return at;
    }

    /// <summary>The first of the longest runs of zeros of two words or more; -1 without one.</summary>
    private static (int Start, int Length) LongestZeros(ReadOnlySpan<byte> address)
    {
        var best = (Start: -1, Length: 1);
        for (var word = 0; word < 8; word++)
        {
            var from = word;
            while (word < 8 && Word(address, word) == 0)
            {
                word++;
            }

            if (word - from > best.Length)
            {
                best = (from, word - from);
            }
        }

        return best;
    }

    private static ushort Word(ReadOnlySpan<byte> address, int word) =>
        BinaryPrimitives.ReadUInt16BigEndian(address[(2 * word)..]);

    private static int Dotted(Span<byte> to, ReadOnlySpan<byte> address)
    {
        var at = 0;
        for (var part = 0; part < 4; part++)
        {
            if (part > 0)
            {
                to[at++] = (byte)'.';
            }

            at += Number(to[at..], address[part], 0);
        }

        return at;
    }

    /// <summary>Such as <c>2026-03-01T10:15:00,000000+00:00</c>; any numbers.</summary>
    private static int Time(Span<byte> to, long seconds, long microseconds)
    {
        var time = CivilTime.Of(seconds);
        var at = Number(to, time.Year, 0);
        to[at++] = (byte)'-';
        at += Two(to[at..], time.Month);
        to[at++] = (byte)'-';
        at += Two(to[at..], time.Day);
        to[at++] = (byte)'T';
        at += Two(to[at..], time.SecondOfDay / 3600);
        to[at++] = (byte)':';
        at += Two(to[at..], time.SecondOfDay / 60 % 60);
        to[at++] = (byte)':';
        at += Two(to[at..], time.SecondOfDay % 60);
        to[at++] = (byte)',';
        at += Number(to[at..], microseconds, 6);
        "+00:00"u8.CopyTo(to[at..]);
        return at + 6;
    }

    private static int Two(Span<byte> to, int value)
    {
        to[0] = (byte)('0' + (value / 10));
        to[1] = (byte)('0' + (value % 10));
        return 2;
    }

    /// <summary>In decimal, with zeros up to a width that counts the sign (<c>%05d</c>).</summary>
    private static int Number(Span<byte> to, long value, int width)
    {
        Utf8Formatter.TryFormat(value, to, out var written);
        var zeros = width - written;
        if (zeros <= 0)
        {
            return written;
        }

        var sign = value < 0 ? 1 : 0;
        to[sign..written].CopyTo(to[(sign + zeros)..]);
        to.Slice(sign, zeros).Fill((byte)'0');
        return width;
    }

    /// <summary>What does not print, and brackets, as question marks.</summary>
    private static int Field(Span<byte> to, ReadOnlySpan<byte> text, int width)
    {
        text.CopyTo(to);
        var field = to[..text.Length];
        for (var odd = 0; (odd = field.IndexOfAnyExcept(Plain)) >= 0; field = field[(odd + 1)..])
        {
            field[odd] = (byte)'?';
        }

        return Pad(to, text.Length, width);
    }

    private static int Pad(Span<byte> to, int length, int width)
    {
        if (length >= width)
        {
            return length;
        }

        to[length..width].Fill((byte)' ');
        return width;
    }

    private static int Between(Span<byte> to)
    {
        "] ["u8.CopyTo(to);
        return 3;
    }
}
