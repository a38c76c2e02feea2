// SPDX-License-Identifier: Apache-2.0
using System.Numerics;

namespace AcctExporter.Ledger;

/// <summary>
/// The buckets of a native histogram: bucket i holds what is above 2^((i-1)/8) and not above 2^(i/8), in seconds or in
/// bytes. Values are integers, and so is every comparison here: a logarithm of doubles errs at the bounds themselves.
/// </summary>
internal static class NativeBuckets
{
    /// <summary>Prometheus' number for the resolution: 2^3 buckets between a value and its double, 9 % each.</summary>
    public const int Schema = 3;

    /// <summary>Buckets between a value and its double.</summary>
    public const int PerDoubling = 1 << Schema;

    /// <summary>
    /// Up to where values are in the zero bucket: 2^-128, as Prometheus' own clients have it. The least value above 0
    /// is a microsecond, so only 0 itself is there. Not 0, because a histogram without an exit would then not look
    /// native to a server.
    /// </summary>
    public const double ZeroThreshold = 1.0 / (1UL << 63) / (1UL << 63) / 4;

    /// <summary>The bucket of one microsecond, the least of all.</summary>
    public const int LeastIndex = -159;

    /// <summary>The bucket of 2^64 bytes, the largest of all.</summary>
    public const int LargestIndex = 512;

    /// <summary>How many buckets there are, without the zero bucket.</summary>
    public const ulong Indexes = LargestIndex - LeastIndex + 1;

    /// <summary>The bits behind the leading one that choose the one bound which may lie between.</summary>
    private const int CellBits = 4;

    /// <summary>
    /// 2^(j/8) times 2^63, for j of 0 to 7, rounded down: where the bounds of buckets lie between two powers of two.
    /// </summary>
    private static ReadOnlySpan<ulong> ByteBounds =>
    [
        0x8000000000000000, 0x8b95c1e3ea8bd6e6, 0x9837f0518db8a96f, 0xa5fed6a9b15138ea, 0xb504f333f9de6484,
        0xc5672a115506dadd, 0xd744fccad69d6af4, 0xeac0c6e7dd24392e, ulong.MaxValue,
    ];

    /// <summary>How many of them lie below each sixteenth of the way from a power of two to the next.</summary>
    private static ReadOnlySpan<byte> ByteBoundsBelow => [0, 1, 2, 2, 3, 4, 4, 5, 5, 6, 6, 7, 7, 7, 8, 8];

    /// <summary>
    /// The same for microseconds: 2^(j/8) times 10^6, moved to where 2^63 is the power of two below.
    /// </summary>
    private static ReadOnlySpan<ulong> MicrosecondBounds =>
    [
        0x851e5ddc7f9a447e, 0x912ab8eb868bef75, 0x9e4e3c6fecde59ab, 0xaca22c7fbd771b14, 0xbc42169a6f7a7d91,
        0xcd4c06a4e1143813, 0xdfe0c0b0f7619f98, 0xf424000000000000, ulong.MaxValue,
    ];

    /// <inheritdoc cref="ByteBoundsBelow"/>
    private static ReadOnlySpan<byte> MicrosecondBoundsBelow => [0, 1, 1, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 7, 8];

    /// <summary>The native histogram of the same values.</summary>
    public static NativeHistogram Of(RowHistogram histogram) => (NativeHistogram)histogram;

    /// <inheritdoc cref="Of(RowHistogram)"/>
    public static NativeHistogram Of(TaskHistogram histogram) => NativeHistogram.PeakResident + (int)histogram;

    /// <summary>The bucket, by its bound in seconds, of a time in microseconds above 0.</summary>
    public static int OfMicroseconds(ulong value) =>
        LeastIndex + Steps(value, MicrosecondBounds, MicrosecondBoundsBelow);

    /// <summary>The bucket of a number of bytes above 0.</summary>
    public static int OfBytes(ulong value) => Steps(value, ByteBounds, ByteBoundsBelow);

    /// <summary>
    /// Bounds from the first one on that a value exceeds. Each doubling has eight, at the same places: the leading
    /// zeros tell how many doublings, the bits behind the leading one all bounds but one, and that one is compared.
    /// </summary>
    private static int Steps(ulong value, ReadOnlySpan<ulong> bounds, ReadOnlySpan<byte> boundsBelow)
    {
        var zeros = BitOperations.LeadingZeroCount(value);
        var raised = value << zeros;
        int below = boundsBelow[(int)(raised >> (63 - CellBits)) & ((1 << CellBits) - 1)];
        return ((63 - zeros) * PerDoubling) + below + (raised > bounds[below] ? 1 : 0);
    }
}

/// <summary>The native histograms of a row. The first are those of <see cref="RowHistogram"/>, then those of
/// <see cref="TaskHistogram"/>.</summary>
internal enum NativeHistogram
{
    /// <summary>Elapsed time, in seconds.</summary>
    Duration,

    /// <summary>CPU time, in seconds.</summary>
    Cpu,

    /// <summary>Address space, in bytes.</summary>
    VirtualMemory,

    /// <summary>Peak resident memory, in bytes; over the exits of <see cref="TaskRow.Exits"/>, like the next.</summary>
    PeakResident,

    /// <summary>Bytes read.</summary>
    ReadPerExit,

    /// <summary>Bytes written.</summary>
    WrittenPerExit,
}

/// <summary>One native histogram of a snapshot: not cumulative, trimmed of empty buckets at both ends.</summary>
/// <param name="zeroCount">Exits in the zero bucket.</param>
/// <param name="firstIndex">The bucket of the first of <paramref name="counts"/>; 0 when there are none.</param>
/// <param name="counts">Exits by bucket, one behind the other; some between may be 0.</param>
internal readonly ref struct NativeView(ulong zeroCount, int firstIndex, ReadOnlySpan<ulong> counts)
{
    /// <summary>Exits whose value was 0.</summary>
    public ulong ZeroCount { get; } = zeroCount;

    /// <summary>The index of the first of <see cref="Counts"/>, as <see cref="NativeBuckets"/> numbers them.</summary>
    public int FirstIndex { get; } = firstIndex;

    /// <summary>Exits by bucket, without holes: an empty bucket is a 0. The first and the last are not 0.</summary>
    public ReadOnlySpan<ulong> Counts { get; } = counts;
}
