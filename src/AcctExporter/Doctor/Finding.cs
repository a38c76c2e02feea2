// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Doctor;

/// <summary>How a finding stands to the agent's work; the later, the worse.</summary>
internal enum FindingState
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Worth knowing; nothing is in the way.</summary>
    Note,

    /// <summary>It could not be seen from here.</summary>
    Unknown,

    /// <summary>The agent counts, but something is missing or in danger.</summary>
    Warning,

    /// <summary>The agent does not start, or counts nothing.</summary>
    Failure,
}

/// <summary>One thing that was looked at on this host.</summary>
/// <param name="Id">Stable, for programs: kebab-case.</param>
/// <param name="State">How it stands.</param>
/// <param name="What">What is so on this host: one sentence, with numbers.</param>
internal sealed record Finding(string Id, FindingState State, string What)
{
    /// <summary>What does not work because of it; empty where nothing is amiss.</summary>
    public string Means { get; init; } = "";

    /// <summary>The exact commands that mend it, one a line; where no command does, what to do.</summary>
    public IReadOnlyList<string> Mend { get; init; } = [];

    /// <summary>What the count lacks because of it, as the verdict names it; empty for nothing.</summary>
    public string Lacks { get; init; } = "";

    /// <summary>
    /// Of a failure that lets the agent start: what it will do then, as the verdict says it. Empty: it does not start.
    /// </summary>
    public string StartsAnd { get; init; } = "";

    /// <summary>As it should be.</summary>
    public static Finding Ok(string id, string what) => new(id, FindingState.Ok, what);

    /// <summary>Worth knowing.</summary>
    public static Finding Note(string id, string what) => new(id, FindingState.Note, what);
}
