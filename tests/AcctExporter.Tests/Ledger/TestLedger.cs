// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
using System.Text;
using AcctExporter.Ledger;
using AcctExporter.Records;

namespace AcctExporter.Tests.Ledger;

/// <summary>
/// A ledger driven as the pipeline does it: plan, write down, apply, count. Its clock stands where it is put.
/// </summary>
internal sealed class TestLedger : IDisposable
{
    private readonly ArrayBufferWriter<byte> decisions = new();

    public TestLedger(LedgerOptions? options = null, Func<uint, string>? userName = null,
        Func<uint, string>? groupName = null, Func<uint, ExitContext>? contextOf = null,
        Func<uint, RuleInputs>? inputsOf = null) =>
        Ledger = new ExitLedger(
            options ?? new LedgerOptions(), userName ?? (uid => $"u{uid}"), groupName, contextOf, inputsOf);

    public ExitLedger Ledger { get; }

    public long UnixSeconds { get; set; } = 1_700_000_000;

    /// <summary>What was decided in the last step.</summary>
    public ReadOnlySpan<byte> Decided => decisions.WrittenSpan;

    /// <summary>An exit with nothing to it but name, owner and end.</summary>
    public static ProcessExit Exit(string command, uint uid = 0, uint exitCode = 0)
    {
        var name = CommandName.From(Encoding.UTF8.GetBytes(command));
        return new ProcessExit
        {
            CommandLow = name.Low, CommandHigh = name.High, Uid = uid, ExitCode = exitCode, Pid = 1, Version = 3,
        };
    }

    /// <summary>
    /// Figures that any size of a host may show, known of three in four exits, with delays of half of these.
    /// </summary>
    public static TaskFigures[] RandomFigures(ulong seed, int count)
    {
        var random = new Random((int)(seed & int.MaxValue));
        var figures = new TaskFigures[count];
        foreach (ref var one in figures.AsSpan())
        {
            if (random.Next(4) == 0)
            {
                continue;
            }

            // Thread for thread rounded down to 1 KiB, but that is not the ledger's business.
            one.Knowledge = random.Next(2) == 0 ? TaskKnowledge.Joined : TaskKnowledge.Joined | TaskKnowledge.Delays;
            one.ReadBytes = Figure(random);
            one.WrittenBytes = Figure(random);
            one.StorageReadBytes = Figure(random);
            one.StorageWrittenBytes = Figure(random);
            one.StorageCancelledBytes = Figure(random);
            one.ResidentMebibyteMicroseconds = (ulong)random.NextInt64() << random.Next(2);
            one.PeakResidentBytes = Figure(random);
            for (var reason = 0; reason < DelayFigures.Count && one.HasDelays; reason++)
            {
                one.DelayMicroseconds[reason] = Figure(random);
            }
        }

        return figures;
    }

    public void Count(params ReadOnlySpan<ProcessExit> exits) => Count(exits, []);

    public void Count(ReadOnlySpan<ProcessExit> exits, ReadOnlySpan<TaskFigures> figures)
    {
        decisions.ResetWrittenCount();
        var pairs = new int[exits.Length];
        Ledger.Plan(exits, pairs, decisions, UnixSeconds * 1_000_000);
        Ledger.Apply(decisions.WrittenSpan, birthsKnown: true);
        Ledger.Count(exits, figures, pairs, UnixSeconds * 1_000_000);
    }

    /// <summary>Counts one exit of each command, all of one user.</summary>
    public void Count(params string[] commands) => Count([.. commands.Select(command => Exit(command))]);

    public int Evict()
    {
        decisions.ResetWrittenCount();
        var evicted = Ledger.PlanEvictions(decisions, UnixSeconds * 1_000_000);
        Ledger.Apply(decisions.WrittenSpan, birthsKnown: true);
        return evicted;
    }

    public LedgerSnapshot Snapshot()
    {
        var snapshot = new LedgerSnapshot { WithNatives = true };
        Ledger.CopyTo(snapshot);
        return snapshot;
    }

    /// <summary>Exits by pair, as <c>user/command=exits</c>, sorted.</summary>
    public string Pairs()
    {
        var snapshot = Snapshot();
        var exits = snapshot.Rows.ToArray().Select(row => row.Exits);
        return string.Join(' ', snapshot.Pairs.Zip(exits, (pair, count) => $"{pair.User}/{pair.Command}={count}")
            .Order(StringComparer.Ordinal));
    }

    public byte[] Checkpoint() => CheckpointOf(Ledger);

    public byte[] Natives() => NativesOf(Ledger);

    public static byte[] NativesOf(ExitLedger ledger)
    {
        var bytes = new ArrayBufferWriter<byte>();
        ledger.SaveNatives(bytes);
        return bytes.WrittenSpan.ToArray();
    }

    public static byte[] CheckpointOf(ExitLedger ledger)
    {
        var bytes = new ArrayBufferWriter<byte>();
        ledger.SaveCheckpoint(bytes);
        return bytes.WrittenSpan.ToArray();
    }

    public void Dispose() => Ledger.Dispose();

    /// <summary>Of any magnitude up to 2^50, so that sums of a test do not overflow.</summary>
    private static ulong Figure(Random random) => (ulong)random.NextInt64(1L << 50) >> random.Next(50);
}
