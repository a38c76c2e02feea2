// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Records;
using AcctExporter.Tests.Records;

namespace AcctExporter.Tests.Capture;

/// <summary>One process of a made-up tape; times in microseconds.</summary>
internal sealed record TapePlan(int Wait, int Duration, int Threads, int Late, int Lag, bool PassAfter);

/// <summary>
/// A tape of a kernel that gives few pids, each again a moment after it is free, and drops messages when its queue is
/// full. With each thread a process reads 1 KiB and writes its own number of KiB, so that one joined with another's
/// messages shows.
/// </summary>
internal static class MadeUpTape
{
    private const uint FirstPid = 300;
    private const uint Pids = 12;
    private const uint PidMax = 1_000;
    private static readonly TaskStatsOffsets Layout = TaskStatsOffsets.Of(16);

    /// <summary>The tape; its records bear their process's number as page faults.</summary>
    /// <param name="queue">How many messages find room.</param>
    public static Tape Of(TapePlan[] plans, int queue)
    {
        var (sends, records, passes) = Run(plans);
        var tape = new Tape { Family = TaskStatsFixture.Family, PidMax = PidMax, TickNanoseconds = 4_000_000 };
        var (sent, recorded) = (0, 0);
        foreach (var at in passes)
        {
            var grown = new List<byte>();
            for (; recorded < records.Count && records[recorded].At <= at; recorded++)
            {
                grown.AddRange(records[recorded].Bytes);
            }

            var looks = new List<TapeLook>();
            Drain(at, looks);
            var first = looks.Count;
            Drain(at + 300, looks);
            var pass = new TapePass(at, [.. grown], first);
            pass.Looks.AddRange(looks);
            tape.Passes.Add(pass);
        }

        return tape;

        void Drain(long at, List<TapeLook> looks)
        {
            var waiting = new List<byte[]>();
            for (; sent < sends.Count && sends[sent].At <= at; sent++)
            {
                waiting.Add(sends[sent].Bytes);
            }

            if (waiting.Count > queue)
            {
                looks.Add(new(at, DrainResult.Overflow, Charge(queue), []));
                waiting.RemoveRange(queue, waiting.Count - queue);
            }

            for (var from = 0; from < waiting.Count; from += NetlinkSocket.BatchSize)
            {
                byte[][] batch = [.. waiting.Skip(from).Take(NetlinkSocket.BatchSize)];
                looks.Add(new(at + 100, DrainResult.Batch, Charge(waiting.Count - from), batch));
            }

            looks.Add(new(at + 200, DrainResult.Empty, 0, []));
        }
    }

    /// <summary>The number that a record of such a tape bears.</summary>
    public static ulong SerialOf(in ProcessExit exit) => exit.MinorFaults;

    private static uint Charge(int messages) => (uint)messages * NetlinkSocket.LargestCharge;

    private static (List<(long At, byte[] Bytes)> Sends, List<(long At, byte[] Bytes)> Records, SortedSet<long> Passes)
        Run(TapePlan[] plans)
    {
        var (sends, records) = (new List<(long At, byte[] Bytes)>(), new List<(long At, byte[] Bytes)>());
        SortedSet<long> passes = [1_000_000, 2_500_000];
        var freeAt = new long[Pids];
        var now = 2_600_000L;
        for (var serial = 1; serial <= plans.Length; serial++)
        {
            var plan = plans[serial - 1];
            var slot = serial % Pids;
            now = Math.Max(now + plan.Wait, freeAt[slot]);
            var (begin, end) = (now, now + plan.Duration);
            var last = end;
            for (var index = 0; index < plan.Threads; index++)
            {
                // The last thread is marked so when it is the last to leave; siblings may send behind it.
                var isLast = index == plan.Threads - 1;
                var at = isLast ? end : index % 2 == 1 ? end + plan.Late : begin + (plan.Duration / 2);
                sends.Add((at, Message(FirstPid + (uint)slot, serial, index, at - begin, isLast, plan.Threads)));
                last = Math.Max(last, at);
            }

            records.Add((end + plan.Lag, Record(FirstPid + (uint)slot, serial, plan)));
            // The record is written while the process has its id (kernel/exit.c); no pid comes again sooner than all.
            freeAt[slot] = Math.Max(last, end + plan.Lag) + PidMax;
            if (plan.PassAfter)
            {
                passes.Add(end + (plan.Lag / 2));
            }
        }

        passes.Add(now + 10_000_000);
        return (Sorted(sends), Sorted(records), passes);
    }

    private static List<(long At, byte[] Bytes)> Sorted(List<(long At, byte[] Bytes)> steps) =>
        [.. steps.OrderBy(step => step.At)];

    private static byte[] Message(uint pid, int serial, int index, long elapsed, bool isLast, int threads) =>
        TaskStatsBytes.Message(
            new ThreadExit
            {
                Pid = index == 0 ? pid : pid + 10_000 + (uint)index,
                Tgid = pid,
                CommandLow = Name.Low,
                CommandHigh = Name.High,
                ElapsedMicroseconds = (ulong)elapsed,
                ProcessElapsedMicroseconds = (ulong)elapsed,
                ReadBytes = 1024,
                WrittenBytes = (ulong)serial * 1024,
                MinorFaults = index == 0 ? (ulong)serial : 0,
                Flags = isLast ? ThreadExit.LastThread : (byte)0,
                EndsGroupOfMany = isLast && threads > 1,
                Version = 16,
            },
            Layout, new Random(serial));

    private static CommandName Name => CommandName.From("one"u8);

    private static byte[] Record(uint pid, int serial, TapePlan plan) => Slot.Of(new AcctRecord
    {
        Version = 3,
        TicksPerSecond = 100,
        Pid = pid,
        Ppid = 1,
        ElapsedTicks = (ulong)plan.Duration / 10_000,
        MemoryKib = 2_000,
        MinorFaults = (ulong)serial,
        Command = Name,
    });
}
