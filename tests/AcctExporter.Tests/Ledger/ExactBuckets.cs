// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AcctExporter.Ledger;

namespace AcctExporter.Tests.Ledger;

/// <summary>
/// Native buckets by arithmetic of whole numbers of any size: v is not above 2^(i/8) units of u when v^8 is not above
/// 2^i u^8. Nothing is rounded on the way.
/// </summary>
internal static class ExactBuckets
{
    /// <summary>Microseconds of a second.</summary>
    public const ulong Second = 1_000_000;

    private static readonly BigInteger[] Times = [.. Floors(Second)];
    private static readonly BigInteger[] Bytes = [.. Floors(1)];

    /// <summary>The bucket of a value above 0, by looking at all of them.</summary>
    public static int Of(ulong value, ulong unit) =>
        NativeBuckets.LeastIndex + Array.FindIndex(unit == 1 ? Bytes : Times, bound => value <= bound);

    /// <summary>The largest whole number that is not above the bound of a bucket, by halving.</summary>
    public static BigInteger Floor(int index, ulong unit)
    {
        var (low, high) = (BigInteger.Zero, BigInteger.One << 85);
        while (high - low > 1)
        {
            var middle = (low + high) / 2;
            (low, high) = IsWithin(middle, index, unit) ? (middle, high) : (low, middle);
        }

        return low;
    }

    private static IEnumerable<BigInteger> Floors(ulong unit) => Enumerable
        .Range(NativeBuckets.LeastIndex, (int)NativeBuckets.Indexes).Select(index => Floor(index, unit));

    private static bool IsWithin(BigInteger value, int index, ulong unit)
    {
        var (left, right) = (BigInteger.Pow(value, 8), BigInteger.Pow(unit, 8));
        return index >= 0 ? left <= right << index : left << -index <= right;
    }
}
