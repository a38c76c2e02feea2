// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Records;

/// <summary>
/// CPU time of threads that ended, from what the kernel's taskstats say. No single figure of theirs is the CPU time;
/// together they hold it between bounds that are a tick apart at most, and mostly far less. Measured in
/// <c>docs/accuracy.md</c>. Not thread safe: one for each stream of messages.
/// </summary>
/// <remarks>
/// <para>The scheduler's run time is exact up to the last tick or switch, so it is a lower bound, and that plus a tick
/// an upper one. Elapsed time minus the wait for a CPU is an upper bound too, and is the CPU time itself when the
/// thread never slept. The samples of the tick are right on average and far off for one short process, so they decide
/// only where nothing better is known. The larger of samples and run time is wrong: it counts too much.</para>
/// <para>What the thread spends after its message, mostly to free its memory, is in none of the figures and is not
/// added.</para>
/// </remarks>
internal sealed class CpuEstimator
{
    private const ulong NanosecondsPerMicrosecond = 1000;
    private const int Slots = 1024;

    // What a name did lately outweighs what it did long ago, and one long process does not speak for many short ones.
    private const ulong RememberedTicks = 1000;
    private const ulong RememberedTicksOfOne = 4;

    private readonly ulong tickNanoseconds;
    private readonly Samples[] samplesByName = new Samples[Slots];

    /// <param name="tickNanoseconds">The kernel's tick: the resolution of CLOCK_MONOTONIC_COARSE.</param>
    public CpuEstimator(ulong tickNanoseconds) => this.tickNanoseconds = tickNanoseconds;

    /// <summary>Adds one thread's CPU time to its process's, to be called once for each message.</summary>
    public void Add(in ThreadExit thread, ref ulong userMicroseconds, ref ulong systemMicroseconds)
    {
        var total = TotalMicroseconds(in thread);
        var user = UserShare(in thread, total);
        userMicroseconds += user;
        systemMicroseconds += total - user;
    }

    private ulong TotalMicroseconds(in ThreadExit thread)
    {
        var sampled = thread.UserMicroseconds + thread.SystemMicroseconds;
        if (thread.Runs == 0)
        {
            return sampled;
        }

        var run = thread.RunNanoseconds;
        var bound = Less(Nanoseconds(thread.ElapsedMicroseconds), thread.DelayNanoseconds[(int)DelayReason.Cpu]);
        var unsampled = Less(Nanoseconds(sampled), run);
        var room = Less(bound, run);
        var missing = thread.VoluntarySwitches == 0
            ? Math.Min(room, Math.Max(tickNanoseconds, unsampled)) // more than a tick where the kernel stops the tick
            : AfterSleep(in thread, room, Math.Min(unsampled, tickNanoseconds));
        return (run + missing + (NanosecondsPerMicrosecond / 2)) / NanosecondsPerMicrosecond;
    }

    // The thread slept, for nobody knows how long. What is missing is a piece of its last run. If that was like the
    // others, its length is known on average, and how much of it the last tick has cut off: with length l below a tick
    // t, one comes with probability l/t and leaves l/2, so l - l*l/2t is missing, and t/2 above. The fewer runs there
    // were, the less they say of the last one, and the more weight has what the samples have over the run time.
    private ulong AfterSleep(in ThreadExit thread, ulong room, ulong bySamples)
    {
        var others = Math.Max(1, thread.Runs - 1);
        var length = thread.RunNanoseconds / others;
        var half = tickNanoseconds / 2;
        var byRuns = length < tickNanoseconds ? length - (length * length / (2 * tickNanoseconds)) : half;
        byRuns = Math.Min(byRuns, room);
        bySamples = Math.Min(bySamples, room);
        return bySamples > byRuns
            ? byRuns + ((bySamples - byRuns) / others)
            : byRuns - ((byRuns - bySamples) / others);
    }

    // User and system are told apart by samples alone. Most short processes have none: they are split like those of
    // the same name that had some. Names share places; a place nobody was sampled in splits in halves.
    private ulong UserShare(in ThreadExit thread, ulong total)
    {
        var own = new Samples { User = thread.UserMicroseconds, System = thread.SystemMicroseconds };
        ref var remembered = ref samplesByName[Slot(in thread)];
        if (own.Sum == 0)
        {
            return remembered.Sum == 0 ? total / 2 : remembered.UserPart(total);
        }

        var most = RememberedTicksOfOne * tickNanoseconds;
        var weight = own.Sum * NanosecondsPerMicrosecond > most ? most : (ulong)own.Sum * NanosecondsPerMicrosecond;
        var user = own.UserPart(weight);
        remembered.User += user;
        remembered.System += weight - user;
        if (remembered.Sum > RememberedTicks * tickNanoseconds)
        {
            remembered.User /= 2;
            remembered.System /= 2;
        }

        return own.UserPart(total);
    }

    private static int Slot(in ThreadExit thread)
    {
        var mixed = (thread.CommandLow ^ (thread.CommandHigh * 0x9E3779B97F4A7C15)) * 0xD6E8FEB86659FD93;
        return (int)(mixed >> 54); // 10 bits: Slots
    }

    private static ulong Nanoseconds(ulong microseconds) =>
        microseconds > ulong.MaxValue / NanosecondsPerMicrosecond
            ? ulong.MaxValue
            : microseconds * NanosecondsPerMicrosecond;

    private static ulong Less(ulong from, ulong what) => from > what ? from - what : 0;

    private struct Samples
    {
        public ulong User;
        public ulong System;

        // Wide, so that no message, however odd, makes a part larger than the whole.
        public readonly UInt128 Sum => (UInt128)User + System;

        public readonly ulong UserPart(ulong total) => (ulong)(((UInt128)User * total) / Sum);
    }
}
