// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Capture;

/// <summary>What the messages of one process say together, while it lives and until its record comes.</summary>
internal struct ProcessSum
{
    /// <summary>Process id; before version 12 the thread's.</summary>
    public uint Pid;

    /// <summary>How many messages are in it.</summary>
    public int Threads;

    /// <summary>When the process began.</summary>
    public StartWindow Start;

    /// <summary>The process is known to have lived when the socket was last empty before the era.</summary>
    public bool IsOlderThanGap;

    /// <summary>Messages of it may be missing.</summary>
    public bool IsIncomplete;

    /// <summary>
    /// Set aside: it keeps its place, so that no later process is taken for it, but is joined with no record.
    /// </summary>
    public bool IsUncertain;

    /// <summary>The process had several threads.</summary>
    public bool HadThreads;

    /// <summary>
    /// Since version 12. Before, a message tells neither its process nor what was the last of it.
    /// </summary>
    public bool KnowsProcess;

    /// <summary>When the message of the last thread was received.</summary>
    public long EndedMicroseconds;

    /// <summary>How many times the socket had been drained then.</summary>
    public long EndedDrain;

    /// <summary>A number of its own for each completed process.</summary>
    public long Serial;

    private const uint RecordTickMicroseconds = 10_000;
    private const ulong LagMicroseconds = 100_000;
    private const ulong LagBytesPerMicrosecond = 10_737; // 0.1 s for each GiB

    private bool hasLeader;
    private uint uid;
    private uint gid;
    private CommandName lastName;
    private CommandName leaderName;
    private ulong elapsedMicroseconds;
    private ulong userMicroseconds;
    private ulong systemMicroseconds;
    private ulong minorFaults;
    private DelayFigures delayNanoseconds;
    private TaskFigures figures;

    /// <summary>
    /// How long after the message of the last thread the kernel's record may be taken: freeing memory comes between.
    /// </summary>
    public readonly ulong RecordLagMicroseconds =>
        LagMicroseconds + (figures.PeakResidentBytes / LagBytesPerMicrosecond);

    /// <summary>Adds a thread, with the CPU time that the estimator says.</summary>
    public void Add(in ThreadExit thread, CpuEstimator cpu)
    {
        Threads++;
        cpu.Add(in thread, ref userMicroseconds, ref systemMicroseconds);
        minorFaults += thread.MinorFaults;
        for (var reason = 0; reason < DelayFigures.Count; reason++)
        {
            delayNanoseconds[reason] += thread.DelayNanoseconds[reason];
        }

        figures.UnknownDelays |= thread.UnknownDelays;
        figures.ReadBytes += thread.ReadBytes;
        figures.WrittenBytes += thread.WrittenBytes;
        figures.StorageReadBytes += thread.StorageReadBytes;
        figures.StorageWrittenBytes += thread.StorageWrittenBytes;
        figures.StorageCancelledBytes += thread.StorageCancelledBytes;
        figures.ResidentMebibyteMicroseconds += thread.ResidentMebibyteMicroseconds;
        figures.PeakResidentBytes = Math.Max(figures.PeakResidentBytes, Bytes(thread.PeakResidentKibibytes));
        figures.PeakVirtualBytes = Math.Max(figures.PeakVirtualBytes, Bytes(thread.PeakVirtualKibibytes));

        // A thread that calls execve() becomes the leader: the later of two leaders has the program's name.
        var leads = thread.Tgid == 0 || thread.IsLeader;
        if (leads || !hasLeader)
        {
            figures.ExecutableDevice = thread.ExecutableDevice;
            figures.ExecutableInode = thread.ExecutableInode;
        }

        if (leads)
        {
            hasLeader = true;
            leaderName = thread.Command;
        }
    }

    /// <summary>Says that this thread, already added, was the last: what its record is known by.</summary>
    public void End(in ThreadExit last, long nowMicroseconds, long drain, long serial)
    {
        (uid, gid, lastName) = (last.Uid, last.Gid, last.Command);
        KnowsProcess = last.Tgid != 0;
        HadThreads = last.EndsGroupOfMany;
        elapsedMicroseconds = KnowsProcess ? last.ProcessElapsedMicroseconds : last.ElapsedMicroseconds;
        (EndedMicroseconds, EndedDrain, Serial) = (nowMicroseconds, drain, serial);
    }

    /// <summary>Whether the record may be this process's, its name left aside.</summary>
    public readonly bool AgreesButForName(in ProcessExit exit)
    {
        if (exit.Uid != uid || exit.Gid != gid)
        {
            return false;
        }

        // The record's time is cut down to a tick, and to the 24 bits of a float.
        var (record, message) = (exit.ElapsedMicroseconds, elapsedMicroseconds);
        return record >= message
            ? record - message <= RecordLagMicroseconds
            : message - record <= RecordTickMicroseconds + (message >> 23);
    }

    /// <summary>
    /// Whether the record bears the name of the thread that ended last, as most kernels write it, or that
    /// of the leader, as measured on 6.18.44.
    /// </summary>
    public readonly bool HasNameOf(in ProcessExit exit) =>
        exit.Command == lastName || (hasLeader && exit.Command == leaderName);

    /// <summary>
    /// The record has page faults of a thread whose message is not here. A thread that is late may be missing in the
    /// record too (acct_collect), so only this direction proves anything.
    /// </summary>
    public readonly bool LacksFaultsOf(in ProcessExit exit) => exit.MinorFaults > minorFaults + FaultRounding;

    /// <summary>The messages have faults that the record lacks.</summary>
    public readonly bool HasMoreFaultsThan(in ProcessExit exit) => minorFaults > exit.MinorFaults + FaultRounding;

    /// <summary>Corrects the record by what is known, and gives the rest.</summary>
    public readonly void WriteTo(ref ProcessExit exit, out TaskFigures written, bool delaysOn)
    {
        written = figures;
        written.Knowledge = TaskKnowledge.Joined;
        var incomplete = IsIncomplete || !hasLeader || LacksFaultsOf(in exit)
            || (!KnowsProcess && (HadThreads || !HasNameOf(in exit)));
        if (incomplete)
        {
            written.Knowledge |= TaskKnowledge.Incomplete;
        }
        else
        {
            exit.UserMicroseconds = userMicroseconds;
            exit.SystemMicroseconds = systemMicroseconds;
        }

        exit.ElapsedMicroseconds = elapsedMicroseconds;
        if (hasLeader)
        {
            (exit.CommandLow, exit.CommandHigh) = (leaderName.Low, leaderName.High);
        }

        if (delaysOn)
        {
            written.Knowledge |= TaskKnowledge.Delays;
            for (var reason = 0; reason < DelayFigures.Count; reason++)
            {
                written.DelayMicroseconds[reason] = (delayNanoseconds[reason] / 1000)
                    + (delayNanoseconds[reason] % 1000 >= 500 ? 1UL : 0);
            }
        }
    }

    private readonly ulong FaultRounding => minorFaults >> 10; // comp_t: 0.05 % at worst

    private static ulong Bytes(ulong kibibytes) => Math.Min(kibibytes, ulong.MaxValue >> 10) << 10;
}
