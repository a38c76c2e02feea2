// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;

namespace AcctExporter.Kernel;

/// <summary>Where a file of holes has something in it (lseek(2)): /var/log/lastlog seems to have gigabytes.</summary>
internal static class SparseFile
{
    private const int SeekData = 3;
    private const int SeekHole = 4;

    /// <summary>The next part that is no hole; false when only holes follow, or nothing.</summary>
    /// <param name="file">The file.</param>
    /// <param name="from">Where to begin, in bytes.</param>
    /// <param name="begin">Where it begins.</param>
    /// <param name="end">Where the next hole begins, or the file ends.</param>
    public static bool TryNextPart(SafeHandle file, long from, out long begin, out long end)
    {
        using var descriptor = new BorrowedDescriptor(file);
        begin = Libc.lseek(descriptor.Number, from, SeekData);
        end = begin < 0 ? -1 : Libc.lseek(descriptor.Number, begin, SeekHole);
        return end > begin;
    }
}
