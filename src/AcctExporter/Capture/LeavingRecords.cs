// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Capture;

/// <summary>
/// The records that the kernel appends about the living caller when it leaves a file: known by their shape
/// (<see cref="ProcessExit.LooksLikeLeaving"/>) and their place, the very end.
/// </summary>
internal static class LeavingRecords
{
    /// <summary>There is one; a PID namespace that ends gives two, alike.</summary>
    public const int Most = 2;

    /// <summary>
    /// How many exits at the end of what was judged have that shape. Nothing stands behind them, a rejected slot
    /// neither.
    /// </summary>
    /// <param name="exits">What was read.</param>
    /// <param name="offsets">Where the record of each begins in <paramref name="data"/>.</param>
    /// <param name="data">The bytes.</param>
    /// <param name="judged">How many of them were judged.</param>
    public static int CountAtEnd(
        ReadOnlySpan<ProcessExit> exits, ReadOnlySpan<int> offsets, ReadOnlySpan<byte> data, int judged)
    {
        var held = 0;
        for (var last = exits.Length - 1; held < Most && last >= 0; last--)
        {
            if (!exits[last].LooksLikeLeaving || offsets[last] + AcctRecord.SizeOf(data[offsets[last] + 1]) != judged
                || (held > 0 && exits[last].Pid != exits[last + 1].Pid))
            {
                break;
            }

            judged = offsets[last];
            held++;
        }

        return held;
    }
}
