// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Reports;

/// <summary>The exits of a file in which every slot counts, from its beginning.</summary>
/// <param name="stream">The file's bytes; closed with this.</param>
/// <param name="form">What is in them.</param>
/// <param name="torn">Told once how many bytes at the end are less than a slot.</param>
/// <param name="follows">More may come after the end.</param>
internal sealed class SlotsForward(Stream stream, ISlotForm form, Action<int>? torn = null, bool follows = false)
    : ExitSource
{
    private readonly byte[] room = new byte[ExitBatch.Capacity * form.SlotBytes];

    /// <summary>Bytes at the start of <see cref="room"/> of a slot that is not whole yet.</summary>
    private int kept;
    private bool isDone;

    /// <inheritdoc/>
    public override bool Read(ExitBatch batch)
    {
        while (batch.Count == 0 && !isDone)
        {
            var length = kept;
            var read = 1;
            while (length < room.Length && read > 0 && !(follows && length > kept))
            {
                read = stream.Read(room.AsSpan(length));
                length += read;
            }

            var whole = length - (length % form.SlotBytes);
            form.Take(room.AsSpan(0, whole), batch);
            kept = length - whole;
            room.AsSpan(whole, kept).CopyTo(room);
            if (read == 0)
            {
                isDone = !follows;
                if (isDone && kept > 0)
                {
                    torn?.Invoke(kept);
                }

                break;
            }
        }

        return batch.Count > 0;
    }

    /// <inheritdoc/>
    public override void Dispose() => stream.Dispose();
}
