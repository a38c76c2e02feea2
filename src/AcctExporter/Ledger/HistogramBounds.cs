// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;

namespace AcctExporter.Ledger;

/// <summary>
/// The upper bounds of the classic histograms, in the integers in which exits are measured: up to twelve, ascending, at
/// most one between two powers of two. None is a whole number below a million when written as seconds or bytes (some
/// write 1 as 1.0; above, all writers of text have the same digits). Without a bound, only sum and count remain.
/// </summary>
internal sealed record HistogramBounds
{
    /// <summary>Bounds that a histogram may have; one bucket more catches the rest.</summary>
    public const int Bounds = 12;

    /// <summary>
    /// Room for the buckets of each histogram. The one behind the last bound has none; those behind that are not used.
    /// </summary>
    public const int Buckets = Bounds + 1;

    /// <summary>What holds where nothing is said.</summary>
    public static HistogramBounds Default { get; } = new();

    /// <summary>Elapsed time in microseconds: from the kernel's tick of 10 ms to two hours.</summary>
    public long[] DurationMicroseconds { get; init; } =
    [
        10_000, 20_000, 50_000, 100_000, 250_000, 500_000, 2_500_000, 12_500_000, 62_500_000, 312_500_000,
        1_562_500_000, 7_812_500_000,
    ];

    /// <summary>
    /// CPU time of one exit in microseconds: from 1 ms, which the accounting file alone cannot tell from 0.
    /// </summary>
    public long[] CpuMicroseconds { get; init; } =
    [
        1_000, 2_500, 10_000, 25_000, 100_000, 250_000, 500_000, 2_500_000, 12_500_000, 62_500_000, 312_500_000,
        1_562_500_000,
    ];

    /// <summary>Address space in bytes: 1 MiB to 4 TiB by factors of 4.</summary>
    public long[] VirtualMemoryBytes { get; init; } =
    [
        1L << 20, 1L << 22, 1L << 24, 1L << 26, 1L << 28, 1L << 30, 1L << 32, 1L << 34, 1L << 36, 1L << 38, 1L << 40,
        1L << 42,
    ];

    /// <summary>
    /// Peak resident memory in bytes: 1 MiB, which a small program has, to 256 GiB; finest where most programs are.
    /// </summary>
    public long[] PeakResidentBytes { get; init; } =
    [
        1L << 20, 1L << 21, 1L << 22, 1L << 23, 1L << 24, 1L << 26, 1L << 28, 1L << 30, 1L << 32, 1L << 34, 1L << 36,
        1L << 38,
    ];

    /// <summary>
    /// Bytes that one exit read or wrote: 1 MiB to 4 TiB by factors of 4. Fewer than a million bytes are a whole number
    /// in text, so there is no bound below; who reads less is no trouble to anybody.
    /// </summary>
    public long[] IoBytes { get; init; } =
    [
        1L << 20, 1L << 22, 1L << 24, 1L << 26, 1L << 28, 1L << 30, 1L << 32, 1L << 34, 1L << 36, 1L << 38, 1L << 40,
        1L << 42,
    ];

    /// <summary>Lists of bounds: one for each kind of value.</summary>
    public const int Lists = 5;

    /// <summary>
    /// All lists in the order of the checkpoint: duration, CPU time, address space, peak resident memory, input and
    /// output.
    /// </summary>
    public IReadOnlyList<long[]> All =>
        [DurationMicroseconds, CpuMicroseconds, VirtualMemoryBytes, PeakResidentBytes, IoBytes];

    /// <summary>Bounds made of lists in the order of <see cref="All"/>.</summary>
    public static HistogramBounds Of(IReadOnlyList<long[]> lists) => new()
    {
        DurationMicroseconds = lists[0], CpuMicroseconds = lists[1], VirtualMemoryBytes = lists[2],
        PeakResidentBytes = lists[3], IoBytes = lists[4],
    };

    /// <summary>The bounds of a native histogram's classic sister.</summary>
    public long[] Of(NativeHistogram histogram) =>
        All[Math.Min((int)histogram, (int)NativeHistogram.ReadPerExit)];

    /// <summary>
    /// The bucket of a value: how many bounds it exceeds. A bound belongs to the bucket below it (<c>le</c>).
    /// <see cref="BucketStep"/> finds the same in four instructions.
    /// </summary>
    public static int BucketOf(ReadOnlySpan<long> bounds, ulong value)
    {
        var bucket = 0;
        while (bucket < bounds.Length && value > (ulong)bounds[bucket])
        {
            bucket++;
        }

        return bucket;
    }
}

/// <summary>
/// What the number of leading zeros of a value already says of its bucket: all bounds but one are out of the question.
/// A bucket then costs a table look-up and one comparison, where comparing with all bounds costs a vector for every
/// four.
/// </summary>
internal readonly struct BucketStep
{
    /// <summary>Entries of a table, by the number of leading zeros of a value that is not 0.</summary>
    public const int Count = 64;

    private readonly ulong bound;
    private readonly ulong below;

    private BucketStep(ulong bound, ulong below) => (this.bound, this.below) = (bound, below);

    /// <summary>The bucket of a value with the leading zeros of this entry; 0 goes with 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public nuint BucketOf(ulong value) => (nuint)(below + (value > bound ? 1UL : 0));

    /// <summary>Makes the table of a histogram.</summary>
    public static void Fill(Span<BucketStep> steps, ReadOnlySpan<long> bounds)
    {
        for (var zeros = 0; zeros < Count; zeros++)
        {
            // The values with so many leading zeros: from a power of two up to the next, exclusively.
            var least = 1UL << (Count - 1 - zeros);
            var bound = ulong.MaxValue;
            var below = 0UL;
            foreach (ulong candidate in bounds)
            {
                if (candidate < least)
                {
                    below++;
                }
                else if (candidate - least < least)
                {
                    bound = bound == ulong.MaxValue ? candidate
                        : throw new ArgumentException($"{bound} and {candidate} share a power of two", nameof(bounds));
                }
            }

            steps[zeros] = new BucketStep(bound, below);
        }
    }
}
