// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Logins;

/// <summary>Takes in one record of a login file, in the order of the file.</summary>
internal delegate void LoginRecordSink(UtmpRecord record);

/// <summary>Reads open login files from a cursor to their ends; a partial last record waits for its rest.</summary>
/// <param name="figures">What is counted meanwhile; nothing of <see cref="IsHistory"/> is.</param>
internal sealed class LoginReader(LoginFileFigures figures)
{
    private const int BufferBytes = 64 * 1024;

    private readonly byte[] buffer = new byte[BufferBytes];
    private readonly int[] offsets = new int[BufferBytes / UtmpLayout.NarrowSize];
    private readonly ulong[] uncounted = new ulong[UtmpFlaws.Count];

    /// <summary>What is read was there before anybody counted.</summary>
    public bool IsHistory { get; set; }

    /// <summary>When the first record of a file was written; null while it has none.</summary>
    public static long? FirstSeconds(SafeFileHandle file) =>
        LayoutOf(file, isFinal: false) is { } its && TryReadFirst(file, its, out var seconds) ? seconds : null;

    /// <summary>Reads.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="its">How its records lie; null until there is one.</param>
    /// <param name="at">Up to where it was read; moved on.</param>
    /// <param name="sink">Takes the records.</param>
    /// <param name="isFinal">Nobody will write to it any more: nothing is waited for.</param>
    public void Drain(
        SafeFileHandle file, ref UtmpLayout? its, ref LoginCursor at, LoginRecordSink sink, bool isFinal)
    {
        var offset = at.Offset;
        its ??= LayoutOf(file, isFinal);
        while (its is { } known)
        {
            var read = RandomAccess.Read(file, buffer, offset);
            var data = buffer.AsSpan(0, read);
            var count = UtmpScanner.Read(
                data, known, isFinal && read < buffer.Length, offsets, IsHistory ? uncounted : figures.Flaws,
                out var consumed);
            foreach (var start in offsets.AsSpan(0, count))
            {
                sink(new UtmpRecord(data.Slice(start, known.Size), known));
            }

            figures.Records += IsHistory ? 0 : (ulong)count;
            offset += consumed;
            if (consumed == 0)
            {
                break;
            }
        }

        if (offset != at.Offset || at.First == 0)
        {
            at = at with
            {
                Offset = offset, First = LoginCursor.FirstOf(file), Last = LoginCursor.LastOf(file, offset),
            };
        }
    }

    /// <summary>Passes over all whole records that a file has.</summary>
    public static void SkipToEnd(SafeFileHandle file, ref UtmpLayout? its, ref LoginCursor at)
    {
        its ??= LayoutOf(file, isFinal: false);
        var offset = its is { Size: var size } ? RandomAccess.GetLength(file) / size * size : 0;
        at = at with
        {
            Offset = offset, First = LoginCursor.FirstOf(file), Last = LoginCursor.LastOf(file, offset),
        };
    }

    /// <summary>How the records lie; null while there is not one.</summary>
    private static UtmpLayout? LayoutOf(SafeFileHandle file, bool isFinal)
    {
        var head = new byte[UtmpLayout.SampleRecords * UtmpLayout.WideSize];
        var read = RandomAccess.Read(file, head, 0);
        return read >= UtmpLayout.NarrowSize || (isFinal && read > 0)
            ? UtmpLayout.Detect(head.AsSpan(0, read), RandomAccess.GetLength(file)) : null;
    }

    private static bool TryReadFirst(SafeFileHandle file, UtmpLayout its, out long seconds)
    {
        Span<byte> bytes = stackalloc byte[UtmpLayout.WideSize];
        var isWhole = RandomAccess.Read(file, bytes[..its.Size], 0) == its.Size;
        seconds = isWhole ? new UtmpRecord(bytes[..its.Size], its).Seconds : 0;
        return isWhole;
    }
}
