// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using AcctExporter.Ledger;

namespace AcctExporter.Metrics;

/// <summary>
/// Exits and CPU time of each pair over the last five minutes: the minute under way and the four before it. 96 bytes
/// for each place of a pair, so 30 KB at the usual limit of pairs.
/// </summary>
internal sealed class RecentPairs
{
    /// <summary>Minutes that are kept, the one under way among them.</summary>
    public const int Minutes = 5;

    // The first place is that of `other`.
    private Slot[] slots = [];

    /// <summary>Adds an exit.</summary>
    /// <param name="place">The place of its pair, or less than 0.</param>
    /// <param name="pair">The pair; null for <c>other</c>.</param>
    /// <param name="cpuMicroseconds">User and system time.</param>
    /// <param name="minute">When, in whole minutes since the start.</param>
    public void Add(int place, Pair? pair, ulong cpuMicroseconds, long minute)
    {
        var index = Math.Max(place + 1, 0);
        if (index >= slots.Length)
        {
            Array.Resize(ref slots, Math.Max(index + 1, slots.Length * 2));
        }

        ref var slot = ref slots[index];
        if (!ReferenceEquals(slot.Pair, pair) || minute - slot.Minute >= Minutes)
        {
            // Another pair got the place, or nothing of it is young enough.
            slot = new Slot { Pair = pair, Minute = minute };
        }

        while (slot.Minute < minute)
        {
            slot.Minute++;
            slot.Sums[(int)(slot.Minute % Minutes)] = default;
        }

        ref var sum = ref slot.Sums[(int)(minute % Minutes)];
        sum.Exits++;
        sum.CpuMicroseconds += cpuMicroseconds;
    }

    /// <summary>Copies the sum of each pair that had an exit.</summary>
    public void CopyTo(List<PairSum> sums, long minute)
    {
        sums.Clear();
        var oldest = minute - Minutes + 1;
        foreach (ref readonly var slot in slots.AsSpan())
        {
            var (exits, cpu) = (0UL, 0UL);
            for (var kept = Math.Max(0, oldest); kept <= slot.Minute; kept++)
            {
                ref readonly var sum = ref slot.Sums[(int)(kept % Minutes)];
                exits += sum.Exits;
                cpu += sum.CpuMicroseconds;
            }

            if (exits > 0)
            {
                sums.Add(new PairSum(slot.Pair, exits, cpu));
            }
        }
    }

    private struct Slot
    {
        public Pair? Pair;

        /// <summary>The last minute with an exit.</summary>
        public long Minute;
        public MinuteSums Sums;
    }

    private struct MinuteSum
    {
        public ulong CpuMicroseconds;
        public ulong Exits;
    }

    [InlineArray(Minutes)]
    private struct MinuteSums
    {
        private MinuteSum first;
    }
}

/// <summary>A sum of one pair.</summary>
/// <param name="Pair">The pair; null for <c>other</c>.</param>
/// <param name="Exits">Exits.</param>
/// <param name="CpuMicroseconds">Their user and system time.</param>
internal readonly record struct PairSum(Pair? Pair, ulong Exits, ulong CpuMicroseconds);
