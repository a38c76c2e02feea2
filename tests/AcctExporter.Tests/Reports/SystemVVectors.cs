// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using AcctExporter.Records;

namespace AcctExporter.Tests.Reports;

/// <summary>
/// The process records T-P of the System V vectors (zone UTC, 7 July 2026 is a Tuesday), in records of 40 bytes whose
/// layout is that of illumos' <c>sys/acct.h</c>. The vectors' users are root and one that there is not.
/// </summary>
internal static class SystemVVectors
{
    /// <summary>A number that no user has.</summary>
    public const uint Nobody = 4_000_000_001;

    private const ushort FirstTerminal = (136 << 8) + 1;

    /// <summary>P1: <c>cc1</c>, half before 18:00 and half after it.</summary>
    public static byte[] P1 => Record(
        "cc1", 0, "2026-07-07T17:59:50Z", 2000, 300, 100, 100_001, 8192, 12, tty: FirstTerminal);

    /// <summary>P2: <c>ls</c>, half a second.</summary>
    public static byte[] P2 => Record("ls", 0, "2026-07-07T10:00:00Z", 50, 3, 1, 1200, 4096, 3);

    /// <summary>P3: <c>sim</c>, an hour of a Saturday, privileged.</summary>
    public static byte[] P3 => Record(
        "sim", Nobody, "2026-07-04T10:00:00Z", 360_000, 90_000, 6000, 49_152_000, 1_000_000, 2500, flags: 2);

    /// <summary>P4: <c>true</c>, without any CPU time.</summary>
    public static byte[] P4 => Record("true", 0, "2026-07-07T12:00:00Z", 10, 0, 0, 0, 0, 0);

    /// <summary>All four.</summary>
    public static byte[] All => [.. P1, .. P2, .. P3, .. P4];

    /// <summary>When they are looked at: 20:00 on that Tuesday.</summary>
    public static long Now => Seconds("2026-07-07T20:00:00Z");

    /// <summary>An instant in seconds since 1970.</summary>
    public static long Seconds(string instant) =>
        DateTimeOffset.Parse(instant, CultureInfo.InvariantCulture).ToUnixTimeSeconds();

    /// <summary>One record.</summary>
    public static byte[] Record(
        string name, uint uid, string begin, ulong elapsed, ulong user, ulong system, ulong memory, ulong characters,
        ulong blocks, byte flags = 0, uint tty = uint.MaxValue)
    {
        var record = new byte[40];
        record[0] = (byte)(flags | 0x20);
        Put(4, uid);
        Put(8, 0u);
        Put(12, tty);
        Put(16, (uint)Seconds(begin));
        ulong[] numbers = [user, system, elapsed, memory, characters, blocks];
        for (var i = 0; i < numbers.Length; i++)
        {
            Put(20 + (2 * i), CompT.Encode(numbers[i]));
        }

        Encoding.ASCII.GetBytes(name).CopyTo(record, 32);
        return record;

        void Put<T>(int at, T value)
            where T : unmanaged => MemoryMarshal.Write(record.AsSpan(at), value);
    }
}
