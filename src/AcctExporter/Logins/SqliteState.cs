// SPDX-License-Identifier: Apache-2.0
using System.Buffers.Binary;
using AcctExporter.Kernel;

namespace AcctExporter.Logins;

/// <summary>
/// How a SQLite file (sqlite.org/fileformat2.html) looks from outside: enough to tell whether it changed, and whether a
/// change is under way, without a lock. A reader's lock keeps a writer from ending its change: wtmpdb waits 5 s for it
/// (0.73) or not at all (older), and then the login is lost. So none is taken where a file can be read between changes.
/// </summary>
/// <param name="File">The file.</param>
/// <param name="ChangeCounter">Of its header: one more with each change that is not written ahead.</param>
/// <param name="IsWrittenAhead">Changes are first written to a file of their own (<c>-wal</c>).</param>
/// <param name="Ahead">That file, when there is something in it; else nothing.</param>
/// <param name="IsHot">A change is under way: there is a journal to undo it with.</param>
/// <param name="IsCutOff">It has fewer pages than its header says.</param>
internal readonly record struct SqliteState(
    FileIdentity File, uint ChangeCounter, bool IsWrittenAhead, FileIdentity Ahead, bool IsHot, bool IsCutOff)
{
    private const int HeaderBytes = 100;

    private static ReadOnlySpan<byte> Magic => "SQLite format 3\0"u8;

    /// <summary>True when some of what was written stands beside the file.</summary>
    public bool HasAhead => Ahead.SizeBytes > 0;

    /// <summary>True for the first bytes of a SQLite file.</summary>
    public static bool IsSqlite(ReadOnlySpan<byte> head) => head.StartsWith(Magic);

    /// <summary>True when a file begins as a SQLite database does.</summary>
    /// <exception cref="IOException">It cannot be opened or read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public static bool HasMagic(string path)
    {
        // A pipe gives its bytes once, and opening it for a look may wait for ever.
        if (FileIdentity.TryOfPath(path, out var identity, out _) && !identity.IsRegular)
        {
            return false;
        }

        using var handle = System.IO.File.OpenHandle(
            path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> head = stackalloc byte[Magic.Length];
        return RandomAccess.Read(handle, head, 0) == head.Length && IsSqlite(head);
    }

    /// <summary>Looks at a file.</summary>
    /// <param name="path">The database.</param>
    /// <param name="state">What is to be seen.</param>
    /// <param name="message">When it is not <see cref="DatabaseStatus.Read"/>: why.</param>
    public static DatabaseStatus Read(string path, out SqliteState state, out string message)
    {
        state = default;
        message = "";
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            message = "no file has a NUL in its name";
            return DatabaseStatus.Absent;
        }

        if (!FileIdentity.TryOfPath(path, out var file, out var errno))
        {
            message = Errno.Describe(errno);
            return errno is Errno.ENOENT or Errno.ENOTDIR ? DatabaseStatus.Absent : DatabaseStatus.Unreadable;
        }

        if (!file.IsRegular)
        {
            message = "it is no regular file";
            return DatabaseStatus.NoDatabase;
        }

        return ReadRegular(path, file, out state, out message);
    }

    private static DatabaseStatus ReadRegular(
        string path, FileIdentity file, out SqliteState state, out string message)
    {
        state = new SqliteState(file, 0, false, default, false, false);
        message = "";
        if (file.SizeBytes == 0)
        {
            return DatabaseStatus.Read;
        }

        Span<byte> header = stackalloc byte[HeaderBytes];
        try
        {
            using var handle = System.IO.File.OpenHandle(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            header = header[..RandomAccess.Read(handle, header, 0)];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            message = FileFault.Why(error, path);
            return error is FileNotFoundException or DirectoryNotFoundException
                ? DatabaseStatus.Absent : DatabaseStatus.Unreadable;
        }

        if (header.Length < HeaderBytes || !IsSqlite(header))
        {
            message = "it is no SQLite database";
            return DatabaseStatus.NoDatabase;
        }

        // Byte 19 is the version that a reader must know: 2 for write-ahead logging.
        var isWrittenAhead = header[19] == 2;
        FileIdentity.TryOfPath(isWrittenAhead ? path + "-wal" : path + "-journal", out var beside, out _);
        state = new SqliteState(
            file, BinaryPrimitives.ReadUInt32BigEndian(header[24..]), isWrittenAhead,
            // Root's SQLite gives the log to the owner of its database when it opens it: that is no change.
            isWrittenAhead ? beside with { ChangedUnixNanoseconds = 0 } : default,
            !isWrittenAhead && IsJournal(path + "-journal", beside), IsShort(header, file.SizeBytes));
        return DatabaseStatus.Read;
    }

    /// <summary>The number of pages holds when it was written with the last change (bytes 92 and 24).</summary>
    private static bool IsShort(ReadOnlySpan<byte> header, long size)
    {
        var pageSize = BinaryPrimitives.ReadUInt16BigEndian(header[16..]);
        var pages = BinaryPrimitives.ReadUInt32BigEndian(header[28..]);
        return header.Slice(92, 4).SequenceEqual(header.Slice(24, 4))
            && size < (long)pages * (pageSize == 1 ? 65_536 : pageSize);
    }

    /// <summary>One that begins with zero, or has no bytes, was left over from a change that is done.</summary>
    private static bool IsJournal(string path, FileIdentity file)
    {
        if (file.SizeBytes == 0)
        {
            return false;
        }

        try
        {
            Span<byte> first = [0];
            using var handle = System.IO.File.OpenHandle(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return RandomAccess.Read(handle, first, 0) == 1 && first[0] != 0;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }
}
