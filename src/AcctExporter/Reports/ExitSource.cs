// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Reports;

/// <summary>One place that exits come from: a file, or the journal.</summary>
internal abstract class ExitSource : IDisposable
{
    /// <summary>Fills an empty batch; false when there is nothing more, for now or for ever.</summary>
    public abstract bool Read(ExitBatch batch);

    /// <summary>Lets go of what is open.</summary>
    public abstract void Dispose();
}
