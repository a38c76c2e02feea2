// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Buffers.Text;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// Login records as lines of utmpdump(1):
/// <c>[7] [00512] [ts/0] [bob     ] [pts/0       ] [192.0.2.7           ] [192.0.2.7      ] [2026-...]</c>.
/// </summary>
internal sealed class UtmpText
{
    /// <summary>The most bytes of a line.</summary>
    public const int LineRoom = 768;

    /// <summary>The most bytes of an address.</summary>
    public const int AddressRoom = 48;

    private static readonly SearchValues<byte> Plain = SearchValues.Create(
        [.. Enumerable.Range(0x20, 0x5f).Where(code => code is not ('[' or ']')).Select(code => (byte)code)]);

    private readonly byte[] day = new byte[32];
    private int dayLength;
    private long dayStart;

    /// <summary>Writes the line with its line feed; the time in UTC.</summary>
    /// <param name="to">At least <see cref="LineRoom"/> bytes.</param>
    /// <param name="record">The record.</param>
    /// <returns>Its length.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Line(Span<byte> to, UtmpRecord record)
    {
        var at = 0;
        to[at++] = (byte)'[';
        at += Number(to[at..], (short)record.Type, 1);
        at += Between(to[at..]);
        at += Number(to[at..], record.Pid, 5);
        at += Between(to[at..]);
        at += LongField(to[at..], record.Id, 4);
        at += Between(to[at..]);
        at += Field(to[at..], record.Bytes.Slice(UtmpRecord.UserAt, UtmpRecord.UserSize), 8);
        at += Between(to[at..]);
        at += Field(to[at..], record.Bytes.Slice(UtmpRecord.LineAt, UtmpRecord.LineSize), 12);
        at += Between(to[at..]);
        var host = record.Bytes.Slice(UtmpRecord.HostAt, UtmpRecord.HostSize);
        at += host[31] == 0 ? Field(to[at..], host[..32], 20) : LongField(to[at..], record.Host, 20);
        at += Between(to[at..]);
        at += record.Address.ContainsAnyExcept((byte)0)
            ? Pad(to[at..], Address(to[at..], record.Address), 15) : Constant(to[at..], "0.0.0.0        "u8);
        at += Between(to[at..]);
        at += Time(to[at..], record.Seconds, record.Microseconds);
        return at + Constant(to[at..], "]\n"u8);
    }

    /// <summary>Writes an address as inet_ntop(3) does: IPv4 when only its first four bytes are set.</summary>
    /// <returns>Its length.</returns>
    public static int Address(Span<byte> to, ReadOnlySpan<byte> address)
    {
        var four = AddressText.IPv4(address);
        if (four.IsEmpty || !address[4..].ContainsAnyExcept((byte)0))
        {
            return AddressText.Write(address, to);
        }

        // An IPv4 address in the clothes of IPv6 keeps them.
        Span<byte> plain = stackalloc byte[UtmpRecord.AddressSize];
        plain.Clear();
        four.CopyTo(plain);
        var at = Constant(to, "::ffff:"u8);
        return at + AddressText.Write(plain, to[at..]);
    }

    /// <summary>Such as <c>2026-03-01T10:15:00,000000+00:00</c>; any numbers.</summary>
    private int Time(Span<byte> to, long seconds, long microseconds)
    {
        // Records of one day follow each other.
        var second = seconds - dayStart;
        if (dayLength == 0 || seconds < dayStart || (ulong)second >= 86_400)
        {
            var time = CivilTime.Of(seconds);
            dayLength = Number(day, time.Year, 1);
            day[dayLength++] = (byte)'-';
            dayLength += Two(day.AsSpan(dayLength), time.Month);
            day[dayLength++] = (byte)'-';
            dayLength += Two(day.AsSpan(dayLength), time.Day);
            day[dayLength++] = (byte)'T';
            second = time.SecondOfDay;
            dayStart = seconds - second;
        }

        day.CopyTo(to);
        var at = dayLength;
        at += Two(to[at..], (int)second / 3600);
        to[at++] = (byte)':';
        at += Two(to[at..], (int)second / 60 % 60);
        to[at++] = (byte)':';
        at += Two(to[at..], (int)second % 60);
        to[at++] = (byte)',';
        at += Number(to[at..], microseconds, 6);
        return at + Constant(to[at..], "+00:00"u8);
    }

    private static int Two(Span<byte> to, int value)
    {
        to[1] = (byte)('0' + (value % 10));
        to[0] = (byte)('0' + (value / 10));
        return 2;
    }

    /// <summary>In decimal, with zeros up to a width that counts the sign (<c>%05d</c>).</summary>
    private static int Number(Span<byte> to, long value, int width)
    {
        var length = 1;
        for (var rest = (ulong)value; rest >= 10; rest /= 10)
        {
            length++;
        }

        if (value < 0)
        {
            Utf8Formatter.TryFormat(value, to, out var written);
            var zeros = Math.Max(0, width - written);
            to[1..written].CopyTo(to[(1 + zeros)..]);
            to.Slice(1, zeros).Fill((byte)'0');
            return written + zeros;
        }

        length = Math.Max(length, width);
        for (var at = length - 1; at >= 0; at--, value /= 10)
        {
            to[at] = (byte)('0' + (value % 10));
        }

        return length;
    }

    /// <summary>
    /// A field of 32 bytes up to its first zero, with what does not print, and brackets, as question marks.
    /// </summary>
    private static int Field(Span<byte> to, ReadOnlySpan<byte> field, int width)
    {
        var bytes = Vector256.Create(field);
        var zeros = Vector256.Equals(bytes, Vector256<byte>.Zero).ExtractMostSignificantBits();
        var length = BitOperations.TrailingZeroCount(zeros);
        // Signed, so that bytes from 0x80 on are below the blank, too.
        var odd = Vector256.LessThan(bytes.AsSByte(), Vector256.Create((sbyte)0x20)).AsByte()
            | Vector256.Equals(bytes, Vector256.Create((byte)0x7f))
            | Vector256.Equals(bytes, Vector256.Create((byte)'['))
            | Vector256.Equals(bytes, Vector256.Create((byte)']'));
        Vector256.ConditionalSelect(odd, Vector256.Create((byte)'?'), bytes).CopyTo(to);
        return Pad(to, length, width);
    }

    private static int LongField(Span<byte> to, ReadOnlySpan<byte> text, int width)
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

    private static int Between(Span<byte> to) => Constant(to, "] ["u8);

    private static int Constant(Span<byte> to, ReadOnlySpan<byte> text)
    {
        text.CopyTo(to);
        return text.Length;
    }
}
