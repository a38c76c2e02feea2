// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using AcctExporter.Journal;

namespace AcctExporter.Suite;

/// <summary>
/// The file of total accounting (tacct): a header of 24 bytes, and a record for each user number and name, in that
/// order, each with a checksum. <c>docs/formats/tacct.md</c> says what is where. The same sums give the same bytes.
/// </summary>
internal static class TacctFile
{
    private const int HeaderSize = 24;
    private const uint Version = 1;

    /// <summary>What stands before the name: the user number and the name's length.</summary>
    private const int KeySize = 5;

    /// <summary>What stands behind it: two classes of 48 bytes, six numbers of 8, a checksum.</summary>
    private const int SumsSize = (2 * ClassSize) + (6 * sizeof(long)) + sizeof(uint);

    private const int ClassSize = 16 + (4 * sizeof(long));

    /// <summary>The most bytes of a name.</summary>
    public const int LongestName = byte.MaxValue;

    private static ReadOnlySpan<byte> Magic => "ACCTTOTL"u8;

    /// <summary>Writes a table.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(Stream output, UserTable<TacctSums> table)
    {
        var buffered = new BufferedStream(output, 64 * 1024);
        Span<byte> room = stackalloc byte[KeySize + LongestName + SumsSize];
        Magic.CopyTo(room);
        BinaryPrimitives.WriteUInt32LittleEndian(room[8..], Version);
        BinaryPrimitives.WriteUInt64LittleEndian(room[12..], (ulong)table.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(room[20..], Crc32C.Of(room[..20]));
        buffered.Write(room[..HeaderSize]);
        foreach (var (uid, whole, sums) in table.Sorted())
        {
            var name = whole.AsSpan(0, Math.Min(whole.Length, LongestName));
            var record = room[..(KeySize + name.Length + SumsSize)];
            BinaryPrimitives.WriteUInt32LittleEndian(record, uid);
            record[4] = (byte)name.Length;
            name.CopyTo(record[KeySize..]);
            Put(record[(KeySize + name.Length)..], sums);
            BinaryPrimitives.WriteUInt32LittleEndian(record[^4..], Crc32C.Of(record[..^4]));
            buffered.Write(record);
        }

        buffered.Flush();
    }

    /// <summary>Adds a file to a table. An empty file is a table of nothing: the suite begins with such files.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static TacctReading Read(Stream input, UserTable<TacctSums> into)
    {
        var buffered = new BufferedStream(input, 64 * 1024);
        Span<byte> room = stackalloc byte[KeySize + LongestName + SumsSize];
        var got = buffered.ReadAtLeast(room[..HeaderSize], HeaderSize, throwOnEndOfStream: false);
        if (got == 0)
        {
            return default;
        }

        if (got < Magic.Length || !room[..Magic.Length].SequenceEqual(Magic))
        {
            return new() { Fault = TacctFault.Foreign };
        }

        if (got < HeaderSize || Crc32C.Of(room[..20]) != BinaryPrimitives.ReadUInt32LittleEndian(room[20..]))
        {
            return new() { Fault = TacctFault.Damaged };
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(room[8..]) != Version)
        {
            return new() { Fault = TacctFault.Newer };
        }

        return ReadRecords(buffered, BinaryPrimitives.ReadUInt64LittleEndian(room[12..]), room, into);
    }

    private static TacctReading ReadRecords(
        BufferedStream input, ulong records, Span<byte> room, UserTable<TacctSums> into)
    {
        var reading = new TacctReading();
        for (var number = 0UL; number < records; number++)
        {
            if (input.ReadAtLeast(room[..KeySize], KeySize, throwOnEndOfStream: false) < KeySize
                || room[4] + SumsSize is var rest
                && input.ReadAtLeast(room.Slice(KeySize, rest), rest, throwOnEndOfStream: false) < rest)
            {
                return reading with { BadRecords = reading.BadRecords + (records - number) };
            }

            var record = room[..(KeySize + room[4] + SumsSize)];
            if (Crc32C.Of(record[..^4]) != BinaryPrimitives.ReadUInt32LittleEndian(record[^4..]))
            {
                // Its length may be what is damaged: nothing behind it can be found.
                return reading with { BadRecords = reading.BadRecords + (records - number) };
            }

            into.Of(BinaryPrimitives.ReadUInt32LittleEndian(record), record.Slice(KeySize, record[4]))
                .Add(Get(record[(KeySize + record[4])..]));
        }

        return input.ReadByte() < 0 ? reading : reading with { BadRecords = reading.BadRecords + 1 };
    }

    private static void Put(Span<byte> at, in TacctSums sums)
    {
        Put(at, sums.Prime);
        Put(at[ClassSize..], sums.NonPrime);
        at = at[(2 * ClassSize)..];
        ReadOnlySpan<long> numbers =
        [
            sums.DiskBytes, sums.PrintedPages, sums.FeeMilliunits, sums.Processes, sums.Sessions, sums.DiskSamples,
        ];
        for (var i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(at[(i * sizeof(long))..], numbers[i]);
        }
    }

    private static void Put(Span<byte> at, in TacctClass sums)
    {
        BinaryPrimitives.WriteInt128LittleEndian(at, sums.KibMicroseconds);
        BinaryPrimitives.WriteInt64LittleEndian(at[16..], sums.CpuMicroseconds);
        BinaryPrimitives.WriteInt64LittleEndian(at[24..], sums.CharacterBytes);
        BinaryPrimitives.WriteInt64LittleEndian(at[32..], sums.StorageBytes);
        BinaryPrimitives.WriteInt64LittleEndian(at[40..], sums.ConnectMicroseconds);
    }

    private static TacctSums Get(ReadOnlySpan<byte> at)
    {
        var rest = at[(2 * ClassSize)..];
        return new()
        {
            Prime = Class(at),
            NonPrime = Class(at[ClassSize..]),
            DiskBytes = BinaryPrimitives.ReadInt64LittleEndian(rest),
            PrintedPages = BinaryPrimitives.ReadInt64LittleEndian(rest[8..]),
            FeeMilliunits = BinaryPrimitives.ReadInt64LittleEndian(rest[16..]),
            Processes = BinaryPrimitives.ReadInt64LittleEndian(rest[24..]),
            Sessions = BinaryPrimitives.ReadInt64LittleEndian(rest[32..]),
            DiskSamples = BinaryPrimitives.ReadInt64LittleEndian(rest[40..]),
        };
    }

    private static TacctClass Class(ReadOnlySpan<byte> at) => new()
    {
        KibMicroseconds = BinaryPrimitives.ReadInt128LittleEndian(at),
        CpuMicroseconds = BinaryPrimitives.ReadInt64LittleEndian(at[16..]),
        CharacterBytes = BinaryPrimitives.ReadInt64LittleEndian(at[24..]),
        StorageBytes = BinaryPrimitives.ReadInt64LittleEndian(at[32..]),
        ConnectMicroseconds = BinaryPrimitives.ReadInt64LittleEndian(at[40..]),
    };
}

/// <summary>How the reading of total accounting went.</summary>
internal readonly record struct TacctReading
{
    /// <summary>Why nothing of it was read.</summary>
    public TacctFault Fault { get; init; }

    /// <summary>Records that are damaged, missing, or too many.</summary>
    public ulong BadRecords { get; init; }
}

/// <summary>Why a file is no total accounting.</summary>
internal enum TacctFault
{
    /// <summary>It is.</summary>
    None,

    /// <summary>It does not begin as ours do.</summary>
    Foreign,

    /// <summary>It does, but is damaged.</summary>
    Damaged,

    /// <summary>A newer version of the program wrote it.</summary>
    Newer,
}
