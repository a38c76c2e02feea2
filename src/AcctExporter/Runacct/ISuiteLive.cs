// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Suite;

namespace AcctExporter.Runacct;

/// <summary>A part of what was done since the last daily run, live: processes, logins, pages, fees.</summary>
internal interface ISuiteLive
{
    /// <summary>Reads what is new, and adds all of it since the last run.</summary>
    /// <param name="totals">Takes it, by user.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    /// <exception cref="RunFault">What is there is damaged.</exception>
    void AddTo(SuiteTotals totals);

    /// <summary>Adds what it knows besides.</summary>
    SuiteSnapshot Show(SuiteSnapshot snapshot) => snapshot;
}
