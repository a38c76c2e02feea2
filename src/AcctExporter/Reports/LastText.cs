// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Text;
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

    private const int LengthBytes = 31;

    private readonly ReportText text;
    private readonly LastOptions options;
    private readonly TimeText times;
    private readonly HostNames? names;
    private readonly long nowSeconds;
    private readonly int loginWidth;
    private readonly int logoutWidth;
    private readonly byte[] line = new byte[1024];
    private readonly byte[] length = new byte[LengthBytes];
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
        (loginWidth, logoutWidth) = options.Times switch
        {
            LastTimes.NoTime => (0, 0),
            LastTimes.Short => (16, 7),
            LastTimes.Full => (TimeText.CtimeBytes, TimeText.CtimeBytes + 2),
            _ => (TimeText.IsoBytes, TimeText.IsoBytes + 2),
        };
    }

    /// <inheritdoc/>
    public override void Show(in LoginSpan span)
    {
        var at = Put(0, span.User, UserWidth, options.FullNames ? UtmpRecord.UserSize : UserWidth);
        at = Put(at, span.Line, LineWidth, LineWidth);
        if (options is { NoHost: false, HostLast: false })
        {
            at = Put(at, Host(span), HostWidth, options.FullNames ? HostLongest : HostWidth);
        }

        at = PutLogin(at, span.LoginSeconds);
        at = PutLogout(at, span, out var lengthBytes);
        if (options is { NoHost: false, HostLast: true })
        {
            at = Put(at, length.AsSpan(0, lengthBytes), LineWidth, LineWidth);
            at = Put(at, Host(span), 0, HostLongest);
        }
        else
        {
            at = Put(at, length.AsSpan(0, lengthBytes), 0, LengthBytes);
        }

        Write(line.AsSpan(0, at));
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
        WriteLogin(beginSeconds, text.Room(TimeText.IsoBytes));
        // ctime(3) whole: only the column is cut.
        text.Advance(options.Times == LastTimes.Iso ? TimeText.IsoBytes : TimeText.CtimeBytes);
        text.Add((byte)'\n');
    }

    /// <inheritdoc/>
    public override void End() => text.Flush();

    private ReadOnlySpan<byte> Host(in LoginSpan span)
    {
        if (names is not null && !options.Addresses)
        {
            return names.Of(span.Address);
        }

        return options.Addresses ? address.AsSpan(0, AddressText.Write(span.Address, address))
            : span.Host[..Math.Min(span.Host.Length, HostLongest)];
    }

    /// <summary>A column and the blank behind it.</summary>
    private int Put(int at, ReadOnlySpan<byte> value, int width, int longest)
    {
        value = value[..Math.Min(value.Length, longest)];
        var column = line.AsSpan(at, Math.Max(width, value.Length) + 1);
        value.CopyTo(column);
        column[value.Length..].Fill((byte)' ');
        return at + column.Length;
    }

    private int PutLogin(int at, long seconds)
    {
        if (loginWidth > 0)
        {
            WriteLogin(seconds, line.AsSpan(at));
        }

        line[at + loginWidth] = (byte)' ';
        return at + loginWidth + 1;
    }

    private void WriteLogin(long seconds, Span<byte> destination)
    {
        if (options.Times == LastTimes.Iso)
        {
            times.WriteIso(seconds, destination);
        }
        else
        {
            times.WriteCtime(seconds, destination);
        }
    }

    /// <summary>The column of the logout; the length goes to a buffer of its own.</summary>
    private int PutLogout(int at, in LoginSpan span, out int lengthBytes)
    {
        var isWide = options.Times > LastTimes.Short;
        var still = span.LogoutSeconds == nowSeconds;
        lengthBytes = still ? Length(isWide ? ""u8 : "running"u8) : Length(span.LogoutSeconds - span.LoginSeconds);
        switch (span.End)
        {
            case LoginSpanEnd.Instant when span.Kind != LoginSpanKind.Failed:
            case LoginSpanEnd.Running when span.Kind == LoginSpanKind.Shutdown:
                lengthBytes = 0;
                return Logout(at, ""u8);
            case LoginSpanEnd.StillLoggedIn:
                lengthBytes = Length(isWide ? ""u8 : "logged in"u8);
                return Logout(at, isWide ? "  still logged in"u8 : "  still"u8);
            case LoginSpanEnd.Gone:
                lengthBytes = Length(
                    isWide ? ""u8 : options.Times == LastTimes.Short ? "- no logout"u8 : "no logout"u8);
                return Logout(at, isWide ? "  gone - no logout"u8 : "   gone"u8);
            case LoginSpanEnd.Crash when span.LogoutSeconds == 0:
                // A database says itself that the system crashed; a login file leaves it to the reader.
                lengthBytes = Length(span.EndSeconds - span.LoginSeconds);
                return Logout(at, "- crash"u8);
            case LoginSpanEnd.Crash when span.Kind == LoginSpanKind.Login:
                return Logout(at, "- crash"u8);
            case LoginSpanEnd.Shutdown when span.Kind == LoginSpanKind.Login:
                return Logout(at, "- down "u8);
        }

        if (still)
        {
            return Logout(at, isWide ? "  still running"u8 : "  still"u8);
        }

        var column = line.AsSpan(at, Math.Max(logoutWidth, TimeText.IsoBytes + 2) + 1);
        if (logoutWidth > 0)
        {
            "- "u8.CopyTo(column);
            WriteLogout(span.LogoutSeconds, column[2..]);
        }

        column[logoutWidth] = (byte)' ';
        return at + logoutWidth + 1;
    }

    private int Logout(int at, ReadOnlySpan<byte> value) => Put(at, value, logoutWidth, logoutWidth);

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

    private int Length(ReadOnlySpan<byte> value)
    {
        value.CopyTo(length);
        return value.Length;
    }

    /// <summary><c>(2+18:00)</c> with days, else <c> (18:00)</c>; only the first number has a minus.</summary>
    private int Length(long seconds)
    {
        var (days, hours, minutes) = (seconds / 86_400, (int)(seconds / 3600 % 24), (int)(seconds / 60 % 60));
        var at = 0;
        if (days == 0)
        {
            length[at++] = (byte)' ';
        }

        length[at++] = (byte)'(';
        if (days != 0)
        {
            Utf8Formatter.TryFormat(days, length.AsSpan(at), out var written);
            at += written;
            length[at++] = (byte)'+';
        }
        else if (hours < 0)
        {
            // As wide as two digits, with the minus.
            Utf8Formatter.TryFormat(hours, length.AsSpan(at), out var written);
            at += written;
            return Tail(at, minutes);
        }
        else if (seconds < 0)
        {
            length[at++] = (byte)'-';
        }

        return Tail(Two(at, hours), minutes);
    }

    private int Tail(int at, int minutes)
    {
        length[at++] = (byte)':';
        at = Two(at, minutes);
        length[at++] = (byte)')';
        return at;
    }

    private int Two(int at, int number)
    {
        number = Math.Abs(number);
        length[at] = (byte)('0' + (number / 10));
        length[at + 1] = (byte)('0' + (number % 10));
        return at + 2;
    }

    /// <summary>The line without blanks at its end; what is no printable ASCII is written with care.</summary>
    private void Write(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes.TrimEnd(" \t\n\v\f\r"u8);
        if (!bytes.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
        {
            text.Add(bytes);
            text.Add((byte)'\n');
            return;
        }

        foreach (var value in bytes)
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

        text.Add((byte)'\n');
    }
}
