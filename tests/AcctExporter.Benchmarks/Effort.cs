// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AcctExporter.Benchmarks;

/// <summary>What a run took.</summary>
/// <param name="WallSeconds">By the clock: true only on a machine that does nothing else.</param>
/// <param name="CpuSeconds">By the kernel's account of the thread, or of the child and its threads.</param>
internal readonly record struct Effort(double WallSeconds, double CpuSeconds)
{
    /// <summary>What runs are compared with before the first one.</summary>
    public static readonly Effort Worst = new(double.PositiveInfinity, double.PositiveInfinity);

    /// <summary>The better of both in each figure: noise only ever adds.</summary>
    public Effort Best(Effort other) =>
        new(Math.Min(WallSeconds, other.WallSeconds), Math.Min(CpuSeconds, other.CpuSeconds));

    /// <summary>Measures something on this thread.</summary>
    public static Effort Of(Action work) => Of(Rusage.Thread, work);

    /// <summary>Measures something that starts a child and waits for its end.</summary>
    public static Effort OfChild(Action work) => Of(Rusage.Children, work);

    /// <summary>Measures something that may use every thread of this process.</summary>
    public static Effort OfAllThreads(Action work) => Of(Rusage.Self, work);

    /// <summary>Runs the contestants in turn, round after round, and returns the best of each.</summary>
    public static Effort[] Interleave(int rounds, params Func<Effort>[] contestants)
    {
        var best = new Effort[contestants.Length];
        Array.Fill(best, Worst);
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < contestants.Length; i++)
            {
                best[i] = best[i].Best(contestants[i]());
            }
        }

        return best;
    }

    private static Effort Of(Rusage who, Action work)
    {
        GC.Collect();
        var cpu = Cpu(who);
        var start = Stopwatch.GetTimestamp();
        work();
        var wall = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new Effort(wall, Cpu(who) - cpu);
    }

    private static double Cpu(Rusage who) => getrusage((int)who, out var usage) == 0
        ? usage.UserSeconds + usage.SystemSeconds + ((usage.UserMicroseconds + usage.SystemMicroseconds) / 1e6)
        : throw new InvalidOperationException("getrusage(2) failed");

    [DllImport("libc")]
    private static extern int getrusage(int who, out Usage usage);

    /// <summary>Whose time (getrusage(2)).</summary>
    private enum Rusage
    {
        Self = 0,
        Thread = 1,
        Children = -1,
    }

    /// <summary><c>struct rusage</c>: two times of two words, then 14 words.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 18 * sizeof(long))]
    private struct Usage
    {
        public long UserSeconds;
        public long UserMicroseconds;
        public long SystemSeconds;
        public long SystemMicroseconds;
    }
}
