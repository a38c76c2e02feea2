// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace AcctExporter.Records;

/// <summary>
/// Brings an accounting record of any version and byte order into the form of v3 in the machine's byte order
/// (<see cref="RawV3"/>): the form that reports read. The version byte says which version it was. Layouts: see
/// <see cref="AcctRecord"/>.
/// </summary>
internal static class HostRecord
{
    private const int CommandOffset = 48;

    /// <summary>Where <c>ac_io</c> is, with <c>ac_rw</c> behind it.</summary>
    private const int IoOffset = 38;
    private const byte BigEndianMark = 0x80;

    /// <summary>Writes one record that is known to be one (<see cref="AcctRecord.TryRead"/>).</summary>
    /// <param name="source">The record, 62 bytes of v1 and 64 of others.</param>
    /// <param name="destination">64 bytes, as <see cref="RawV3"/> on return.</param>
    /// <param name="assumedTicks">Ticks a second of records that do not say it.</param>
    /// <returns>Ticks a second of its times.</returns>
    public static ushort Write(ReadOnlySpan<byte> source, Span<byte> destination, ushort assumedTicks)
    {
        if (IsOfThisMachine(source))
        {
            source[..AcctRecord.Size].CopyTo(destination);
            return (ushort)AcctRecord.DefaultTicksPerSecond;
        }

        var version = source[1] & ~BigEndianMark;
        // Nothing says the order of a v0 record without the mark: the machine's.
        var swap = source[1] != 0 && (source[1] & BigEndianMark) != 0 == BitConverter.IsLittleEndian;
        if (version >= 3)
        {
            WriteV3(source, destination, swap);
            // GNU acct takes v4, which no kernel writes, for v3 in all but this.
            return version == 3 ? (ushort)AcctRecord.DefaultTicksPerSecond : assumedTicks;
        }

        return WriteOlder(source, destination, version, swap, assumedTicks);
    }

    /// <summary>
    /// Writes one slot of 64 bytes as GNU acct reads it: whatever is in it is a record of the version that its second
    /// byte says, so zeros are one of v0.
    /// </summary>
    /// <inheritdoc cref="Write"/>
    /// <returns>False for the versions that are skipped: 5, silently, and those above.</returns>
    public static bool TryWriteSlot(
        ReadOnlySpan<byte> source, Span<byte> destination, ushort assumedTicks, out ushort ticks)
    {
        var version = source[1] & ~BigEndianMark;
        ticks = version <= 4 ? Write(source, destination, assumedTicks) : (ushort)0;
        if (version == 1)
        {
            // It takes the coarse one of the two elapsed times of v1.
            var swap = (source[1] & BigEndianMark) != 0 == BitConverter.IsLittleEndian;
            Put(destination, 28, (float)CompT.Decode(U16(source, 16, swap)));
        }
        else if (version == 0 && U16(source, 30, source[1] != 0 && BitConverter.IsLittleEndian) is > 0 and var written)
        {
            // And the padding of v0 for the ticks that v2 has there.
            ticks = written;
        }

        return version <= 4;
    }

    /// <summary>Gives a record that was written here another name.</summary>
    public static void Rename(Span<byte> record, CommandName name)
    {
        record[CommandOffset..].Clear();
        name.CopyTo(record[CommandOffset..]);
    }

    /// <summary>Takes <c>ac_io</c> and <c>ac_rw</c> out of a record that was written here.</summary>
    public static void ForgetIo(Span<byte> record) => record.Slice(IoOffset, 2 * sizeof(ushort)).Clear();

    /// <summary>True for v3 in the machine's byte order: such a record is its own form.</summary>
    private static bool IsOfThisMachine(ReadOnlySpan<byte> source) => source[1] == 3 && BitConverter.IsLittleEndian;

    private static void WriteV3(ReadOnlySpan<byte> source, Span<byte> destination, bool swap)
    {
        destination[0] = source[0];
        destination[1] = (byte)(source[1] & ~BigEndianMark);
        Put(destination, 2, U16(source, 2, swap));
        for (var offset = 4; offset < 32; offset += sizeof(uint))
        {
            Put(destination, offset, U32(source, offset, swap));
        }

        for (var offset = 32; offset < CommandOffset; offset += sizeof(ushort))
        {
            Put(destination, offset, U16(source, offset, swap));
        }

        source.Slice(CommandOffset, CommandName.Size).CopyTo(destination[CommandOffset..]);
    }

    private static ushort WriteOlder(
        ReadOnlySpan<byte> source, Span<byte> destination, int version, bool swap, ushort assumedTicks)
    {
        // v1 lacks the two bytes of ac_ahz: what follows them stands two bytes earlier.
        var shift = version == 1 ? -2 : 0;
        destination[0] = source[0];
        destination[1] = (byte)version;
        Put(destination, 2, U16(source, 6, swap));
        Put(destination, 4, U32(source, 32 + shift, swap));
        var (uid, gid) = (U32(source, 56 + shift, swap), U32(source, 60 + shift, swap));
        if (version == 0 && ((ushort)uid != U16(source, 2, swap) || (ushort)gid != U16(source, 4, swap)))
        {
            // v0 ends in padding, which converters fill with the 32-bit ids: believed when both agree with these.
            (uid, gid) = (U16(source, 2, swap), U16(source, 4, swap));
        }

        Put(destination, 8, uid);
        Put(destination, 12, gid);
        destination.Slice(16, 8).Clear();
        Put(destination, 24, U32(source, 8, swap));
        var elapsed = version == 0
            ? CompT.Decode(U16(source, 16, swap))
            : Comp2T.Decode(((uint)source[53 + shift] << 16) | U16(source, 54 + shift, swap));
        Put(destination, 28, (float)elapsed);
        Put(destination, 32, U16(source, 12, swap));
        Put(destination, 34, U16(source, 14, swap));
        for (var offset = 36; offset < CommandOffset; offset += sizeof(ushort))
        {
            Put(destination, offset, U16(source, offset - 18, swap));
        }

        source.Slice(36 + shift, CommandName.Size).CopyTo(destination[CommandOffset..]);
        var ticks = version == 1 ? (ushort)0 : U16(source, 30, swap);
        return ticks == 0 || (version == 0 && !AcctRecord.AreTicksOfV0(ticks)) ? assumedTicks : ticks;
    }

    private static ushort U16(ReadOnlySpan<byte> source, int offset, bool swap)
    {
        var value = MemoryMarshal.Read<ushort>(source[offset..]);
        return swap ? BinaryPrimitives.ReverseEndianness(value) : value;
    }

    private static uint U32(ReadOnlySpan<byte> source, int offset, bool swap)
    {
        var value = MemoryMarshal.Read<uint>(source[offset..]);
        return swap ? BinaryPrimitives.ReverseEndianness(value) : value;
    }

    private static void Put<T>(Span<byte> destination, int offset, T value)
        where T : unmanaged => MemoryMarshal.Write(destination[offset..], value);
}
