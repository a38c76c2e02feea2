// SPDX-License-Identifier: Apache-2.0
using System.Numerics;
using AcctExporter.Capture;
using AcctExporter.Records;

namespace AcctExporter.Tests.Capture;

/// <summary>One process of a simulation, and when the agent makes its next pass; times in microseconds.</summary>
internal sealed record Plan(
    int Wait, int Duration, int Threads, int Late, int Lag, int PassAfter, bool OtherName, bool LeaderLast)
{
    public const int MaxThreads = 4;
}

/// <summary>What a simulated kernel is like.</summary>
/// <param name="SeesAll">The agent was there before every process.</param>
internal sealed record SimulatedKernel(
    uint Pids, uint PidMax, int QueueMessages, bool HasTgid, bool KnowsWhatWasFrozen, bool SeesAll = false);

/// <summary>
/// A kernel with few pids, that are given in a circle and again as soon as a process is gone, and an agent. The queue
/// follows af_netlink.c: over its size everything is dropped until the reader has emptied it, and the next read gives
/// ENOBUFS. Each thread bears its process's number in bytes read, and a bit of its own in bytes written.
/// </summary>
internal sealed class JoinSimulation
{
    private const long Late = 3_000_000;
    private readonly long registered;
    private readonly SimulatedKernel kernel;
    private readonly ExitJoin join;
    private readonly List<(long At, SimulatedThread Thread)> sends = [];
    private readonly List<(long At, SimulatedProcess Process)> records = [];
    private readonly SortedSet<long> passes = [];
    private readonly Queue<SimulatedThread> queue = [];
    private int sent;
    private int recorded;
    private bool congested;
    private bool overrun;
    private long now;
    private long certainFrom = long.MaxValue;

    public JoinSimulation(SimulatedKernel kernel, Plan[] plans)
    {
        this.kernel = kernel;
        registered = kernel.SeesAll ? -Late : Late;
        join = new(kernel.PidMax, new CpuEstimator(4_000_000));
        Populate(plans);
        Run();
    }

    public ExitJoin Join => join;

    public int Joined { get; private set; }

    public int Records => records.Count;

    public ulong Drops { get; private set; }

    /// <summary>What went wrong, or null.</summary>
    public string? Fault { get; private set; }

    /// <summary>Exits whose every message was sent when nothing was in doubt, and that were not joined.</summary>
    public int Missed { get; private set; }

    private void Populate(Plan[] plans)
    {
        var freeAt = new long[kernel.Pids];
        var next = 0;
        var start = 0L;
        var number = 0UL;
        uint TakePid()
        {
            while (freeAt[next % freeAt.Length] > start)
            {
                next++;
                start++;
            }

            freeAt[next % freeAt.Length] = long.MaxValue;
            return (uint)(next++ % freeAt.Length) + 2;
        }

        foreach (var plan in plans)
        {
            start += plan.Wait + 1;
            // Threads have pids of their own; they matter only where they can be taken for processes.
            var pid = TakePid();
            var tids = Enumerable.Range(0, plan.Threads).Select(index =>
                index == 0 ? pid : kernel.HasTgid ? 1_000_000 + (uint)index : TakePid()).ToArray();
            var process = new SimulatedProcess(
                pid, ++number * 8, start, start + plan.Duration + 1, plan.OtherName ? "other" : "one", plan.Threads);
            var free = process.End + plan.Lag;
            var last = plan.LeaderLast ? 0 : plan.Threads - 1;
            for (var index = 0; index < plan.Threads; index++)
            {
                var at = index == last ? process.End
                    : index % 2 == 1 ? process.End + (plan.Late * index)
                    : process.Start + (plan.Duration * (index + 1L) / (plan.Threads + 1));
                at = kernel.HasTgid ? at : Math.Min(Math.Max(at, process.End - 50_000), process.End);
                sends.Add((at, new(process, tids[index], index, at, index == last)));
                if (!kernel.HasTgid)
                {
                    freeAt[tids[index] - 2] = at + 1;
                }

                free = Math.Max(free, at);
            }

            freeAt[pid - 2] = free + 1;
            records.Add((process.End + plan.Lag, process));
            if (plan.PassAfter > 0)
            {
                passes.Add(start + plan.PassAfter);
            }
        }

        // What is sent at one time is sent in the order of the threads, the last one last.
        Sort(sends);
        Sort(records);
        passes.RemoveWhere(at => at <= registered);
        passes.Add(sends.Count == 0 ? registered + 1 : Math.Max(registered, sends[^1].At) + 1_000_000);
    }

    private static void Sort<T>(List<(long At, T)> list)
    {
        var sorted = list.OrderBy(step => step.At).ToArray();
        list.Clear();
        list.AddRange(sorted);
    }

    private void Run()
    {
        now = registered;
        while (sent < sends.Count && sends[sent].At < now)
        {
            sends[sent++].Thread.IsDropped = true;
        }

        join.BeginEra(now);
        if (kernel.SeesAll)
        {
            join.EndDrain(-1);
            join.EndPass(0, -1);
            certainFrom = 0;
        }

        foreach (var pass in passes)
        {
            now = Math.Max(now, pass);
            var sizeReadAt = now;
            var size = recorded;
            while (size < records.Count && records[size].At <= now)
            {
                size++;
            }

            Drain();
            for (; recorded < size; recorded++)
            {
                TryJoin(records[recorded].Process);
            }

            join.EndPass(now, sizeReadAt);
            if (kernel.PidMax > Late && Drops == 0)
            {
                certainFrom = Math.Min(certainFrom, now);
            }
        }
    }

    private void TryJoin(SimulatedProcess process)
    {
        var exit = process.Record(kernel.HasTgid);
        var result = join.TryJoin(ref exit, out var figures);
        if (result == JoinResult.DrainFirst)
        {
            now += 300;
            Drain();
            result = join.TryJoin(ref exit, out figures);
        }

        var threads = process.ThreadsSent;
        if (result != JoinResult.Joined)
        {
            Missed += threads.All(thread => thread.SentAt > certainFrom) && process.Start > certainFrom ? 1 : 0;
            Fault ??= result == JoinResult.DrainFirst ? "asks for a drain twice" : null;
            return;
        }

        Joined++;
        var found = (ulong)BitOperations.PopCount(figures.WrittenBytes);
        if (figures.ReadBytes != found * process.Serial)
        {
            Fault ??= $"{process} has {figures.ReadBytes} of {figures.WrittenBytes:b}";
        }

        // A thread that came when its process had been joined is known to nobody.
        var missing = threads.Any(thread =>
            (figures.WrittenBytes >> thread.Index & 1) == 0 && (thread.IsDropped || thread.SentAt <= now));
        if (missing && !figures.IsIncomplete)
        {
            Fault ??= $"{process} lacks threads, and nobody says so: {figures.WrittenBytes:b}";
        }
    }

    private void Drain()
    {
        var tainted = false;
        var frozen = 0;
        while (true)
        {
            var before = now;
            Deliver();
            if (overrun)
            {
                overrun = false;
                tainted = true;
                frozen = kernel.KnowsWhatWasFrozen && congested ? queue.Count : 0;
                continue;
            }

            if (queue.Count == 0)
            {
                if (tainted)
                {
                    join.BeginEra(before);
                }
                else
                {
                    join.EndDrain(before);
                }

                return;
            }

            var thread = queue.Dequeue();
            congested &= queue.Count != 0;
            now += 2;
            if (tainted && frozen-- <= 0)
            {
                thread.IsDropped = true;
                join.Discard(1);
            }
            else
            {
                join.Add(thread.Message(kernel.HasTgid), now);
            }
        }
    }

    private void Deliver()
    {
        for (; sent < sends.Count && sends[sent].At <= now; sent++)
        {
            var thread = sends[sent].Thread;
            if (congested || queue.Count >= kernel.QueueMessages)
            {
                congested = overrun = thread.IsDropped = true;
                Drops++;
                continue;
            }

            queue.Enqueue(thread);
        }
    }
}

/// <summary>A process of a simulation.</summary>
internal sealed record SimulatedProcess(uint Pid, ulong Serial, long Start, long End, string Name, int Threads)
{
    public List<SimulatedThread> ThreadsSent { get; } = [];

    public ProcessExit Record(bool hasTgid)
    {
        var name = JoinTape.Name(Threads > 1 && !hasTgid ? Name + "-last" : Name);
        return new()
        {
            Version = 3,
            Pid = Pid,
            CommandLow = name.Low,
            CommandHigh = name.High,
            ElapsedMicroseconds = (ulong)(End - Start) / 10_000 * 10_000,
            MinorFaults = hasTgid ? 0 : (ulong)Threads * (Serial % 97 + 1),
        };
    }
}

/// <summary>A thread of a simulation, and what became of its message.</summary>
internal sealed class SimulatedThread
{
    private readonly SimulatedProcess process;
    private readonly uint tid;
    private readonly bool last;

    public SimulatedThread(SimulatedProcess process, uint tid, int index, long sentAt, bool last)
    {
        (this.process, this.tid, Index, SentAt, this.last) = (process, tid, index, sentAt, last);
        process.ThreadsSent.Add(this);
    }

    public int Index { get; }

    public long SentAt { get; }

    public bool IsDropped { get; set; }

    public ThreadExit Message(bool hasTgid)
    {
        var name = JoinTape.Name(!hasTgid && last && process.Threads > 1 ? process.Name + "-last" : process.Name);
        var elapsed = (ulong)(SentAt - process.Start);
        return new()
        {
            Pid = tid,
            Tgid = hasTgid ? process.Pid : 0,
            CommandLow = name.Low,
            CommandHigh = name.High,
            ElapsedMicroseconds = elapsed,
            ProcessElapsedMicroseconds = hasTgid ? elapsed : 0,
            ReadBytes = process.Serial,
            WrittenBytes = 1UL << Index,
            MinorFaults = hasTgid ? 0 : process.Serial % 97 + 1,
            Flags = hasTgid && last ? ThreadExit.LastThread : (byte)0,
            EndsGroupOfMany = last && process.Threads > 1,
        };
    }
}
