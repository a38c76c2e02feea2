// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// Pairs logins with their ends as <c>last</c> of util-linux does: records come newest first, and a login ends at the
/// nearest later login or logout of its line, else at the nearest later shutdown or start of the system. Changes of
/// the clock are not made up for.
/// </summary>
internal sealed class LoginPairing
{
    private readonly LaterLines lines = new();
    private readonly long nowSeconds;
    private readonly IsLiveLogin isLive;

    /// <summary>The nearest later start or shutdown; 0 before the first. A clock that was never set begins at 0.</summary>
    private long nextDown;

    /// <summary>Which of the two it was.</summary>
    private LoginSpanEnd downBy;

    /// <summary>The nearest later shutdown, whatever starts were before it.</summary>
    private long nextShutdown;

    private long nextRunLevel;

    /// <summary>Begins at the end of a file.</summary>
    /// <param name="nowSeconds">What time it is: what nothing ends goes on until then.</param>
    /// <param name="isLive">Whether a login that nothing ends can still be there.</param>
    public LoginPairing(long nowSeconds, IsLiveLogin isLive)
    {
        this.isLive = isLive;
        this.nowSeconds = nextShutdown = nextRunLevel = nowSeconds;
    }

    /// <summary>Records of a type that says nothing to anybody, without a user or a line.</summary>
    public long Unknown { get; private set; }

    /// <summary>The next earlier record.</summary>
    /// <returns>False when it is no line of the list.</returns>
    public bool Next(UtmpRecord record, out LoginSpan span)
    {
        var user = record.User;
        var line = record.Line;
        switch (KindOf(record, user, line))
        {
            case Kind.Login:
                span = Login(record, user, line);
                return true;
            case Kind.Logout:
                if (!line.IsEmpty)
                {
                    lines.Replace(line, record.Seconds, isLogin: false, out _, out _);
                }

                break;
            case Kind.Boot:
                span = Of(
                    record, LoginSpanKind.Boot, "system boot"u8, nextShutdown,
                    nextDown == 0 ? LoginSpanEnd.Running : downBy, nextDown);
                Down(record.Seconds, LoginSpanEnd.Crash);
                return true;
            case Kind.Shutdown:
                span = Of(
                    record, LoginSpanKind.Shutdown, "system down"u8, nextDown,
                    nextDown == 0 ? LoginSpanEnd.Running : LoginSpanEnd.Next, nextDown);
                nextShutdown = nextRunLevel = record.Seconds;
                Down(record.Seconds, LoginSpanEnd.Shutdown);
                return true;
            case Kind.RunLevel:
                span = RunLevel(record);
                return true;
            case Kind.OldTime:
                span = Of(
                    record, LoginSpanKind.OldTime, "old time"u8, nextShutdown, LoginSpanEnd.Instant, record.Seconds);
                return true;
            case Kind.NewTime:
                span = Of(
                    record, LoginSpanKind.NewTime, "new time"u8, nextShutdown, LoginSpanEnd.Instant, record.Seconds);
                return true;
            case Kind.Unknown:
                Unknown++;
                break;
        }

        span = default;
        return false;
    }

    /// <summary>What programs that fill in the type wrongly meant, by the user and the line.</summary>
    private static Kind KindOf(UtmpRecord record, ReadOnlySpan<byte> user, ReadOnlySpan<byte> line)
    {
        if (line is [(byte)'~', ..])
        {
            return user.StartsWith("shutdown"u8) ? Kind.Shutdown
                : user.StartsWith("reboot"u8) ? Kind.Boot
                : user.StartsWith("runlevel"u8) ? Kind.RunLevel
                : KindOf(record.Type);
        }

        if (user.IsEmpty)
        {
            return Kind.Logout;
        }

        if (line is [(byte)'|', ..] && user.StartsWith("date"u8))
        {
            return Kind.OldTime;
        }

        if (line is [(byte)'{', ..] && user.StartsWith("date"u8))
        {
            return Kind.NewTime;
        }

        return record.Type != UtmpType.DeadProcess && !line.IsEmpty && !user.StartsWith("LOGIN"u8)
            ? Kind.Login
            : KindOf(record.Type);
    }

    private static Kind KindOf(UtmpType type) => type switch
    {
        UtmpType.RunLevel => Kind.RunLevel,
        UtmpType.BootTime => Kind.Boot,
        UtmpType.NewTime => Kind.NewTime,
        UtmpType.OldTime => Kind.OldTime,
        UtmpType.UserProcess => Kind.Login,
        UtmpType.DeadProcess => Kind.Logout,
        UtmpType.Empty or UtmpType.InitProcess or UtmpType.LoginProcess or UtmpType.Accounting => Kind.Nothing,
        _ => Kind.Unknown,
    };

    private LoginSpan Login(UtmpRecord record, ReadOnlySpan<byte> user, ReadOnlySpan<byte> line)
    {
        var seconds = record.Seconds;
        if (!line.IsEmpty && lines.Replace(line, seconds, isLogin: true, out var later, out var byLogin))
        {
            return Of(
                record, LoginSpanKind.Login, line, later, byLogin ? LoginSpanEnd.NextLogin : LoginSpanEnd.Logout,
                later);
        }

        if (nextDown != 0)
        {
            return Of(record, LoginSpanKind.Login, line, nextDown, downBy, nextDown);
        }

        var end = isLive(user, record.Pid, line, seconds) ? LoginSpanEnd.StillLoggedIn : LoginSpanEnd.Gone;
        return Of(record, LoginSpanKind.Login, line, 0, end, 0);
    }

    private LoginSpan RunLevel(UtmpRecord record)
    {
        var level = (byte)record.Pid;
        var goesOn = nextRunLevel == nowSeconds;
        // A level of 0 ends the text, as it does in C.
        var name = LevelNames.AsSpan(level * LevelBytes, level == 0 ? LevelBytes - 2 : LevelBytes);
        var span = Of(
            record, LoginSpanKind.RunLevel, name, nextRunLevel,
            goesOn ? LoginSpanEnd.Running : LoginSpanEnd.Next, goesOn ? 0 : nextRunLevel);
        nextRunLevel = record.Seconds;
        if (level is (byte)'0' or (byte)'6')
        {
            nextShutdown = record.Seconds;
            Down(record.Seconds, LoginSpanEnd.Shutdown);
        }

        return span;
    }

    private void Down(long seconds, LoginSpanEnd by)
    {
        (nextDown, downBy) = (seconds, by);
        lines.Clear();
    }

    private static LoginSpan Of(
        UtmpRecord record, LoginSpanKind kind, ReadOnlySpan<byte> line, long logoutSeconds, LoginSpanEnd end,
        long endSeconds) => new()
        {
            Kind = kind,
            End = end,
            User = record.User,
            Line = line,
            Host = record.Host,
            Address = record.Address,
            Pid = record.Pid,
            LoginSeconds = record.Seconds,
            LogoutSeconds = logoutSeconds,
            EndSeconds = endSeconds,
        };

    private const int LevelBytes = 10;

    /// <summary><c>(to lvl 5)</c> for each byte that may be a level.</summary>
    private static readonly byte[] LevelNames =
        [.. Enumerable.Range(0, 256).SelectMany(level => (byte[])[.. "(to lvl "u8, (byte)level, (byte)')'])];

    private enum Kind
    {
        Nothing,
        Login,
        Logout,
        Boot,
        Shutdown,
        RunLevel,
        OldTime,
        NewTime,
        Unknown,
    }
}

/// <summary>Whether a login that nothing in the file ends can still be there.</summary>
internal delegate bool IsLiveLogin(ReadOnlySpan<byte> user, int pid, ReadOnlySpan<byte> line, long seconds);
