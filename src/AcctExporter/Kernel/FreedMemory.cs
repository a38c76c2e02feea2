// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Kernel;

/// <summary>
/// What the C library does with memory that is free again: the runtime's compiler takes and gives back a lot of it.
/// </summary>
internal static class FreedMemory
{
    /// <summary><c>M_TRIM_THRESHOLD</c> of glibc's malloc.h.</summary>
    private const int TrimThreshold = -1;

    /// <summary><c>M_MMAP_THRESHOLD</c>.</summary>
    private const int MapThreshold = -3;

    /// <summary><c>M_ARENA_MAX</c>: the runtime has its own heap, and its threads share one of malloc's.</summary>
    private const int ArenaMax = -8;

    /// <summary>Half of the blocks that the compiler works in.</summary>
    private const int MappedBytes = 32 * 1024;

    private const int KeptBytes = 128 * 1024;

    /// <summary>
    /// From now on blocks of 32 KiB and more go back to the kernel at once. Left alone, glibc keeps ever larger ones
    /// for each thread: 12 MiB of an agent that has been scraped some hundred times.
    /// </summary>
    public static void GiveBackAtOnce()
    {
        try
        {
            _ = Libc.mallopt(MapThreshold, MappedBytes);
            _ = Libc.mallopt(TrimThreshold, KeptBytes);
            _ = Libc.mallopt(ArenaMax, 1);
        }
        catch (EntryPointNotFoundException)
        {
            // Another C library (musl), which has no such habit.
        }
    }
}
