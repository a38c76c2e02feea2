// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Records;

namespace AcctExporter.Tests.Logins;

/// <summary>
/// Makes wtmp files like those of a busy host, the same for the same seed and settings: logins at random instants of
/// 40 users on at most 200 lines, log-normal sessions, some without a logout, a restart every so often, and a shutdown
/// as the last record, after which nothing is open.
/// </summary>
/// <remarks>
/// Random numbers: xorshift64* (Vigna 2016). Model: Poisson logins (mean gap 120 s), session seconds log-normal
/// (µ 6, σ 1.8). Time runs on evenly; the wall clock, which the records have, can be set off from it.
/// </remarks>
internal sealed class WtmpGenerator(ulong seed)
{
    private const int BufferRecords = 1024;
    private const int MeanGapSeconds = 120;
    private const int Users = 40;
    private const int Lines = 200;

    private readonly byte[][] users = [.. Enumerable.Range(0, Users).Select(UserName)];
    private readonly byte[][] lines = [.. Enumerable.Range(0, Lines).Select(LineName)];
    private readonly byte[][] ids = [.. Enumerable.Range(0, Lines).Select(line => Bytes($"{line:d4}"))];
    private readonly int[] pids = new int[Lines];
    private readonly int[] free = new int[Lines];
    private readonly PriorityQueue<int, double> ends = new();
    private ulong state = seed == 0 ? 1 : seed;
    private int freeLines;
    private double now;
    private long clockAhead;
    private int pid = 300;
    private byte[] buffer = [];
    private int buffered;
    private long left;
    private Stream output = Stream.Null;
    private WtmpTotals totals;

    /// <summary>When the first record is, in seconds since 1970.</summary>
    public long StartSeconds { get; init; } = 1_700_000_000;

    /// <summary>How the records lie.</summary>
    public UtmpLayout Layout { get; init; } = UtmpLayout.Usual;

    /// <summary>Logins between two restarts, about.</summary>
    public int RestartLogins { get; init; } = 5000;

    /// <summary>The share of sessions without a record of their logout, though the line is used again.</summary>
    public double MissingLogouts { get; init; } = 0.02;

    /// <summary>The share of restarts without a shutdown before them.</summary>
    public double Crashes { get; init; }

    /// <summary>Clock changes for each login: a pair of records, old and new time.</summary>
    public double ClockChanges { get; init; }

    /// <summary>Warps for each login: the clock is off from here on, and no record says so.</summary>
    public double Warps { get; init; }

    /// <summary>
    /// Oddities for each login: gettys, unknown types, bytes that are no text, logouts of nothing, lines of ftp.
    /// </summary>
    public double Oddities { get; init; }

    /// <summary>Every knob on.</summary>
    public static WtmpGenerator Wild(ulong seed) => new(seed)
    {
        RestartLogins = 300,
        MissingLogouts = 0.05,
        Crashes = 0.3,
        ClockChanges = 0.005,
        Warps = 0.002,
        Oddities = 0.02,
    };

    /// <summary>Writes a file of so many records, at least 3: the first is a boot, the last a shutdown.</summary>
    public WtmpTotals Write(Stream stream, long records)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(records, 3);
        (output, left, buffer, buffered) = (stream, records, new byte[BufferRecords * Layout.Size], 0);
        (now, clockAhead, totals) = (StartSeconds, 0, new WtmpTotals { Records = records });
        Boot();
        var untilRestart = NextRestart();
        var nextLogin = now + Gap();
        while (left > 1)
        {
            if (ends.TryPeek(out var line, out var end) && end <= nextLogin)
            {
                ends.Dequeue();
                now = end;
                Logout(line);
                continue;
            }

            now = nextLogin;
            nextLogin += Gap();
            Disturb();
            Login();
            if (--untilRestart <= 0 && left > 4)
            {
                Restart();
                untilRestart = NextRestart();
                nextLogin = now + Gap();
            }
        }

        Shutdown();
        output.Write(buffer, 0, buffered * Layout.Size);
        return totals with { EndSeconds = Wall };
    }

    private long Wall => (long)now + clockAhead;

    private void Boot()
    {
        ends.Clear();
        freeLines = Lines;
        for (var i = 0; i < Lines; i++)
        {
            free[i] = Lines - 1 - i;
        }

        totals.Boots++;
        Put(UtmpType.BootTime, 0, "~"u8, "~~"u8, "reboot"u8, "6.18.44-test"u8);
        now += 5;
        if (left > 1)
        {
            Put(UtmpType.RunLevel, 0x35 + (0x4e << 8), "~"u8, "~~"u8, "runlevel"u8, "6.18.44-test"u8);
        }
    }

    private void Shutdown()
    {
        totals.Shutdowns++;
        Put(UtmpType.RunLevel, 0, "~"u8, "~~"u8, "shutdown"u8, "6.18.44-test"u8);
    }

    private void Restart()
    {
        if (Uniform() < Crashes)
        {
            totals.Crashes++;
        }
        else
        {
            Shutdown();
        }

        now += 20 + Below(600);
        Boot();
    }

    private void Login()
    {
        if (left <= 1)
        {
            return;
        }

        // All lines taken: one of them is used again without a logout.
        var line = freeLines > 0 ? free[--freeLines] : Below(Lines);
        var seconds = LogNormal(6, 1.8);
        pid = pid >= 4_194_300 ? 300 : pid + 1 + Below(3);
        pids[line] = pid;
        totals.Logins++;
        Span<byte> address = stackalloc byte[UtmpRecord.AddressSize];
        var host = Host(address);
        Put(UtmpType.UserProcess, pid, lines[line], ids[line], users[Below(Users)], host, address);
        ends.Enqueue(line, now + seconds);
    }

    private void Logout(int line)
    {
        if (freeLines < Lines)
        {
            free[freeLines++] = line;
        }

        if (Uniform() >= MissingLogouts && left > 1)
        {
            totals.Logouts++;
            Put(UtmpType.DeadProcess, pids[line], lines[line], ids[line], default, default);
        }
    }

    private void Disturb()
    {
        if (Uniform() < ClockChanges && left > 3)
        {
            totals.ClockChanges++;
            Put(UtmpType.OldTime, 0, "|"u8, default, "date"u8, default);
            clockAhead += Below(7200) - 3600;
            Put(UtmpType.NewTime, 0, "{"u8, default, "date"u8, default);
        }

        if (Uniform() < Warps)
        {
            totals.Warps++;
            clockAhead += Below(20) == 0 ? Below(4_000_000) - 2_000_000 : Below(7200) - 3600;
        }

        if (Uniform() < Oddities && left > 2)
        {
            totals.Oddities++;
            PutOdd();
        }
    }

    private void PutOdd()
    {
        switch (Below(8))
        {
            case 0:
                Put(UtmpType.InitProcess, 500, "tty1"u8, "1"u8, default, default);
                break;
            case 1:
                Put(UtmpType.LoginProcess, 500, "tty1"u8, "1"u8, "LOGIN"u8, default);
                break;
            case 2:
                Put((UtmpType)42, 501, "pts/900"u8, "900"u8, "type42"u8, "odd.example"u8);
                break;
            case 3:
                Put(UtmpType.UserProcess, 502, "pts/901"u8, "901"u8, "b\u00fcn\u0001dle\x7f"u8, "h\u00f6st\u001b[1m"u8);
                break;
            case 4:
                Put(UtmpType.DeadProcess, 503, "pts/902"u8, "902"u8, default, default);
                break;
            case 5:
                Put(UtmpType.UserProcess, 504, Below(2) == 0 ? "ftpd77"u8 : "ftp77"u8, "ftp"u8, "ftp"u8, "client"u8);
                break;
            case 6:
                Put(UtmpType.UserProcess, 505, "pts/903"u8, "903"u8, default, default);
                break;
            default:
                Put(UtmpType.RunLevel, '0' + Below(7) + (0x35 << 8), "~"u8, "~~"u8, "runlevel"u8, "6.18.44-test"u8);
                break;
        }
    }

    private ReadOnlySpan<byte> Host(Span<byte> address)
    {
        switch (Below(10))
        {
            case < 3:
                return default;
            case < 7:
                (address[0], address[1], address[2], address[3]) = (192, 0, 2, (byte)Below(256));
                return Bytes($"192.0.2.{address[3]}");
            case < 8:
                "\x20\x01\x0d"u8.CopyTo(address);
                (address[3], address[15]) = (0xb8, (byte)Below(256));
                return Bytes($"2001:db8::{address[15]:x}");
            default:
                (address[0], address[1], address[2], address[3]) = (198, 51, 100, (byte)Below(256));
                return Bytes($"workstation-{address[3]}.lab.example.org");
        }
    }

    private void Put(
        UtmpType type, int process, ReadOnlySpan<byte> line, ReadOnlySpan<byte> id, ReadOnlySpan<byte> user,
        ReadOnlySpan<byte> host, ReadOnlySpan<byte> address = default)
    {
        var fields = new UtmpFields
        {
            Type = type,
            Pid = process,
            Line = line,
            Id = id,
            User = user,
            Host = host,
            Seconds = Wall,
            Microseconds = Below(1_000_000),
            Address = address,
        };
        fields.Write(buffer.AsSpan(buffered * Layout.Size, Layout.Size), Layout);
        left--;
        if (++buffered == BufferRecords)
        {
            output.Write(buffer);
            buffered = 0;
        }
    }

    private static byte[] UserName(int number) => (number % 4) switch
    {
        0 => Bytes($"u{number}"),
        1 => Bytes($"user{number}"),
        2 => Bytes($"employee{number}"),
        _ => Bytes($"first.lastname-{number}"),
    };

    private static byte[] LineName(int number) => Bytes(number < 6 ? $"tty{number + 1}" : $"pts/{number - 6}");

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);

    private int NextRestart() => (RestartLogins / 2) + Below(RestartLogins + 1);

    private double Gap() => -MeanGapSeconds * Math.Log(1 - Uniform());

    private int Below(int limit) => (int)((Bits() >> 32) * (ulong)limit >> 32);

    private ulong Bits()
    {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        return state * 0x2545F4914F6CDD1D;
    }

    private double Uniform() => (Bits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>The normal number is twelve uniform ones less 6.</summary>
    private double LogNormal(double mu, double sigma)
    {
        var normal = -6.0;
        for (var i = 0; i < 12; i++)
        {
            normal += Uniform();
        }

        return Math.Exp(mu + (sigma * normal));
    }
}

/// <summary>What was written, as it was meant.</summary>
internal record struct WtmpTotals(
    long Records, long Logins, long Logouts, long Boots, long Shutdowns, long Crashes, long ClockChanges, long Warps,
    long Oddities, long EndSeconds);
