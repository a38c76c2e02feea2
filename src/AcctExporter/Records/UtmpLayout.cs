// SPDX-License-Identifier: Apache-2.0
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

    private static readonly UtmpLayout[] All =
        [Usual, new(IsWide: true, IsBigEndian: false), new(false, true), new(true, true)];

    /// <summary>Bytes of one record.</summary>
    public int Size => IsWide ? WideSize : NarrowSize;

    /// <summary>The layout of a file, from the records at its beginning.</summary>
    /// <param name="head">
    /// The file's first bytes: <see cref="SampleRecords"/> records of the larger size, or all.
    /// </param>
    /// <param name="fileLength">The file's length in bytes; less than 0 when it is not known (a pipe).</param>
    public static UtmpLayout Detect(ReadOnlySpan<byte> head, long fileLength)
    {
        var best = Usual;
        var bestScore = int.MinValue;
        foreach (var layout in All)
        {
            // A whole number of records is a strong sign, but half a record at the end happens.
            var whole = fileLength >= 0 && fileLength % layout.Size == 0;
            var score = Score(head, layout) + (whole ? 8 : 0);
            if (score > bestScore)
            {
                (best, bestScore) = (layout, score);
            }
        }

        return best;
    }

    private static int Score(ReadOnlySpan<byte> head, UtmpLayout layout)
    {
        var score = 0;
        for (var i = 0; i < SampleRecords && head.Length >= layout.Size; i++, head = head[layout.Size..])
        {
            var record = new UtmpRecord(head[..layout.Size], layout);
            score += record.Flaw == UtmpFlaw.None ? 2 : -1;
        }

        return score;
    }
}
