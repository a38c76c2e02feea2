// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Logins;
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>What a stage of the day's logins came to.</summary>
/// <param name="HasInput">There was something to work on; else what it wrote is empty.</param>
/// <param name="Warnings">What was said of faults: the work was done all the same.</param>
internal readonly record struct LoginStage(bool HasInput, int Warnings);

/// <summary>
/// Takes the login records of a day (state SETUP): what was written to the system's wtmp, or to wtmpdb, since the last
/// time, and the suite's own reasons between them. The system's files are only read.
/// </summary>
internal static class DayLogins
{
    /// <summary>
    /// Makes <c>nite/wtmp.MMDD</c> and <c>nite/carried.MMDD</c> (who was logged in when the day before ended), and
    /// moves <c>nite/logins</c>, up to where records are taken, on. What is there already is not taken again.
    /// </summary>
    /// <param name="options">Where logins are.</param>
    /// <param name="paths">The suite's files.</param>
    /// <param name="day">The day of the run.</param>
    /// <param name="cutSeconds">Its end, in seconds since 1970: what is open is charged up to here.</param>
    /// <param name="say">Takes warnings.</param>
    /// <exception cref="IOException">A file of the suite cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static LoginStage Take(
        LoginOptions options, SuitePaths paths, DateOnly day, long cutSeconds, Action<string> say) =>
        throw new NotSupportedException();
}
