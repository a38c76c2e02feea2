// SPDX-License-Identifier: Apache-2.0
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Reports;

/// <summary>
/// The exits of a file in which every slot counts, from its end to its beginning. Less than a slot at the
/// end is left out, as when reading forwards.
/// </summary>
/// <param name="file">The file; closed with this.</param>
/// <param name="form">What is in it.</param>
/// <param name="torn">Told how many bytes at the end are less than a slot.</param>
internal sealed class SlotsBackward(SafeFileHandle file, ISlotForm form, Action<int>? torn = null) : ExitSource
{
    private readonly byte[] room = new byte[ExitBatch.Capacity * form.SlotBytes];
    private long end = -1;

    /// <inheritdoc/>
    public override bool Read(ExitBatch batch)
    {
        if (end < 0)
        {
            end = RandomAccess.GetLength(file);
            var rest = (int)(end % form.SlotBytes);
            end -= rest;
            if (rest > 0)
            {
                torn?.Invoke(rest);
            }
        }

        while (batch.Count == 0 && end > 0)
        {
            var start = Math.Max(0, end - room.Length);
            var length = 0;
            while (length < end - start
                && RandomAccess.Read(file, room.AsSpan(length, (int)(end - start) - length), start + length)
                    is > 0 and var read)
            {
                length += read;
            }

            form.Take(room.AsSpan(0, length - (length % form.SlotBytes)), batch);
            end = start;
        }

        batch.Reverse();
        return batch.Count > 0;
    }

    /// <inheritdoc/>
    public override void Dispose() => file.Dispose();
}
