// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text.Json;

namespace AcctExporter.Tests.RealSystem;

/// <summary>One run of <c>acct-exporter doctor --format json</c>, through what takes something from it.</summary>
internal sealed class DoctorRun
{
    private readonly Dictionary<string, (string State, string[] Mend)> findings = [];

    private DoctorRun(int exitCode, string verdict) => (ExitCode, Verdict) = (exitCode, verdict);

    public int ExitCode { get; }

    public string Verdict { get; }

    /// <summary>Runs it on the host, or in a namespace of a test.</summary>
    public static DoctorRun Of(AccountingNamespace? inside, params string[] wrapper)
    {
        string[] command = [.. wrapper, AgentProcess.Program, "doctor", "--format", "json"];
        if (inside is not null)
        {
            command = ["nsenter", "-t", $"{inside.FirstPid}", "-p", "-m", "--", .. command];
        }

        using var process = Process.Start(
            new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true })!;
        using var json = JsonDocument.Parse(process.StandardOutput.ReadToEnd());
        process.WaitForExit();
        var root = json.RootElement;
        var run = new DoctorRun(process.ExitCode, root.GetProperty("verdict").GetString()!);
        Assert.Equal(process.ExitCode, root.GetProperty("exit_code").GetInt32());
        foreach (var finding in root.GetProperty("findings").EnumerateArray())
        {
            run.findings.Add(
                finding.GetProperty("id").GetString()!,
                (finding.GetProperty("state").GetString()!,
                    [.. finding.GetProperty("mend").EnumerateArray().Select(mend => mend.GetString()!)]));
        }

        return run;
    }

    /// <summary>How a finding stands.</summary>
    public string State(string id) => findings.TryGetValue(id, out var finding) ? finding.State : "none";

    /// <summary>The commands of a finding.</summary>
    public IReadOnlyList<string> Mends(string id) => findings[id].Mend;

    /// <summary>The finding stands so, and one of its commands holds that text.</summary>
    public void Says(string id, string state, string mend)
    {
        Assert.Equal(state, State(id));
        Assert.Contains(findings[id].Mend, command => command.Contains(mend, StringComparison.Ordinal));
    }
}
