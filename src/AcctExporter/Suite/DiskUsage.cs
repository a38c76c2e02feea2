// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using System.Runtime.InteropServices;

namespace AcctExporter.Suite;

/// <summary>
/// What users have on disks, in blocks and in shares of blocks. A file of n names of which each is charged with its
/// share is n times 1/n: all is kept as whole numbers, by n, and rounded to bytes only when it is asked for. So neither
/// the order nor the number of workers shows.
/// </summary>
internal sealed class DiskUsage
{
    private readonly Dictionary<(uint Uid, uint Links), ulong> blocks = [];
    private (uint Uid, uint Links) last;
    private ulong lastBlocks;

    /// <summary>Charges a user with a share of a file.</summary>
    /// <param name="uid">The user.</param>
    /// <param name="links">The user has one of so many equal shares: 1 for all of it.</param>
    /// <param name="count">The file's blocks, of 512 bytes.</param>
    public void Add(uint uid, uint links, ulong count)
    {
        if ((uid, links) != last)
        {
            Settle();
            last = (uid, links);
        }

        lastBlocks += count;
    }

    /// <summary>Adds another's.</summary>
    public void Add(DiskUsage other)
    {
        other.Settle();
        foreach (var ((uid, links), count) in other.blocks)
        {
            Add(uid, links, count);
        }
    }

    /// <summary>What each user has, by number; users without any are not there.</summary>
    public IReadOnlyList<DiskCharge> ByUser()
    {
        Settle();
        return
        [
            .. blocks.GroupBy(part => part.Key.Uid, part => (part.Key.Links, Count: part.Value))
                .Select(user => Charge(user.Key, user)).Where(user => user.Bytes > 0).OrderBy(user => user.Uid),
        ];
    }

    private static DiskCharge Charge(uint uid, IEnumerable<(uint Links, ulong Count)> parts)
    {
        var (above, below) = (BigInteger.Zero, BigInteger.One);
        foreach (var (links, count) in parts)
        {
            var common = BigInteger.GreatestCommonDivisor(below, links);
            above = (above * (links / common)) + (count * (below / common));
            below *= links / common;
        }

        return new(uid, Rounded(above * TacctSums.BlockBytes, below), Rounded(above * DiskCharge.Parts, below));
    }

    private static long Rounded(BigInteger above, BigInteger below)
    {
        var rounded = ((2 * above) + below) / (2 * below);
        return rounded > long.MaxValue ? long.MaxValue : (long)rounded;
    }

    private void Settle()
    {
        if (lastBlocks > 0)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(blocks, last, out _) += lastBlocks;
            lastBlocks = 0;
        }
    }
}

/// <summary>What a user has on disks.</summary>
/// <param name="Uid">The user's number.</param>
/// <param name="Bytes">In bytes, to the nearest; the largest number when there are more.</param>
/// <param name="MilliBlocks">In thousandths of a block of 512 bytes, likewise.</param>
internal readonly record struct DiskCharge(uint Uid, long Bytes, long MilliBlocks)
{
    /// <summary>Parts of a block that are told.</summary>
    public const int Parts = 1000;
}
