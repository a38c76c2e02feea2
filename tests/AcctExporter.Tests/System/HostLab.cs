// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text.Json;
using AcctExporter.Kernel;
using AcctExporter.Tests.Kernel;

namespace AcctExporter.Tests.RealSystem;

/// <summary>
/// What a test of taskstats needs: they come to the initial namespaces only. So the agent has the host's own accounting
/// here, and gives it back; whatever else ends on the host meanwhile is counted too.
/// </summary>
internal sealed class HostLab : IDisposable
{
    /// <summary>
    /// A second in which pids of earlier processes may come again, a pass each second that ends it, and a margin of
    /// one.
    /// </summary>
    public static readonly TimeSpan Certainty = TimeSpan.FromSeconds(3.5);

    private readonly TemporaryDirectory temporary = new();
    private readonly List<AgentProcess> agents = [];
    private readonly string delays = File.ReadAllText(DelayAccounting.DefaultPath);

    /// <summary>Holds <c>segments</c>, <c>storage</c> and <c>events</c>.</summary>
    public string State => temporary.Path;

    /// <summary>A path in <see cref="State"/>.</summary>
    public string Of(string name) => temporary.Of(name);

    /// <summary>
    /// Starts an agent that demands taskstats and writes all exits as events; it may crash or refuse.
    /// </summary>
    public AgentProcess Start(string? crashAt, params string[] flags)
    {
        string[] usual =
            ["--taskstats.mode=on", $"--events.file={Of("events")}", "--events.select=all", "--pairs.limit=5000"];
        var agent = new AgentProcess(null, State, crashAt,
            [.. usual.Where(flag => !Array.Exists(flags, own => own.Split('=')[0] == flag.Split('=')[0])), .. flags]);
        agents.Add(agent);
        return agent;
    }

    /// <summary>Starts one and waits until nothing is uncertain any more.</summary>
    public AgentProcess Serve(params string[] flags)
    {
        var agent = Start(null, flags);
        agent.WaitUntilReady();
        Thread.Sleep(Certainty);
        return agent;
    }

    /// <summary>Runs a program to its end; its lines.</summary>
    public static string[] Run(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var lines = process.StandardOutput.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        process.WaitForExit();
        return process.ExitCode == 0 ? lines
            : throw new InvalidOperationException($"{program}: exit code {process.ExitCode}: {errors.Result}");
    }

    /// <summary>The events written so far, by pid; of two processes with one pid the later.</summary>
    public Dictionary<int, JsonElement> Events()
    {
        var events = new Dictionary<int, JsonElement>();
        foreach (var line in File.Exists(Of("events")) ? File.ReadLines(Of("events")) : [])
        {
            var exit = JsonDocument.Parse(line).RootElement;
            events[exit.GetProperty("pid").GetInt32()] = exit;
        }

        return events;
    }

    public void Dispose()
    {
        foreach (var agent in agents)
        {
            agent.Dispose();
        }

        // Agents that were killed left the host's accounting on, and delays measured.
        Assert.Equal(0, ProcessAccounting.Switch(null));
        File.WriteAllText(DelayAccounting.DefaultPath, delays);
        temporary.Dispose();
    }
}

/// <summary>Figures of an event.</summary>
internal static class EventFigures
{
    public static double Number(this JsonElement exit, string name) => exit.GetProperty(name).GetDouble();

    /// <summary>CPU time in microseconds, user and system.</summary>
    public static double CpuMicroseconds(this JsonElement exit) =>
        (exit.Number("user_cpu_seconds") + exit.Number("system_cpu_seconds")) * 1e6;

    public static string Command(this JsonElement exit) => exit.GetProperty("command").GetString()!;

    public static bool IsEnriched(this JsonElement exit) => exit.GetProperty("enriched").GetBoolean();
}
