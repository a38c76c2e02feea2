// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace AcctExporter.Records;

/// <summary>
/// Accounting records of System V: <c>struct acct</c> of SVR4 and illumos, 40 bytes, and <c>struct o_acct</c> of SVR3,
/// 32 bytes (illumos: <c>usr/src/uts/common/sys/acct.h</c>). All of a file have one size and one byte order, and no
/// mark says which order: <see cref="IsSwapped"/> judges by the times. Times are in ticks of 1/100 s, memory is
/// resident pages summed over the ticks of CPU time.
/// </summary>
internal static class SystemVRecord
{
    /// <summary>Bytes of an expanded record.</summary>
    public const int Size = 40;

    /// <summary>Bytes of an old one.</summary>
    public const int OldSize = 32;

    private const byte Expanded = 0x20;
    private const byte TypeBits = 0xc0;
    private const int NameBytes = 8;

    /// <summary>No terminal, in 32 bits and in 16.</summary>
    private const uint NoDevice = uint.MaxValue;

    /// <summary>Minor numbers of a 32-bit device number have so many bits.</summary>
    private const int MinorBits = 18;

    /// <summary>1980-01-01: no host wrote records before.</summary>
    private const uint Earliest = 315_532_800;

    /// <summary>Bytes of the records of a file, told from the first.</summary>
    public static int SizeOf(byte firstFlags) => (firstFlags & Expanded) != 0 ? Size : OldSize;

    /// <summary>True for a record of a process; other types of record share the file.</summary>
    public static bool IsProcess(ReadOnlySpan<byte> record) => (record[0] & TypeBits) == 0;

    /// <summary>
    /// True when the records are in the other byte order than this machine's: when more of them began between 1980 and
    /// a day from now if read so. As many: they are in the machine's order.
    /// </summary>
    /// <param name="records">Some records.</param>
    /// <param name="size">Bytes of each.</param>
    /// <param name="nowUnixSeconds">What time it is.</param>
    public static bool IsSwapped(ReadOnlySpan<byte> records, int size, long nowUnixSeconds)
    {
        var latest = nowUnixSeconds + (24 * 60 * 60);
        var difference = 0;
        for (; records.Length >= size; records = records[size..])
        {
            var begin = MemoryMarshal.Read<uint>(records[(size == Size ? 16 : 8)..]);
            difference += IsPlausible(BinaryPrimitives.ReverseEndianness(begin)) ? 1 : 0;
            difference -= IsPlausible(begin) ? 1 : 0;
        }

        return difference > 0;

        bool IsPlausible(uint begin) => begin >= Earliest && begin <= latest;
    }

    /// <summary>
    /// Writes a record in the form of <see cref="RawV3"/>: comp_t as they are, the status byte as the exit code, the
    /// name without what follows its first NUL, no process ids, and a version of 0. A terminal's number becomes one of
    /// 16 bits.
    /// </summary>
    /// <param name="source">The record: <see cref="Size"/> or <see cref="OldSize"/> bytes.</param>
    /// <param name="isSwapped">It is in the other byte order.</param>
    /// <param name="destination">64 bytes.</param>
    public static void Write(ReadOnlySpan<byte> source, bool isSwapped, Span<byte> destination)
    {
        var isOld = source.Length == OldSize;
        destination.Clear();
        // Old records are made expanded ones, which their flags then say.
        destination[0] = (byte)(source[0] | Expanded);
        Put(destination, 4, (uint)source[1]);
        if (isOld)
        {
            Put(destination, 8, (uint)U16(source, 2, isSwapped));
            Put(destination, 12, (uint)U16(source, 4, isSwapped));
            Put(destination, 2, Terminal(U16(source, 6, isSwapped), ushort.MaxValue));
        }
        else
        {
            Put(destination, 8, U32(source, 4, isSwapped));
            Put(destination, 12, U32(source, 8, isSwapped));
            Put(destination, 2, Terminal(U32(source, 12, isSwapped), NoDevice));
        }

        Put(destination, 24, U32(source, isOld ? 8 : 16, isSwapped));
        var numbers = isOld ? 12 : 20;
        Put(destination, 32, U16(source, numbers, isSwapped));
        Put(destination, 34, U16(source, numbers + 2, isSwapped));
        Put(destination, 28, (float)CompT.Decode(U16(source, numbers + 4, isSwapped)));
        Put(destination, 36, U16(source, numbers + 6, isSwapped));
        Put(destination, 38, U16(source, numbers + 8, isSwapped));
        Put(destination, 40, U16(source, numbers + 10, isSwapped));
        CommandName.From(source[(numbers + 12)..][..NameBytes]).CopyTo(destination[48..]);
    }

    private static ushort Terminal(uint device, uint none) =>
        device == none ? (ushort)0
        : device <= ushort.MaxValue ? (ushort)device
        : (ushort)(((device >> MinorBits) << 8) | (device & 0xff));

    private static ushort U16(ReadOnlySpan<byte> source, int offset, bool isSwapped)
    {
        var value = MemoryMarshal.Read<ushort>(source[offset..]);
        return isSwapped ? BinaryPrimitives.ReverseEndianness(value) : value;
    }

    private static uint U32(ReadOnlySpan<byte> source, int offset, bool isSwapped)
    {
        var value = MemoryMarshal.Read<uint>(source[offset..]);
        return isSwapped ? BinaryPrimitives.ReverseEndianness(value) : value;
    }

    private static void Put<T>(Span<byte> destination, int offset, T value)
        where T : unmanaged => MemoryMarshal.Write(destination[offset..], value);
}
