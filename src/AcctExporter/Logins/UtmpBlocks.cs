// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Logins;

/// <summary>
/// The records of one wtmp, btmp or utmp file as blocks of whole records, from the first to the last or the other way
/// round, read once, with the layout found from the file itself. What is appended while it is read is left alone.
/// </summary>
internal sealed class UtmpBlocks : IDisposable
{
    /// <summary>Bytes read at once, at most: a whole number of records of either size.</summary>
    private const int BlockBytes = 240 * 1024 / (UtmpLayout.NarrowSize * 25) * (UtmpLayout.NarrowSize * 25);

    private readonly SafeFileHandle handle;
    private readonly byte[] buffer = GC.AllocateUninitializedArray<byte>(BlockBytes);
    private readonly long length;
    private readonly bool newestFirst;
    private readonly byte[] first;
    private long position;

    private UtmpBlocks(
        SafeFileHandle handle, UtmpLayout layout, ReadOnlySpan<byte> head, long fileLength, bool newestFirst)
    {
        first = head[..Math.Min(head.Length, layout.Size)].ToArray();
        this.handle = handle;
        this.newestFirst = newestFirst;
        Layout = layout;
        PartialBytes = (int)(fileLength % layout.Size);
        length = fileLength - PartialBytes;
        position = newestFirst ? length : 0;
    }

    /// <summary>How the records lie.</summary>
    public UtmpLayout Layout { get; }

    /// <summary>Bytes behind the last whole record: one that was cut off, or is being written.</summary>
    public int PartialBytes { get; }

    /// <summary>Whole records of the file.</summary>
    public long Records => length / Layout.Size;

    /// <summary>The first record, whatever was read since; empty when there is none.</summary>
    public ReadOnlySpan<byte> First => Records > 0 && first.Length == Layout.Size ? first : default;

    /// <summary>Opens a file.</summary>
    /// <param name="path">The file; one that has no length (a pipe) is read whole into memory first.</param>
    /// <param name="newestFirst">From the last record to the first.</param>
    /// <exception cref="IOException">It cannot be opened or read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static UtmpBlocks Open(string path, bool newestFirst)
    {
        var handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        UtmpBlocks? blocks = null;
        try
        {
            var fileLength = RandomAccess.GetLength(handle);
            Span<byte> head = new byte[UtmpLayout.SampleRecords * UtmpLayout.WideSize];
            var got = ReadFully(handle, head, 0);
            Span<byte> tail = new byte[Math.Clamp(fileLength - got, 0, head.Length)];
            var last = ReadFully(handle, tail, fileLength - tail.Length);
            var layout = UtmpLayout.Detect(head[..got], fileLength, tail[..last]);
            blocks = new UtmpBlocks(handle, layout, head[..got], fileLength, newestFirst);
            return blocks;
        }
        finally
        {
            if (blocks is null)
            {
                handle.Dispose();
            }
        }
    }

    /// <summary>
    /// The next block; empty after the last one. Newest first, the last record of a block is the next one to look at.
    /// Good until the next call.
    /// </summary>
    public ReadOnlySpan<byte> Next()
    {
        var wanted = BlockBytes / Layout.Size * Layout.Size;
        if (newestFirst)
        {
            wanted = (int)Math.Min(wanted, position);
            position -= wanted;
            var got = ReadFully(handle, buffer.AsSpan(0, wanted), position);
            // Cut off while it was read: what is gone is no record.
            return buffer.AsSpan(0, got / Layout.Size * Layout.Size);
        }

        wanted = (int)Math.Min(wanted, length - position);
        var read = ReadFully(handle, buffer.AsSpan(0, wanted), position);
        position += wanted;
        return buffer.AsSpan(0, read / Layout.Size * Layout.Size);
    }

    public void Dispose() => handle.Dispose();

    private static int ReadFully(SafeFileHandle handle, Span<byte> into, long offset)
    {
        var total = 0;
        while (total < into.Length)
        {
            var got = RandomAccess.Read(handle, into[total..], offset + total);
            if (got == 0)
            {
                break;
            }

            total += got;
        }

        return total;
    }
}
