// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Reports;

/// <summary>Which of two rows stands first in the classic report.</summary>
/// <param name="options">By what, and which way round.</param>
internal sealed class SaOrder(SaOptions options)
{
    /// <summary>A comparison of two rows: less than 0 when the first one stands first.</summary>
    public delegate int Comparison(int left, int right);

    /// <summary>Less than 0 when the first row stands first; 0 when nothing that is compared differs.</summary>
    public int Compare(in SaSums left, in SaSums right)
    {
        var order = Larger(ValueOf(left), ValueOf(right));
        order = order != 0 ? order : right.Calls.CompareTo(left.Calls);
        order = order != 0 ? order : Larger(left.User, right.User);
        order = order != 0 ? order : Larger(left.System, right.System);
        order = order != 0 ? order : Larger(left.Elapsed, right.Elapsed);
        order = order != 0 ? order : Larger(left.Io, right.Io);
        order = order != 0 ? order : Larger(left.Memory, right.Memory);
        return options.Reverse ? -order : order;
    }

    /// <summary>
    /// Sorts rows as glibc's qsort(3) does: a merge sort from halves, whose result is that of any stable sort as long
    /// as the comparison is sound; one of numbers that are none (NaN, from damaged records) is not.
    /// </summary>
    public static void Sort(Span<int> rows, Comparison compare) => Sort(rows, new int[rows.Length], compare);

    private static void Sort(Span<int> rows, Span<int> free, Comparison compare)
    {
        if (rows.Length <= 1)
        {
            return;
        }

        var left = rows[..(rows.Length / 2)];
        var right = rows[(rows.Length / 2)..];
        Sort(left, free, compare);
        Sort(right, free, compare);
        var at = 0;
        while (!left.IsEmpty && !right.IsEmpty)
        {
            if (compare(left[0], right[0]) <= 0)
            {
                free[at++] = left[0];
                left = left[1..];
            }
            else
            {
                free[at++] = right[0];
                right = right[1..];
            }
        }

        // What is left of the right half stands where it belongs.
        left.CopyTo(free[at..]);
        free[..(at + left.Length)].CopyTo(rows);
    }

    /// <summary>Unlike <see cref="double.CompareTo(double)"/>: what is no number is neither less nor more.</summary>
    private static int Larger(double left, double right) => left < right ? 1 : left > right ? -1 : 0;

    private double ValueOf(in SaSums sums)
    {
        double calls = sums.Calls;
        return options.Sort switch
        {
            SaSort.Cpu => sums.Cpu,
            SaSort.CpuPerCall => sums.Cpu / calls,
            SaSort.Calls => calls,
            SaSort.AverageIo => sums.Io / calls,
            SaSort.TotalIo => sums.Io,
            SaSort.AverageMemory => sums.Memory / calls,
            SaSort.CpuStorage => sums.Cpu != 0 ? sums.Cpu * sums.Memory : sums.Memory,
            _ => options.PerCall ? sums.Elapsed / calls : sums.Elapsed,
        };
    }
}
