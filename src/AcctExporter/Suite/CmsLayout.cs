// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using AcctExporter.Records;

namespace AcctExporter.Suite;

/// <summary>
/// How System V lays out the records of its command summaries (<c>pcms</c>, <c>tcms</c> in acctcms): nothing in such a
/// file says which, so who reads one must. A name of 8 bytes, counts in C's <c>long</c>, all else in floats of 32 bits:
/// minutes, kcore minutes, bytes, blocks.
/// </summary>
/// <param name="IsTotal">tcms: prime and non-prime time together.</param>
/// <param name="Is64">The machine's <c>long</c> has 64 bits.</param>
/// <param name="IsBigEndian">Its byte order.</param>
internal readonly record struct CmsLayout(bool IsTotal, bool Is64, bool IsBigEndian)
{
    /// <summary>Bytes of a name.</summary>
    public const int NameBytes = 8;

    /// <summary>Bytes of the longest record.</summary>
    public const int LongestSize = 64;

    /// <summary>The names of all layouts, as <see cref="TryParse"/> knows them.</summary>
    public static readonly string[] Names =
        ["pcms64", "pcms32", "tcms64", "tcms32", "pcms64-be", "pcms32-be", "tcms64-be", "tcms32-be"];

    /// <summary>Bytes of a record.</summary>
    public int Size => (IsTotal, Is64) switch
    {
        (false, false) => 56,
        (false, true) => 64,
        (true, false) => 32,
        _ => 48,
    };

    /// <summary>The layout with a name: <c>pcms64</c>, <c>tcms32-be</c>.</summary>
    public static bool TryParse(string name, out CmsLayout layout)
    {
        layout = new(
            name.StartsWith('t'), name.Contains("64", StringComparison.Ordinal),
            name.EndsWith("-be", StringComparison.Ordinal));
        return Names.Contains(name);
    }

    /// <summary>Reads a record of <see cref="Size"/> bytes.</summary>
    public ClassicCms Read(ReadOnlySpan<byte> record)
    {
        var cms = new ClassicCms { Name = CommandName.From(record[..NameBytes]), PrimeCount = Long(record[8..]) };
        if (!IsTotal)
        {
            cms.NonPrimeCount = Long(record[(8 + LongBytes)..]);
            var at = record[(8 + (2 * LongBytes))..];
            (cms.PrimeCpu, cms.NonPrimeCpu) = (Float(at), Float(at[4..]));
            (cms.PrimeReal, cms.NonPrimeReal) = (Float(at[8..]), Float(at[12..]));
            (cms.PrimeKcore, cms.NonPrimeKcore) = (Float(at[16..]), Float(at[20..]));
            (cms.PrimeIo, cms.NonPrimeIo) = (Float(at[24..]), Float(at[28..]));
            (cms.PrimeBlocks, cms.NonPrimeBlocks) = (Float(at[32..]), Float(at[36..]));
            return cms;
        }

        var rest = record[(8 + LongBytes)..];
        (cms.PrimeCpu, cms.PrimeReal, cms.PrimeKcore) = (Float(rest), Float(rest[4..]), Float(rest[8..]));
        rest = record[(Size - (2 * LongBytes))..];
        (cms.TotalIo, cms.TotalBlocks) = (Unsigned(rest), Unsigned(rest[LongBytes..]));
        return cms;
    }

    /// <summary>Writes a record of <see cref="Size"/> bytes; a number that is too large becomes the largest.</summary>
    public void Write(Span<byte> record, in ClassicCms cms)
    {
        record[..Size].Clear();
        Span<byte> name = stackalloc byte[CommandName.Size];
        name[..Math.Min(cms.Name.CopyTo(name), NameBytes)].CopyTo(record);
        PutLong(record[8..], cms.PrimeCount);
        if (!IsTotal)
        {
            PutLong(record[(8 + LongBytes)..], cms.NonPrimeCount);
            var at = record[(8 + (2 * LongBytes))..];
            Span<float> figures =
            [
                cms.PrimeCpu, cms.NonPrimeCpu, cms.PrimeReal, cms.NonPrimeReal, cms.PrimeKcore, cms.NonPrimeKcore,
                cms.PrimeIo, cms.NonPrimeIo, cms.PrimeBlocks, cms.NonPrimeBlocks,
            ];
            for (var i = 0; i < figures.Length; i++)
            {
                PutFloat(at[(4 * i)..], figures[i]);
            }

            return;
        }

        var rest = record[(8 + LongBytes)..];
        PutFloat(rest, cms.PrimeCpu);
        PutFloat(rest[4..], cms.PrimeReal);
        PutFloat(rest[8..], cms.PrimeKcore);
        rest = record[(Size - (2 * LongBytes))..];
        PutUnsigned(rest, cms.TotalIo);
        PutUnsigned(rest[LongBytes..], cms.TotalBlocks);
    }

    private int LongBytes => Is64 ? 8 : 4;

    private float Float(ReadOnlySpan<byte> at) =>
        IsBigEndian ? BinaryPrimitives.ReadSingleBigEndian(at) : BinaryPrimitives.ReadSingleLittleEndian(at);

    private long Long(ReadOnlySpan<byte> at) => Is64 ? (long)Unsigned(at) : (int)Unsigned(at);

    private ulong Unsigned(ReadOnlySpan<byte> at) => (Is64, IsBigEndian) switch
    {
        (true, true) => BinaryPrimitives.ReadUInt64BigEndian(at),
        (true, false) => BinaryPrimitives.ReadUInt64LittleEndian(at),
        (false, true) => BinaryPrimitives.ReadUInt32BigEndian(at),
        _ => BinaryPrimitives.ReadUInt32LittleEndian(at),
    };

    private void PutFloat(Span<byte> at, float value)
    {
        if (IsBigEndian)
        {
            BinaryPrimitives.WriteSingleBigEndian(at, value);
        }
        else
        {
            BinaryPrimitives.WriteSingleLittleEndian(at, value);
        }
    }

    private void PutLong(Span<byte> at, long value) =>
        PutUnsigned(at, (ulong)(Is64 ? value : Math.Clamp(value, int.MinValue, int.MaxValue) & uint.MaxValue));

    private void PutUnsigned(Span<byte> at, ulong value)
    {
        switch (Is64, IsBigEndian)
        {
            case (true, true):
                BinaryPrimitives.WriteUInt64BigEndian(at, value);
                break;
            case (true, false):
                BinaryPrimitives.WriteUInt64LittleEndian(at, value);
                break;
            case (false, true):
                BinaryPrimitives.WriteUInt32BigEndian(at, (uint)Math.Min(value, uint.MaxValue));
                break;
            default:
                BinaryPrimitives.WriteUInt32LittleEndian(at, (uint)Math.Min(value, uint.MaxValue));
                break;
        }
    }
}
