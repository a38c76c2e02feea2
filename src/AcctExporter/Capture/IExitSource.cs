// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;

namespace AcctExporter.Capture;

/// <summary>
/// What a scrape needs of the pipeline. The pipeline itself is one implementation, a test's ledger the other.
/// </summary>
internal interface IExitSource
{
    /// <summary>The latest state.</summary>
    CaptureStatus Status { get; }

    /// <summary>
    /// Waits until everything that the accounting file held on arrival is counted, but no longer than <paramref
    /// name="limit"/>. Callers that wait at the same time share one pass.
    /// </summary>
    /// <returns>False when the limit came first: what is counted by then is shown.</returns>
    Task<bool> CatchUpAsync(TimeSpan limit, CancellationToken cancellation);

    /// <summary>Copies the ledger.</summary>
    void CopyTo(LedgerSnapshot snapshot);
}
