// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Text;
using AcctExporter.Records;
using AcctExporter.Tests.Records;

namespace AcctExporter.Tests.Reports;

/// <summary>Accounting files of System V for tests: records of 40 bytes, least byte first, as of SVR4.</summary>
internal static class SystemVFile
{
    /// <summary>A compiler's pass over the end of prime time: ten seconds before it, ten behind.</summary>
    public static readonly SystemVProcess Cc1 =
        new("cc1", "2026-07-07 17:59:50", 2000, 300, 100, 100001, 8192, 12, 1001);

    public static readonly SystemVProcess Ls = new("ls", "2026-07-07 10:00:00", 50, 3, 1, 1200, 4096, 3, 1001);

    /// <summary>An hour on a Saturday.</summary>
    public static readonly SystemVProcess Sim =
        new("sim", "2026-07-04 10:00:00", 360000, 90000, 6000, 49152000, 1000000, 2500, 1002);

    public static readonly SystemVProcess True = new("true", "2026-07-07 12:00:00", 10, 0, 0, 0, 0, 0, 1003);

    /// <summary>The four.</summary>
    public static readonly byte[] All = Of(Cc1, Ls, Sim, True);

    public static byte[] Of(params SystemVProcess[] processes) => [.. processes.SelectMany(Record)];

    private static byte[] Record(SystemVProcess process)
    {
        var record = new byte[40];
        record[0] = 0x20;
        Put(record, 4, process.Uid);
        Put(record, 12, process.Tty);
        Put(record, 16, (uint)Calendar.At(process.Begin));
        var at = 20;
        foreach (var figure in (ulong[])[
            process.User, process.System, process.Elapsed, process.Memory, process.Io, process.Blocks])
        {
            BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(at), CompT.Encode(figure));
            at += 2;
        }

        Encoding.Latin1.GetBytes(process.Name).CopyTo(record, 32);
        return record;
    }

    private static void Put(byte[] record, int offset, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(offset), value);
}

/// <summary>A process of System V: ticks of 1/100 s, pages summed over ticks, bytes, blocks.</summary>
internal sealed record SystemVProcess(
    string Name, string Begin, ulong Elapsed, ulong User, ulong System, ulong Memory, ulong Io, ulong Blocks, uint Uid)
{
    /// <summary>No terminal unless told.</summary>
    public uint Tty { get; init; } = uint.MaxValue;
using System.Globalization;
using System.Runtime.InteropServices;
/// <summary>
/// The process records T-P of the System V vectors (zone UTC, 7 July 2026 is a Tuesday), in records of 40 bytes whose
/// layout is that of illumos' <c>sys/acct.h</c>. The vectors' users are root and one that there is not.
/// </summary>
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
        record[0] = (byte)(flags | 0x20);
        Put(4, uid);
        Put(8, 0u);
        Put(12, tty);
        Put(16, (uint)Seconds(begin));
        ulong[] numbers = [user, system, elapsed, memory, characters, blocks];
        for (var i = 0; i < numbers.Length; i++)
            Put(20 + (2 * i), CompT.Encode(numbers[i]));
        Encoding.ASCII.GetBytes(name).CopyTo(record, 32);
        void Put<T>(int at, T value)
            where T : unmanaged => MemoryMarshal.Write(record.AsSpan(at), value);
}
