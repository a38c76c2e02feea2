// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;

namespace AcctExporter.Records;

/// <summary>
/// Finds the records in the bytes of an accounting file, over holes, torn records and noise. It keeps no state: where
/// it stopped is where the caller goes on, and what it finds does not depend on how the bytes were cut into pieces.
/// </summary>
internal static class AcctScanner
{
    /// <summary>How many good records in a row prove that a place between records has been found again.</summary>
    private const int ProofRecords = 3;

    /// <summary>
    /// A record torn here or later has at least the version byte of the next one in its name (v1: from 34 on).
    /// </summary>
    private const int ShortestTornInName = 33;

    /// <summary>Instead of a length to skip: more must be seen first.</summary>
    private const int Wait = -1;

    /// <summary>
    /// The most bytes that <see cref="Read"/> may ask to see before it can judge the first of them. A caller's buffer
    /// must be larger.
    /// </summary>
    public const int LookAheadBytes = (ProofRecords + 2) * AcctRecord.Size;

    /// <summary>
    /// Reads exits from <paramref name="data"/> until it is used up or <paramref name="exits"/> is full.
    /// </summary>
    /// <param name="data">Bytes of the file from the place where the last call stopped.</param>
    /// <param name="final">True when the file will not grow: nothing is waited for, and a torn end is counted.</param>
    /// <param name="exits">Where the exits go.</param>
    /// <param name="offsets">Where each exit's record begins in <paramref name="data"/>; as long as <paramref
    /// name="exits"/>.</param>
    /// <param name="rejected">Slots rejected, by <see cref="DecodeStatus"/>: added to.</param>
    /// <param name="consumed">How many bytes were judged. The rest must be shown again, with more behind it.</param>
    /// <returns>How many exits were read.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Read(
        ReadOnlySpan<byte> data, bool final, Span<ProcessExit> exits, Span<int> offsets, Span<ulong> rejected,
        out int consumed)
    {
        var position = 0;
        var count = 0;
        while (count < exits.Length && position < data.Length)
        {
            if (AcctRecord.TryReadPlain(data[position..], out exits[count]))
            {
                offsets[count++] = position;
                position += AcctRecord.Size;
                continue;
            }

            var status = AcctRecord.TryReadExit(data[position..], out exits[count]);
            int skip;
            if (status == DecodeStatus.Ok)
            {
                skip = MayHoldTheNext(exits[count]) ? TornLength(data[position..], final) : 0;
                if (skip == 0)
                {
                    offsets[count++] = position;
                    position += AcctRecord.SizeOf(data[position + 1]);
                    continue;
                }

                rejected[(int)DecodeStatus.Misaligned] += skip > 0 ? 1UL : 0;
            }
            else
            {
                skip = SkipBad(data[position..], final, status, rejected);
            }

            if (skip < 0)
            {
                break;
            }

            position += skip;
        }

        consumed = position;
        return count;
    }

    /// <summary>
    /// True when the name holds a version byte (2 or 3 of either byte order), as it does when a record was torn within
    /// its name: the head of the next one then stands in it, and zeros (no terminal, exit 0, root) pass for the
    /// padding.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool MayHoldTheNext(in ProcessExit exit)
    {
        const ulong ones = 0x0101010101010101;
        var low = (exit.CommandLow & (0x7e * ones)) ^ (2 * ones);
        var high = (exit.CommandHigh & (0x7e * ones)) ^ (2 * ones);
        return ((((low - ones) & ~low) | ((high - ones) & ~high)) & (0x80 * ones)) != 0;
    }

    /// <summary>
    /// How long the torn record is that passes for a good one because the next one begins within its name. 0 when it is
    /// good after all: such bytes may be in a name. <see cref="Wait"/> when more must be seen.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int TornLength(ReadOnlySpan<byte> data, bool final)
    {
        var size = AcctRecord.SizeOf(data[1]);
        for (var offset = ShortestTornInName; offset < size - 1; offset++)
        {
            if (data[offset] > (byte)AcctFlags.All || (data[offset + 1] & 0x7e) != 2)
            {
                continue;
            }

            // Where the next one belongs, one stands: then this is one too. That a v0 record stands there says less
            // than
            // two that follow each other elsewhere: it has no mark of its own.
            var next = Probe(data, size);
            var isV0 = next == DecodeStatus.Ok && (data[size + 1] & 0x7f) == 0;
            if (isV0 && !final && data.Length - offset < ProofRecords * AcctRecord.Size)
            {
                return Wait;
            }

            var stands = next == DecodeStatus.Hole
                || (next == DecodeStatus.Ok && (!isV0 || data.Length - offset < 2 * AcctRecord.Size));
            var proof = stands ? DecodeStatus.Misaligned
                : next == DecodeStatus.NeedMoreData && !final ? next : Proves(data, offset, final);
            if (proof is DecodeStatus.Ok or DecodeStatus.NeedMoreData)
            {
                return proof == DecodeStatus.Ok ? offset : Wait;
            }
        }

        return 0;
    }

    /// <summary>
    /// Counts the bad slot at the start of <paramref name="data"/> and says how far to go on, or to wait.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int SkipBad(ReadOnlySpan<byte> data, bool final, DecodeStatus status, Span<ulong> rejected)
    {
        if (status == DecodeStatus.NeedMoreData)
        {
            if (!final)
            {
                return Wait;
            }

            rejected[(int)DecodeStatus.Torn]++;
            return data.Length;
        }

        // Damage inside one slot leaves the next ones where they should be: look there first. One alone proves nothing:
        // a byte too far, the terminal pts/3 reads like the version 3.
        var next = Proves(data, AcctRecord.Size, final);
        if (next == DecodeStatus.NeedMoreData)
        {
            return Wait;
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
                return Wait;
            }

            if (proof == DecodeStatus.Ok)
            {
                // A hole can take the first byte of a record with it, which is 0 when no flag is set.
                rejected[(int)(status == DecodeStatus.Hole ? status : DecodeStatus.Misaligned)]++;
                return offset;
            }
        }

        // No record begins within this slot: the slot is gone, and the search goes on behind it.
        rejected[(int)status]++;
        return Math.Min(AcctRecord.Size, data.Length);
    }

    private static DecodeStatus Probe(ReadOnlySpan<byte> data, int offset) =>
        offset >= data.Length ? DecodeStatus.NeedMoreData : AcctRecord.TryReadExit(data[offset..], out _);

    /// <summary>
    /// Ok when <see cref="ProofRecords"/> records follow each other from here on. At the end of a final file fewer do,
    /// and the last may be torn: then they must say their version, which v0 does not.
    /// </summary>
    private static DecodeStatus Proves(ReadOnlySpan<byte> data, int offset, bool final)
    {
        var version = 0;
        for (var seen = 0; seen < ProofRecords; seen++)
        {
            var status = Probe(data, offset);
            if (status == DecodeStatus.NeedMoreData && final)
            {
                return version != 0 ? DecodeStatus.Ok : DecodeStatus.Misaligned;
            }

            if (status != DecodeStatus.Ok)
            {
                return status;
            }

            version = data[offset + 1] & 0x7f;
            offset += AcctRecord.SizeOf(data[offset + 1]);
        }

        return DecodeStatus.Ok;
    }
}
