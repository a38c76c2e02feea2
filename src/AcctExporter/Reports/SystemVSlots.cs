// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>Accounting records of System V, as <see cref="SystemVRecord"/> reads them.</summary>
/// <param name="slotBytes">Bytes of a record.</param>
/// <param name="isSwapped">They are in the other byte order.</param>
/// <param name="ticksPerSecond">Ticks a second, which no record says.</param>
/// <param name="skipped">Told how many records of other types were met.</param>
internal sealed class SystemVSlots(int slotBytes, bool isSwapped, ushort ticksPerSecond, Action<int> skipped)
    : ISlotForm
{
    /// <inheritdoc/>
    public int SlotBytes => slotBytes;

    /// <inheritdoc/>
    public void Take(ReadOnlySpan<byte> slots, ExitBatch batch)
    {
        batch.IsSystemV = true;
        var others = 0;
        for (; !slots.IsEmpty; slots = slots[slotBytes..])
        {
            if (!SystemVRecord.IsProcess(slots))
            {
                others++;
                continue;
            }

            SystemVRecord.Write(slots[..slotBytes], isSwapped, batch.Slot(batch.Count));
            batch.SetTicks(batch.Count++, ticksPerSecond);
        }

        if (others > 0)
        {
            skipped(others);
        }
    }
}
