// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;
using AcctExporter.Records;
using AcctExporter.Tests.Ledger;

namespace AcctExporter.Tests.Capture;

/// <summary>
/// Messages of three in four of the records of a file, with any figures, and some with another name for the leader:
/// whatever the join makes of them must outlast the agent.
/// </summary>
internal sealed class LooseMessages
{
    private readonly List<ThreadExit> waiting = [];

    public ExitEnricher Enricher(TestStore store)
    {
        // What one life heard, the next does not.
        waiting.Clear();
        var join = new ExitJoin(JoinTape.LargePidMax, new CpuEstimator(4_000_000)) { DelaysOn = true };
        join.BeginEra(ExitEnricher.Now(store.Clock));
        return new ExitEnricher(join, () => Drain(join, ExitEnricher.Now(store.Clock)), store.Clock);
    }

    public void SendFor(ReadOnlySpan<byte> records, ulong seed)
    {
        var count = records.Length / AcctRecord.Size;
        var figures = TestLedger.RandomFigures(seed, count);
        for (var i = 0; i < count; i++)
        {
            if (figures[i].IsKnown
                && AcctRecord.TryReadExit(records.Slice(i * AcctRecord.Size, AcctRecord.Size), out var exit)
                    == DecodeStatus.Ok)
            {
                Send(exit, figures[i], (int)(seed % 7) + i);
            }
        }
    }

    private void Send(in ProcessExit exit, in TaskFigures figures, int kind)
    {
        var last = new ThreadExit
        {
            Pid = exit.Pid,
            Tgid = exit.Pid,
            Uid = exit.Uid,
            Gid = exit.Gid,
            CommandLow = exit.CommandLow,
            CommandHigh = exit.CommandHigh,
            ElapsedMicroseconds = exit.ElapsedMicroseconds + 1_234,
            ProcessElapsedMicroseconds = exit.ElapsedMicroseconds + 1_234,
            UserMicroseconds = exit.UserMicroseconds / 2,
            SystemMicroseconds = exit.SystemMicroseconds + 77,
            MinorFaults = exit.MinorFaults,
            ReadBytes = figures.ReadBytes,
            WrittenBytes = figures.WrittenBytes,
            StorageReadBytes = figures.StorageReadBytes,
            StorageWrittenBytes = figures.StorageWrittenBytes,
            StorageCancelledBytes = figures.StorageCancelledBytes,
            ResidentMebibyteMicroseconds = figures.ResidentMebibyteMicroseconds,
            PeakResidentKibibytes = figures.PeakResidentBytes >> 10,
            Flags = ThreadExit.LastThread,
            Version = 16,
        };
        for (var reason = 0; reason < DelayFigures.Count; reason++)
        {
            last.DelayNanoseconds[reason] = figures.DelayMicroseconds[reason];
        }

        if (kind % 3 == 0)
        {
            // A program of several threads: the record bears the name of the last one, the exit that of the leader.
            var leader = last with { Flags = 0, CommandLow = JoinTape.Name($"leader-{kind % 5}").Low, CommandHigh = 0 };
            waiting.Add(leader);
            last = last with { Pid = exit.Pid + 1_000_000, EndsGroupOfMany = true };
        }

        waiting.Add(last);
    }

    private void Drain(ExitJoin join, long now)
    {
        foreach (ref readonly var thread in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(waiting))
        {
            join.Add(thread, now);
        }

        waiting.Clear();
        join.EndDrain(now);
    }
}
