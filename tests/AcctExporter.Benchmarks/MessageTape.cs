// SPDX-License-Identifier: Apache-2.0
using System.Runtime.InteropServices;
using AcctExporter.Capture;
using AcctExporter.Records;

namespace AcctExporter.Benchmarks;

/// <summary>
/// The messages of taskstats about the exits of an accounting file, as Linux 6.18 sends them (version 16): written into
/// a room of 64 datagrams, as recvmmsg(2) fills it, and read from there like the agent does. Their figures add up to
/// those of the records, so that the same totals are true. Writing the fields that differ from exit to exit is in the
/// measured time; the kernel's own copying is not.
/// </summary>
internal sealed class MessageTape
{
    private const int Batch = 64;
    private const int DatagramSize = 2048;
    private const ushort Family = 31;
    private const int Netlink = 16;
    private const int Generic = 4;
    private const int Attribute = 4;

    /// <summary><c>struct taskstats</c> of version 16, and where it stands behind the headers.</summary>
    private const int StatsSize = 560;
    private const int Stats = Netlink + Generic + Attribute + Attribute + sizeof(uint) + Attribute;
    private const int AloneSize = Stats + StatsSize;
    private const int LastSize = AloneSize + Attribute + Attribute + sizeof(uint) + Attribute + StatsSize;

    /// <summary>Bytes that a process says it read: its own number of KiB.</summary>
    private const ulong Kibibyte = 1024;

    private readonly ProcessExit[] exits;
    private readonly int threads;
    private readonly byte[] room = new byte[Batch * DatagramSize];
    private int next;
    private int sent;

    /// <param name="records">The accounting file, v3.</param>
    /// <param name="threads">How many each process has.</param>
    public MessageTape(byte[] records, int threads)
    {
        this.threads = threads;
        exits = new ProcessExit[records.Length / AcctRecord.Size];
        AcctScanner.Read(
            records, true, exits, new int[exits.Length], new ulong[RejectReason.Count], out var consumed);
        if (consumed != records.Length)
        {
            throw new WrongResultException("the file has more than records");
        }

        Join = new ExitJoin(4_194_304, new CpuEstimator(4_000_000));
        // Long before any process of the file began, and found empty just now.
        Join.BeginEra(long.MinValue / 4);
        Join.EndDrain(ExitEnricher.Now(TimeProvider.System));
        Enricher = new ExitEnricher(Join, Drain, TimeProvider.System);
        for (var i = 0; i < Batch; i++)
        {
            WriteTemplate(room.AsSpan(i * DatagramSize, DatagramSize));
        }

        foreach (ref readonly var exit in exits.AsSpan())
        {
            ReadBytes += KibibytesOf(exit) * Kibibyte;
        }
    }

    /// <summary>For the recorder.</summary>
    public ExitEnricher Enricher { get; }

    /// <summary>What was joined.</summary>
    public ExitJoin Join { get; }

    /// <summary>Exits on the tape.</summary>
    public ulong Exits => (ulong)exits.Length;

    /// <summary>What all of them read.</summary>
    public ulong ReadBytes { get; }

    /// <summary>To the begin.</summary>
    public void Rewind() => next = sent = 0;

    /// <summary>So many more exits have happened: the next look at the "socket" finds their messages.</summary>
    public void Send(int count) => sent = Math.Min(sent + count, exits.Length);

    private static ulong KibibytesOf(in ProcessExit exit) => exit.Pid % 1000;

    private void Drain()
    {
        var now = ExitEnricher.Now(TimeProvider.System);
        while (next < sent)
        {
            var count = 0;
            for (; next < sent && count + threads <= Batch; next++)
            {
                for (var thread = threads - 1; thread >= 0; thread--)
                {
                    Write(room.AsSpan(count++ * DatagramSize, DatagramSize), in exits[next], (uint)thread);
                }
            }

            Take(count);
            now = ExitEnricher.Now(TimeProvider.System);
        }

        Join.EndDrain(now);
    }

    private void Take(int count)
    {
        var now = ExitEnricher.Now(TimeProvider.System);
        for (var i = 0; i < count; i++)
        {
            var messages = new NetlinkMessages(room.AsSpan(i * DatagramSize, DatagramSize));
            if (!messages.TryNext(out var message)
                || TaskStatsMessage.TryRead(message, Family, out var thread) != TaskStatsStatus.Ok)
            {
                throw new WrongResultException("a message of the tape cannot be read");
            }

            Join.Add(thread, now);
        }
    }

    /// <summary>Thread 0 is the leader, and ends last.</summary>
    private void Write(Span<byte> datagram, in ProcessExit exit, uint thread)
    {
        var isLast = thread == 0;
        var many = (ulong)threads;
        var pid = exit.Pid + (thread << 24);
        var user = Part(exit.UserMicroseconds, many, isLast);
        var system = Part(exit.SystemMicroseconds, many, isLast);
        Put(datagram, 0, isLast && threads > 1 ? LastSize : AloneSize);
        Put(datagram, Stats - Attribute - sizeof(uint), pid);
        var stats = datagram[Stats..];
        Put(stats, 4, exit.ExitCode);
        Put(stats, 8, isLast ? (uint)ThreadExit.LastThread : 0);
        Put(stats, 72, (user + system) * 1000);
        Put(stats, 80, exit.CommandLow);
        Put(stats, 88, exit.CommandHigh);
        Put(stats, 120, exit.Uid);
        Put(stats, 124, exit.Gid);
        Put(stats, 128, pid);
        Put(stats, 132, exit.Ppid);
        // It never slept: then this is its CPU time, whatever the estimator thinks of the rest.
        Put(stats, 144, user + system);
        Put(stats, 152, user);
        Put(stats, 160, system);
        Put(stats, 168, Part(exit.MinorFaults, many, isLast));
        Put(stats, 216, isLast ? KibibytesOf(exit) * Kibibyte : 0);
        Put(stats, 368, exit.Pid);
        Put(stats, 376, exit.ElapsedMicroseconds);
    }

    private static ulong Part(ulong whole, ulong parts, bool isLast) =>
        isLast ? whole - ((parts - 1) * (whole / parts)) : whole / parts;

    /// <summary>What is the same in all of them: headers, and figures such as small programs have.</summary>
    private static void WriteTemplate(Span<byte> datagram)
    {
        Put(datagram, 4, Family);
        Put(datagram, Netlink, (byte)2);
        var body = datagram[(Netlink + Generic)..];
        WriteAggregate(body, aggregate: 4, id: 1);
        WriteAggregate(body[(AloneSize - Netlink - Generic)..], aggregate: 5, id: 2);
        var stats = datagram[Stats..];
        Put(stats, 0, (ushort)16);
        Put(stats, 16, 1UL); // cpu_count
        Put(stats, 184, 12_345UL); // coremem
        Put(stats, 200, 3_456UL); // hiwater_rss
        Put(stats, 208, 12_288UL); // hiwater_vm
        Put(stats, 224, 321UL); // write_char
        Put(stats, 384, 0xfe00UL); // ac_exe_dev
        Put(stats, 392, 1_234_567UL); // ac_exe_inode
    }

    private static void WriteAggregate(Span<byte> body, ushort aggregate, ushort id)
    {
        const int idSize = Attribute + sizeof(uint);
        const int statsSize = Attribute + StatsSize;
        PutAttribute(body, Attribute + idSize + statsSize, aggregate);
        PutAttribute(body[Attribute..], idSize, id);
        PutAttribute(body[(Attribute + idSize)..], statsSize, 3);
    }

    private static void PutAttribute(Span<byte> bytes, int length, ushort type)
    {
        Put(bytes, 0, (ushort)length);
        Put(bytes, 2, type);
    }

    private static void Put<T>(Span<byte> bytes, int offset, T value)
        where T : struct => MemoryMarshal.Write(bytes[offset..], in value);
}
