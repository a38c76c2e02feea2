// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Doctor;

/// <summary>All that was found on a host, and what comes of it.</summary>
/// <param name="Findings">In the order of their subjects.</param>
/// <param name="Verdict">One sentence: what the agent will do here.</param>
/// <param name="Works">The agent starts and counts.</param>
internal sealed record Examination(IReadOnlyList<Finding> Findings, string Verdict, bool Works)
{
    /// <summary>A hanging directory server is reported after so long.</summary>
    private static readonly TimeSpan NameLimit = TimeSpan.FromSeconds(2);

    /// <summary>Looks at everything once. Nothing is changed.</summary>
    public static Examination Of(HostView host, DoctorOptions options)
    {
        var agent = OtherAccounting.RunningAgent(host, options.Capture);
        Finding[] findings =
        [
            .. KernelFindings.Of(host, options),
            .. RightsFindings.Of(host, options),
            .. NamespaceFindings.Of(host, options),
            .. PlaceFindings.Of(host, options),
            .. OtherAccounting.Of(host, options),
            .. TaskStatsFindings.Of(host, options),
            .. LoginFindings.Of(host, options),
            .. ClockFindings.Of(host),
            .. NameFindings.Of(host, NameLimit),
            .. ListenFindings.Of(options, agent is not null),
            .. LimitFindings.Of(host),
        ];
        var failures = findings.Where(finding => finding.State == FindingState.Failure).ToArray();
        return new(findings, Sentence(findings, failures, options, agent is not null), failures.Length == 0);
    }

    private static string Sentence(Finding[] findings, Finding[] failures, DoctorOptions options, bool agentRuns)
    {
        var prefix = agentRuns ? "An agent runs here already; one that starts in its place " : "The agent ";
        if (failures.Length > 0)
        {
            var refusals = failures.Where(failure => failure.StartsAnd.Length == 0).Select(failure => failure.Id)
                .Distinct().ToArray();
            return prefix + (refusals.Length > 0 ? "will not start: " + string.Join(", ", refusals)
                : "will start, but " + string.Join("; ",
                    failures.Select(failure => $"{failure.StartsAnd} ({failure.Id})"))) + ".";
        }

        var what = options.Capture.SourceFile is { } file ? $"will count every exit that comes to {file}"
            : "will count every exit";
        var lacks = findings.Select(finding => finding.Lacks).Where(lack => lack.Length > 0).Distinct().ToArray();
        return lacks.Length == 0
            ? $"{prefix}{what}, with true CPU time, names and I/O."
            : $"{prefix}{what}, but without {string.Join("; without ", lacks)}.";
    }
}
