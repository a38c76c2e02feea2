// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Reports;

namespace AcctExporter.Runacct;

/// <summary>
/// The states WTMPFIX and CONNECT of the daily run. Both are functions of their input files: done again, they write the
/// same bytes.
/// </summary>
/// <param name="files">The day's files.</param>
/// <param name="holidays">The table of prime time.</param>
/// <param name="compat">The classic numbers.</param>
/// <param name="accounts">The users' numbers.</param>
/// <param name="clock">For its zone.</param>
internal sealed class DayConnect(
    ConnectFiles files, string holidays, bool compat, LoginAccounts accounts, TimeProvider clock)
{
    /// <summary>WTMPFIX: the good records, and what was wrong with the others.</summary>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public LoginStage Fix() => throw new NotSupportedException($"{files} {compat}");

    /// <summary>CONNECT: what each user's sessions of the day cost, line use, and reboots.</summary>
    /// <exception cref="IOException">A file cannot be read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public LoginStage Charge() => throw new NotSupportedException($"{holidays} {accounts} {clock}");
}
