// SPDX-License-Identifier: Apache-2.0
using AcctExporter.Kernel;
using AcctExporter.Logins;
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Suite;

/// <summary>Takes in one line of the log, without its line feed.</summary>
internal delegate void PageLogSink(ReadOnlySpan<byte> line);

/// <summary>
/// CUPS' log of printed pages, read on from a cursor: through cupsd's own rotation (<c>page_log.O</c>) and logrotate's,
/// by name or by copy, and any number of these while nobody looked. cupsd is the only writer: it writes nothing to the
/// old file once the new one has a line, so an empty new one is waited for.
/// </summary>
/// <param name="path">The log.</param>
/// <param name="unreadable">Told of a file that cannot be read, and why.</param>
internal sealed class PageLogFile(string path, Action<string, string> unreadable) : IDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly byte[] buffer = new byte[BufferBytes];
    private readonly RotatedFiles rotated = new(path, unreadable);

    /// <summary>The file of the last pass: whatever becomes of its name, its last lines are not lost.</summary>
    private SafeFileHandle? held;

    /// <summary>It is there and can be read.</summary>
    public bool Up { get; private set; }

    /// <summary>Times when another file had the name.</summary>
    public ulong Rotations { get; private set; }

    /// <summary>A cursor at the end of what is there now: that was printed before anybody counted.</summary>
    /// <param name="passed">Told the lines, or those of the newest old file when there is no log now.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public LoginCursor End(PageLogSink passed)
    {
        var cursor = default(LoginCursor);
        using var file = TryOpen();
        using var old = file is null ? OpenNewest() : null;
        if ((file ?? old) is { } last)
        {
            Drain(last, ref cursor, isFinal: false, passed);
        }

        return file is null ? default : cursor;
    }

    /// <summary>Reads all that was written.</summary>
    /// <param name="cursor">Up to where it was read; moved on.</param>
    /// <param name="sink">Takes the lines.</param>
    /// <param name="isLater">
    /// Asked for a line that may have been read before: the first one of the newest of the old files, when the one that
    /// was read is gone.
    /// </param>
    /// <returns>False when lines are missing.</returns>
    /// <exception cref="IOException">Something cannot be read: what was given is to be forgotten.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public bool Pass(ref LoginCursor cursor, PageLogSink sink, Func<byte[], bool> isLater)
    {
        var named = TryOpen();
        Up = named is not null;
        if (named is null)
        {
            // Whoever has it open may still write to it.
            if (held is not null && IsIts(held, cursor))
            {
                Drain(held, ref cursor, isFinal: false, sink);
            }

            return true;
        }

        var isWhole = true;
        if (cursor.IsKnown && !IsIts(named, cursor))
        {
            var isEmpty = RandomAccess.GetLength(named) == 0;
            isWhole = DrainOld(named, ref cursor, isFinal: !isEmpty, sink, isLater);
            if (isEmpty && isWhole)
            {
                named.Dispose();
                return true;
            }

            Rotations++;
            cursor = default;
        }
        else if (!cursor.IsKnown)
        {
            // There was no log when counting began: what is there has come since, and may have been rotated already.
            DrainNewest(named, sink, isLater);
        }

        Drain(named, ref cursor, isFinal: false, sink);
        held?.Dispose();
        held = named;
        return isWhole;
    }

    /// <inheritdoc/>
    public void Dispose() => held?.Dispose();

    /// <summary>The file of the cursor, whatever its inode; one without lines is known by its inode alone.</summary>
    private static bool IsIts(SafeFileHandle file, LoginCursor cursor) =>
        cursor.Offset == 0 ? HasInode(file, cursor) : cursor.Fits(file);

    private static bool HasInode(SafeFileHandle file, LoginCursor cursor) =>
        FileIdentity.TryOfHandle(file, out var identity, out _)
        && identity.Device == cursor.Device && identity.Inode == cursor.Inode;

    /// <summary>Reads the file of the cursor, which has another name now, and those that came after it.</summary>
    private bool DrainOld(
        SafeFileHandle named, ref LoginCursor cursor, bool isFinal, PageLogSink sink, Func<byte[], bool> isLater)
    {
        var from = cursor;
        var wasHeld = held is not null && HasInode(held, from) && IsIts(held, from) && !IsSame(held, named);
        if (wasHeld)
        {
            Drain(held!, ref cursor, isFinal, sink);
        }

        if (!isFinal && wasHeld)
        {
            return true;
        }

        var files = rotated.Since(
            file => wasHeld ? HasInode(file, from) : IsIts(file, from), wasHeld ? 0 : (ulong)from.Offset,
            out var hasGap);
        for (var i = 0; i < files.Count; i++)
        {
            using var file = files[i].Handle;
            if ((i == 0 && wasHeld) || IsSame(file, named) || (i > 0 && !isFinal))
            {
                continue;
            }

            if (i > 0)
            {
                cursor = default;
            }

            Drain(file, ref cursor, isFinal, sink);
        }

        if (files.Count == 0 && !wasHeld)
        {
            DrainNewest(named, sink, isLater);
        }

        return wasHeld ? files.Count == 0 || !hasGap : files.Count > 0 && !hasGap;
    }

    /// <summary>The file of the cursor is gone. The one that came after it may be there.</summary>
    private void DrainNewest(SafeFileHandle named, PageLogSink sink, Func<byte[], bool> isLater)
    {
        var newest = OpenNewest();
        if (newest is null)
        {
            return;
        }

        using (newest)
        {
            var cursor = default(LoginCursor);
            var later = default(bool?);
            if (!IsSame(newest, named))
            {
                Drain(newest, ref cursor, isFinal: true, line =>
                {
                    later ??= isLater(line.ToArray());
                    if (later == true)
                    {
                        sink(line);
                    }
                });
            }
        }
    }

    private static bool IsSame(SafeFileHandle left, SafeFileHandle right) =>
        FileIdentity.TryOfHandle(left, out var one, out _) && FileIdentity.TryOfHandle(right, out var other, out _)
        && one.IsSameFile(other);

    /// <summary>
    /// Reads the lines behind the cursor; a partial last line waits, unless nobody will write its rest.
    /// </summary>
    private void Drain(SafeFileHandle file, ref LoginCursor cursor, bool isFinal, PageLogSink sink)
    {
        var offset = cursor.Offset;
        while (true)
        {
            var got = RandomAccess.Read(file, buffer, offset);
            var rest = buffer.AsSpan(0, got);
            while (rest.IndexOf((byte)'\n') is >= 0 and var length)
            {
                sink(rest[..length]);
                rest = rest[(length + 1)..];
            }

            if (rest.Length < got)
            {
                offset += got - rest.Length;
                continue;
            }

            if (got == BufferBytes && SkipLine(file, offset) is > 0 and var end)
            {
                // No line of cupsd's is so long. It is told as what it begins with.
                sink(rest);
                offset = end;
                continue;
            }

            if (isFinal && got is > 0 and < BufferBytes)
            {
                sink(rest);
                offset += got;
            }

            break;
        }

        _ = FileIdentity.TryOfHandle(file, out var identity, out _);
        cursor = new(
            identity.Device, identity.Inode, offset, LoginCursor.FirstOf(file), LoginCursor.LastOf(file, offset));
    }

    /// <summary>Where the line after an endless one begins; 0 when that one is not at its end yet.</summary>
    private static long SkipLine(SafeFileHandle file, long offset)
    {
        var more = new byte[BufferBytes];
        for (offset += BufferBytes; RandomAccess.Read(file, more, offset) is > 0 and var got; offset += got)
        {
            if (more.AsSpan(0, got).IndexOf((byte)'\n') is >= 0 and var length)
            {
                return offset + length + 1;
            }
        }

        return 0;
    }

    private SafeFileHandle? OpenNewest() => OpenIfThere(path + ".O") ?? rotated.Newest()?.Handle;

    private SafeFileHandle? TryOpen() => OpenIfThere(path);

    private static SafeFileHandle? OpenIfThere(string file)
    {
        try
        {
            return File.OpenHandle(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
