// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// The records that <c>acctcom -o</c> puts into a file. A record of v3 stays as it is, in the machine's byte order; an
/// older one becomes one of v3. Records of System V stay theirs, of 40 bytes.
/// </summary>
/// <param name="output">The file; not closed.</param>
internal sealed class AcctcomOutput(Stream output)
{
    private const int SystemVBytes = 40;

    /// <summary><c>AEXPND</c>: a record of 40 bytes, not of 32.</summary>
    private const byte Expanded = 0x20;

    private const uint NoTerminal = uint.MaxValue;
    private readonly ReportText text = new(output);

    /// <summary>Writes one.</summary>
    public void Add(in AcctEntry entry, bool isSystemV)
    {
        if (isSystemV)
        {
            AddSystemV(entry);
            return;
        }

        var room = text.Room(AcctRecord.Size)[..AcctRecord.Size];
        MemoryMarshal.Write(room, entry.Record);
        var version = entry.Record.Version & 0x7f;
        if (version != 3 || entry.TicksPerSecond != AcctRecord.DefaultTicksPerSecond)
        {
            Modernize(entry, room);
        }

        text.Advance(AcctRecord.Size);
    }

    /// <summary>Everything so far to the file.</summary>
    public void Flush() => text.Flush();

    /// <summary>The version, and times in ticks of 1/100 s.</summary>
    private static void Modernize(in AcctEntry entry, Span<byte> record)
    {
        const int elapsedAt = 28;
        const int userAt = 32;
        const int systemAt = 34;
        record[1] = BitConverter.IsLittleEndian ? (byte)3 : (byte)0x83;
        var factor = (double)AcctRecord.DefaultTicksPerSecond / entry.TicksPerSecond;
        MemoryMarshal.Write(record[elapsedAt..], (float)(entry.Record.ElapsedTicks * factor));
        MemoryMarshal.Write(record[userAt..], Ticks(entry.Record.UserTicks, factor));
        MemoryMarshal.Write(record[systemAt..], Ticks(entry.Record.SystemTicks, factor));

        static ushort Ticks(ushort raw, double factor) =>
            CompT.Encode((ulong)Math.Round(CompT.Decode(raw) * factor));
    }

    private void AddSystemV(in AcctEntry entry)
    {
        ref readonly var from = ref entry.Record;
        var room = text.Room(SystemVBytes)[..SystemVBytes];
        room.Clear();
        room[0] = (byte)(from.Flags | Expanded);
        room[1] = (byte)from.ExitCode;
        MemoryMarshal.Write(room[4..], from.Uid);
        MemoryMarshal.Write(room[8..], from.Gid);
        MemoryMarshal.Write(room[12..], from.Tty == 0 ? NoTerminal : from.Tty);
        MemoryMarshal.Write(room[16..], from.BeginUnixSeconds);
        MemoryMarshal.Write(room[20..], from.UserTicks);
        MemoryMarshal.Write(room[22..], from.SystemTicks);
        MemoryMarshal.Write(room[24..], CompT.Encode((ulong)from.ElapsedTicks));
        MemoryMarshal.Write(room[26..], from.MemoryKib);
        MemoryMarshal.Write(room[28..], from.IoCharacters);
        MemoryMarshal.Write(room[30..], from.BlocksReadOrWritten);
        MemoryMarshal.Write(room[32..], from.CommandLow);
        text.Advance(SystemVBytes);
    }
}
