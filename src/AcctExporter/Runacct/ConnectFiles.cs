// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>The files of a day's logins, from its records to what they cost.</summary>
/// <param name="Wtmp">The records as they were taken.</param>
/// <param name="Carried">Who was logged in when the day before ended; need not be there.</param>
/// <param name="Fixed">The good records: <c>nite/tmpwtmp</c>.</param>
/// <param name="FixErrors">What was wrong with others: <c>nite/wtmperror</c>.</param>
/// <param name="Tacct">Total accounting: <c>nite/ctacct.MMDD</c>.</param>
/// <param name="LineUse">How much each line was used.</param>
/// <param name="Reboots">From when to when, and what happened to the system.</param>
/// <param name="Log">What <c>acctcon</c> said.</param>
internal sealed record ConnectFiles(
    string Wtmp, string Carried, string Fixed, string FixErrors, string Tacct, string LineUse, string Reboots,
    string Log)
{
    /// <summary>Those of the daily run.</summary>
    public static ConnectFiles Of(SuitePaths paths, DateOnly day) => new(
        paths.OfNite("wtmp", day), paths.OfNite("carried", day), Path.Combine(paths.Nite, "tmpwtmp"),
        Path.Combine(paths.Nite, "wtmperror"), paths.OfNite("ctacct", day), Path.Combine(paths.Nite, "lineuse"),
        Path.Combine(paths.Nite, "reboots"), Path.Combine(paths.Nite, "log"));
}
