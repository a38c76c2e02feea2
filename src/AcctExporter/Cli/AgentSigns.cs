// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using AcctExporter.Capture;
using AcctExporter.Logins;
using AcctExporter.Service;

namespace AcctExporter.Cli;

/// <summary>Signs of life of the agent, for the service manager and for <c>/-/healthy</c>. From any thread.</summary>
internal sealed class AgentSigns(TimeProvider clock)
{
    private readonly long start = clock.GetTimestamp();
    private volatile ExitCapture? capture;
    private volatile LoginWatch? logins;
    private volatile bool listens;

    /// <summary>The pipeline, once the ledger is rebuilt.</summary>
    public ExitCapture? Capture
    {
        set => capture = value;
    }

    /// <summary>The thread that follows logins; null where nobody does.</summary>
    public LoginWatch? Logins
    {
        set => logins = value;
    }

    /// <summary>The server answers.</summary>
    public bool Listens
    {
        set => listens = value;
    }

    /// <summary>What the service manager is told.</summary>
    public ServicePulse Pulse() => capture is { } running
        ? new(
            listens && running.Status.Ready && logins is not { IsReady: false }, SinceTurn(running),
            running.ExitsCounted, StateOf(running.Status))
        : new(false, clock.GetElapsedTime(start), 0, "starting");

    /// <summary>What ails the agent, for people; null for nothing.</summary>
    public string? Ailment() => capture is { } running && AilmentOf(running) is { } ailment ? ailment
        : logins is { } following ? AilmentOf(following) : null;

    /// <summary>The longer of both threads' turns.</summary>
    private TimeSpan SinceTurn(ExitCapture running) =>
        logins is { } following && following.SinceTurn > running.SinceTurn ? following.SinceTurn : running.SinceTurn;

    private static string? AilmentOf(LoginWatch logins) =>
        logins.Ended.IsCompleted ? "logins are no longer being read"
        : logins.SinceTurn < ExitCapture.LongestTurn ? null : string.Create(CultureInfo.InvariantCulture,
            $"the thread that follows logins has stood still for {logins.SinceTurn.TotalSeconds:0} s: it waits for a "
            + $"disk that does not answer, or hangs");

    private static string? AilmentOf(ExitCapture capture)
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
