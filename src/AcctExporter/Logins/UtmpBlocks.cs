// SPDX-License-Identifier: Apache-2.0
using System.Buffers;
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
    /// <summary>More than so many bytes of a pipe are not kept in memory.</summary>
    private const int LongestPipe = 1 << 30;

    private readonly byte[] buffer = GC.AllocateUninitializedArray<byte>(BlockBytes);
    private readonly long length;
    private readonly bool newestFirst;
    private readonly byte[] first;
    private readonly byte[]? piped;
    private long position;

    private UtmpBlocks(
        SafeFileHandle handle, byte[]? piped, UtmpLayout layout, ReadOnlySpan<byte> head, long fileLength,
        bool newestFirst)
    {
        this.piped = piped;
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
            var (fileLength, piped) = Measure(handle);
            Span<byte> head = new byte[UtmpLayout.SampleRecords * UtmpLayout.WideSize];
            head = head[..(int)Math.Min(head.Length, fileLength)];
            head = head[..ReadFully(handle, piped, head, 0)];
            Span<byte> tail = new byte[Math.Clamp(fileLength - head.Length, 0, head.Length)];
            tail = tail[..ReadFully(handle, piped, tail, fileLength - tail.Length)];
            var layout = UtmpLayout.Detect(head, fileLength, tail);
            blocks = new UtmpBlocks(handle, piped, layout, head, fileLength, newestFirst);
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
            var got = ReadFully(handle, piped, buffer.AsSpan(0, wanted), position);
            // Cut off while it was read: what is gone is no record.
            return buffer.AsSpan(0, got / Layout.Size * Layout.Size);
        }

        wanted = (int)Math.Min(wanted, length - position);
        var read = ReadFully(handle, piped, buffer.AsSpan(0, wanted), position);
        position += wanted;
        return buffer.AsSpan(0, read / Layout.Size * Layout.Size);
    }

    public void Dispose() => handle.Dispose();

    /// <summary>The length, and for what has none all that is in it.</summary>
    private static (long Length, byte[]? Piped) Measure(SafeFileHandle handle)
    {
        try
        {
            return (RandomAccess.GetLength(handle), null);
        }
        catch (NotSupportedException)
        {
            // A pipe, whose bytes come once.
            using var stream = new FileStream(handle, FileAccess.Read, bufferSize: 0);
            var all = new ArrayBufferWriter<byte>();
            int got;
            while ((got = stream.Read(all.GetSpan(BlockBytes))) > 0)
            {
                all.Advance(got);
                if (all.WrittenCount > LongestPipe)
                {
                    throw new IOException($"There are more than {LongestPipe} bytes in it, and it is no file.");
                }
            }

            return (all.WrittenCount, all.WrittenSpan.ToArray());
        }
    }

    private static int ReadFully(SafeFileHandle handle, byte[]? piped, Span<byte> into, long offset)
    {
        if (piped is not null)
        {
            piped.AsSpan((int)offset, into.Length).CopyTo(into);
            return into.Length;
        }

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
