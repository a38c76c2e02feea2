// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Reports;

/// <summary>What a file of slots of one size holds, whatever is in them.</summary>
internal interface ISlotForm
{
    /// <summary>Bytes of a slot.</summary>
    int SlotBytes { get; }

    /// <summary>Adds the exits in some whole slots to an empty batch, in their order.</summary>
    /// <param name="slots">The slots.</param>
    /// <param name="batch">Where the exits go.</param>
    void Take(ReadOnlySpan<byte> slots, ExitBatch batch);
}
