// SPDX-License-Identifier: Apache-2.0
using Microsoft.Win32.SafeHandles;

namespace AcctExporter.Kernel;

/// <summary>Makes the names in a directory outlive a power cut: a file's own fsync(2) does not save its name.</summary>
internal static class DirectorySync
{
    /// <exception cref="IOException">The directory cannot be opened or synced.</exception>
    public static void Sync(string path) => SyncAt(Libc.CurrentDirectory, path, path);

    /// <summary>The same for a path relative to an open directory.</summary>
    internal static unsafe void SyncAt(int directory, string relative, string shown)
    {
        int descriptor;
        fixed (byte* bytes = CString.Of(relative))
        {
            const int flags = Libc.ReadOnly | Libc.CloseOnExec;
            descriptor = Libc.openat(directory, bytes, flags | Libc.MustBeDirectory, 0);
        }

        if (descriptor < 0)
        {
            throw Errno.Fault("open", shown, Errno.Last);
        }

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (Libc.fsync(descriptor) != 0)
        {
            throw Errno.Fault("sync", shown, Errno.Last);
        }
    }
}
