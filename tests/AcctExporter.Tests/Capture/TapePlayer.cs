// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;
using AcctExporter.Journal;
using AcctExporter.Kernel;
using AcctExporter.Ledger;
using AcctExporter.Records;

namespace AcctExporter.Tests.Capture;

/// <summary>
/// An agent that hears a tape: recorder, drain, join, journal and ledger are the agent's, file, socket and clock the
/// tape's. It can be killed, and started anew, before any look at the socket.
/// </summary>
internal sealed class TapePlayer : ITaskStatsQueue, IDisposable
{
    private readonly Tape tape;
    private readonly DateTimeOffset origin;
    private readonly List<TapeLook> looks = [];
    private byte[][] datagrams = [];
    private int next;
    private int firstDrainEnds;
    private int killAfterLooks = -1;

    public TapePlayer(Tape tape, LedgerOptions? limits = null)
    {
        this.tape = tape;
        Store = new TestStore(limits, Enricher);
        origin = Store.Clock.Now;
        SetClock(tape.Passes[0].At);
        Kill();
    }

    public TestStore Store { get; }

    public ExitJoin Join { get; private set; } = null!;

    public MessageDrain Drain { get; private set; } = null!;

    public ushort Family => tape.Family;

    public uint QueuedBytes => Skip() < looks.Count ? looks[next].QueuedBytes : 0;

    /// <summary>Every exit of the journal, as it was counted, in the order of the file.</summary>
    public List<(ProcessExit Exit, TaskFigures Figures, byte[] Raw)> Journal() => JournalOf(Store);

    /// <summary>What a reader of the journal sees of each exit.</summary>
    public static List<(uint Pid, CommandName Name, ulong Elapsed, ulong Cpu, ulong Written, TaskKnowledge Known)>
        SeenOf(TestStore store) => [.. JournalOf(store).Select(one => (
            one.Exit.Pid, one.Exit.Command, one.Exit.ElapsedMicroseconds,
            one.Exit.UserMicroseconds + one.Exit.SystemMicroseconds, one.Figures.WrittenBytes,
            one.Figures.Knowledge))];

    public static List<(ProcessExit Exit, TaskFigures Figures, byte[] Raw)> JournalOf(TestStore store)
    {
        var exits = new List<(ProcessExit, TaskFigures, byte[])>();
        using var reader = new JournalReader(store.JournalPath);
        var block = new JournalBlock();
        while (reader.TryReadNext(block))
        {
            for (var i = 0; i < block.Count; i++)
            {
                Assert.Equal(DecodeStatus.Ok, AcctRecord.TryReadExit(block.RecordOf(i), out var exit));
                Assert.True(ExitSupplement.TryApply(block.ExtensionOf(i), ref exit, out var figures));
                exits.Add((exit, figures, block.RecordOf(i).ToArray()));
            }
        }

        return exits;
    }

    public void PlayAll()
    {
        foreach (var pass in tape.Passes)
        {
            Play(pass);
        }
    }

    /// <summary>One pass of the agent.</summary>
    /// <param name="pass">The step of the tape.</param>
    /// <param name="killAfter">
    /// So many looks at the socket into it the agent is killed, at its end when it takes no more; negative for not.
    /// </param>
    public void Play(TapePass pass, int killAfter = -1)
    {
        var whole = Store.Ledger;
        killAfterLooks = killAfter;
        firstDrainEnds = looks.Count + pass.FirstDrain - 1;
        looks.AddRange(pass.Looks);
        SetClock(pass.At);
        Store.Append(pass.Grown);
        try
        {
            Store.Drain();
            if (killAfter < 0)
            {
                return;
            }

            whole = Store.Ledger;
        }
        catch (KilledException)
        {
            // Nothing was seen of this pass: the next one reads what the file has.
        }

        killAfterLooks = -1;
        Kill();
        Assert.Equal(whole, Store.Ledger);
    }

    /// <summary>Ends without a word and starts anew. What was received and not written is gone with it.</summary>
    public void Kill()
    {
        next = looks.Count;
        Store.End();
        Store.Open();
    }

    public DrainStep Receive()
    {
        if (killAfterLooks >= 0 && killAfterLooks-- == 0)
        {
            throw new KilledException();
        }

        if (Skip() >= looks.Count)
        {
            return new(DrainResult.Empty, 0);
        }

        var look = looks[next++];
        SetClock(look.After);
        datagrams = look.Datagrams;
        return new(look.Result, datagrams.Length);
    }

    public ReadOnlySpan<byte> Datagram(int index) => datagrams[index];

    public void Dispose() => Store.Dispose();

    private ExitEnricher Enricher(TestStore store)
    {
        Join = new ExitJoin(tape.PidMax, new CpuEstimator(tape.TickNanoseconds));
        Drain = new MessageDrain(this, Join, store.Clock);
        Join.BeginEra(ExitEnricher.Now(store.Clock));
        return new ExitEnricher(Join, Drain.Run, store.Clock);
    }

    /// <summary>A drain that was recorded and not asked for comes with the next one.</summary>
    private int Skip()
    {
        while (next < firstDrainEnds && looks[next].Result == DrainResult.Empty)
        {
            next++;
        }

        return next;
    }

    private void SetClock(long microseconds)
    {
        var now = origin.AddTicks((microseconds - tape.Passes[0].At) * TimeSpan.TicksPerMicrosecond);
        Store.Clock.Now = now > Store.Clock.Now ? now : Store.Clock.Now;
    }

    private sealed class KilledException : Exception;
}
