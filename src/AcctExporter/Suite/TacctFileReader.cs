// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using AcctExporter.Journal;

namespace AcctExporter.Suite;

/// <summary>The records of a file of total accounting of ours (<see cref="TacctFile"/>), one after the other.</summary>
/// <param name="input">The file, from its beginning; not closed. It is read in small parts.</param>
internal sealed class TacctFileReader(Stream input)
{
    private readonly byte[] room = new byte[TacctFile.KeySize + TacctFile.LongestName + TacctFile.SumsSize];
    private ulong left;
    private bool hasBegun;
    private int nameBytes;

    /// <summary>How it went so far.</summary>
    public TacctReading Reading { get; private set; }

    /// <summary>The user's number of the last record.</summary>
    public uint Uid => BinaryPrimitives.ReadUInt32LittleEndian(room);

    /// <summary>The user's name; good until the next one.</summary>
    public ReadOnlySpan<byte> Name => room.AsSpan(TacctFile.KeySize, nameBytes);

    /// <summary>The figures.</summary>
    public TacctSums Sums => Get(room.AsSpan(TacctFile.KeySize + nameBytes));

    /// <summary>Reads the next record.</summary>
    /// <returns>False at the end, of the file or of what can be read of it.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public bool TryRead()
    {
        if (!hasBegun)
        {
            hasBegun = true;
            Begin();
        }

        if (left == 0)
        {
            return false;
        }

        // A length that is damaged hides what stands behind it: nothing there can be found.
        if (!TryFill(0, TacctFile.KeySize)
            || !TryFill(TacctFile.KeySize, room[4] + TacctFile.SumsSize)
            || !IsWhole(room.AsSpan(0, TacctFile.KeySize + room[4] + TacctFile.SumsSize)))
        {
            Reading = Reading with { BadRecords = left };
            left = 0;
            return false;
        }

        nameBytes = room[4];
        if (--left == 0 && input.ReadByte() >= 0)
        {
            Reading = Reading with { BadRecords = 1 };
        }

        return true;
    }

    private void Begin()
    {
        var header = room.AsSpan(0, TacctFile.HeaderSize);
        var got = input.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (got == 0)
        {
            return;
        }

        var fault = !TacctFile.IsOurs(header[..got]) ? TacctFault.Foreign
            : got < header.Length || !IsWhole(header) ? TacctFault.Damaged
            : BinaryPrimitives.ReadUInt32LittleEndian(header[8..]) != TacctFile.Version ? TacctFault.Newer
            : TacctFault.None;
        left = fault == TacctFault.None ? BinaryPrimitives.ReadUInt64LittleEndian(header[12..]) : 0;
        var isTooLong = fault == TacctFault.None && left == 0 && input.ReadByte() >= 0;
        Reading = new() { Fault = fault, BadRecords = isTooLong ? 1UL : 0 };
    }

    private bool TryFill(int at, int bytes) =>
        input.ReadAtLeast(room.AsSpan(at, bytes), bytes, throwOnEndOfStream: false) == bytes;

    private static bool IsWhole(ReadOnlySpan<byte> bytes) =>
        Crc32C.Of(bytes[..^4]) == BinaryPrimitives.ReadUInt32LittleEndian(bytes[^4..]);

    private static TacctSums Get(ReadOnlySpan<byte> at)
    {
        var rest = at[(2 * TacctFile.ClassSize)..];
        return new()
        {
            Prime = Class(at),
            NonPrime = Class(at[TacctFile.ClassSize..]),
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
