// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Capture;

/// <summary>
/// Takes delays out of messages that cannot be true, and counts them. Linux 6.18 loses the begin of some waits for
/// block I/O: the whole time since the host's start is added instead, or what has passed since an earlier wait. Which
/// part of such a sum is true cannot be told. Measured in <c>docs/accuracy.md</c>. Not thread safe.
/// </summary>
internal sealed class DelayCheck
{
    /// <summary>
    /// The first version of kernels that end a wait for block I/O when the thread is woken, and not when it runs again
    /// (Linux 4.16 began it; version 9 came with 4.20).
    /// </summary>
    private const int FirstVersionThatEndsAtWaking = 9;

    private const ulong NanosecondsPerMicrosecond = 1000;

    // Delays and lives are told by two clocks, of which one is adjusted, by up to 500 millionths.
    private const ulong MarginNanoseconds = 100_000;
    private const int MarginShift = 10;

    private DelayFigures rejected;

    /// <summary>Delays of threads that were taken out, by reason.</summary>
    public DelayFigures Rejected => rejected;

    /// <summary>
    /// A delay above what there was room for in the thread's life becomes 0, and
    /// <see cref="ThreadExit.UnknownDelays"/> names it.
    /// </summary>
    public void TakeOut(ref ThreadExit thread)
    {
        var life = Math.Min(thread.ElapsedMicroseconds, long.MaxValue / NanosecondsPerMicrosecond)
            * NanosecondsPerMicrosecond;
        var most = life + (life >> MarginShift) + MarginNanoseconds;
        for (var reason = 0; reason < DelayFigures.Count; reason++)
        {
            if (thread.DelayNanoseconds[reason] > most)
            {
                Reject(ref thread, reason);
            }
        }

        // What is left of the CPU's delay is true: a thread sleeps while it neither runs nor waits for a CPU.
        var awake = SaturatingSum(thread.RunNanoseconds, thread.DelayNanoseconds[(int)DelayReason.Cpu]);
        var sleptAtMost = most > awake ? most - awake : 0;
        if (thread.Version >= FirstVersionThatEndsAtWaking
            && thread.DelayNanoseconds[(int)DelayReason.BlockIo] > sleptAtMost)
        {
            Reject(ref thread, (int)DelayReason.BlockIo);
        }
    }

    private void Reject(ref ThreadExit thread, int reason)
    {
        thread.DelayNanoseconds[reason] = 0;
        thread.UnknownDelays |= (byte)(1 << reason);
        rejected[reason]++;
    }

    private static ulong SaturatingSum(ulong one, ulong other) =>
        one > ulong.MaxValue - other ? ulong.MaxValue : one + other;
}
