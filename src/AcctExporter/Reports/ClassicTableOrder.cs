// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Reports;

/// <summary>
/// The order in which GNU acct walks its table of rows: it decides in which order rows that compare equal stand, and
/// in which order the sums of small rows are added. The table has buckets of chains, new ones in front; the hash is
/// <c>h = byte + 31 h</c> over signed bytes, and the buckets grow fourfold when they are more than 60 % full.
/// </summary>
internal static class ClassicTableOrder
{
    private const int FirstBuckets = 7;
    private const int Growth = 4;
    private const double Fullest = 0.6;

    /// <summary>The hash of a key, before it is cut down to the number of buckets.</summary>
    public static ulong Hash(ReadOnlySpan<byte> key)
    {
        var hash = 0UL;
        foreach (var value in key)
        {
            hash = (ulong)(sbyte)value + (31 * hash);
        }

        return hash;
    }

    /// <summary>The numbers of keys in the order of the walk.</summary>
    /// <param name="hashes">The keys' hashes, in the order in which the keys were met first.</param>
    public static int[] Of(ReadOnlySpan<ulong> hashes)
    {
        var first = new int[FirstBuckets];
        Array.Fill(first, -1);
        var next = new int[hashes.Length];
        for (var key = 0; key < hashes.Length; key++)
        {
            Push(first, next, hashes, key);
            if ((ulong)key + 1 > (ulong)(first.Length * Fullest))
            {
                first = Grow(first, next, hashes);
            }
        }

        var order = new int[hashes.Length];
        var place = 0;
        foreach (var head in first)
        {
            for (var key = head; key >= 0; key = next[key])
            {
                order[place++] = key;
            }
        }

        return order;
    }

    private static int[] Grow(int[] first, int[] next, ReadOnlySpan<ulong> hashes)
    {
        var grown = new int[first.Length * Growth];
        Array.Fill(grown, -1);
        foreach (var head in first)
        {
            for (var key = head; key >= 0;)
            {
                var follower = next[key];
                Push(grown, next, hashes, key);
                key = follower;
            }
        }

        return grown;
    }

    private static void Push(int[] first, int[] next, ReadOnlySpan<ulong> hashes, int key)
    {
        var bucket = (int)(hashes[key] % (ulong)first.Length);
        next[key] = first[bucket];
        first[bucket] = key;
    }
}
