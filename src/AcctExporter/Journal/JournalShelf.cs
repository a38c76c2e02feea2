// SPDX-License-Identifier: Apache-2.0
namespace AcctExporter.Journal;

/// <summary>The files that a writer has, oldest first: how large they are, and what is in them.</summary>
internal sealed class JournalShelf
{
    private const long UnknownTime = long.MinValue;

    private readonly List<Entry> files = [];

    /// <summary>Bytes of all files.</summary>
    public long Bytes { get; private set; }

    /// <summary>Number of files.</summary>
    public int Count => files.Count;

    /// <summary>The file that is appended to.</summary>
    public (ulong FirstSequence, string Path) Newest => (files[^1].FirstSequence, files[^1].Path);

    /// <summary>The files of a folder.</summary>
    public static JournalShelf Of(string directory)
    {
        var shelf = new JournalShelf();
        foreach (var (first, path) in JournalFiles.List(directory))
        {
            shelf.files.Add(new Entry(first, path, new FileInfo(path).Length, UnknownTime));
            shelf.Bytes += shelf.files[^1].Bytes;
        }

        return shelf;
    }

    /// <summary>A new file, behind all others.</summary>
    public void Add(ulong firstSequence, string path) => files.Add(new Entry(firstSequence, path, 0, UnknownTime));

    /// <summary>The newest file has grown by a block.</summary>
    public void Grow(long bytes, long unixMicroseconds)
    {
        Bytes += bytes - files[^1].Bytes;
        files[^1] = files[^1] with { Bytes = bytes, LastUnixMicroseconds = unixMicroseconds };
    }

    /// <summary>The oldest file and the last block that can be in it; false when the newest is the only one.</summary>
    public bool TryOldest(out (string Path, ulong LastSequence) oldest)
    {
        oldest = files.Count > 1 ? (files[0].Path, files[1].FirstSequence - 1) : default;
        return files.Count > 1;
    }

    /// <summary>When the newest block of the oldest file was counted. Read from the file once.</summary>
    public long NewestBlockTimeOfOldest()
    {
        if (files[0].LastUnixMicroseconds == UnknownTime)
        {
            using var file = new JournalFile();
            // A file without a readable block is as old as can be: nobody will miss it, and a replay does not need it.
            var last = default(BlockHeader);
            if (file.Open(files[0].Path, files[0].FirstSequence)
                && !file.TryReadBlockBefore(file.Length, out last, out _))
            {
                file.FindEnd(out last);
            }

            files[0] = files[0] with { LastUnixMicroseconds = last.UnixMicroseconds };
        }

        return files[0].LastUnixMicroseconds;
    }

    /// <summary>The oldest file is gone.</summary>
    public void RemoveOldest()
    {
        Bytes -= files[0].Bytes;
        files.RemoveAt(0);
    }

    private readonly record struct Entry(ulong FirstSequence, string Path, long Bytes, long LastUnixMicroseconds);
}
