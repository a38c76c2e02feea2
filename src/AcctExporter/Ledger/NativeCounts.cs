// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;

namespace AcctExporter.Ledger;

/// <summary>
/// Exits of one native histogram: one run of counts over the buckets that were met, and the zero bucket. 64 bits:
/// nothing is ever carried.
/// </summary>
internal struct NativeCounts
{
    /// <summary>
    /// Room is made for so many buckets at once, half a doubling: what a program needs changes by less from run to run.
    /// </summary>
    private const int GrowthStep = NativeBuckets.PerDoubling / 2;

    private ulong[]? counts;
    private int first;

    /// <summary>Exits whose value was 0.</summary>
    public ulong Zero { readonly get; private set; }

    /// <summary>The bucket of the first of <see cref="Counts"/>.</summary>
    public readonly int FirstIndex => first;

    /// <summary>Exits by bucket; at both ends there may be empty ones.</summary>
    public readonly ReadOnlySpan<ulong> Counts => counts;

    /// <summary>True when no exit was ever counted.</summary>
    public readonly bool IsEmpty => Zero == 0 && counts is null;

    /// <summary>All exits.</summary>
    public readonly ulong Total
    {
        get
        {
            var total = Zero;
            foreach (var count in Counts)
            {
                total += count;
            }

            return total;
        }
    }

    /// <summary>The counts without the empty buckets at both ends, and the bucket of the first of them.</summary>
    public readonly ReadOnlySpan<ulong> Trimmed(out int firstIndex)
    {
        var skipped = Counts.IndexOfAnyExcept(0UL);
        firstIndex = skipped < 0 ? 0 : first + skipped;
        return skipped < 0 ? [] : Counts[skipped..].TrimEnd(0UL);
    }

    /// <summary>Adds an exit with a time.</summary>
    public void AddMicroseconds(ulong value)
    {
        if (value == 0)
        {
            Zero++;
        }
        else
        {
            Bucket(NativeBuckets.OfMicroseconds(value))++;
        }
    }

    /// <summary>Adds an exit with a number of bytes.</summary>
    public void AddBytes(ulong value)
    {
        if (value == 0)
        {
            Zero++;
        }
        else
        {
            Bucket(NativeBuckets.OfBytes(value))++;
        }
    }

    /// <summary>Adds exits to the zero bucket.</summary>
    public void AddZeros(ulong exits) => Zero += exits;

    /// <summary>The count of one bucket, for which there is room from now on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref ulong Bucket(int index)
    {
        var run = counts;
        var at = index - first;
        if (run is not null && (uint)at < (uint)run.Length)
        {
            return ref run[at];
        }

        return ref Grow(index, index);
    }

    /// <summary>Adds all of another histogram.</summary>
    public void Add(in NativeCounts other)
    {
        Zero += other.Zero;
        if (other.counts is not { } from)
        {
            return;
        }

        if (counts is null || other.first < first || other.first + from.Length > first + counts.Length)
        {
            Grow(other.first, other.first + from.Length - 1);
        }

        var to = counts.AsSpan(other.first - first, from.Length);
        for (var i = 0; i < to.Length; i++)
        {
            to[i] += from[i];
        }
    }

    /// <summary>Empties all buckets, and keeps the room.</summary>
    public void Clear()
    {
        Zero = 0;
        counts.AsSpan().Clear();
    }

    /// <summary>Makes room for the buckets from one to another, besides what there is; gives the first one's.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private ref ulong Grow(int least, int most)
    {
        var index = least;
        if (counts is not null)
        {
            least = Math.Min(least, first);
            most = Math.Max(most, first + counts.Length - 1);
        }

        // Whole steps, below 0 too.
        least &= -GrowthStep;
        most |= GrowthStep - 1;
        var grown = new ulong[most - least + 1];
        counts?.CopyTo(grown, first - least);
        counts = grown;
        first = least;
        return ref grown[index - least];
    }
}
