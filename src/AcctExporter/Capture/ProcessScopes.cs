// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using AcctExporter.Kernel;
using AcctExporter.Ledger;
using AcctExporter.Records;

namespace AcctExporter.Capture;

/// <summary>
/// Knows of each exit what optional labels and rules need: its group, its executable, and from the process connector
/// the control group that it was in. For the capture thread alone. Before records are read: the file's size, then
/// <see cref="Drain"/>, then records up to that size; so the forks of all of them are known.
/// </summary>
internal sealed class ProcessScopes : IDisposable
{
    /// <summary>Room for some 40,000 events: a second and more of the worst storm.</summary>
    public const int StandardReceiveBuffer = 16 << 20;

    /// <summary>Seconds and comp_t cut times down, and a record is written a moment after its time is taken.</summary>
    private const long EndSlackSeconds = 2;

    /// <summary>The labels, and <see cref="OptionalLabels.Unit"/> where rules ask for it.</summary>
    private readonly OptionalLabels known;
    private readonly TimeProvider clock;
    private readonly int receiveBufferBytes;
    private readonly OpenedSources opened;
    private readonly CgroupScopes scopes;
    private readonly LabelContexts contexts;
    private readonly ProcessCgroups? files;
    private readonly CgroupTable? table;
    private ProcessConnector? connector;
    private int generation;
    private ulong events;
    private ulong drops;
    private ulong exitsWithoutCgroup;

    /// <param name="labels">The labels that are wanted.</param>
    /// <param name="unitForRules">Rules ask for the unit, be it a label or not.</param>
    /// <param name="clock">The wall clock, to tell exits from before the connector was heard.</param>
    /// <param name="receiveBufferBytes">How much of events may wait.</param>
    /// <param name="opened">Where the connector may be already.</param>
    /// <exception cref="IOException">There is no /proc.</exception>
    public ProcessScopes(
        OptionalLabels labels, bool unitForRules, TimeProvider clock, int receiveBufferBytes = StandardReceiveBuffer,
        OpenedSources? opened = null)
    {
        this.opened = opened ?? new();
        this.receiveBufferBytes = receiveBufferBytes;
        known = labels | (unitForRules ? OptionalLabels.Unit : OptionalLabels.None);
        this.clock = clock;
        scopes = new CgroupScopes(known);
        contexts = new LabelContexts(labels);
        if (WantsConnector)
        {
            files = new ProcessCgroups();
            table = new CgroupTable(files, scopes);
        }
    }

    /// <summary>A label or a rule needs control groups, so <see cref="TryStart"/> is needed.</summary>
    public bool WantsConnector => (known & OptionalLabels.OfCgroup) != 0;

    /// <summary>Units are known: to rules in any case, as a label if it is one.</summary>
    public bool KnowsUnits => known.HasFlag(OptionalLabels.Unit);

    /// <summary>Paths of executables for rules; null where no rule asks for one.</summary>
    public ExecutablePaths? Executables { get; set; }

    /// <summary>What to wait for besides the accounting file; null before <see cref="TryStart"/>.</summary>
    public NetlinkSocket? Socket => connector?.Socket;

    /// <summary>For scrapes; null when neither a label nor a rule asks for the connector.</summary>
    public ProcessScopesStatus? Status =>
        WantsConnector ? new(connector is not null, events, drops, exitsWithoutCgroup) : null;

    /// <summary>What stands behind a context: for the ledger.</summary>
    public ExitContext ContextOf(uint context) => contexts[context];

    /// <summary>What rules may ask for behind a context: for the ledger.</summary>
    public RuleInputs InputsOf(uint context) => contexts.InputsOf(context);

    /// <summary>
    /// Opens the connector and looks at every process that there is. Without it, units, containers and pods are not
    /// known, and counting goes on.
    /// </summary>
    /// <param name="why">When false: a sentence for the log.</param>
    public bool TryStart(out string why)
    {
        if (table is null || connector is not null)
        {
            why = "";
            return true;
        }

        connector = opened.TakeConnector(receiveBufferBytes, out var fault);
        why = fault.Message;
        if (connector is null)
        {
            return false;
        }

        table.Scan(Stopwatch.GetTimestamp);
        return true;
    }

    /// <summary>Takes in the events that wait; after a loss, looks at all processes anew.</summary>
    public void Drain()
    {
        if (connector is null || table is null)
        {
            return;
        }

        table.Tick(Stopwatch.GetTimestamp());
        var lost = false;
        while (true)
        {
            var step = connector.Receive();
            if (step.Result == DrainResult.Empty)
            {
                break;
            }

            lost |= step.Result == DrainResult.Overflow;
            for (var i = 0; i < step.Count; i++)
            {
                table.Apply(connector.Event(i));
            }

            events += (ulong)step.Count;
        }

        if (lost)
        {
            drops++;
            table.Scan(Stopwatch.GetTimestamp);
        }
    }

    /// <summary>
    /// Sets the context of each exit of a block that is about to be planned. Records come in their order, each once:
    /// not those that are held back and read again.
    /// </summary>
    /// <param name="exits">The exits.</param>
    /// <param name="figures">What taskstats say of each; empty without these.</param>
    /// <param name="ledger">Told to forget when contexts mean something else from now on.</param>
    public void SetContexts(Span<ProcessExit> exits, ReadOnlySpan<TaskFigures> figures, ExitLedger ledger)
    {
        if (known == OptionalLabels.None && Executables is null)
        {
            return;
        }

        if (generation != scopes.Generation || !contexts.HasRoomFor(exits.Length))
        {
            generation = scopes.Generation;
            contexts.Clear();
            ledger.ForgetRawKeys();
        }

        var knownSince = KnownSinceUnixSeconds();
        var paths = figures.IsEmpty ? null : Executables;
        for (var i = 0; i < exits.Length; i++)
        {
            ref var exit = ref exits[i];
            var exe = paths is null ? "" : paths.Of(exit, figures[i]);
            exit.Context = contexts.Of(exit.Gid, ScopeOf(exit, knownSince), scopes, exe);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        connector?.Dispose();
        files?.Dispose();
    }

    /// <summary>
    /// When the table was last filled, by the wall clock as it stands now: it may have been set meanwhile, and the
    /// exits that are yet to be read were recorded by it.
    /// </summary>
    private long KnownSinceUnixSeconds() => table is null ? 0 : clock.GetUtcNow().ToUnixTimeSeconds()
        - (long)Stopwatch.GetElapsedTime(table.ScannedNanoseconds).TotalSeconds;

    private int ScopeOf(in ProcessExit exit, long knownSince)
    {
        if (table is null)
        {
            return CgroupScopes.Nothing;
        }

        // The elapsed time is a float of 24 bits of ticks: of a year it may be seconds off.
        var elapsed = exit.ElapsedMicroseconds / 1_000_000;
        var ended = exit.BeginUnixSeconds + (long)elapsed + (long)(elapsed >> 20) + EndSlackSeconds;
        var scope = connector is null || ended < knownSince ? CgroupScopes.Unknown : table.TakeForRecord(exit.Pid);
        exitsWithoutCgroup += scope == CgroupScopes.Unknown ? 1UL : 0;
        return scope;
    }
}
