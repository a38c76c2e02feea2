// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>What is said to whom the lock is refused.</summary>
internal static class RunLock
{
    /// <summary>Who has it, and what to do.</summary>
    /// <param name="paths">The suite's files.</param>
    /// <param name="holder">The pid in the lock file; null when there is none.</param>
    public static string HeldBy(SuitePaths paths, string? holder) =>
        $"{paths.Lock} is held by {(holder is null ? "another process" : "process " + holder)}: a run of the suite is "
        + "at work. Nothing was changed; wait for its end";
}
