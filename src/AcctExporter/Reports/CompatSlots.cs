// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// Accounting records as GNU acct takes them: every 64 bytes are one, zeros and noise as well, of the version that
/// their second byte says. Version 5 is skipped, and higher ones with a message for each.
/// </summary>
/// <param name="assumedTicks">Ticks a second of records that do not say it.</param>
/// <param name="errors">Where the messages go.</param>
internal sealed class CompatSlots(ushort assumedTicks, TextWriter errors) : ISlotForm
{
    private const int SkippedVersion = 5;

    /// <inheritdoc/>
    public int SlotBytes => AcctRecord.Size;

    /// <inheritdoc/>
    public void Take(ReadOnlySpan<byte> slots, ExitBatch batch)
    {
        for (; !slots.IsEmpty; slots = slots[AcctRecord.Size..])
        {
            if (HostRecord.TryWriteSlot(slots, batch.Slot(batch.Count), assumedTicks, out var ticks))
            {
                batch.SetTicks(batch.Count++, ticks);
            }
            else if ((slots[1] & 0x7f) != SkippedVersion)
            {
                errors.WriteLine("ERROR: unknown acct file format");
            }
        }
    }
}
