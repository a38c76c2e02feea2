// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;
using AcctExporter.Records;

namespace AcctExporter.Capture;

/// <summary>
/// Sees every exit that is counted, behind the ledger, on the thread that counts: it must neither wait for anybody
/// else nor allocate. What a restart counts again from the journal is not shown.
/// </summary>
internal interface IExitObserver
{
    /// <summary>A block was counted.</summary>
    /// <param name="ledger">What counted it; its pairs stay in their places during the call.</param>
    /// <param name="exits">The exits.</param>
    /// <param name="figures">What taskstats say of each; empty where they are not wanted.</param>
    /// <param name="pairs">The pair of each, or one of the special numbers of <see cref="ExitTable"/>.</param>
    void Counted(
        ExitLedger ledger, ReadOnlySpan<ProcessExit> exits, ReadOnlySpan<TaskFigures> figures, ReadOnlySpan<int> pairs);
}
