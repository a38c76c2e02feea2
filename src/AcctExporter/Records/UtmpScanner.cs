// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;

namespace AcctExporter.Records;

/// <summary>
/// Finds the records in the bytes of a login file, oldest first, over damaged ones and over places where bytes were
/// lost or put in. It keeps no state: where it stopped is where the caller goes on, and what it finds does not depend
/// on how the bytes were cut into pieces.
/// </summary>
/// <remarks>
/// A plain record is taken as soon as it is whole. One that is damaged or unusual is judged by what follows it, so it
/// waits for the next record, or two. A record torn behind its host may pass for a whole one with the head of the next,
/// which is lost with it.
/// </remarks>
internal static class UtmpScanner
{
    /// <summary>
    /// The most bytes that <see cref="Read"/> may ask to see before it can judge the first of them. A caller's buffer
    /// must be larger.
    /// </summary>
    public const int LookAheadBytes = 3 * UtmpLayout.WideSize;

    /// <summary>Instead of a length to skip: more must be seen first.</summary>
    private const int Wait = -1;

    /// <summary>
    /// Looks through <paramref name="data"/> until it is used up or <paramref name="offsets"/> is full.
    /// </summary>
    /// <param name="data">Bytes of the file from the place where the last call stopped.</param>
    /// <param name="layout">How its records lie.</param>
    /// <param name="final">True when the file will not grow: nothing is waited for, and a torn end is counted.</param>
    /// <param name="offsets">Where in <paramref name="data"/> each record begins. They have no flaw; many may be
    /// <see cref="UtmpType.Empty"/>.</param>
    /// <param name="flaws">What was wrong, by <see cref="UtmpFlaw"/>: added to. As long as
    /// <see cref="UtmpFlaws.Count"/>.</param>
    /// <param name="consumed">How many bytes were judged. The rest must be shown again, with more behind it.</param>
    /// <param name="flawedToo">Gives damaged records too, for who shows all there is; they are counted as ever.</param>
    /// <returns>How many records were found.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Read(
        ReadOnlySpan<byte> data, UtmpLayout layout, bool final, Span<int> offsets, Span<ulong> flaws, out int consumed,
        bool flawedToo = false)
    {
        var size = layout.Size;
        var position = 0;
        var count = 0;
        while (count < offsets.Length && position < data.Length)
        {
            var rest = data[position..];
            if (rest.Length < size)
            {
                if (final)
                {
                    flaws[(int)UtmpFlaw.Partial]++;
                    position = data.Length;
                }

                break;
            }

            var record = new UtmpRecord(rest[..size], layout);
            var isPlain = record.IsPlain;
            var skip = isPlain ? 0 : MisalignedBytes(rest, layout, final);
            if (skip == Wait)
            {
                break;
            }

            if (skip > 0)
            {
                flaws[(int)UtmpFlaw.Misaligned]++;
                position += skip;
                continue;
            }

            var flaw = isPlain ? UtmpFlaw.None : record.Flaw;
            flaws[(int)flaw] += flaw == UtmpFlaw.None ? 0UL : 1UL;
            if (flaw == UtmpFlaw.None || flawedToo)
            {
                offsets[count++] = position;
            }

            position += size;
        }

        consumed = position;
        return count;
    }

    /// <summary>
    /// How many bytes stand before the next record, when it does not stand where it should: behind this slot. 0 when it
    /// does, and when no record begins within this slot; <see cref="Wait"/> when more must be seen.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int MisalignedBytes(ReadOnlySpan<byte> data, UtmpLayout layout, bool final)
    {
        var size = layout.Size;
        if (IsPlainAt(data, size, layout))
        {
            return 0;
        }

        if (data.Length < 3 * size && !final)
        {
            return Wait;
        }

        for (var offset = 1; offset < size; offset++)
        {
            if (IsPlainAt(data, offset, layout) && !IsFlawedAt(data, offset + size, layout))
            {
                return offset;
            }
        }

        return 0;
    }

    private static bool IsPlainAt(ReadOnlySpan<byte> data, int offset, UtmpLayout layout) =>
        data.Length - offset >= layout.Size && new UtmpRecord(data.Slice(offset, layout.Size), layout).IsPlain;

    private static bool IsFlawedAt(ReadOnlySpan<byte> data, int offset, UtmpLayout layout) =>
        data.Length - offset >= layout.Size
        && new UtmpRecord(data.Slice(offset, layout.Size), layout).Flaw != UtmpFlaw.None;
}
