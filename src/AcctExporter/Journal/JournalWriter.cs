// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Records;
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Journal;

/// <summary>
/// Appends blocks to the journal, each with one write, and is the only one to do so: a lock on <c>journal.lock</c> in
/// the folder, which the kernel drops with the process, keeps a second writer out. The last whole block is the
/// position.
/// </summary>
internal sealed class JournalWriter : IDisposable
{
    private const string LockName = "journal.lock";

    private const UnixFileMode FolderMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;

    private JournalOptions options;
    private readonly SafeFileHandle lockFile;
    private readonly BlockEncoder encoder = new();
    private readonly JournalShelf shelf;

    private SafeFileHandle? active;

    /// <summary>Where the whole blocks of the active file end.</summary>
    private long end;

    /// <summary>Bytes of a block that failed may stand behind <see cref="end"/>.</summary>
    private bool tailUnsure;
    private bool beginsNewFile;
    private bool fileUnsynced;
    private bool namesUnsynced;

    private JournalWriter(JournalOptions options, SafeFileHandle lockFile, JournalShelf shelf)
    {
        this.options = options;
        this.lockFile = lockFile;
        this.shelf = shelf;
    }

    /// <summary>Number of the newest block; 0 when there has never been one.</summary>
    public ulong LastSequence { get; private set; }

    /// <summary>Where the source stands behind the newest block.</summary>
    public SourcePosition LastPosition { get; private set; }

    /// <summary>Wall clock of the newest block, in microseconds since 1970.</summary>
    public long LastUnixMicroseconds { get; private set; }

    /// <summary>Bytes that all files take together.</summary>
    public long Bytes => shelf.Bytes;

    /// <summary>Number of files.</summary>
    public int Files => shelf.Count;

    /// <summary>Bytes appended since the journal was opened.</summary>
    public long BytesAppended { get; private set; }

    /// <summary>From now on so much is kept; what is too old or too much goes with the next
    /// <see cref="Retain"/>.</summary>
    public void Keep(TimeSpan age, long bytes) =>
        options = options with { RetentionAge = age, RetentionBytes = bytes };

    /// <summary>Exits appended since the journal was opened.</summary>
    public ulong ExitsAppended { get; private set; }

    /// <summary>
    /// Opens the journal, or begins one. A torn end is cut off and reported; damage before the end of the newest file
    /// is refused.
    /// </summary>
    /// <exception cref="JournalException">The newest file is damaged, or from a newer release.</exception>
    /// <exception cref="IOException">The folder cannot be written, or another writer has the journal.</exception>
    public static JournalWriter Open(JournalOptions options, out JournalRepair repair)
    {
        // What people run, and when, is nobody else's business: GNU acct keeps its files from others as well.
        _ = OperatingSystem.IsWindows() ? Directory.CreateDirectory(options.Directory)
            : Directory.CreateDirectory(options.Directory, FolderMode);
        var lockFile = File.OpenHandle(
            Path.Combine(options.Directory, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        JournalWriter? opened = null;
        try
        {
            repair = JournalRecovery.Run(options, out var last, out var end);
            var writer = new JournalWriter(options, lockFile, JournalShelf.Of(options.Directory))
            {
                LastSequence = last.Sequence,
                LastPosition = last.Position,
                LastUnixMicroseconds = last.UnixMicroseconds,
                end = end,
                namesUnsynced = repair.FilesDeleted > 0,
            };
            if (writer.shelf.Count > 0)
            {
                writer.active = OpenForWriting(writer.shelf.Newest.Path, FileMode.Open);
            }

            return opened = writer;
        }
        finally
        {
            if (opened is null)
            {
                lockFile.Dispose();
            }
        }
    }

    /// <summary>
    /// Appends a block and gives it its number. When the write fails, the file is cut back to its last whole block,
    /// nothing has changed, and the same block can be appended again later.
    /// </summary>
    public void Append(JournalBlock block)
    {
        var sequence = LastSequence + 1;
        encoder.Encode(block, sequence);
        if (active is null || beginsNewFile || end >= options.FileBytes)
        {
            BeginFile(sequence, block.UnixMicroseconds);
        }
        else
        {
            WriteAtEnd(encoder.Frame);
        }

        block.Sequence = sequence;
        fileUnsynced = true;
        LastSequence = sequence;
        LastPosition = block.Position;
        LastUnixMicroseconds = block.UnixMicroseconds;
        BytesAppended += encoder.Frame.Length;
        ExitsAppended += (ulong)block.Count;
        shelf.Grow(end, block.UnixMicroseconds);
    }

    /// <summary>
    /// Makes every block appended so far outlast a power cut. When it fails, the kernel may have given up pages that it
    /// could not write, and a later success says nothing about them: take the journal for unsynced from then on.
    /// </summary>
    public void Sync()
    {
        if (fileUnsynced && active is not null)
        {
            RandomAccess.FlushToDisk(active);
            fileUnsynced = false;
        }

        if (namesUnsynced)
        {
            options.SyncDirectory(options.Directory);
            namesUnsynced = false;
        }
    }

    /// <summary>
    /// Never gives a number up to <paramref name="sequence"/> again: for a checkpoint that covers more blocks than the
    /// journal has, since a power cut took them. The next block begins a new file, and a reader sees the gap.
    /// </summary>
    public void SkipTo(ulong sequence)
    {
        if (sequence > LastSequence)
        {
            LastSequence = sequence;
            beginsNewFile = true;
        }
    }

    /// <summary>
    /// Deletes the oldest files while they are too old or all too large, but none with a block that a replay from
    /// <paramref name="coveredSequence"/> needs, and never the newest.
    /// </summary>
    public void Retain(ulong coveredSequence, DateTimeOffset now)
    {
        var oldestKept = (now - options.RetentionAge - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        var deleted = false;
        while (shelf.TryOldest(out var oldest) && oldest.LastSequence <= coveredSequence
            && (options.KeepsOnlyForReplay || shelf.Bytes > options.RetentionBytes
                || shelf.NewestBlockTimeOfOldest() < oldestKept))
        {
            File.Delete(oldest.Path);
            shelf.RemoveOldest();
            namesUnsynced = deleted = true;
        }

        if (deleted)
        {
            options.SyncDirectory(options.Directory);
            namesUnsynced = false;
        }
    }

    /// <summary>Lets go of the files. What was not synced is not synced by this.</summary>
    public void Dispose()
    {
        active?.Dispose();
        encoder.Dispose();
        lockFile.Dispose();
    }

    private static SafeFileHandle OpenForWriting(string path, FileMode mode) =>
        File.OpenHandle(path, mode, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);

    private void WriteAtEnd(ReadOnlySpan<byte> frame)
    {
        if (tailUnsure)
        {
            RandomAccess.SetLength(active!, end);
            tailUnsure = false;
        }

        tailUnsure = true;
        try
        {
            options.Write(active!, frame, end);
            end += frame.Length;
            tailUnsure = false;
        }
        finally
        {
            if (tailUnsure)
            {
                CutBack();
            }
        }
    }

    private void CutBack()
    {
        try
        {
            RandomAccess.SetLength(active!, end);
            tailUnsure = false;
        }
        catch (IOException)
        {
            // Tried again before the next block is written; a reader takes what stands there for a torn end until then.
        }
    }

    private void BeginFile(ulong sequence, long unixMicroseconds)
    {
        // So that a power cut never leaves a hole: no newer file can be on disk before the end of the older one is.
        if (fileUnsynced && active is not null)
        {
            RandomAccess.FlushToDisk(active);
            fileUnsynced = false;
        }

        var bytes = encoder.FrameOfNewFile(sequence, unixMicroseconds);
        var path = JournalFiles.PathOf(options.Directory, sequence);
        // A file of this name can only be what a failed attempt left: no block has this number yet.
        var handle = OpenForWriting(path, FileMode.Create);
        var written = false;
        try
        {
            options.FileMade(path);
            options.Write(handle, bytes, 0);
            written = true;
        }
        finally
        {
            if (!written)
            {
                handle.Dispose();
                DeleteLeftover(path);
            }
        }

        active?.Dispose();
        active = handle;
        end = bytes.Length;
        tailUnsure = beginsNewFile = false;
        namesUnsynced = true;
        shelf.Add(sequence, path);
    }

    private static void DeleteLeftover(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (IOException)
        {
            // The next attempt writes over it, and opening the journal anew removes it.
        }
    }
}
