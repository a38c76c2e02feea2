// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AcctExporter.Ledger;

/// <summary>
/// The upper bounds of the three histograms, in the integers in which exits are measured. None is a whole number when
/// written as seconds or bytes in the shortest form (1 and 1.0 differ between text formats, 1.048576e+06 does not).
/// </summary>
internal static class HistogramBounds
{
    /// <summary>Bounds of each histogram; one bucket more catches the rest.</summary>
    public const int Bounds = 12;

    /// <summary>Buckets of each histogram, the last one without a bound.</summary>
    public const int Buckets = Bounds + 1;

    /// <summary>Elapsed time in microseconds: from the kernel's tick of 10 ms to two hours.</summary>
    public static ReadOnlySpan<long> DurationMicroseconds =>
    [
        10_000, 20_000, 50_000, 100_000, 250_000, 500_000, 2_500_000, 12_500_000, 62_500_000, 312_500_000,
        1_562_500_000, 7_812_500_000,
    ];

    /// <summary>CPU time of one exit in microseconds: from 1 ms, which the accounting file alone cannot tell from 0.</summary>
    public static ReadOnlySpan<long> CpuMicroseconds =>
    [
        1_000, 2_500, 10_000, 25_000, 100_000, 250_000, 500_000, 2_500_000, 12_500_000, 62_500_000, 312_500_000,
        1_562_500_000,
    ];

    /// <summary>Address space in bytes: 1 MiB to 4 TiB by factors of 4.</summary>
    public static ReadOnlySpan<long> VirtualMemoryBytes =>
    [
        1L << 20, 1L << 22, 1L << 24, 1L << 26, 1L << 28, 1L << 30, 1L << 32, 1L << 34, 1L << 36, 1L << 38, 1L << 40,
        1L << 42,
    ];

    /// <summary>The bucket of a value: how many bounds it exceeds. A bound belongs to the bucket below it (<c>le</c>).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int BucketOf(ReadOnlySpan<long> bounds, ulong value)
    {
        var signed = (long)Math.Min(value, long.MaxValue);
        if (Vector256.IsHardwareAccelerated)
        {
            var wanted = Vector256.Create(signed);
            ref var first = ref System.Runtime.InteropServices.MemoryMarshal.GetReference(bounds);
            var a = Vector256.GreaterThan(wanted, Vector256.LoadUnsafe(ref first)).ExtractMostSignificantBits();
            var b = Vector256.GreaterThan(wanted, Vector256.LoadUnsafe(ref first, 4)).ExtractMostSignificantBits();
            var c = Vector256.GreaterThan(wanted, Vector256.LoadUnsafe(ref first, 8)).ExtractMostSignificantBits();
            return BitOperations.PopCount(a | (b << 4) | (c << 8));
        }

        var bucket = 0;
        for (var i = 0; i < Bounds; i++)
        {
            bucket += signed > bounds[i] ? 1 : 0;
        }

        return bucket;
    }
}
