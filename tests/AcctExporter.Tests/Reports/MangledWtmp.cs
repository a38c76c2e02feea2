// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Records;

namespace AcctExporter.Tests.Reports;

/// <summary>Small wtmp files in which anything may be wrong, and command lines for them.</summary>
internal static class MangledWtmp
{
    private static readonly string[] Users =
    [
        "", "amy", "amy2", "bob", "reboot", "shutdown", "runlevel", "date", "LOGIN", "a name",
        "thirty-two-bytes-of-a-user-name!",
    ];

    private static readonly string[] Lines =
    [
        "", "tty1", "tty2", "pts/0", "pts/1", "~", "~tty", "|", "{", "|x", "ftp12", ":0",
        "thirty-two-bytes-of-a-line-name!",
    ];

    private static readonly string[] Switches =
    [
        "-d", "-p", "-a", "-y", "-z", "--complain", "--reboots", "--supplants", "--timewarps", "--compatibility",
        "--tw-leniency=0", "--tw-leniency=4000", "--tw-suspicious=5000", "--tw-suspicious=4000000000", "amy",
    ];

    private static readonly string[] Zones =
        ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "America/Havana"];

    /// <summary>Up to 40 records of few users and lines, so that they meet; some near the limits of time.</summary>
    public static byte[] Make(Random random)
    {
        var seconds = random.Next(4) switch
        {
            0 => (long)random.Next(100_000),
            1 => int.MaxValue - 50_000,
            _ => random.NextInt64(1_000_000_000, 1_900_000_000),
        };
        var bytes = new byte[random.Next(41) * UtmpLayout.NarrowSize];
        for (var rest = bytes.AsSpan(); !rest.IsEmpty; rest = rest[UtmpLayout.NarrowSize..])
        {
            seconds = Math.Clamp(seconds + Step(random), 0, int.MaxValue);
            Record(random, seconds).CopyTo(rest);
        }

        return bytes;
    }

    /// <summary>Some options.</summary>
    public static string Arguments(Random random) =>
        string.Join(' ', Switches.Where(_ => random.Next(4) == 0));

    /// <summary>One of some zones.</summary>
    public static string Zone(Random random) => Zones[random.Next(Zones.Length)];

    private static long Step(Random random) => random.Next(30) switch
    {
        0 => random.Next(-100_000, 100_000),
        1 => random.Next(-90, 0),
        2 => random.NextInt64(0, 40_000_000),
        3 => 86_400 * random.Next(1, 6),
        _ => random.Next(0, 8000),
    };

    private static byte[] Record(Random random, long seconds)
    {
        var record = new byte[UtmpLayout.NarrowSize];
        new UtmpFields
        {
            Type = (UtmpType)random.Next(12) switch
            {
                UtmpType.Empty => random.Next(4) == 0 ? (UtmpType)random.Next(short.MinValue, short.MaxValue) : 0,
                < (UtmpType)10 and var type => type,
                _ => UtmpType.UserProcess,
            },
            Pid = random.Next(3) == 0 ? '0' + random.Next(10) : random.Next(1, 30_000),
            Line = Encoding.ASCII.GetBytes(Lines[random.Next(Lines.Length)]),
            User = Encoding.ASCII.GetBytes(Users[random.Next(Users.Length)]),
            Seconds = seconds,
            Microseconds = random.Next(1_000_000),
        }.Write(record, UtmpLayout.Usual);
        if (random.Next(8) == 0)
        {
            // Garbage behind the ends of names, or in them.
            record[random.Next(8, 76)] = (byte)random.Next(256);
        }

        return record;
    }
}
