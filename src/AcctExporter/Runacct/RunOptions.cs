// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>What a run of the suite works on.</summary>
internal sealed record RunOptions
{
    /// <summary>The suite's settings.</summary>
    public SuiteOptions Suite { get; init; } = new();

    /// <summary>The agent's storage folder, where its journal is.</summary>
    public required string StoragePath { get; init; }

    /// <summary>By the classic rules, where they are kept: a state that is done twice counts twice.</summary>
    public bool Compat { get; init; }

    /// <summary>How long the site's own program may work.</summary>
    public TimeSpan UserExitTime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Where the suite's files are.</summary>
    public SuitePaths Paths =>
        new(Suite.Path.Length > 0 ? Suite.Path : Path.Combine(StoragePath, SuitePaths.FolderName));
}
