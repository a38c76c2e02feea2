// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// The lines of <c>last</c> as util-linux 2.38.1 prints them: user, line, host, login, logout, length; columns are
/// cut or filled, and a line has no blanks at its end.
/// </summary>
internal sealed class LastText : LastListing
{
    private const int UserWidth = 8;
    private const int LineWidth = 12;
    private const int HostWidth = 16;

    /// <summary>The longest text in the host's place, like the buffer of the real tool.</summary>
    private const int HostLongest = 255;

    /// <summary>Room for a line: 255 of the host, 32 of the user, 120 of all others, and blanks behind it.</summary>
    private const int LineBytes = 1024;

    private readonly ReportText text;
    private readonly LastOptions options;
    private readonly TimeText times;
    private readonly HostNames? names;
    private readonly long nowSeconds;
    private readonly bool fullNames;
    private readonly HostPlace hostPlace;
    private readonly int loginWidth;
    private readonly int logoutWidth;
    private readonly byte[] odd = new byte[LineBytes];
    private readonly byte[] address = new byte[AddressText.LongestBytes];

    /// <summary>Begins the list.</summary>
    /// <param name="text">Where it goes.</param>
    /// <param name="options">How it shall look.</param>
    /// <param name="names">Names of addresses, when they are asked for.</param>
    /// <param name="zone">The zone of its times.</param>
    /// <param name="nowSeconds">What ends now is still running.</param>
    public LastText(ReportText text, LastOptions options, HostNames? names, TimeZoneInfo zone, long nowSeconds)
    {
        this.text = text;
        this.options = options;
        this.names = names;
        this.nowSeconds = nowSeconds;
        times = new TimeText(zone);
        fullNames = options.FullNames;
        hostPlace = options.NoHost ? HostPlace.None : options.HostLast ? HostPlace.Last : HostPlace.Third;
        (loginWidth, logoutWidth) = options.Times switch
        {
            LastTimes.NoTime => (0, 0),
            LastTimes.Short => (TimeText.ShortBytes, 7),
            LastTimes.Full => (TimeText.CtimeBytes, TimeText.CtimeBytes + 2),
            _ => (TimeText.IsoBytes, TimeText.IsoBytes + 2),
        };
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Show(in LoginSpan span)
    {
        var line = text.Room(LineBytes);
        var at = Put(line, 0, span.User, UserWidth, fullNames ? UtmpRecord.UserSize : UserWidth);
        at = Put(line, at, span.Line, LineWidth, LineWidth);
        if (hostPlace == HostPlace.Third)
        {
            at = Put(line, at, Host(span), HostWidth, fullNames ? HostLongest : HostWidth);
        }

        if (loginWidth > 0)
        {
            WriteLogin(span.LoginSeconds, line[at..]);
        }

        line[at + loginWidth] = (byte)' ';
        at += loginWidth + 1;
        at = PutLogout(line, at, span);
        var length = WriteLength(line[at..], span);
        if (hostPlace == HostPlace.Last)
        {
            at = Put(line, at, line.Slice(at, length), LineWidth, LineWidth);
            at = Put(line, at, Host(span), 0, HostLongest);
        }
        else
        {
            at += length;
        }

        End(line, at);
    }

    /// <inheritdoc/>
    public override void EndFile(string file, long beginSeconds)
    {
        if (options.Times == LastTimes.NoTime)
        {
            return;
        }

        var name = Path.GetFileName(file.TrimEnd('/'));
        text.Add((byte)'\n');
        text.Add(Encoding.UTF8.GetBytes(name));
        text.Add(" begins "u8);
        // ctime(3) whole: only the column is cut.
        if (options.Times == LastTimes.Iso)
        {
            times.WriteIso(beginSeconds, text.Room(TimeText.IsoBytes));
            text.Advance(TimeText.IsoBytes);
        }
        else
        {
            times.WriteCtime(beginSeconds, text.Room(TimeText.CtimeBytes));
            text.Advance(TimeText.CtimeBytes);
        }

        text.Add((byte)'\n');
    }

    /// <inheritdoc/>
    public override void End() => text.Flush();

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ReadOnlySpan<byte> Host(in LoginSpan span)
    {
        if (names is null && !options.Addresses)
        {
            return span.Host[..Math.Min(span.Host.Length, HostLongest)];
        }

        if (names is not null && !options.Addresses)
        {
            return names.Of(span.Address);
        }

        return address.AsSpan(0, AddressText.Write(span.Address, address));
    }

    /// <summary>A column and the blank behind it; what is behind that is written over.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Put(Span<byte> line, int at, ReadOnlySpan<byte> value, int width, int longest)
    {
        var length = Math.Min(value.Length, longest);
        var column = line[at..];
        Copy(value, length, column);
        // No column is as wide as this.
        Vector256.Create((byte)' ').CopyTo(column[length..]);
        return at + Math.Max(width, length) + 1;
    }

    /// <summary>Short texts without a call: by two words that overlap.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(ReadOnlySpan<byte> value, int length, Span<byte> to)
    {
        if (length is >= 8 and <= 16)
        {
            var head = MemoryMarshal.Read<ulong>(value);
            MemoryMarshal.Write(to[(length - 8)..], MemoryMarshal.Read<ulong>(value[(length - 8)..]));
            MemoryMarshal.Write(to, head);
        }
        else if (length is >= 4 and < 8)
        {
            var head = MemoryMarshal.Read<uint>(value);
            MemoryMarshal.Write(to[(length - 4)..], MemoryMarshal.Read<uint>(value[(length - 4)..]));
            MemoryMarshal.Write(to, head);
        }
        else
        {
            value[..length].CopyTo(to);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteLogin(long seconds, Span<byte> destination)
    {
        switch (options.Times)
        {
            case LastTimes.Short:
                times.WriteShort(seconds, destination);
                break;
            case LastTimes.Full:
                times.WriteCtime(seconds, destination);
                break;
            default:
                times.WriteIso(seconds, destination);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int PutLogout(Span<byte> line, int at, in LoginSpan span)
    {
        var word = LogoutWord(span);
        if (word.Length > 0 || logoutWidth == 0 || HasNoEnd(span))
        {
            return Put(line, at, word, logoutWidth, logoutWidth);
        }

        line[at] = (byte)'-';
        line[at + 1] = (byte)' ';
        WriteLogout(span.LogoutSeconds, line[(at + 2)..]);
        line[at + logoutWidth] = (byte)' ';
        return at + logoutWidth + 1;
    }

    /// <summary>What stands there instead of a time; empty for a time, or nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private ReadOnlySpan<byte> LogoutWord(in LoginSpan span)
    {
        var isWide = options.Times > LastTimes.Short;
        return span.End switch
        {
            LoginSpanEnd.StillLoggedIn => isWide ? "  still logged in"u8 : "  still"u8,
            LoginSpanEnd.Gone => isWide ? "  gone - no logout"u8 : "   gone"u8,
            LoginSpanEnd.Crash when span.Kind == LoginSpanKind.Login || SaysItself(span) => "- crash"u8,
            LoginSpanEnd.Shutdown when span.Kind == LoginSpanKind.Login => "- down "u8,
            _ when span.LogoutSeconds == nowSeconds && !HasNoEnd(span) =>
                isWide ? "  still running"u8 : "  still"u8,
            _ => default,
        };
    }

    /// <summary>A change of the clock has none, and a shutdown that no start followed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool HasNoEnd(in LoginSpan span) =>
        (span.End == LoginSpanEnd.Instant && span.Kind != LoginSpanKind.Failed)
        || (span.End == LoginSpanEnd.Running && span.Kind == LoginSpanKind.Shutdown);

    /// <summary>A database says itself that the system crashed; a login file leaves it to the reader.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool SaysItself(in LoginSpan span) => span.End == LoginSpanEnd.Crash && span.LogoutSeconds == 0;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WriteLogout(long seconds, Span<byte> destination)
    {
        switch (options.Times)
        {
            case LastTimes.Short:
                times.WriteHourMinute(seconds, destination);
                break;
            case LastTimes.Full:
                times.WriteCtime(seconds, destination);
                break;
            default:
                times.WriteIso(seconds, destination);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int WriteLength(Span<byte> to, in LoginSpan span)
    {
        var isWide = options.Times > LastTimes.Short;
        ReadOnlySpan<byte> word;
        if (span.End == LoginSpanEnd.StillLoggedIn)
        {
            word = isWide ? default : "logged in"u8;
        }
        else if (span.End == LoginSpanEnd.Gone)
        {
            word = isWide ? default : options.Times == LastTimes.Short ? "- no logout"u8 : "no logout"u8;
        }
        else if (HasNoEnd(span))
        {
            word = default;
        }
        else if (span.LogoutSeconds == nowSeconds)
        {
            word = isWide ? default : "running"u8;
        }
        else
        {
            var end = SaysItself(span) ? span.EndSeconds : span.LogoutSeconds;
            return LengthText.Write(end - span.LoginSeconds, to);
        }

        word.CopyTo(to);
        return word.Length;
    }

    /// <summary>The line without blanks at its end; what is no printable ASCII is written with care.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void End(Span<byte> line, int length)
    {
        var bytes = line[..length];
        if (bytes[^1] <= (byte)' ')
        {
            bytes = bytes.TrimEnd(" \t\n\v\f\r"u8);
        }

        if (!bytes.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
        {
            line[bytes.Length] = (byte)'\n';
            text.Advance(bytes.Length + 1);
            return;
        }

        bytes.CopyTo(odd);
        foreach (var value in odd.AsSpan(0, bytes.Length))
        {
            AddWithCare(value);
        }

        text.Add((byte)'\n');
    }

    private void AddWithCare(byte value)
    {
        if (value is >= (byte)' ' and <= (byte)'~')
        {
            text.Add(value);
        }
        else if (value < 0x80)
        {
            // Newlines and tabs too, which the real tool lets through: a name could make lines of its own.
            text.Add((byte)'*');
            text.Add((byte)(value ^ 0x40));
        }
        else
        {
            text.Add((byte)'\\');
            text.Add((byte)('0' + (value >> 6)));
            text.Add((byte)('0' + ((value >> 3) & 7)));
            text.Add((byte)('0' + (value & 7)));
        }
    }

    private enum HostPlace
    {
        None,
        Third,
        Last,
    }
}
