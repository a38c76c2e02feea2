// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace AcctExporter.Records;

/// <summary>
/// How the records of one utmp, wtmp or btmp file lie: 384 bytes with times of 32 bits (x86-64, and every ABI that
/// keeps glibc's 32-bit form), or 400 bytes with times of 64 bits (arm64 and others); of either byte order. Found for
/// each file, for files travel.
/// </summary>
/// <param name="IsWide">400 bytes with times of 64 bits.</param>
/// <param name="IsBigEndian">Numbers with the high byte first (s390x, older ppc64).</param>
internal readonly record struct UtmpLayout(bool IsWide, bool IsBigEndian)
{
    /// <summary>Bytes of the record with times of 32 bits.</summary>
    public const int NarrowSize = 384;

    /// <summary>Bytes of the record with times of 64 bits.</summary>
    public const int WideSize = 400;

    /// <summary>Records at each end of a file that decide its layout.</summary>
    public const int SampleRecords = 64;

    /// <summary>What x86-64 writes.</summary>
    public static readonly UtmpLayout Usual = new(IsWide: false, IsBigEndian: false);

    private const int PlainScore = 4;

    /// <summary>A whole number of records: a sign, but half a record at the end happens.</summary>
    private const int WholeScore = 2;

    private static readonly UtmpLayout[] All =
        [Usual, new(IsWide: true, IsBigEndian: false), new(false, true), new(true, true)];

    /// <summary>Bytes of one record.</summary>
    public int Size => IsWide ? WideSize : NarrowSize;

    /// <summary>What programs of this host write.</summary>
    public static UtmpLayout OfThisHost => new(
        RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.LoongArch64,
        !BitConverter.IsLittleEndian);

    /// <summary>
    /// The layout of a file, from the records at its beginning and end. Damaged ones among them, lost bytes and half a
    /// record at the end do no harm; a file without any good record is taken by its length.
    /// </summary>
    /// <param name="head">
    /// The file's first bytes: <see cref="SampleRecords"/> records of the larger size, or all.
    /// </param>
    /// <param name="fileLength">The file's length in bytes; less than 0 when it is not known (a pipe).</param>
    /// <param name="tail">As many of its last bytes, or none.</param>
    public static UtmpLayout Detect(ReadOnlySpan<byte> head, long fileLength, ReadOnlySpan<byte> tail = default)
    {
        var best = Usual;
        var bestScore = long.MinValue;
        foreach (var layout in All)
        {
            if (head.Length >= layout.Size && IsPlain(head, layout)
                && IsPlain(tail[(tail.Length % layout.Size)..], layout))
            {
                return layout;
            }

            var whole = fileLength > 0 && fileLength % layout.Size == 0;
            var score = Score(head, layout) + Score(tail, layout) + (whole ? WholeScore : 0);
            if (score > bestScore)
            {
                (best, bestScore) = (layout, score);
            }
        }

        return best;
    }

    /// <summary>Each record is plain: when there is one, no other layout can be right.</summary>
    private static bool IsPlain(ReadOnlySpan<byte> sample, UtmpLayout layout)
    {
        var isPlain = true;
        for (; isPlain && sample.Length >= layout.Size; sample = sample[layout.Size..])
        {
            isPlain = new UtmpRecord(sample[..layout.Size], layout).IsPlain;
        }

        return isPlain;
    }

    /// <summary>A plain record proves the layout; one that is only possible is a hint; zeros are nothing.</summary>
    private static long Score(ReadOnlySpan<byte> sample, UtmpLayout layout)
    {
        Span<int> offsets = stackalloc int[SampleRecords];
        Span<ulong> flaws = stackalloc ulong[UtmpFlaws.Count];
        long score = 0;
        while (!sample.IsEmpty)
        {
            var count = UtmpScanner.Read(sample, layout, final: true, offsets, flaws, out var consumed);
            foreach (var offset in offsets[..count])
            {
                var record = new UtmpRecord(sample.Slice(offset, layout.Size), layout);
                score += record.IsPlain ? PlainScore : record.Bytes.ContainsAnyExcept((byte)0) ? 1 : 0;
            }

            sample = sample[consumed..];
        }

        return score;
    }
}
