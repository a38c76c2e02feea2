// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Journal;

namespace AcctExporter.Suite;

/// <summary>What a journal is to a mark that was set in it earlier.</summary>
internal enum JournalChange
{
    /// <summary>The same journal, grown.</summary>
    None,

    /// <summary>
    /// Another one: it was begun anew, cut back by a power cut, or put back from a backup. What it counted after the
    /// mark's moment is new.
    /// </summary>
    BegunAnew,

    /// <summary>There is none, or nothing in it.</summary>
    Gone,
}

/// <summary>A part of the journal: the blocks behind one number up to another.</summary>
/// <param name="After">The block before the first.</param>
/// <param name="To">The last, with its moment.</param>
/// <param name="Change">What became of the journal since the mark at which the part begins.</param>
internal readonly record struct JournalStretch(ulong After, JournalMark To, JournalChange Change)
{
    /// <summary>Numbers in it.</summary>
    public ulong Blocks => To.Block > After ? To.Block - After : 0;
}

/// <summary>Finds places in a journal again, also while the agent writes.</summary>
/// <param name="folder">The journal's folder.</param>
internal sealed class JournalPlaces(string folder)
{
    /// <summary>The folder.</summary>
    public string Folder => folder;

    /// <summary>Behind the newest whole block; the beginning when there is none.</summary>
    /// <exception cref="IOException">The journal cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public JournalMark Newest() => NewestOf(JournalFiles.List(folder));

    /// <summary>Behind the last block of the files that nothing is appended to any more.</summary>
    /// <inheritdoc cref="Newest"/>
    public JournalMark NewestClosed() => JournalFiles.List(folder) is { Count: > 1 } files
        ? NewestOf(files[..^1]) : default;

    /// <summary>Bytes of the closed files that have blocks behind one.</summary>
    public long ClosedBytesAfter(ulong block)
    {
        var files = JournalFiles.List(folder);
        var bytes = 0L;
        for (var i = 0; i + 1 < files.Count; i++)
        {
            bytes += files[i + 1].FirstSequence > block + 1 ? Length(files[i].Path) : 0;
        }

        return bytes;
    }

    /// <summary>The blocks behind a mark, up to another.</summary>
    /// <param name="from">Where it begins. The beginning is the oldest block that there is.</param>
    /// <param name="to">Where it ends.</param>
    /// <inheritdoc cref="Newest"/>
    public JournalStretch Between(JournalMark from, JournalMark to)
    {
        var files = JournalFiles.List(folder);
        if (files.Count == 0 || NewestOf(files) is { IsBeginning: true })
        {
            return new(from.Block, to, JournalChange.Gone);
        }

        if (from.IsBeginning)
        {
            return new(files[0].FirstSequence - 1, to, JournalChange.None);
        }

        if (!IsOther(files, from))
        {
            return new(from.Block, to, JournalChange.None);
        }

        return new(LastUpTo(files, from.UnixMicroseconds), to, JournalChange.BegunAnew);
    }

    /// <summary>True when the journal has another block where the mark was set, or none as far.</summary>
    private static bool IsOther(List<(ulong FirstSequence, string Path)> files, JournalMark mark)
    {
        if (NewestOf(files).Block < mark.Block)
        {
            return true;
        }

        // Of what retention has deleted only the number is known, and of what is damaged as well.
        var (first, path) = files.FindLast(file => file.FirstSequence <= mark.Block);
        return path is not null && TryHeader(path, first, header => header.Sequence == mark.Block, out var found)
            && found.UnixMicroseconds != mark.UnixMicroseconds;
    }

    /// <summary>The last block that was counted before or in a moment; the one before the oldest if none was.</summary>
    private static ulong LastUpTo(List<(ulong FirstSequence, string Path)> files, long unixMicroseconds)
    {
        foreach (var (first, path) in files)
        {
            if (TryHeader(path, first, header => header.UnixMicroseconds > unixMicroseconds, out var later))
            {
                return later.Sequence - 1;
            }
        }

        return NewestOf(files).Block;
    }

    private static JournalMark NewestOf(List<(ulong FirstSequence, string Path)> files)
    {
        for (var i = files.Count - 1; i >= 0; i--)
        {
            using var file = new JournalFile();
            if (TryOpen(file, files[i].Path, files[i].FirstSequence) && file.FindEnd(out var last) > 0
                && last.Sequence > 0)
            {
                return new(last.Sequence, last.UnixMicroseconds);
            }
        }

        return default;
    }

    private static bool TryHeader(string path, ulong first, Predicate<BlockHeader> isWanted, out BlockHeader header)
    {
        header = default;
        using var file = new JournalFile();
        if (!TryOpen(file, path, first))
        {
            return false;
        }

        for (var offset = JournalFile.FirstBlock; file.TryReadBlock(offset, out header, out _); offset += header.Length)
        {
            if (isWanted(header))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>False for a file that is gone, is being begun, or cannot be used: a reader says why.</summary>
    private static bool TryOpen(JournalFile file, string path, ulong first)
    {
        try
        {
            return file.Open(path, first);
        }
        catch (Exception error) when (error is FileNotFoundException or JournalException)
        {
            return false;
        }
    }

    private static long Length(string path)
    {
        var file = new FileInfo(path);
        return file.Exists ? file.Length : 0;
    }
}
