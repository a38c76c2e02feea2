// SPDX-License-Identifier: Apache-2.0
using System.Text;
using AcctExporter.Journal;
using AcctExporter.Kernel;

namespace AcctExporter.Suite;

/// <summary>
/// Follows CUPS' log of printed pages into <c>qacct</c>, each line once: through rotations, kills and power cuts, by
/// whichever process comes next. <see cref="PrintBook"/> says how long <c>qacct</c> is with what was read; what stands
/// behind that length is of a pass that was killed, is cut off and read again. So nobody else may write to it.
/// </summary>
internal sealed class PageLogFollower : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const int ShownBytes = 200;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongPatience = TimeSpan.FromSeconds(30);

    private readonly SuitePaths paths;
    private readonly string pageLog;
    private readonly ILogger log;
    private readonly PageLogFile file;
    private readonly PageUsers users;
    private readonly byte[] names = new byte[QacctFile.LongestBytes];
    private readonly MemoryStream lines = new();

    private PrintBook? book;
    private FileIdentity bookFile;
    private FileIdentity seen;
    private ulong failures;
    private ulong cutOffBytes;
    private ulong lostBytes;
    private bool toldFailure;
    private bool toldBad;
    private volatile PrintFigures figures = new();

    /// <summary>Nothing is opened before the first <see cref="Pass"/>.</summary>
    /// <param name="paths">The suite's folder.</param>
    /// <param name="pageLog">CUPS' log; it need not be there.</param>
    /// <param name="uidOf">
    /// The number of a user's name; null for one without. May throw <see cref="IOException"/>.
    /// </param>
    /// <param name="log">Where faults are told.</param>
    public PageLogFollower(SuitePaths paths, string pageLog, Func<byte[], uint?> uidOf, ILogger log)
    {
        this.paths = paths;
        this.pageLog = pageLog;
        this.log = log;
        users = new(uidOf, Fail);
        file = new(pageLog, (path, why) => Fail($"{path}: {why}"));
    }

    /// <summary>What was printed since counting began, as it was after the last pass. Any thread may ask.</summary>
    public PrintFigures Figures => figures;

    /// <summary>Reads all that was written. Waits for another process that does so, but not for long.</summary>
    /// <returns>False when another has it, or nothing could be saved: the next pass goes on.</returns>
    public bool Pass()
    {
        try
        {
            if (IsUnchanged())
            {
                return true;
            }

            if (book is null)
            {
                paths.MakeFolders();
            }

            var before = failures;
            using var turn = AccountingLock.Take(paths.QacctLock, Patience);
            Begin();
            Follow();
            if (toldFailure && failures == before)
            {
                PrintLog.Follows(log);
                toldFailure = false;
            }

            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Fail(error.Message);
            return false;
        }
    }

    /// <summary>
    /// Reads all that was written, and then gives <c>qacct</c> away: it gets the name, and the next line begins a new
    /// one. Does nothing when there is a file of that name: it was taken before.
    /// </summary>
    /// <param name="destination">The file, in the suite's folder (<c>nite/qacct.MMDD</c>).</param>
    /// <returns>True when there is such a file now; false when there was nothing to take.</returns>
    /// <exception cref="IOException">It cannot be done; nothing is lost, and it can be done again.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public bool Take(string destination)
    {
        if (File.Exists(destination))
        {
            return true;
        }

        paths.MakeFolders();
        using var turn = AccountingLock.Take(paths.QacctLock, LongPatience);
        Begin();
        try
        {
            Follow();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A log that cannot be read today is of the next day; what was read before is of this one.
            Fail(error.Message);
            Begin();
        }

        if (book!.QacctBytes == 0)
        {
            return false;
        }

        // Without overwriting it would be a link for a moment: two names of one file, if killed then.
        File.Move(paths.Qacct, destination, overwrite: true);
        CrashPoint.Reach(CrashPoint.AfterQacctTaken);
        DirectorySync.Sync(Path.GetDirectoryName(destination)!);
        DirectorySync.Sync(paths.Root);
        Begin();
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        file.Dispose();
        lines.Dispose();
    }

    /// <summary>Nothing was written to the log since the last pass, nor did anybody else read it.</summary>
    private bool IsUnchanged() => book is not null
        && (FileIdentity.TryOfPath(pageLog, out var now, out _) ? now : default) == seen
        && FileIdentity.TryOfPath(paths.Printing, out var kept, out _) && kept == bookFile
        && FileIdentity.TryOfPath(paths.Qacct, out var qacct, out _) && qacct.SizeBytes == book.QacctBytes;

    /// <summary>Takes over what is kept, and makes <c>qacct</c> agree with it. The lock is ours.</summary>
    private void Begin()
    {
        if (book is null || !FileIdentity.TryOfPath(paths.Printing, out var kept, out _) || kept != bookFile)
        {
            Load();
        }

        if (!FileIdentity.TryOfPath(paths.Qacct, out var qacct, out _)
            || (qacct.Device, qacct.Inode) != book!.Qacct)
        {
            // It was taken, and there is a new one. That is kept before anything is in it: then its length is sure. One
            // that has lines was put there by a person, or what was kept is lost.
            using var made = Open();
            _ = FileIdentity.TryOfHandle(made.SafeFileHandle, out qacct, out _);
            (book!.Qacct, book.QacctBytes) = ((qacct.Device, qacct.Inode), WholeLines(made));
            Save();
        }

        var behind = qacct.SizeBytes - book!.QacctBytes;
        if (behind > 0)
        {
            using var torn = Open();
            torn.SetLength(book.QacctBytes);
            cutOffBytes += (ulong)behind;
            PrintLog.CutOff(log, paths.Qacct, behind);
        }
        else if (behind < 0)
        {
            PrintLog.Shorter(log, paths.Qacct, -behind);
            (book.QacctBytes, lostBytes) = (qacct.SizeBytes, lostBytes + (ulong)-behind);
            failures++;
            Save();
        }
    }

    /// <summary>Up to where a file has whole lines.</summary>
    private static long WholeLines(FileStream file)
    {
        for (var end = file.Length; end > 0; end--)
        {
            file.Seek(end - 1, SeekOrigin.Begin);
            if (file.ReadByte() == '\n')
            {
                return end;
            }
        }

        return 0;
    }

    private void Load()
    {
        book = null;
        try
        {
            book = PrintBook.Load(paths.Printing);
        }
        catch (StorageFault fault)
        {
            var aside = $"{paths.Printing}.set-aside-{Guid.NewGuid():N}";
            File.Move(paths.Printing, aside);
            failures++;
            PrintLog.StartedAnew(log, aside, fault.Message);
        }

        if (book is null)
        {
            book = new();
            book.Cursor = file.End(book.Skip);
            Save();
            PrintLog.Following(log, pageLog);
        }

        _ = FileIdentity.TryOfPath(paths.Printing, out bookFile, out _);
    }

    /// <summary>Reads, writes and keeps; when it throws, what was kept before is still true.</summary>
    private void Follow()
    {
        var (kept, reads) = (book!, book!.Reads);
        // What is read changes the book; if that cannot be kept, it is loaded again.
        book = null;
        lines.SetLength(0);
        var before = FileIdentity.TryOfPath(pageLog, out var now, out _) ? now : default;
        var cursor = kept.Cursor;
        using (var qacct = Open())
        {
            qacct.Seek(kept.QacctBytes, SeekOrigin.Begin);
            var isWhole = file.Pass(
                ref cursor, line => Count(kept, line, qacct),
                line => PageLogLine.TryDecode(line, out var first) && first.UnixSeconds > kept.LastSeconds);
            if (!isWhole)
            {
                kept.Gaps++;
                PrintLog.Gap(log, pageLog);
            }

            users.Forget();
            if (kept.Reads != reads || cursor != kept.Cursor)
            {
                CrashPoint.Reach(CrashPoint.BeforeQacct);
                lines.WriteTo(qacct);
                qacct.Flush(flushToDisk: true);
                CrashPoint.Reach(CrashPoint.AfterQacct);
                (kept.Cursor, kept.QacctBytes) = (cursor, qacct.Position);
                kept.Save(paths.Printing);
                _ = FileIdentity.TryOfPath(paths.Printing, out bookFile, out _);
            }
        }

        (book, seen) = (kept, before);
        Publish();
    }

    private void Count(PrintBook into, ReadOnlySpan<byte> line, FileStream qacct)
    {
        if (!PageLogLine.TryDecode(line, out var decoded))
        {
            if (!line.Trim(" \t\r"u8).IsEmpty)
            {
                into.BadLines++;
                TellBad(line);
            }

            return;
        }

        var written = QacctFile.Write(names, new()
        {
            User = decoded.User, Uid = users.NumberOf(decoded.User), Pages = into.Count(decoded),
            Printer = decoded.Printer, UnixSeconds = decoded.UnixSeconds,
        });
        lines.Write(names, 0, written);
        if (lines.Length > 64 * 1024)
        {
            lines.WriteTo(qacct);
            lines.SetLength(0);
        }
    }

    private void TellBad(ReadOnlySpan<byte> line)
    {
        if (toldBad)
        {
            return;
        }

        toldBad = true;
        Span<byte> shown = stackalloc byte[ShownBytes];
        line = line[..Math.Min(line.Length, shown.Length)];
        for (var i = 0; i < line.Length; i++)
        {
            shown[i] = line[i] is >= (byte)' ' and <= (byte)'~' ? line[i] : (byte)'?';
        }

        PrintLog.BadLine(log, pageLog, Encoding.ASCII.GetString(shown[..line.Length]));
    }

    private void Save()
    {
        book!.Save(paths.Printing);
        _ = FileIdentity.TryOfPath(paths.Printing, out bookFile, out _);
    }

    private FileStream Open() => new(paths.Qacct, new FileStreamOptions
    {
        Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete,
        UnixCreateMode = OwnerOnly, BufferSize = 0,
    });

    private void Fail(string why)
    {
        failures++;
        if (!toldFailure)
        {
            PrintLog.Fails(log, why);
            toldFailure = true;
        }

        figures = figures with { Up = file.Up, Failures = failures };
    }

    private void Publish() => figures = new()
    {
        Pages = book!.Pages(),
        Up = file.Up,
        Lines = book.Lines,
        BadLines = book.BadLines,
        Gaps = book.Gaps,
        Rotations = file.Rotations,
        Failures = failures,
        CutOffBytes = cutOffBytes,
        LostBytes = lostBytes,
    };
}
