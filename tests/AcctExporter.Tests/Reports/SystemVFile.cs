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
}
