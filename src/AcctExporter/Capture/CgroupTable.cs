// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Records;

namespace AcctExporter.Capture;

/// <summary>
/// The control group (as a number of <see cref="CgroupScopes"/>) of every process that lives, or has ended and waits
/// for its accounting record. A child is where its parent was; one that runs another program is looked at in /proc,
/// because service managers and container runtimes move a process between fork and exec. The exit event comes after
/// the record was written, fork and exec before: so a record that is read finds its process here. Pids are used again:
/// per pid, first in, first out.
/// </summary>
internal sealed partial class CgroupTable
{
    /// <summary>The most processes that are known at a time.</summary>
    public const int Most = 1 << 17;

    private const int None = -1;
    private const long Second = 1_000_000_000;
    private const long SweepInterval = 10 * Second;

    /// <summary>How long an ended process waits for its record.</summary>
    public const long RecordLimit = 60 * Second;

    /// <summary>
    /// A process that moves itself and runs no other program is looked at again when it forks, so often at most.
    /// </summary>
    private const long LookInterval = Second;

    private readonly ProcessCgroups files;
    private readonly CgroupScopes scopes;
    private readonly int most;
    private long now;
    private long swept;

    /// <summary>An empty table: <see cref="Scan"/> fills it.</summary>
    public CgroupTable(ProcessCgroups files, CgroupScopes scopes, int most = Most)
    {
        this.files = files;
        this.scopes = scopes;
        this.most = most;
    }

    /// <summary>Processes known.</summary>
    public int Count => alive;

    /// <summary>When /proc was last read as a whole, by CLOCK_MONOTONIC: what ended before is not known.</summary>
    public long ScannedNanoseconds { get; private set; }

    /// <summary>
    /// Forgets everything and looks at every process in /proc: at the start, and after events were lost. Events that
    /// were lost belong to processes that are then not known.
    /// </summary>
    /// <param name="clock">Reads CLOCK_MONOTONIC.</param>
    public void Scan(Func<long> clock)
    {
        Clear();
        now = clock();
        foreach (var pid in files.Processes())
        {
            if (PathOf(pid) is { IsEmpty: false } path && Add(pid, scopes.Of(path)) is not None and var added)
            {
                entries[added].Scanned = true;
            }
        }

        now = ScannedNanoseconds = clock();
    }

    /// <summary>Says what time it is, before events are applied; now and then looks for what nobody needs.</summary>
    public void Tick(long monotonicNanoseconds)
    {
        now = monotonicNanoseconds;
        if (now - swept < SweepInterval)
        {
            return;
        }

        swept = now;
        Expire();
        if (scopes.NearlyFull)
        {
            FreeScopes();
        }
    }

    /// <summary>Takes in one event, in the order in which the kernel sent them.</summary>
    public void Apply(in ProcessEvent happened)
    {
        switch (happened.Kind)
        {
            case ProcessEventKind.Fork when happened.IsProcess:
                Fork(happened);
                break;
            case ProcessEventKind.Exec:
                Exec(happened.Process);
                break;
            case ProcessEventKind.Exit when happened.IsProcess:
                Exit(happened.Process);
                break;
            default:
                break;
        }
    }

    /// <summary>
    /// The number for the process of a record; <see cref="CgroupScopes.Unknown"/> when it is not known. Records must be
    /// asked for in their order, each once.
    /// </summary>
    public int TakeForRecord(uint pid)
    {
        var at = First(pid, static entry => !entry.RecordTaken);
        if (at == None)
        {
            return CgroupScopes.Unknown;
        }

        var scope = entries[at].Scope;
        entries[at].RecordTaken = true;
        if (entries[at].ExitSeen)
        {
            Remove(at);
        }

        return scope;
    }

    private void Fork(in ProcessEvent happened)
    {
        var child = First(happened.Process, static entry => entry.Scanned);
        if (child != None)
        {
            if (happened.MonotonicNanoseconds <= ScannedNanoseconds)
            {
                // The scan has seen it already.
                return;
            }

            // Ended before the scan, and not waited for until now: no exit event was to come.
            if (!entries[child].ExitSeen)
            {
                Remove(child);
            }
        }

        var parent = Newest(happened.Parent);
        if (parent == None)
        {
            parent = Look(happened.Parent);
        }
        else if (now - entries[parent].LookedNanoseconds >= LookInterval)
        {
            LookAgain(parent);
        }

        Add(happened.Process, parent == None ? CgroupScopes.Unknown : entries[parent].Scope);
    }

    private void Exec(uint pid)
    {
        var at = Newest(pid);
        if (at == None)
        {
            Look(pid);
            return;
        }

        // A thread that is not the first may call exec: then the first one ends, and the process goes on.
        if (!entries[at].RecordTaken)
        {
            entries[at].ExitSeen = false;
        }

        LookAgain(at);
    }

    /// <summary>
    /// A first thread may end long before its process: the entry waits for the record, as <see cref="Expire"/> sees.
    /// </summary>
    private void Exit(uint pid)
    {
        var at = First(pid, static entry => !entry.ExitSeen);
        if (at == None)
        {
            return;
        }

        entries[at].ExitSeen = true;
        entries[at].ExitNanoseconds = now;
        if (entries[at].RecordTaken)
        {
            Remove(at);
        }
    }

    /// <summary>Takes in a process that no event has told of; none when it is gone.</summary>
    private int Look(uint pid) => PathOf(pid) is { IsEmpty: false } path ? Add(pid, scopes.Of(path)) : None;

    /// <summary>
    /// Where the process is now, if it still lives. Hierarchies of v1 say <c>/</c> for one that is ending, so that is
    /// no news of a process that was elsewhere.
    /// </summary>
    private void LookAgain(int at)
    {
        entries[at].LookedNanoseconds = now;
        var path = PathOf(entries[at].Pid);
        if (path.Length > 1 || (path.Length == 1 && entries[at].Scope == CgroupScopes.Unknown))
        {
            entries[at].Scope = scopes.Of(path);
        }
    }

    private ReadOnlySpan<byte> PathOf(uint pid) => CgroupPath.OfProcess(files.Read(pid));

    /// <summary>Ended, and without a record for too long. A process whose first thread alone has ended stays.</summary>
    private void Expire()
    {
        for (var at = 0; at < entryCount; at++)
        {
            ref var entry = ref entries[at];
            if (!entry.Used || !entry.ExitSeen || now - entry.ExitNanoseconds < RecordLimit)
            {
                continue;
            }

            if (Newest(entry.Pid) == at && !files.Read(entry.Pid).IsEmpty)
            {
                entry.ExitNanoseconds = now;
            }
            else
            {
                Remove(at);
            }
        }
    }

    private void FreeScopes()
    {
        var used = new bool[CgroupScopes.Most];
        foreach (ref readonly var entry in entries.AsSpan(0, entryCount))
        {
            used[entry.Scope] |= entry.Used;
        }

        scopes.Keep(used);
    }
}
