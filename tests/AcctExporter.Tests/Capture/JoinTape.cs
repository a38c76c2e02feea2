// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;
using AcctExporter.Records;

namespace AcctExporter.Tests.Capture;

/// <summary>
/// Steps of a join with a clock of their own. Each process has a number, which its threads bear as bytes read: a thread
/// joined with the wrong process shows.
/// </summary>
internal sealed class JoinTape
{
    public const uint SmallPidMax = 32_768;
    public const uint LargePidMax = 4_194_304;
    public const long Second = 1_000_000;
    public const long Millisecond = 1_000;

    /// <summary>A join whose first era began two seconds ago, and is beyond doubt.</summary>
    public JoinTape(uint pidMax = LargePidMax, int limit = ExitJoin.ProcessesMax)
    {
        Join = new(pidMax, new CpuEstimator(4_000_000), limit);
        Join.BeginEra(Now);
        Now += 2 * Second;
        Drain();
        Join.EndPass(Now, Now);
    }

    public ExitJoin Join { get; }

    public long Now { get; set; } = 1000 * Second;

    public TaskFigures Figures { get; private set; }

    public ProcessExit Exit { get; private set; }

    public static CommandName Name(string name) => CommandName.From(System.Text.Encoding.UTF8.GetBytes(name));

    public void Drain() => Join.EndDrain(Now);

    public void Pass() => Join.EndPass(Now, Now);

    /// <summary>Sends the message of a thread that ends now.</summary>
    public void Send(Life life, uint tid = 0, bool last = false, string? name = null, ulong serials = 1) =>
        Join.Add(Thread(life, tid, last, name, serials), Now);

    public ThreadExit Thread(Life life, uint tid = 0, bool last = false, string? name = null, ulong serials = 1)
    {
        var command = Name(name ?? life.Name);
        var elapsed = (ulong)(Now - life.Start);
        return new()
        {
            Pid = tid == 0 ? life.Pid : tid,
            Tgid = life.HasTgid ? life.Pid : 0,
            Uid = life.Uid,
            Gid = life.Gid,
            CommandLow = command.Low,
            CommandHigh = command.High,
            ElapsedMicroseconds = elapsed,
            ProcessElapsedMicroseconds = life.HasTgid ? elapsed : 0,
            ReadBytes = life.Serial * serials,
            UserMicroseconds = 1_234,
            SystemMicroseconds = 567,
            MinorFaults = life.ThreadFaults,
            Flags = last && life.HasTgid ? ThreadExit.LastThread : (byte)0,
            EndsGroupOfMany = last && life.Threads > 1,
            Version = (ushort)(life.HasTgid ? 16 : 11),
        };
    }

    /// <summary>A process with one thread ends now.</summary>
    public void End(Life life) => Send(life, last: true);

    /// <summary>The record of a process whose last thread ended at the time, or now.</summary>
    public ProcessExit Record(Life life, long? ended = null, string? name = null)
    {
        var command = Name(name ?? life.Name);
        return new()
        {
            Version = 3,
            Pid = life.Pid,
            Uid = life.Uid,
            Gid = life.Gid,
            CommandLow = command.Low,
            CommandHigh = command.High,
            ElapsedMicroseconds = (ulong)((ended ?? Now) - life.Start) / 10_000 * 10_000,
            UserMicroseconds = 10_000,
            SystemMicroseconds = 20_000,
            MinorFaults = life.ThreadFaults * (ulong)life.Threads,
        };
    }

    public JoinResult Try(ProcessExit exit)
    {
        var result = Join.TryJoin(ref exit, out var figures);
        (Exit, Figures) = (exit, figures);
        return result;
    }

    /// <summary>Joins the record after a drain, and one more if asked for; false when it finds nothing.</summary>
    public bool Joins(ProcessExit exit)
    {
        Drain();
        var result = Try(exit);
        if (result == JoinResult.DrainFirst)
        {
            Drain();
            result = Try(exit);
        }

        Assert.NotEqual(JoinResult.DrainFirst, result);
        return result == JoinResult.Joined;
    }
}

/// <summary>A process of a tape.</summary>
internal sealed record Life(uint Pid, ulong Serial, long Start, int Threads = 1)
{
    public string Name { get; init; } = "true";

    public uint Uid { get; init; } = 1000;

    public uint Gid { get; init; } = 100;

    public bool HasTgid { get; init; } = true;

    public ulong ThreadFaults { get; init; } = 7;
}
