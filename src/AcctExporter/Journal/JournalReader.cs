// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Journal;

/// <summary>
/// Reads the blocks of a journal, forwards from any of them or newest first, also while it is being written. Each
/// block is checked before it is handed out. A seek must come first.
/// </summary>
internal sealed class JournalReader(string directory) : IDisposable
{
    private readonly JournalFile file = new();
    private readonly BlockDecoder decoder = new();
    private bool isOpen;

    /// <summary>Forwards: the block that must come next; 0 for the oldest, whichever it is.</summary>
    private ulong next;

    /// <summary>Forwards: the block that must come next in the open file, wanted or not.</summary>
    private ulong nextInFile;

    /// <summary>Forwards: where the next block begins. Backwards: where it ends.</summary>
    private long offset;

    /// <summary>Backwards: the block handed out last; 0 before the first.</summary>
    private ulong before;

    /// <summary>
    /// True to go on behind missing blocks and count them, as a report does; false, as a replay must, to throw
    /// <see cref="JournalGapException"/>.
    /// </summary>
    public bool SkipsGaps { get; init; }

    /// <summary>Blocks found missing, when <see cref="SkipsGaps"/>.</summary>
    public ulong MissingBlocks { get; private set; }

    /// <summary>Number of the oldest block; 0 when there is none.</summary>
    public ulong OldestSequence => JournalFiles.List(directory) is [var oldest, ..] ? oldest.FirstSequence : 0;

    /// <summary>The next block will be the oldest that is kept.</summary>
    public void SeekToStart() => Seek(0);

    /// <summary>The next block will be the one behind <paramref name="sequence"/>, and none may be missing.</summary>
    public void SeekAfter(ulong sequence) => Seek(sequence + 1);

    /// <summary>Reads the next block; false at the end, where more may come later.</summary>
    public bool TryReadNext(JournalBlock into)
    {
        if (!TryFindNext(out var header, out var frame))
        {
            return false;
        }

        Decode(header, frame, into);
        Pass(header);
        return true;
    }

    /// <summary>The same, without unpacking it: for somebody who does that on another thread.</summary>
    public bool TryReadNext(JournalFrame into)
    {
        if (!TryFindNext(out var header, out var frame))
        {
            return false;
        }

        into.Set(header, frame, file.Path, offset);
        Pass(header);
        return true;
    }

    /// <summary>Goes to the next block that is wanted, and stays before it.</summary>
    private bool TryFindNext(out BlockHeader header, out ReadOnlySpan<byte> frame)
    {
        while (isOpen || OpenForward())
        {
            while (file.TryReadBlock(offset, out header, out frame))
            {
                if (header.Sequence != nextInFile)
                {
                    throw new JournalDamagedException(
                        file.Path, offset, $"block {header.Sequence} stands where {nextInFile} must");
                }

                if (header.Sequence >= next)
                {
                    return true;
                }

                nextInFile++;
                offset += header.Length;
            }

            if (!Advance())
            {
                break;
            }
        }

        header = default;
        frame = [];
        return false;
    }

    private void Pass(in BlockHeader header)
    {
        next = header.Sequence + 1;
        nextInFile++;
        offset += header.Length;
    }

    /// <summary>The next block to come, newest first, will be the newest whole one.</summary>
    public void SeekToEnd()
    {
        isOpen = false;
        before = 0;
        var (first, path) = JournalFiles.List(directory).LastOrDefault();
        if (path is not null && !OpenBackward(first, path, isNewest: true))
        {
            // It is being begun: what is whole ends with the file before it.
            (first, path) = JournalFiles.List(directory).FindLast(f => f.FirstSequence < first);
            _ = path is not null && OpenBackward(first, path, isNewest: false);
        }
    }

    /// <summary>Reads the block before the one read last; false at the start of the journal.</summary>
    public bool TryReadPrevious(JournalBlock into)
    {
        while (isOpen)
        {
            if (offset > JournalFile.FirstBlock)
            {
                if (!file.TryReadBlockBefore(offset, out var header, out var frame))
                {
                    throw new JournalDamagedException(file.Path, offset, "no whole block ends here");
                }

                if (before != 0 && header.Sequence + 1 != before)
                {
                    Missing(file.Path, header.Sequence + 1, before);
                }

                offset -= header.Length;
                before = header.Sequence;
                Decode(header, frame, into);
                return true;
            }

            var older = JournalFiles.List(directory).FindLast(f => f.FirstSequence < file.FirstSequence);
            if (older.Path is null || !OpenBackward(older.FirstSequence, older.Path, isNewest: false))
            {
                isOpen = false;
            }
        }

        return false;
    }

    /// <summary>
    /// Leaves a damaged file as it is: the next block will be one of the file behind it, or before it when reading
    /// backwards. False when there is none.
    /// </summary>
    /// <param name="path">The file, from <see cref="JournalException.File"/>.</param>
    /// <param name="isBackwards">Blocks are read newest first.</param>
    public bool TryLeave(string path, bool isBackwards)
    {
        isOpen = false;
        before = 0;
        var files = Files();
        var at = files.FindIndex(candidate => candidate.Path == path);
        if (!isBackwards)
        {
            Seek(at >= 0 && at + 1 < files.Count ? files[at + 1].FirstSequence : 0);
            return next != 0;
        }

        return at > 0 && OpenBackward(files[at - 1].FirstSequence, files[at - 1].Path, isNewest: false);
    }

    public void Dispose()
    {
        file.Dispose();
        decoder.Dispose();
    }

    private void Seek(ulong sequence)
    {
        isOpen = false;
        next = sequence;
    }

    /// <summary>
    /// All files. Listed twice, since a folder read while files come may show a file and not the one before it: the
    /// second time every file is there that is older than one seen the first time.
    /// </summary>
    private List<(ulong FirstSequence, string Path)> Files()
    {
        var files = JournalFiles.List(directory);
        return files.Count == 0 ? files : JournalFiles.List(directory);
    }

    /// <summary>Opens the file that the next block is in, or will be in; false while there is none.</summary>
    private bool OpenForward()
    {
        while (Files() is [var oldest, ..] files)
        {
            if (oldest.FirstSequence > next && next != 0)
            {
                Missing(oldest.Path, next, oldest.FirstSequence);
            }

            next = Math.Max(next, oldest.FirstSequence);
            var (first, path) = files.FindLast(f => f.FirstSequence <= next);
            if (TryOpen(path, first, isNewest: first == files[^1].FirstSequence, out var isGone))
            {
                offset = JournalFile.FirstBlock;
                nextInFile = first;
                return true;
            }

            if (!isGone)
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>At the end of the open file: true when there is more to read, in it or in the next one.</summary>
    private bool Advance()
    {
        file.Forget();
        var (first, path) = JournalFiles.List(directory).Find(f => f.FirstSequence > file.FirstSequence);
        if (path is not null)
        {
            // Again, for the reason that Files() gives.
            (first, path) = JournalFiles.List(directory).Find(f => f.FirstSequence > file.FirstSequence);
        }

        if (path is null)
        {
            // The end of the journal, a block that is being written, or damage.
            file.ThrowIfDamaged(offset, nextInFile - 1);
            return false;
        }

        // The end was met before the next file was seen: blocks may have come in between.
        if (file.TryReadBlock(offset, out _, out _))
        {
            return true;
        }

        if (first > next)
        {
            if (file.Length > offset)
            {
                throw new JournalDamagedException(
                    file.Path, offset, $"block {nextInFile} is not whole, but the next file is there");
            }

            Missing(path, next, first);
            next = first;
        }

        isOpen = false;
        return true;
    }

    private bool OpenBackward(ulong first, string path, bool isNewest)
    {
        // A file that is gone was the oldest: retention came first.
        if (!TryOpen(path, first, isNewest, out _))
        {
            return false;
        }

        offset = file.FindEndFast(out _);
        return true;
    }

    /// <summary>False when the file is gone, or is the newest and its first block is still being written.</summary>
    private bool TryOpen(string path, ulong first, bool isNewest, out bool isGone)
    {
        isGone = false;
        try
        {
            isOpen = file.Open(path, first);
        }
        catch (FileNotFoundException)
        {
            isOpen = false;
            isGone = true;
        }

        return isOpen || isNewest || isGone ? isOpen
            : throw new JournalDamagedException(path, 0, "what every file begins with is not there");
    }

    private void Missing(string path, ulong expected, ulong found)
    {
        if (!SkipsGaps)
        {
            throw new JournalGapException(path, expected, found);
        }

        MissingBlocks += found - expected;
    }

    private void Decode(in BlockHeader header, ReadOnlySpan<byte> frame, JournalBlock into) =>
        JournalFrame.Check(decoder.Decode(header, frame, into), header.Sequence, file.Path, offset);
}
