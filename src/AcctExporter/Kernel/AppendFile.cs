// SPDX-License-Identifier: Apache-2.0
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Kernel;

/// <summary>
/// A file to which lines are appended, or standard output. It is written with write(2) and O_APPEND, so that a file
/// cut to nothing by somebody (logrotate's copytruncate) goes on from its new end, and a closed pipe is an error.
/// </summary>
internal sealed class AppendFile : IDisposable
{
    private const int StandardOutputNumber = 1;

    // 0640: a directory with the set-group-id bit decides who else may read, and without one it is root.
    private const uint OwnerAndGroup = 0x1a0;

    private readonly SafeFileHandle handle;

    private AppendFile(SafeFileHandle handle) => this.handle = handle;

    /// <summary>Standard output, whatever it is. It stays open: its number would be given to another file.</summary>
    public static AppendFile StandardOutput() => new(new SafeFileHandle(StandardOutputNumber, ownsHandle: false));

    /// <summary>
    /// Opens a file for appending; one that is missing is made, mode 0640. The last part of the path may not be a
    /// symbolic link: where others may write in the directory, a link would make the agent, as root, append to any file
    /// of the host. It never waits, for the reader of a named pipe, say: that is the caller's to refuse.
    /// </summary>
    /// <returns>0, or why not.</returns>
    public static unsafe int Open(string path, out AppendFile? file)
    {
        // Reading takes a look at the last byte. Non-blocking counts for the opening: regular files do not know it.
        var flags = Libc.ReadWrite | Libc.Append | Libc.Create | Libc.NoFollow | Libc.CloseOnExec | Libc.NonBlocking
            | Libc.NoControllingTerminal;
        int descriptor;
        fixed (byte* bytes = CString.Of(path))
        {
            descriptor = Libc.open(bytes, flags, OwnerAndGroup);
        }

        file = descriptor < 0 ? null : new(new SafeFileHandle(descriptor, ownsHandle: true));
        return descriptor < 0 ? Errno.Last : 0;
    }

    /// <summary>Which file it is, and how long it is now.</summary>
    public bool TryIdentify(out FileIdentity identity, out int errno) =>
        FileIdentity.TryOfHandle(handle, out identity, out errno);

    /// <summary>Appends; waits while a pipe is full.</summary>
    /// <returns>How many bytes were taken, perhaps fewer than all; -1 for none, with the reason.</returns>
    public unsafe int Write(ReadOnlySpan<byte> bytes, out int errno)
    {
        using var descriptor = new BorrowedDescriptor(handle);
        fixed (byte* start = bytes)
        {
            nint written;
            do
            {
                written = Libc.write(descriptor.Number, start, (nuint)bytes.Length);
                errno = written < 0 ? Errno.Last : 0;
            }
            while (errno == Errno.EINTR);

            return (int)written;
        }
    }

    /// <summary>True when the byte at <paramref name="offset"/> can be read and is no line feed.</summary>
    public unsafe bool HasOtherThanLineFeedAt(long offset)
    {
        using var descriptor = new BorrowedDescriptor(handle);
        byte last;
        return Libc.pread(descriptor.Number, &last, 1, offset) == 1 && last != (byte)'\n';
    }

    public void Dispose() => handle.Dispose();
}
