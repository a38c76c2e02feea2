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
    internal const int HeaderSize = 24;
    internal const uint Version = 1;

    /// <summary>What stands before the name: the user number and the name's length.</summary>
    internal const int KeySize = 5;

    /// <summary>What stands behind it: two classes of 48 bytes, six numbers of 8, a checksum.</summary>
    internal const int SumsSize = (2 * ClassSize) + (6 * sizeof(long)) + sizeof(uint);

    internal const int ClassSize = 16 + (4 * sizeof(long));

    /// <summary>The most bytes of a name.</summary>
    public const int LongestName = byte.MaxValue;

    internal static ReadOnlySpan<byte> Magic => "ACCTTOTL"u8;

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

    /// <summary>True for the first bytes of a file of ours.</summary>
    public static bool IsOurs(ReadOnlySpan<byte> begin) => begin.StartsWith(Magic);

    /// <summary>
    /// Adds a file to a table. An empty file is a table of nothing: the suite begins with such files.
    /// </summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static TacctReading Read(Stream input, UserTable<TacctSums> into)
    {
        var reader = new TacctFileReader(new BufferedStream(input, 64 * 1024));
        while (reader.TryRead())
        {
            into.Of(reader.Uid, reader.Name).Add(reader.Sums);
        }

        return reader.Reading;
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
}
