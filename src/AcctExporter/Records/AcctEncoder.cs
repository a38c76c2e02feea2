// SPDX-License-Identifier: Apache-2.0

namespace AcctExporter.Records;

/// <summary>
/// Writes accounting records of any version and byte order: for conversions and for files made by tests.
/// Read by <see cref="AcctRecord"/>. What a version has no room for (pid before v3, 32-bit ids in v0) is left out.
/// </summary>
internal static class AcctEncoder
{
    /// <summary>
    /// Writes <paramref name="record"/> in its own version and byte order; returns its size, 64 or 62.
    /// </summary>
    /// <exception cref="ArgumentException">The version is not 0 to 3, or <paramref name="destination"/> is too
    /// small.</exception>
    public static int Write(in AcctRecord record, Span<byte> destination)
    {
        if (record.Version > 3)
        {
            throw new ArgumentException($"acct v{record.Version} does not exist", nameof(record));
        }

        var size = record.Version == 1 ? AcctRecord.SizeV1 : AcctRecord.Size;
        destination = destination[..size];
        destination.Clear();
        destination[0] = (byte)record.Flags;
        destination[1] = (byte)(record.Version | (record.BigEndian ? 0x80 : 0));
        var fields = new RecordFields(destination, record.BigEndian);
        if (record.Version == 3)
        {
            WriteV3(record, fields);
        }
        else
        {
            WriteOlder(record, fields);
        }

        return size;
    }

    /// <summary>
    /// Ticks as the kernel's hand-made float: cut, not rounded, to 24 bits (encode_float in kernel/acct.c).
    /// </summary>
    public static float EncodeElapsed(ulong ticks)
    {
        var surplus = 64 - 24 - System.Numerics.BitOperations.LeadingZeroCount(ticks);
        return surplus <= 0 ? ticks : (float)(ticks >> surplus << surplus);
    }

    private static void WriteV3(in AcctRecord record, RecordFields fields)
    {
        fields.U16(2, record.Tty);
        fields.U32(4, record.ExitCode);
        fields.U32(8, record.Uid);
        fields.U32(12, record.Gid);
        fields.U32(16, record.Pid);
        fields.U32(20, record.Ppid);
        fields.U32(24, record.BeginUnixSeconds);
        fields.U32(28, BitConverter.SingleToUInt32Bits(EncodeElapsed(record.ElapsedTicks)));
        fields.Comp(32, record.UserTicks);
        fields.Comp(34, record.SystemTicks);
        fields.Comp(36, record.MemoryKib);
        fields.Comp(38, record.IoCharacters);
        fields.Comp(40, record.BlocksReadOrWritten);
        fields.Comp(42, record.MinorFaults);
        fields.Comp(44, record.MajorFaults);
        fields.Comp(46, record.Swaps);
        record.Command.CopyTo(fields.From(48));
    }

    private static void WriteOlder(in AcctRecord record, RecordFields fields)
    {
        var shift = record.Version == 1 ? -2 : 0;
        fields.U16(2, (ushort)record.Uid);
        fields.U16(4, (ushort)record.Gid);
        fields.U16(6, record.Tty);
        fields.U32(8, record.BeginUnixSeconds);
        fields.Comp(12, record.UserTicks);
        fields.Comp(14, record.SystemTicks);
        fields.Comp(16, record.ElapsedTicks);
        fields.Comp(18, record.MemoryKib);
        fields.Comp(20, record.IoCharacters);
        fields.Comp(22, record.BlocksReadOrWritten);
        fields.Comp(24, record.MinorFaults);
        fields.Comp(26, record.MajorFaults);
        fields.Comp(28, record.Swaps);
        if (record.Version == 2)
        {
            fields.U16(30, (ushort)record.TicksPerSecond);
        }

        fields.U32(32 + shift, record.ExitCode);
        record.Command.CopyTo(fields.From(36 + shift));
        if (record.Version != 0)
        {
            var elapsed = Comp2T.Encode(record.ElapsedTicks);
            fields.U8(53 + shift, (byte)(elapsed >> 16));
            fields.U16(54 + shift, (ushort)elapsed);
            fields.U32(56 + shift, record.Uid);
            fields.U32(60 + shift, record.Gid);
        }
    }
}
