// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Kernel;

/// <summary>
/// How long the host is up, times of suspension included (clock_gettime(2), <c>CLOCK_BOOTTIME</c>): nobody can set it.
/// </summary>
internal static class BootClock
{
    private const int ClockId = 7; // CLOCK_BOOTTIME
    private const long NanosecondsPerTick = 100;

    /// <summary>Since the boot.</summary>
    public static unsafe TimeSpan Now()
    {
        // struct timespec, as the C library of a 64-bit system has it.
        var time = stackalloc long[2];
        _ = Libc.clock_gettime(ClockId, time);
        return new TimeSpan((time[0] * TimeSpan.TicksPerSecond) + (time[1] / NanosecondsPerTick));
    }
}
