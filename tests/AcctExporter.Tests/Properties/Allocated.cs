// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Tests.Properties;

/// <summary>How much a piece of work allocates.</summary>
internal static class Allocated
{
    /// <summary>
    /// The least of ten runs. A collection started by another test takes what is left of this thread's share of the
    /// heap and counts it as allocated, some 8 KiB; work that allocates does so in every run.
    /// </summary>
    public static long By(Action work)
    {
        work();
        var least = long.MaxValue;
        for (var run = 0; run < 10; run++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            work();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
