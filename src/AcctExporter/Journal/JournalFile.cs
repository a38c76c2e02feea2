// SPDX-License-Identifier: Apache-2.0
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Journal;

/// <summary>
/// One journal file, read at any place through a window. It may be appended to meanwhile: what is not whole yet is "no
/// block", and <see cref="Forget"/> makes it be read again. One object serves many files, one after the other.
/// </summary>
internal sealed class JournalFile : IDisposable
{
    private const int WindowBytes = 256 << 10;

    private byte[] window = new byte[WindowBytes];
    private long windowStart;
    private int windowLength;
    private SafeFileHandle? handle;

    /// <summary>Where the first block of every file begins.</summary>
    public const long FirstBlock = JournalLayout.FileHeaderSize;

    /// <summary>The path of the open file.</summary>
    public string Path { get; private set; } = "";

    /// <summary>The number of the first block of the open file.</summary>
    public ulong FirstSequence { get; private set; }

    /// <summary>Size of the file now.</summary>
    public long Length => RandomAccess.GetLength(handle!);

    /// <summary>Opens a file; false when what it begins with is torn.</summary>
    public bool Open(string path, ulong firstSequence)
    {
        Dispose();
        handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Path = path;
        FirstSequence = firstSequence;
        Forget();
        if (!JournalLayout.TryReadFileHeader(Bytes(0, JournalLayout.FileHeaderSize), out var version, out var first))
        {
            return false;
        }

        if (version > JournalLayout.Version)
        {
            throw new JournalVersionException(
                path, $"it has format {version}, and this release reads {JournalLayout.Version}");
        }

        return first == firstSequence ? true
            : throw new JournalDamagedException(path, 0, $"its name does not say that it begins with block {first}");
    }

    /// <summary>Forgets what was read, so that it is read again.</summary>
    public void Forget() => windowLength = 0;

    /// <summary>Reads the block that begins at <paramref name="offset"/>; false when there is no whole one.</summary>
    public bool TryReadBlock(long offset, out BlockHeader header, out ReadOnlySpan<byte> frame)
    {
        frame = [];
        if (!BlockHeader.TryRead(Bytes(offset, JournalLayout.BlockHeaderSize), out header))
        {
            return false;
        }

        frame = Bytes(offset, header.Length);
        return frame.Length == header.Length && JournalLayout.IsWhole(frame);
    }

    /// <summary>Reads the block that ends at <paramref name="end"/>; false when there is no whole one.</summary>
    public bool TryReadBlockBefore(long end, out BlockHeader header, out ReadOnlySpan<byte> frame)
    {
        header = default;
        frame = [];
        // The window is made to end here, so that the blocks before this one are in it.
        var start = Math.Max(FirstBlock, end - WindowBytes);
        if (end < FirstBlock + JournalLayout.MinBlockBytes
            || !JournalLayout.TryReadTrailer(
                Bytes(end - JournalLayout.TrailerSize, JournalLayout.TrailerSize, start), out var length)
            || length > end - FirstBlock)
        {
            return false;
        }

        return Bytes(end - length, length, Math.Max(FirstBlock, end - Math.Max(length, WindowBytes))).Length == length
            && TryReadBlock(end - length, out header, out frame) && header.Length == length;
    }

    /// <summary>Where the whole blocks end, read from the start of the file; number 0 when it has none.</summary>
    public long FindEnd(out BlockHeader last)
    {
        last = default;
        var offset = FirstBlock;
        var expected = FirstSequence;
        while (TryReadBlock(offset, out var header, out _) && header.Sequence == expected)
        {
            last = header;
            offset += header.Length;
            expected++;
        }

        return offset;
    }

    /// <summary>The same, from the end of the file when it ends with a whole block.</summary>
    public long FindEndFast(out BlockHeader last)
    {
        var length = Length;
        if (TryReadBlockBefore(length, out last, out _))
        {
            return length;
        }

        var end = FindEnd(out last);
        ThrowIfDamaged(end, last.Sequence);
        return end;
    }

    /// <summary>
    /// Refuses the file when the bytes at <paramref name="offset"/> are no block although a good one with a number
    /// above <paramref name="after"/> stands behind them: that is no torn end.
    /// </summary>
    public void ThrowIfDamaged(long offset, ulong after)
    {
        if (!HasBlockBehind(offset, after))
        {
            return;
        }

        // A writer may have finished this block and the next one since it was read. Blocks are written in order.
        Forget();
        if (!TryReadBlock(offset, out _, out _))
        {
            throw new JournalDamagedException(
                Path, offset, $"what follows block {after} is no whole block, but there is one behind it");
        }
    }

    public void Dispose()
    {
        handle?.Dispose();
        handle = null;
    }

    private bool HasBlockBehind(long offset, ulong after)
    {
        Span<byte> magic = stackalloc byte[sizeof(uint)];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(magic, JournalLayout.BlockMagic);
        Forget();
        for (offset++; ;)
        {
            var bytes = UpTo(offset, WindowBytes);
            var at = bytes.IndexOf(magic);
            if (at >= 0)
            {
                offset += at;
                if (TryReadBlock(offset, out var header, out _) && header.Sequence > after)
                {
                    return true;
                }

                offset++;
            }
            else if (bytes.Length < WindowBytes)
            {
                return false;
            }
            else
            {
                offset += bytes.Length - (magic.Length - 1);
            }
        }
    }

    /// <summary>All of the bytes asked for, or none. A window read for it begins at <paramref name="from"/>.</summary>
    private ReadOnlySpan<byte> Bytes(long offset, int length, long from = -1)
    {
        if (offset < windowStart || offset + length > windowStart + windowLength)
        {
            Fill(from < 0 ? offset : from, (int)(from < 0 ? length : offset + length - from));
        }

        return offset + length > windowStart + windowLength ? [] : window.AsSpan((int)(offset - windowStart), length);
    }

    private ReadOnlySpan<byte> UpTo(long offset, int length)
    {
        Fill(offset, length);
        return window.AsSpan(0, Math.Min(windowLength, length));
    }

    private void Fill(long offset, int atLeast)
    {
        if (window.Length < atLeast)
        {
            window = new byte[Math.Min(atLeast * 2, JournalLayout.MaxBlockBytes)];
        }

        windowStart = offset;
        windowLength = 0;
        int read;
        do
        {
            read = RandomAccess.Read(handle!, window.AsSpan(windowLength), offset + windowLength);
            windowLength += read;
        }
        while (read > 0 && windowLength < atLeast);
    }
}
