// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Records;

/// <summary>
/// Finds the records in the bytes of an accounting file, over holes, torn records and noise. It keeps no state: where it
/// stopped is where the caller goes on, and what it finds does not depend on how the bytes were cut into pieces.
/// </summary>
internal static class AcctScanner
{
    /// <summary>How many good records in a row prove that a place between records has been found again.</summary>
    private const int ProofRecords = 3;

    /// <summary>
    /// The most bytes that <see cref="Read"/> may ask to see before it can judge the first of them. A caller's buffer must
    /// be larger.
    /// </summary>
    public const int LookAheadBytes = (ProofRecords + 2) * AcctRecord.Size;

    /// <summary>
    /// Reads exits from <paramref name="data"/> until it is used up or <paramref name="exits"/> is full.
    /// </summary>
    /// <param name="data">Bytes of the file from the place where the last call stopped.</param>
    /// <param name="final">True when the file will not grow: nothing is waited for, and a torn end is counted.</param>
    /// <param name="exits">Where the exits go.</param>
    /// <param name="offsets">Where each exit's record begins in <paramref name="data"/>; as long as <paramref name="exits"/>.</param>
    /// <param name="rejected">Slots rejected, by <see cref="DecodeStatus"/>: added to.</param>
    /// <param name="consumed">How many bytes were judged. The rest must be shown again, with more behind it.</param>
    /// <returns>How many exits were read.</returns>
    public static int Read(
        ReadOnlySpan<byte> data, bool final, Span<ProcessExit> exits, Span<int> offsets, Span<ulong> rejected, out int consumed)
    {
        var position = 0;
        var count = 0;
        while (count < exits.Length && position < data.Length)
        {
            var status = AcctRecord.TryReadExit(data[position..], out exits[count]);
            if (status == DecodeStatus.Ok)
            {
                offsets[count++] = position;
                position += AcctRecord.SizeOf(data[position + 1]);
                continue;
            }

            var skip = SkipBad(data[position..], final, status, rejected);
            if (skip == 0)
            {
                break;
            }

            position += skip;
        }

        consumed = position;
        return count;
    }

    /// <summary>Counts the bad slot at the start of <paramref name="data"/> and says how far to go on; 0 to wait for more.</summary>
    private static int SkipBad(ReadOnlySpan<byte> data, bool final, DecodeStatus status, Span<ulong> rejected)
    {
        if (status == DecodeStatus.NeedMoreData)
        {
            if (!final)
            {
                return 0;
            }

            rejected[(int)DecodeStatus.Torn]++;
            return data.Length;
        }

        if (status == DecodeStatus.Hole)
        {
            rejected[(int)DecodeStatus.Hole]++;
            return AcctRecord.Size;
        }

        // Damage inside one slot leaves the next where it should be: look there first.
        var next = Probe(data, AcctRecord.Size);
        if (next == DecodeStatus.NeedMoreData && !final)
        {
            return 0;
        }

        if (next is DecodeStatus.Ok or DecodeStatus.Hole)
        {
            rejected[(int)status]++;
            return AcctRecord.Size;
        }

        for (var offset = 1; offset < AcctRecord.Size; offset++)
        {
            var proof = Proves(data, offset, final);
            if (proof == DecodeStatus.NeedMoreData)
            {
                return 0;
            }

            if (proof == DecodeStatus.Ok)
            {
                rejected[(int)DecodeStatus.Misaligned]++;
                return offset;
            }
        }

        // No record begins within this slot: the slot is gone, and the search goes on behind it.
        rejected[(int)status]++;
        return Math.Min(AcctRecord.Size, data.Length);
    }

    private static DecodeStatus Probe(ReadOnlySpan<byte> data, int offset) =>
        offset >= data.Length ? DecodeStatus.NeedMoreData : AcctRecord.TryReadExit(data[offset..], out _);

    /// <summary>Ok when <see cref="ProofRecords"/> records follow each other from here on (fewer at the end of a final file).</summary>
    private static DecodeStatus Proves(ReadOnlySpan<byte> data, int offset, bool final)
    {
        for (var seen = 0; seen < ProofRecords; seen++)
        {
            if (final && seen > 0 && offset == data.Length)
            {
                return DecodeStatus.Ok;
            }

            var status = Probe(data, offset);
            if (status == DecodeStatus.NeedMoreData)
            {
                return final ? DecodeStatus.Misaligned : DecodeStatus.NeedMoreData;
            }

            if (status != DecodeStatus.Ok)
            {
                return status;
            }

            offset += AcctRecord.SizeOf(data[offset + 1]);
        }

        return DecodeStatus.Ok;
    }
}
