// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Capture;
using AcctExporter.Service;

namespace AcctExporter.Cli;

/// <summary>Signs of life of the agent, for the service manager and for <c>/-/healthy</c>. From any thread.</summary>
internal sealed class AgentSigns(TimeProvider clock)
{
    private readonly long start = clock.GetTimestamp();
    private volatile ExitCapture? capture;
    private volatile bool listens;

    /// <summary>The pipeline, once the ledger is rebuilt.</summary>
    public ExitCapture? Capture
    {
        set => capture = value;
    }

    /// <summary>The server answers.</summary>
    public bool Listens
    {
        set => listens = value;
    }

    /// <summary>What the service manager is told.</summary>
    public ServicePulse Pulse() => capture is { } running
        ? new(listens && running.Status.Ready, running.SinceTurn, running.ExitsCounted, StateOf(running.Status))
        : new(false, clock.GetElapsedTime(start), 0, "starting");

    /// <summary>What ails the pipeline, for people; null for nothing.</summary>
    public static string? AilmentOf(ExitCapture capture)
    {
        if (capture.Ended.IsCompleted)
        {
            return "exits are no longer being read";
        }

        var turn = capture.SinceTurn;
        return turn < ExitCapture.LongestTurn ? null : string.Create(CultureInfo.InvariantCulture,
            $"the thread that counts exits has stood still for {turn.TotalSeconds:0} s: it waits for a disk that does "
            + $"not answer, or hangs");
    }

    private static string StateOf(CaptureStatus status)
    {
        var accounting = status.AccountingActive ? "accounting active" : "accounting not active";
        var side = status switch
        {
            { TaskStatsWanted: false } => "taskstats not wanted",
            { TaskStatsUp: true } => "taskstats joined",
            _ => "taskstats missing",
        };
        return status.Ready ? $"{accounting}, {side}" : $"{accounting}, {side}, counting the backlog of the start";
    }
}
