// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Kernel;

/// <summary>
/// One owner at a time of a thing that has none by itself: the accounting switch, a storage directory. It is flock(2)
/// on a file that says who holds it. The kernel lets go of it however the holder ends; the file stays, because to
/// unlink it would let two holders lock two files of one name.
/// </summary>
internal sealed class AccountingLock : IDisposable
{
    private const int SharedLock = 1;
    private const int ExclusiveLock = 2;
    private const int DoNotWait = 4;
    private const int Unlock = 8;
    private const uint OwnerOnly = 0x180; // 0600
    private const int HolderMaxBytes = 64;
    private const int PauseMilliseconds = 10;

    private readonly SafeFileHandle file;

    private AccountingLock(SafeFileHandle file) => this.file = file;

    /// <summary>Takes the lock, or says who has it.</summary>
    /// <param name="path">The lock file; made when missing, mode 0600. Its directory must exist.</param>
    /// <param name="holder">
    /// When the lock is taken by another: the pid it wrote, as text (of its own PID namespace), or null when it wrote
    /// none.
    /// </param>
    /// <returns>The lock, or null when another has it.</returns>
    /// <exception cref="IOException">The lock file cannot be opened or written.</exception>
    public static unsafe AccountingLock? TryTake(string path, out string? holder)
    {
        holder = null;
        int descriptor;
        fixed (byte* bytes = CString.Of(path))
        {
            // No symbolic link: whoever may write the directory must not choose a file of ours to be overwritten.
            const int flags = Libc.ReadWrite | Libc.Create | Libc.CloseOnExec;
            descriptor = Libc.open(bytes, flags | Libc.NoFollow, OwnerOnly);
        }

        if (descriptor < 0)
        {
            throw Errno.Fault("open the lock file", path, Errno.Last);
        }

        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        if (Libc.flock(descriptor, ExclusiveLock | DoNotWait) != 0)
        {
            var errno = Errno.Last;
            using (file)
            {
                holder = errno == Errno.EAGAIN ? ReadHolder(descriptor) : throw Errno.Fault("lock", path, errno);
            }

            return null;
        }

        WriteHolder(descriptor);
        return new(file);
    }

    /// <summary>Takes the lock; waits for another who has it.</summary>
    /// <param name="path">As for <see cref="TryTake"/>.</param>
    /// <param name="patience">How long at most.</param>
    /// <exception cref="IOException">
    /// The lock file cannot be opened or written, or another has it all that time.
    /// </exception>
    public static AccountingLock Take(string path, TimeSpan patience)
    {
        var since = Stopwatch.GetTimestamp();
        while (true)
        {
            if (TryTake(path, out var holder) is { } taken)
            {
                return taken;
            }

            if (Stopwatch.GetElapsedTime(since) >= patience)
            {
                throw new IOException($"process {holder ?? "?"} has the lock {path}: it does not let go of it");
            }

            Thread.Sleep(PauseMilliseconds);
        }
    }

    /// <summary>
    /// True when somebody has the lock. Nothing is made or written; for a moment the lock is shared, as it is not to be
    /// known otherwise from within another PID namespace.
    /// </summary>
    /// <param name="path">The lock file.</param>
    /// <param name="holder">As for <see cref="TryTake"/>.</param>
    public static unsafe bool IsHeld(string path, out string? holder)
    {
        holder = null;
        int descriptor;
        fixed (byte* bytes = CString.Of(path))
        {
            descriptor = Libc.open(bytes, Libc.ReadOnly | Libc.CloseOnExec | Libc.NoFollow, 0);
        }

        if (descriptor < 0)
        {
            return false;
        }

        using var file = new SafeFileHandle(descriptor, ownsHandle: true);
        if (Libc.flock(descriptor, SharedLock | DoNotWait) == 0)
        {
            _ = Libc.flock(descriptor, Unlock);
            return false;
        }

        if (Errno.Last != Errno.EAGAIN)
        {
            return false;
        }

        holder = ReadHolder(descriptor);
        return true;
    }

    /// <summary>
    /// Lets go at once. To close the file alone would not do: a child that this program is just starting has a copy of
    /// every descriptor until it becomes another program, and with it the lock.
    /// </summary>
    public void Dispose()
    {
        if (!file.IsClosed)
        {
            _ = Libc.flock((int)file.DangerousGetHandle(), Unlock);
        }

        file.Dispose();
    }

    /// <summary>
    /// The name of the holder is a courtesy: a full disk must not cost the lock, so its failure is none.
    /// </summary>
    private static unsafe void WriteHolder(int descriptor)
    {
        var text = Encoding.ASCII.GetBytes($"{Environment.ProcessId}\n");
        fixed (byte* bytes = text)
        {
            if (Libc.ftruncate(descriptor, 0) == 0)
            {
                _ = Libc.write(descriptor, bytes, (nuint)text.Length);
            }
        }
    }

    private static unsafe string? ReadHolder(int descriptor)
    {
        var bytes = stackalloc byte[HolderMaxBytes];
        var length = Libc.pread(descriptor, bytes, HolderMaxBytes, 0);
        var text = length > 0 ? Encoding.ASCII.GetString(bytes, (int)length).Trim() : "";
        return text.Length > 0 ? text : null;
    }
}
