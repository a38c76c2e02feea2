// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Capture;
using AcctExporter.Config;
using AcctExporter.Doctor;
using AcctExporter.Kernel;

namespace AcctExporter.Cli;

/// <summary>
/// The first thing that <c>serve</c> does. What takes a capability only to be opened is opened; then all capabilities
/// are given up but those that the configuration goes on needing, and the program starts anew with the open
/// descriptors. It takes a new program because .NET has threads by now, and each thread has capabilities of its own.
/// </summary>
internal sealed class FewerRights
{
    /// <summary>Tells the program that this process becomes what is open. Nobody else is to set it.</summary>
    public const string Variable = "_ACCT_EXPORTER_OPENED";

    private const ulong ReadBit = 1UL << Capabilities.DacReadSearch;
    private const ulong PtraceBit = 1UL << Capabilities.SysPtrace;

    private readonly AgentOptions options;
    private readonly CapabilitySets full = CapabilitySets.Read();
    private readonly RightsPlan plan;

    private FewerRights(AgentOptions options, IEnumerable<string?> readAgain)
    {
        this.options = options;
        plan = RightsPlan.Of(options, readAgain, full);
    }

    /// <summary>Sources that are open, for the pipeline.</summary>
    public OpenedSources Opened { get; private set; } = new();

    /// <summary>Why rights could not be given up; null when they were, or there were none to give up.</summary>
    public string? Trouble { get; private set; }

    /// <summary>The capabilities that are left, as people write them.</summary>
    public string Left => CapabilitySets.Text(Trouble is null ? CapabilitySets.Read().Permitted : full.Permitted);

    /// <summary>
    /// Gives up what is not needed. Where that takes a new start, it does not return: the new one comes here again, and
    /// takes over what is open.
    /// </summary>
    /// <param name="options">What is configured.</param>
    /// <param name="readAgain">The files that a new start or a reload reads again; null for one that is not.</param>
    /// <param name="cancellation">Set when the agent is to end.</param>
    /// <exception cref="CaptureFault">A place cannot be written to with the rights that will be left.</exception>
    public static FewerRights Begin(
        AgentOptions options, IEnumerable<string?> readAgain, CancellationToken cancellation)
    {
        var handed = Environment.GetEnvironmentVariable(Variable);
        // Programs that the agent starts do not see it.
        Environment.SetEnvironmentVariable(Variable, null);
        var rights = new FewerRights(options, readAgain);
        if (handed is not null && OpenedSources.TakeOver(handed) is { } opened)
        {
            rights.Opened = opened;
        }
        else if ((rights.full.Permitted & ~rights.plan.Kept) != 0)
        {
            rights.Lower(cancellation);
        }

        return rights;
    }

    private void Lower(CancellationToken cancellation)
    {
        // From here on a signal that ends the agent does so at once: the new start would not know of it.
        using var signals = SameProgram.UnhandledSignals();
        var kept = plan.Kept;
        if (WithOnly(kept, () => plan.Unreadable().Any() || RightsPlan.WhyNoNewStart() is not null))
        {
            kept |= full.Permitted & ReadBit;
        }

        if (WithOnly(kept, plan.LacksProcesses))
        {
            kept |= full.Permitted & PtraceBit;
        }

        if ((full.Permitted & ~kept) == 0)
        {
            return;
        }

        if (WithOnly(kept, RightsPlan.WhyNoNewStart) is { } obstacle)
        {
            Trouble = obstacle;
            return;
        }

        foreach (var (path, flag) in WithOnly(kept, () => plan.Unwritable().ToArray()))
        {
            throw new CaptureFault(plan.FaultOf(path, flag));
        }

        plan.Prepare();
        Opened = Open();
        if (cancellation.IsCancellationRequested)
        {
            return;
        }

        Trouble = Start(kept);
    }

    private OpenedSources Open()
    {
        var needs = plan.Features;
        return OpenedSources.Open(
            needs.HasFlag(Feature.Accounting) && (full.Effective >> Capabilities.SysPacct & 1) != 0
                ? options.Capture.AccountingPath : null,
            needs.HasFlag(Feature.TaskStats) ? options.Capture.TaskStatsBuffer : 0,
            needs.HasFlag(Feature.Units) ? ProcessScopes.StandardReceiveBuffer : 0);
    }

    /// <summary>Returns only when it fails: why.</summary>
    private string Start(ulong kept)
    {
        var errno = CapabilitySets.ForbidNewOnes();
        if (errno != 0)
        {
            return $"prctl(PR_SET_NO_NEW_PRIVS): {Errno.Describe(errno)}";
        }

        CapabilitySets.Bound(kept);
        errno = new CapabilitySets(kept & full.Effective, kept, kept).Set();
        if (errno != 0)
        {
            return $"capset: {Errno.Describe(errno)}";
        }

        CapabilitySets.RaiseAmbient(kept);
        errno = SameProgram.Start(Variable, Opened.HandOver());
        return $"{SameProgram.Path} cannot be started anew: {Errno.Describe(errno)}";
    }

    /// <summary>Asks something as if these were all the capabilities of this thread.</summary>
    private T WithOnly<T>(ulong kept, Func<T> question)
    {
        if ((full with { Effective = full.Effective & kept }).Set() != 0)
        {
            // A filter of system calls is in the way: so it will be of giving them up, which says so.
            return question();
        }

        try
        {
            return question();
        }
        finally
        {
            _ = full.Set();
        }
    }
}
