// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>When each user logged in last (<c>sum/loginlog</c>), brought up to date by a day's sessions: state CMS.</summary>
internal static class DayLoginlog
{
    /// <summary>Writes it anew, whole or not at all.</summary>
    /// <param name="paths">The suite's files.</param>
    /// <param name="files">The day's.</param>
    /// <param name="day">The day of the run.</param>
    /// <param name="compat">As the classic suite did it: the date of the run, two digits of the year.</param>
    /// <param name="clock">For its zone.</param>
    /// <param name="passwd">Where the users are.</param>
    /// <param name="say">Takes warnings.</param>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static LoginStage Write(
        SuitePaths paths, ConnectFiles files, DateOnly day, bool compat, TimeProvider clock, string passwd,
        Action<string> say) => throw new NotSupportedException();
}
