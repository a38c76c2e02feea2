// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>How the last daily run ended: <c>nite/lastrun</c>, for whoever watches.</summary>
internal static class LastRuns
{
    /// <summary>Where it is.</summary>
    public static string PathOf(SuitePaths paths) => Path.Combine(paths.Nite, "lastrun");

    /// <summary>Reads it; null when there was no run.</summary>
    /// <exception cref="RunFault">It is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static LastRun? Load(SuitePaths paths) => RunMarks.Load(PathOf(paths), RunJson.Default.LastRun);

    /// <summary>Writes it.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static void Save(SuitePaths paths, DateOnly day, DateTimeOffset ended, RunCode code,
        DateTimeOffset? began = null)
    {
        var success = code is RunCode.Done or RunCode.WithWarnings ? ended : Before(paths)?.LastSuccess;
        RunMarks.Save(PathOf(paths), new LastRun(day, ended, (int)code, success, began), RunJson.Default.LastRun);
    }

    private static LastRun? Before(SuitePaths paths)
    {
        try
        {
            return Load(paths);
        }
        catch (RunFault)
        {
            return null;
        }
    }
}
