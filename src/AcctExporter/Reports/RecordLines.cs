// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// Exits as accounting records again, of any version and byte order, as <c>dump-acct --raw</c> and <c>acctcom
/// -o</c> write them. What a version has no room for is left out or cut: the process ids before v3, all but 16 bits of
/// user and group in v0.
/// </summary>
/// <param name="selection">Which exits.</param>
/// <param name="form">The records' form.</param>
internal sealed class RecordLines(ExitSelection selection, RecordForm form) : ExitLines
{
    /// <summary>Exits whose user or group does not fit into 16 bits, and was cut.</summary>
    public long CutOwners { get; private set; }

    /// <summary>Records of a version that is not written: they became v3.</summary>
    public long OtherVersions { get; private set; }

    /// <inheritdoc/>
    public override bool Shows(in AcctEntry entry) => selection.IsAll || selection.Matches(entry);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override int Write(in AcctEntry entry, Span<byte> line)
    {
        ref readonly var record = ref entry.Record;
        var version = form.Version ?? (record.Version & 0x7f);
        if (version > RecordForm.Newest)
        {
            version = RecordForm.Newest;
            OtherVersions++;
        }

        if (version == 0 && (record.Uid | record.Gid) > ushort.MaxValue)
        {
            CutOwners++;
        }

        var isV3 = version == RecordForm.Newest;
        if (isV3 && !form.Swapped && entry.TicksPerSecond == AcctRecord.DefaultTicksPerSecond)
        {
            MemoryMarshal.AsBytes(new ReadOnlySpan<RawV3>(in record)).CopyTo(line);
            line[1] = RecordForm.Newest;
            return AcctRecord.Size;
        }

        var ticksPerSecond = version is 0 or 2 ? form.TicksPerSecond ?? entry.TicksPerSecond
            : (ushort)AcctRecord.DefaultTicksPerSecond;
        var times = Times.Of(entry).In(ticksPerSecond, form.AsGnu);
        line = line[..AcctRecord.Size];
        line.Clear();
        line[0] = record.Flags;
        line[1] = (byte)(version | (form.Swapped ? 0x80 : 0));
        var fields = new RecordFields(line, form.Swapped == BitConverter.IsLittleEndian);
        if (isV3)
        {
            WriteV3(record, times, fields);
        }
        else
        {
            WriteOlder(record, times, fields, version);
        }

        return version == 1 ? AcctRecord.SizeV1 : AcctRecord.Size;
    }

    private static void WriteV3(in RawV3 record, Times times, RecordFields fields)
    {
        fields.U16(2, record.Tty);
        fields.U32(4, record.ExitCode);
        fields.U32(8, record.Uid);
        fields.U32(12, record.Gid);
        fields.U32(16, record.Pid);
        fields.U32(20, record.Ppid);
        fields.U32(24, record.BeginUnixSeconds);
        fields.U32(28, BitConverter.SingleToUInt32Bits(times.Elapsed));
        fields.U16(32, times.User);
        fields.U16(34, times.System);
        WriteCounts(record, fields, 36);
        WriteName(record, fields.From(48));
    }

    private static void WriteOlder(in RawV3 record, Times times, RecordFields fields, int version)
    {
        // v1 lacks the two bytes of ac_ahz: what follows them stands two bytes earlier.
        var shift = version == 1 ? -2 : 0;
        fields.U16(2, (ushort)record.Uid);
        fields.U16(4, (ushort)record.Gid);
        fields.U16(6, record.Tty);
        fields.U32(8, record.BeginUnixSeconds);
        fields.U16(12, times.User);
        fields.U16(14, times.System);
        fields.U16(16, CompTicks.Encode(times.Elapsed));
        WriteCounts(record, fields, 18);
        if (version != 1)
        {
            fields.U16(30, times.TicksPerSecond);
        }

        fields.U32(32 + shift, record.ExitCode);
        WriteName(record, fields.From(36 + shift));
        var elapsed = CompTicks.EncodeFine(times.Elapsed);
        fields.U8(53 + shift, (byte)(elapsed >> 16));
        fields.U16(54 + shift, (ushort)elapsed);
        fields.U32(56 + shift, record.Uid);
        fields.U32(60 + shift, record.Gid);
    }

    private static void WriteCounts(in RawV3 record, RecordFields fields, int at)
    {
        fields.U16(at, record.MemoryKib);
        fields.U16(at + 2, record.IoCharacters);
        fields.U16(at + 4, record.BlocksReadOrWritten);
        fields.U16(at + 6, record.MinorFaults);
        fields.U16(at + 8, record.MajorFaults);
        fields.U16(at + 10, record.Swaps);
    }

    /// <summary>The times of a record and their unit.</summary>
    private readonly record struct Times(ushort User, ushort System, float Elapsed, ushort TicksPerSecond)
    {
        public static Times Of(in AcctEntry entry) => new(
            entry.Record.UserTicks, entry.Record.SystemTicks, entry.Record.ElapsedTicks, entry.TicksPerSecond);

        public Times In(ushort ticksPerSecond, bool asGnu)
        {
            if (TicksPerSecond == ticksPerSecond)
            {
                return this;
            }

            var factor = ticksPerSecond / (double)TicksPerSecond;
            return new(
                CompTicks.Encode(factor * CompT.Decode(User)), CompTicks.Encode(factor * CompT.Decode(System)),
                (float)(Elapsed * factor), asGnu ? (ushort)100 : ticksPerSecond);
        }
    }

    private static void WriteName(in RawV3 record, Span<byte> name)
    {
        MemoryMarshal.Write(name, record.CommandLow);
        MemoryMarshal.Write(name[sizeof(ulong)..], record.CommandHigh);
    }
}
