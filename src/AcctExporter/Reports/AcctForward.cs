// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;

namespace AcctExporter.Reports;

/// <summary>
/// The exits of an accounting file from its beginning, of any versions and byte orders, over damage. What kernels of
/// today write on this machine is read straight into the batch and only looked at; <see cref="AcctScanner"/> decides
/// about everything else, from the first odd record of a batch on.
/// </summary>
/// <param name="stream">The file's bytes; closed with this.</param>
/// <param name="assumedTicks">Ticks a second of records that do not say it.</param>
/// <param name="flaws">Where what is no record is counted.</param>
/// <param name="follows">More may come after the end: what is not whole there is waited for.</param>
internal sealed class AcctForward(Stream stream, ushort assumedTicks, InputFlaws flaws, bool follows = false)
    : ExitSource
{
    private readonly OddRecords odd = new(assumedTicks);

    /// <summary>Read, and not judged yet: too little to do so, or too much for the batch before.</summary>
    private readonly byte[] rest = GC.AllocateUninitializedArray<byte>(ExitBatch.Capacity * AcctRecord.Size);
    private int restLength;

    /// <summary>More must come before the rest can be judged.</summary>
    private bool waits;

    /// <summary>Where in the file <see cref="rest"/> begins.</summary>
    private long place;

    /// <summary>How many bytes of the file were judged.</summary>
    public long Place => place;

    /// <inheritdoc/>
    public override bool Read(ExitBatch batch)
    {
        bool ended;
        do
        {
            rest.AsSpan(0, restLength).CopyTo(batch.Bytes);
            var length = restLength + Fill(batch.Bytes.AsSpan(restLength), out ended);
            if (length == 0 || (waits && length == restLength && (!ended || follows)))
            {
                return false;
            }

            batch.Count = AcctRecord.CountPlain(batch.Bytes.AsSpan(0, length));
            var judged = batch.Count * AcctRecord.Size;
            restLength = length - judged;
            place += judged;
            waits = false;
            if (restLength > 0)
            {
                batch.Bytes.AsSpan(judged, restLength).CopyTo(rest);
                judged = odd.Read(rest.AsSpan(0, restLength), ended && !follows, place, flaws, batch);
                restLength -= judged;
                rest.AsSpan(judged, restLength).CopyTo(rest);
                place += judged;
                waits = batch.Count < ExitBatch.Capacity;
            }
        }
        while (batch.Count == 0 && !(ended && restLength == 0));
        return batch.Count > 0;
    }

    /// <inheritdoc/>
    public override void Dispose() => stream.Dispose();

    /// <summary>Reads as much as fits; when following, what there is.</summary>
    private int Fill(Span<byte> into, out bool ended)
    {
        var length = 0;
        ended = false;
        while (length < into.Length && !ended && !(follows && length > 0))
        {
            var read = stream.Read(into[length..]);
            length += read;
            ended = read == 0;
        }

        return length;
    }
}
