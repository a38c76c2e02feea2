// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;

namespace AcctExporter.Suite;

/// <summary>Whose total accounting records are meant.</summary>
internal enum TacctSystem
{
    /// <summary>System V Release 4: 52 bytes, names of 8.</summary>
    SystemV,

    /// <summary>illumos and Solaris with a <c>long</c> of 32 bits: 76 bytes, names of 32.</summary>
    Illumos32,

    /// <summary>The same with 64 bits: 80 bytes.</summary>
    Illumos64,

    /// <summary>AIX: 72 bytes, names of 8, with I/O and printed pages.</summary>
    Aix,
}

/// <summary>
/// How others lay out the records of total accounting (<c>struct tacct</c>): no header, no checksum, and nothing that
/// says which it is, so who reads such a file must. Floats of 32 bits and whole numbers in the machine's order.
/// </summary>
/// <param name="System">Whose.</param>
/// <param name="IsBigEndian">The machine's byte order.</param>
internal readonly record struct TacctLayout(TacctSystem System, bool IsBigEndian)
{
    /// <summary>Bytes of the longest record.</summary>
    public const int LongestSize = 80;

    /// <summary>The names of all layouts, as <see cref="TryParse"/> knows them.</summary>
    public static readonly string[] Names =
        ["svr4", "illumos32", "illumos64", "aix", "svr4-be", "illumos32-be", "illumos64-be", "aix-be"];

    private const int NameAt = 4;

    private const int LongName = 32;
    private const int ShortName = 8;

    /// <summary>Bytes of a record.</summary>
    public int Size => System switch
    {
        TacctSystem.SystemV => 52,
        TacctSystem.Illumos32 => 76,
        TacctSystem.Illumos64 => 80,
        _ => 72,
    };

    /// <summary>Bytes of a name; one of so many has no NUL at its end.</summary>
    public int NameBytes => System is TacctSystem.Illumos32 or TacctSystem.Illumos64 ? LongName : ShortName;

    /// <summary>Fees are floats, and there are pages and I/O.</summary>
    public bool IsAix => System == TacctSystem.Aix;

    /// <summary>The layout with a name: <c>svr4</c>, <c>aix-be</c>.</summary>
    public static bool TryParse(string name, out TacctLayout layout)
    {
        var at = Array.IndexOf(Names, name);
        layout = at < 0 ? default : new((TacctSystem)(at % 4), at >= 4);
        return at >= 0;
    }

    /// <summary>The number of the user of a record of <see cref="Size"/> bytes.</summary>
    public uint Uid(ReadOnlySpan<byte> record) =>
        IsBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(record) : BinaryPrimitives.ReadUInt32LittleEndian(record);

    /// <summary>The name in a record, without what is behind its NUL.</summary>
    public ReadOnlySpan<byte> Name(ReadOnlySpan<byte> record)
    {
        var name = record.Slice(NameAt, NameBytes);
        var end = name.IndexOf((byte)0);
        return end < 0 ? name : name[..end];
    }

    /// <summary>The figures of a record.</summary>
    public ClassicTacct Read(ReadOnlySpan<byte> record)
    {
        var figures = default(ClassicTacct);
        for (var field = TacctField.PrimeCpu; field <= TacctField.Count; field++)
        {
            figures[field] = Place(field) is var (at, kind) ? Get(record[at..], kind) : 0;
        }

        return figures;
    }

    /// <summary>Writes a record; what is between its fields is zero.</summary>
    /// <param name="record">Room for <see cref="Size"/> bytes.</param>
    /// <param name="uid">The user's number.</param>
    /// <param name="name">The user's name; cut to <see cref="NameBytes"/>.</param>
    /// <param name="figures">The figures.</param>
    /// <param name="wraps">
    /// What does not fit wraps, as in C. Otherwise the nearest that fits is written.
    /// </param>
    /// <returns>How many fields, with the name, could not be kept whole; of floats only the largest.</returns>
    public int Write(Span<byte> record, uint uid, ReadOnlySpan<byte> name, in ClassicTacct figures, bool wraps)
    {
        record = record[..Size];
        record.Clear();
        Put(record, NumberKind.Bits32, uid);
        name[..Math.Min(name.Length, NameBytes)].CopyTo(record[NameAt..]);
        var cut = name.Length > NameBytes ? 1 : 0;
        for (var field = TacctField.PrimeCpu; field <= TacctField.Count; field++)
        {
            var value = figures[field];
            if (Place(field) is not var (at, kind))
            {
                cut += value != 0 ? 1 : 0;
                continue;
            }

            var fits = kind == NumberKind.Float
                ? Math.Clamp(value, float.MinValue, float.MaxValue)
                : Math.Clamp(Math.Round(value), Least(kind), Most(kind));
            cut += fits != value ? 1 : 0;
            Put(record[at..], kind, wraps ? value : fits);
        }

        return cut;
    }

    /// <summary>Where a field is, and what it is; null when the layout does not have it.</summary>
    private (int At, NumberKind Kind)? Place(int field)
    {
        var floats = NameAt + NameBytes;
        var connect = floats + (IsAix ? 32 : 16);
        return field switch
        {
            >= TacctField.PrimeCpu and <= TacctField.NonPrimeKcore => (floats + (4 * (field - 3)), NumberKind.Float),
            >= TacctField.PrimeCharacters and <= TacctField.NonPrimeBlocks =>
                IsAix ? (floats + (4 * (field - 3)), NumberKind.Float) : null,
            TacctField.PrimeConnect => (connect, NumberKind.Float),
            TacctField.NonPrimeConnect => (connect + 4, NumberKind.Float),
            TacctField.DiskBlocks => (connect + 8, NumberKind.Float),
            TacctField.Pages => IsAix ? (connect + 12, NumberKind.Bits32) : null,
            TacctField.Fee => IsAix ? (connect + 16, NumberKind.Float) : (Size - 4, NumberKind.Bits16),
            TacctField.Processes => System switch
            {
                TacctSystem.Aix => (connect + 20, NumberKind.Bits32),
                TacctSystem.Illumos64 => (connect + 12, NumberKind.Bits64),
                _ => (connect + 12, NumberKind.Bits32),
            },
            TacctField.Sessions => (Size - (IsAix ? 4 : 8), NumberKind.Bits16),
            TacctField.DiskSamples => (Size - (IsAix ? 2 : 6), NumberKind.Bits16),
            _ => null,
        };
    }

    private static double Least(NumberKind kind) => kind switch
    {
        NumberKind.Bits16 => 0,
        NumberKind.Bits32 => int.MinValue,
        _ => long.MinValue,
    };

    private static double Most(NumberKind kind) => kind switch
    {
        NumberKind.Bits16 => ushort.MaxValue,
        NumberKind.Bits32 => int.MaxValue,
        _ => long.MaxValue,
    };

    private double Get(ReadOnlySpan<byte> at, NumberKind kind) => (kind, IsBigEndian) switch
    {
        // Without the cast all of them would be floats: that is what a switch makes of such kinds.
        (NumberKind.Float, false) => (double)BinaryPrimitives.ReadSingleLittleEndian(at),
        (NumberKind.Float, true) => BinaryPrimitives.ReadSingleBigEndian(at),
        (NumberKind.Bits16, false) => BinaryPrimitives.ReadUInt16LittleEndian(at),
        (NumberKind.Bits16, true) => BinaryPrimitives.ReadUInt16BigEndian(at),
        (NumberKind.Bits32, false) => BinaryPrimitives.ReadInt32LittleEndian(at),
        (NumberKind.Bits32, true) => BinaryPrimitives.ReadInt32BigEndian(at),
        (_, false) => BinaryPrimitives.ReadInt64LittleEndian(at),
        (_, true) => BinaryPrimitives.ReadInt64BigEndian(at),
    };

    private void Put(Span<byte> at, NumberKind kind, double value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        var size = kind switch { NumberKind.Bits16 => 2, NumberKind.Bits64 => 8, _ => 4 };
        if (kind == NumberKind.Float)
        {
            BinaryPrimitives.WriteSingleLittleEndian(bytes, (float)value);
        }
        else
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, (long)value);
        }

        bytes = bytes[..size];
        if (IsBigEndian)
        {
            bytes.Reverse();
        }

        bytes.CopyTo(at);
    }

    private enum NumberKind
    {
        Float,
        Bits16,
        Bits32,
        Bits64,
    }
}
