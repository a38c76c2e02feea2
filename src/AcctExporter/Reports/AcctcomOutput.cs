// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// The records that <c>acctcom -o</c> puts into a file: each of its own version and ticks, in the machine's byte order.
/// Records of System V stay theirs, of 40 bytes.
/// </summary>
/// <param name="output">The file; not closed.</param>
internal sealed class AcctcomOutput(Stream output)
{
    private const int RecordsAtOnce = 1000;
    private const int SystemVBytes = 40;

    /// <summary><c>AEXPND</c>: a record of 40 bytes, not of 32.</summary>
    private const byte Expanded = 0x20;

    private const uint NoTerminal = uint.MaxValue;
    private readonly RecordLines records = new(ExitSelection.All, new RecordForm());
    private readonly ReportText text = new(output);

    /// <summary>Writes one.</summary>
    public void Add(in AcctEntry entry, bool isSystemV)
    {
        if (isSystemV)
        {
            AddSystemV(entry);
            return;
        }

        records.Add(entry);
        if (records.Count == RecordsAtOnce)
        {
            Flush();
        }
    }

    /// <summary>Everything so far to the file.</summary>
    public void Flush()
    {
        text.Add(records.Bytes);
        records.Clear();
        text.Flush();
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
