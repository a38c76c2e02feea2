// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using AcctExporter.Journal;
using AcctExporter.Records;

namespace AcctExporter.Suite;

/// <summary>
/// The file of a command summary (cms): a header of 24 bytes and a record of 140 bytes for each command, in the order
/// of their names, each with a checksum. <c>docs/formats/cms.md</c> says what is where. Files of System V, which have
/// no header, are read by their layout.
/// </summary>
internal static class CmsFile
{
    private const int HeaderSize = 24;
    private const int RecordSize = 140;
    private const uint Version = 1;

    private static ReadOnlySpan<byte> Magic => "ACCT-CMS"u8;

    /// <summary>Writes a summary: the same commands and sums give the same bytes.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(Stream output, CommandSummary summary)
    {
        var buffered = new BufferedStream(output, 64 * 1024);
        Span<byte> header = stackalloc byte[HeaderSize];
        Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], Version);
        BinaryPrimitives.WriteUInt64LittleEndian(header[12..], (ulong)summary.Count);
        BinaryPrimitives.WriteUInt32LittleEndian(header[20..], Crc32C.Of(header[..20]));
        buffered.Write(header);
        Span<byte> record = stackalloc byte[RecordSize];
        foreach (var number in summary.ByName())
        {
            Put(record, summary.Name(number), summary.Sums(number));
            buffered.Write(record);
        }

        buffered.Flush();
    }

    /// <summary>Adds a file to a summary.</summary>
    /// <param name="input">The file, from its beginning.</param>
    /// <param name="layout">What it is if it is none of ours; null when it must be.</param>
    /// <param name="summary">Takes its records.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static CmsReading Read(Stream input, CmsLayout? layout, ICommandSummary summary)
    {
        var buffered = new BufferedStream(input, 64 * 1024);
        Span<byte> header = stackalloc byte[HeaderSize];
        var got = buffered.ReadAtLeast(header[..Magic.Length], Magic.Length, throwOnEndOfStream: false);
        if (!header[..got].SequenceEqual(Magic))
        {
            // An empty file is a summary of nothing: the suite begins with such files.
            return layout is { } classic ? ReadClassic(buffered, header[..got], classic, summary)
                : new() { Fault = got == 0 ? CmsFault.None : CmsFault.Foreign };
        }

        got = buffered.ReadAtLeast(header[Magic.Length..], HeaderSize - Magic.Length, throwOnEndOfStream: false);
        if (got < HeaderSize - Magic.Length
            || Crc32C.Of(header[..20]) != BinaryPrimitives.ReadUInt32LittleEndian(header[20..]))
        {
            return new() { Fault = CmsFault.Damaged };
        }

        return BinaryPrimitives.ReadUInt32LittleEndian(header[8..]) == Version
            ? ReadRecords(buffered, BinaryPrimitives.ReadUInt64LittleEndian(header[12..]), summary)
            : new() { Fault = CmsFault.Newer };
    }

    private static CmsReading ReadRecords(Stream input, ulong records, ICommandSummary summary)
    {
        Span<byte> record = stackalloc byte[RecordSize];
        var reading = new CmsReading();
        for (var number = 0UL; number < records; number++)
        {
            var got = input.ReadAtLeast(record, RecordSize, throwOnEndOfStream: false);
            if (got < RecordSize)
            {
                return reading with { BadRecords = reading.BadRecords + (records - number) };
            }

            if (Crc32C.Of(record[..^4]) == BinaryPrimitives.ReadUInt32LittleEndian(record[^4..]))
            {
                summary.Add(CommandName.From(record[..CommandName.Size]), Get(record[CommandName.Size..]));
            }
            else
            {
                reading = reading with { BadRecords = reading.BadRecords + 1 };
            }
        }

        return input.ReadByte() < 0 ? reading : reading with { BadRecords = reading.BadRecords + 1 };
    }

    private static CmsReading ReadClassic(
        Stream input, ReadOnlySpan<byte> begin, CmsLayout layout, ICommandSummary summary)
    {
        Span<byte> room = stackalloc byte[CmsLayout.LongestSize];
        var record = room[..layout.Size];
        begin.CopyTo(record);
        var reading = new CmsReading();
        for (var had = begin.Length; ; had = 0)
        {
            var got = had + input.ReadAtLeast(record[had..], record.Length - had, throwOnEndOfStream: false);
            if (got < record.Length)
            {
                return got == 0 ? reading : reading with { BadRecords = reading.BadRecords + 1 };
            }

            if (!summary.TryAdd(layout.Read(record), layout.IsTotal))
            {
                reading = reading with { BadRecords = reading.BadRecords + 1 };
            }
        }
    }

    private static void Put(Span<byte> record, CommandName name, in CommandSums sums)
    {
        record.Clear();
        name.CopyTo(record);
        Put(record[16..], sums.Prime);
        Put(record[24..], sums.NonPrime);
        // Those of 16 bytes stand behind each other.
        BinaryPrimitives.WriteUInt128LittleEndian(record[64..], sums.Prime.KibMicroseconds);
        BinaryPrimitives.WriteUInt128LittleEndian(record[80..], sums.NonPrime.KibMicroseconds);
        BinaryPrimitives.WriteUInt64LittleEndian(record[128..], sums.WithIo);
        BinaryPrimitives.WriteUInt32LittleEndian(record[136..], Crc32C.Of(record[..136]));
    }

    /// <summary>The fields of 8 bytes of one kind of time: those of the other stand between them.</summary>
    private static void Put(Span<byte> at, in ClassSums sums)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(at, sums.Processes);
        BinaryPrimitives.WriteUInt64LittleEndian(at[16..], sums.CpuMicroseconds);
        BinaryPrimitives.WriteUInt64LittleEndian(at[32..], sums.ElapsedMicroseconds);
        BinaryPrimitives.WriteUInt64LittleEndian(at[80..], sums.Characters);
        BinaryPrimitives.WriteUInt64LittleEndian(at[96..], sums.StorageBytes);
    }

    private static CommandSums Get(ReadOnlySpan<byte> fields)
    {
        var sums = new CommandSums
        {
            Prime = Class(fields),
            NonPrime = Class(fields[8..]),
            WithIo = BinaryPrimitives.ReadUInt64LittleEndian(fields[112..]),
        };
        sums.Prime.KibMicroseconds = BinaryPrimitives.ReadUInt128LittleEndian(fields[48..]);
        sums.NonPrime.KibMicroseconds = BinaryPrimitives.ReadUInt128LittleEndian(fields[64..]);
        return sums;
    }

    private static ClassSums Class(ReadOnlySpan<byte> at) => new()
    {
        Processes = BinaryPrimitives.ReadUInt64LittleEndian(at),
        CpuMicroseconds = BinaryPrimitives.ReadUInt64LittleEndian(at[16..]),
        ElapsedMicroseconds = BinaryPrimitives.ReadUInt64LittleEndian(at[32..]),
        Characters = BinaryPrimitives.ReadUInt64LittleEndian(at[80..]),
        StorageBytes = BinaryPrimitives.ReadUInt64LittleEndian(at[96..]),
    };
}

/// <summary>How the reading of a command summary went.</summary>
internal readonly record struct CmsReading
{
    /// <summary>Why nothing of it was read.</summary>
    public CmsFault Fault { get; init; }

    /// <summary>Records that are damaged, missing, or too many.</summary>
    public ulong BadRecords { get; init; }
}

/// <summary>Why a file is no command summary.</summary>
internal enum CmsFault
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>It does not begin as ours do.</summary>
    Foreign,

    /// <summary>It does, but is damaged.</summary>
    Damaged,

    /// <summary>A newer version of the program wrote it.</summary>
    Newer,
}
