// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Kernel;

/// <summary>The kernel's tick: how often it looks at who is running.</summary>
internal static class SchedulerTick
{
    private const int CoarseMonotonicClock = 6; // CLOCK_MONOTONIC_COARSE goes on with each tick.
    private const ulong Usual = 4_000_000;
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Its length: 10, 4, 3.3 or 1 ms (CONFIG_HZ; clock_getres(2)).</summary>
    public static unsafe ulong Nanoseconds()
    {
        // struct timespec, as the C library of a 64-bit system has it.
        var resolution = stackalloc long[2];
        return Libc.clock_getres(CoarseMonotonicClock, resolution) == 0 && resolution[0] >= 0
            && (resolution[0] * NanosecondsPerSecond) + resolution[1] is > 0 and var length
            ? (ulong)length : Usual;
    }
}
