// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Records;
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Logins;

/// <summary>
/// One login file that other programs append to (wtmp, btmp), followed read only: through renaming, copying and
/// truncating, deletion and re-creation, and through any number of these while nobody looked. What is read depends on
/// the cursor alone, so whoever saves that goes on exactly there.
/// </summary>
internal sealed class LoginFile : IDisposable
{
    private readonly string path;
    private readonly LoginFileFigures figures;
    private readonly FileWatch? watch;
    private readonly ILogger log;
    private readonly RotatedFiles rotated;
    private readonly LoginReader reader;
    private readonly bool skipsHistory;

    private SafeFileHandle? current;
    private UtmpLayout? layout;
    private LoginCursor cursor;
    private int watchId;
    private bool toldMissing;
    private bool toldUnreadable;

    /// <summary>Nothing is opened before the first <see cref="Pass"/>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cursor">Up to where it was read; default when it never was.</param>
    /// <param name="figures">What is counted while it is read.</param>
    /// <param name="watch">Told of the file; null where there is no inotify.</param>
    /// <param name="log">Where faults are told.</param>
    /// <param name="skipsHistory">Nobody wants to know what was there before anybody counted.</param>
    public LoginFile(
        string path, LoginCursor cursor, LoginFileFigures figures, FileWatch? watch, ILogger log, bool skipsHistory)
    {
        this.path = path;
        this.skipsHistory = skipsHistory;
        this.cursor = cursor;
        this.figures = figures;
        this.watch = watch;
        this.log = log;
        reader = new LoginReader(figures);
        rotated = new RotatedFiles(path, TellUnreadable);
    }

    /// <summary>Up to where it was read.</summary>
    public LoginCursor Cursor => cursor;

    /// <summary>There is such a file, and it can be read.</summary>
    public bool Up { get; private set; }

    /// <summary>Another file has the name: the next look goes over to it, and should be soon.</summary>
    public bool IsLeaving { get; private set; }

    /// <summary>
    /// What is read now was there before anybody counted: who reads it wants to know who is logged in, and no more.
    /// </summary>
    public bool IsHistory => reader.IsHistory;

    /// <summary>Reads all that was written.</summary>
    /// <param name="sink">Takes the records.</param>
    /// <param name="isHistory">
    /// Asked when a file is seen for the first time: whether what it holds is history, by the time of its first record;
    /// null for an empty file.
    /// </param>
    public void Pass(LoginRecordSink sink, Func<long?, bool> isHistory)
    {
        try
        {
            PassAll(sink, isHistory);
        }
        catch (IOException error)
        {
            // A disk that gives errors: the file is opened again with the next look, and read on from the cursor.
            TellUnreadable(path, FileFault.Why(error, path));
            current?.Dispose();
            (current, Up) = (null, false);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        current?.Dispose();
    }

    private void PassAll(LoginRecordSink sink, Func<long?, bool> isHistory)
    {
        if (current is null && !Open(sink, isHistory))
        {
            Up = false;
            return;
        }

        if (!cursor.Fits(current!))
        {
            ReadAnew(sink);
        }

        reader.Drain(current!, ref layout, ref cursor, sink, isFinal: false);
        FollowName(sink);
    }

    /// <summary>Opens what has the name now, and reads first what was written to files that had it before.</summary>
    private bool Open(LoginRecordSink sink, Func<long?, bool> isHistory)
    {
        var handle = TryOpen();
        if (handle is null || !FileIdentity.TryOfHandle(handle, out var identity, out _))
        {
            handle?.Dispose();
            return false;
        }

        Watch();
        Up = true;
        toldMissing = toldUnreadable = false;
        current = handle;
        layout = null;
        var fresh = new LoginCursor(identity.Device, identity.Inode, 0, 0, 0);
        if (!cursor.IsKnown)
        {
            cursor = fresh;
            ReadFirst(sink, isHistory);
            LoginLog.Following(log, path);
        }
        else if (IsSame(cursor, identity, handle))
        {
            cursor = cursor with { Device = identity.Device, Inode = identity.Inode };
        }
        else
        {
            if (!DrainSince(cursor, identity, sink))
            {
                figures.Gaps++;
                LoginLog.Replaced(log, path);
            }

            cursor = fresh;
        }

        return true;
    }

    /// <summary>
    /// The file of the cursor, whatever its inode is now (a restored copy goes on where the lost one ended). One that
    /// had no record yet is known by its inode alone.
    /// </summary>
    private static bool IsSame(LoginCursor cursor, FileIdentity identity, SafeFileHandle handle) =>
        cursor.First == 0 && cursor.Last == 0
            ? identity.Device == cursor.Device && identity.Inode == cursor.Inode
            : cursor.Fits(handle);

    /// <summary>The first sight of all: history, or a file that was made since.</summary>
    private void ReadFirst(LoginRecordSink sink, Func<long?, bool> isHistory)
    {
        reader.IsHistory = isHistory(LoginReader.FirstSeconds(current!));
        if (!IsHistory)
        {
            return;
        }

        if (skipsHistory)
        {
            LoginReader.SkipToEnd(current!, ref layout, ref cursor);
            reader.IsHistory = false;
            return;
        }

        // Whoever is logged in since before the last rotation stands in the file before.
        if (rotated.Newest() is { } before)
        {
            using (before.Handle)
            {
                var (its, at) = ((UtmpLayout?)null, default(LoginCursor));
                reader.Drain(before.Handle, ref its, ref at, sink, isFinal: true);
            }
        }

        reader.Drain(current!, ref layout, ref cursor, sink, isFinal: false);
        reader.IsHistory = false;
    }

    /// <summary>What was read is no longer there: truncated, or written over.</summary>
    private void ReadAnew(LoginRecordSink sink)
    {
        _ = FileIdentity.TryOfHandle(current!, out var identity, out _);
        if (!DrainSince(cursor, identity, sink))
        {
            figures.Gaps++;
            LoginLog.Truncated(log, path);
        }

        figures.Rotations++;
        cursor = new LoginCursor(identity.Device, identity.Inode, 0, 0, 0);
        layout = null;
    }

    /// <summary>
    /// Reads to their ends the file beside ours that holds the cursor, and those that came after it.
    /// </summary>
    /// <param name="from">The cursor.</param>
    /// <param name="open">The file that has the name now: it is read by others.</param>
    /// <param name="sink">Takes the records.</param>
    /// <returns>False when one is missing.</returns>
    private bool DrainSince(LoginCursor from, FileIdentity open, LoginRecordSink sink)
    {
        var hasRecords = from.First != 0 || from.Last != 0;
        var files = rotated.Since(
            handle => hasRecords ? from.Fits(handle) : HasInode(handle, from), (ulong)from.Offset, out var hasGap);
        for (var i = 0; i < files.Count; i++)
        {
            using var handle = files[i].Handle;
            if (FileIdentity.TryOfHandle(handle, out var identity, out _) && !identity.IsSameFile(open))
            {
                var (its, at) = ((UtmpLayout?)null, i == 0 ? from : default);
                reader.Drain(handle, ref its, ref at, sink, isFinal: true);
            }
        }

        return files.Count > 0 && !hasGap;
    }

    private static bool HasInode(SafeFileHandle handle, LoginCursor cursor) =>
        FileIdentity.TryOfHandle(handle, out var identity, out _)
        && identity.Device == cursor.Device && identity.Inode == cursor.Inode;

    /// <summary>Goes on with the file that now has the name.</summary>
    private void FollowName(LoginRecordSink sink)
    {
        _ = FileIdentity.TryOfHandle(current!, out var open, out _);
        if (!FileIdentity.TryOfPath(path, out var named, out _))
        {
            // Whoever has it open may still write to it.
            TellMissing();
            Up = false;
            return;
        }

        Up = true;
        toldMissing = toldUnreadable = false;
        var wasLeft = IsLeaving;
        IsLeaving = !named.IsSameFile(open);
        if (!wasLeft || !IsLeaving)
        {
            // A program that had opened the old one may write to it this very moment: one more look, then the new one.
            return;
        }

        if (TryOpen() is not { } next || !FileIdentity.TryOfHandle(next, out var identity, out _))
        {
            return;
        }

        using var old = current!;
        reader.Drain(old, ref layout, ref cursor, sink, isFinal: true);
        var at = cursor;
        IsLeaving = false;
        Watch();
        current = next;
        layout = null;
        cursor = new LoginCursor(identity.Device, identity.Inode, 0, 0, 0);
        figures.Rotations++;
        LoginLog.Rotated(log, path);
        // The one that we hold is at its end. It may have been rotated more than once since the last look.
        if (!DrainBetween(at, open, identity, sink))
        {
            figures.Gaps++;
            LoginLog.Replaced(log, path);
        }

        reader.Drain(next, ref layout, ref cursor, sink, isFinal: false);
    }

    /// <summary>Reads the files that had the name after the one we hold and before the one that has it now.</summary>
    private bool DrainBetween(LoginCursor held, FileIdentity open, FileIdentity named, LoginRecordSink sink)
    {
        var files = rotated.Since(handle => HasInode(handle, held), 0, out var hasGap);
        foreach (var (handle, _) in files)
        {
            using (handle)
            {
                if (FileIdentity.TryOfHandle(handle, out var identity, out _) && !identity.IsSameFile(open)
                    && !identity.IsSameFile(named))
                {
                    var (its, at) = ((UtmpLayout?)null, default(LoginCursor));
                    reader.Drain(handle, ref its, ref at, sink, isFinal: true);
                }
            }
        }

        return files.Count == 0 || !hasGap;
    }

    private SafeFileHandle? TryOpen()
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            TellMissing();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            TellUnreadable(path, FileFault.Why(error, path));
        }

        return null;
    }

    private void TellMissing()
    {
        if (!toldMissing)
        {
            LoginLog.Missing(log, path);
            figures.Failures++;
            toldMissing = true;
        }
    }

    private void TellUnreadable(string file, string why)
    {
        if (!toldUnreadable)
        {
            LoginLog.Unreadable(log, file, why);
            figures.Failures++;
            toldUnreadable = true;
        }
    }

    /// <summary>Without a watch, or without a free one, the file is looked at once a second.</summary>
    private void Watch()
    {
        try
        {
            watch?.Unwatch(watchId);
            watchId = watch?.Watch(path) ?? 0;
        }
        catch (IOException)
        {
            watchId = 0;
        }
    }
}
