// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Ledger;

namespace AcctExporter.Metrics;

/// <summary>
/// The fields that make a message a native histogram: spans of buckets that lie side by side, and of each bucket how far
/// its count is from that of the one before. The zero threshold is never 0, so an empty one is still a native one.
/// </summary>
internal static class NativeMessage
{
    /// <summary>So many empty buckets between two others are cheaper written than gone round by a new span.</summary>
    private const int EmptyBuckets = 2;

    /// <summary>Writes them into the message of a histogram.</summary>
    public static void Put(MessageBuffer message, scoped NativeView native)
    {
        message.PutSigned(ProtobufTag.Schema, NativeBuckets.Schema);
        message.PutReal(ProtobufTag.ZeroThreshold, NativeBuckets.ZeroThreshold);
        message.PutCount(ProtobufTag.ZeroCount, native.ZeroCount);
        if (native.Counts.IsEmpty)
        {
            return;
        }

        var behind = 0;
        for (var (at, end) = (0, 0); at >= 0; at = NextSpan(native.Counts, end))
        {
            end = EndOfSpan(native.Counts, at);
            var span = message.Begin(ProtobufTag.PositiveSpan);
            message.PutSigned(ProtobufTag.SpanOffset, native.FirstIndex + at - behind);
            message.PutCount(ProtobufTag.SpanLength, (ulong)(end - at));
            message.End(span);
            behind = native.FirstIndex + end;
        }

        PutDeltas(message, native.Counts);
    }

    private static void PutDeltas(MessageBuffer message, scoped ReadOnlySpan<ulong> counts)
    {
        var deltas = message.Begin(ProtobufTag.PositiveDelta);
        var before = 0UL;
        for (var (at, end) = (0, 0); at >= 0; at = NextSpan(counts, end))
        {
            end = EndOfSpan(counts, at);
            foreach (var count in counts[at..end])
            {
                message.PutSigned((long)(count - before));
                before = count;
            }
        }

        message.End(deltas);
    }

    /// <summary>The end of the span that begins at a bucket that is not empty.</summary>
    private static int EndOfSpan(scoped ReadOnlySpan<ulong> counts, int start)
    {
        var end = start + 1;
        for (var at = end; at < counts.Length && at - end <= EmptyBuckets; at++)
        {
            end = counts[at] > 0 ? at + 1 : end;
        }

        return end;
    }

    /// <summary>The next bucket that is not empty; -1 when there is none.</summary>
    private static int NextSpan(scoped ReadOnlySpan<ulong> counts, int end)
    {
        var empty = counts[end..].IndexOfAnyExcept(0UL);
        return empty < 0 ? -1 : end + empty;
    }
}
